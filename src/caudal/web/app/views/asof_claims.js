// An article's claims, judged by the same written rules on what was out that day and on what is out now.

import { el, inLanguage } from "../dom.js";

const FEW = 8;

/** Verdict in a word, with its colour, and the reasons under a fold. */
function verdict(t, key, found) {
  const name = found ? found.verdict.replaceAll(" ", "-") : "open";
  return el("div", { class: "verdict" },
    el("span", { class: "label" }, t.say(key)),
    el("b", { class: `v ${name}` }, found ? t.say(`claims.answer.${found.verdict}`) : t.say("asof.claim.open")),
    found ? el("details", { class: "fold" }, el("summary", {}, t.say("asof.why")), el("p", {}, t.text(found.words))) : null);
}

/**
 * @param {import("../shell.js").Context} ctx
 * @param {any} result
 * @param {{id: string, outlet: string, day: string}} article
 * @param {any[]} ledger rows of GET /claims: what was run since stands there
 */
export function judged(ctx, result, article, ledger) {
  const { t } = ctx;
  const outlet = t.has(`asof.outlet.${article.id}`) ? t.say(`asof.outlet.${article.id}`) : article.outlet;
  const today = new Map(ledger.map((row) => [row.id, row]));
  const rows = result.claims.map((claim) => {
    const row = today.get(claim.id);
    const now = row?.verdict ? { verdict: row.verdict, words: row.words } : claim.today;
    return { ...claim, now };
  });
  const changed = rows.filter((row) => row.now && row.now.verdict !== row.then.verdict);
  const open = rows.filter((row) => !row.now).length;
  const card = (claim) => el("li", { class: "card" },
    el("p", { class: "said" }, el("a", { href: ctx.link("claims", { claim: claim.id }) }, t.text(claim.text))),
    el("p", { class: "note" }, `${t.say("asof.who")}: `, inLanguage(t, claim.who), `; ${t.say(`claims.kind.${claim.kind}`)}`),
    el("div", { class: "verdicts" }, verdict(t, "asof.then", claim.then), verdict(t, "asof.today", claim.now)));
  const list = el("ul", { class: "claims" });
  const more = el("button", { type: "button", class: "plain", onclick: () => fill(true) });
  const sorted = [...changed, ...rows.filter((row) => !changed.includes(row))];
  const fill = (all) => {
    const shown = all ? sorted : sorted.slice(0, FEW);
    list.replaceChildren(...shown.map(card));
    more.hidden = shown.length === sorted.length;
    more.textContent = t.say("asof.claims.all", { n: sorted.length });
  };
  fill(false);
  return [
    el("p", { class: "lead" }, t.say("asof.claims.lead", { outlet, published: t.day(article.day) })),
    el("p", { class: "reading" }, t.say("asof.claims.read", { n: rows.length, changed: changed.length }),
      open ? ` ${t.say("asof.claims.open", { n: open })}` : ""),
    list, el("p", {}, more),
  ];
}
