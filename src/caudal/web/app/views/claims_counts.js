// Verdicts by document: bars of one length a claim, in the order of the days of publication.

import { el, fold } from "../dom.js";
import { VERDICTS, outlet, sign, tone, verdictOf } from "./claims_marks.js";

/** The figure; `choose(document, verdict)` filters the list. */
export function counts(ctx, rows, documents, choose) {
  const { t } = ctx;
  const used = VERDICTS.filter((v) => rows.some((row) => verdictOf(row) === v));
  const number = (document, verdict) =>
    rows.filter((row) => row.document === document && verdictOf(row) === verdict).length;
  const sorted = [...documents].sort((a, b) => a.published.localeCompare(b.published));
  const most = Math.max(...sorted.map((d) => rows.filter((row) => row.document === d.document).length));
  const bars = sorted.map((d) => {
    const of = rows.filter((row) => row.document === d.document).length;
    const parts = used.map((verdict) => {
      const n = number(d.document, verdict);
      if (!n) return null;
      const what = t.say("claims.bar", { n, verdict: t.say(`claims.answer.${verdict}`), outlet: outlet(t, d) });
      const part = el("button", {
        type: "button", class: `piece ${tone(verdict)}`, title: what, "aria-label": what,
        onclick: () => choose(d.document, verdict),
      }, n / most > 0.03 ? String(n) : "");
      part.style.flexGrow = String(n);
      return part;
    });
    const bar = el("div", { class: "pieces" }, parts);
    bar.style.width = `${(100 * of) / most}%`;
    return el("div", { class: "outlet" },
      el("button", { type: "button", class: "open", onclick: () => choose(d.document, "") }, outlet(t, d)),
      bar);
  });
  const table = () => el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.say("claims.counts") },
    el("table", { class: "numbers" },
      el("caption", {}, t.say("claims.counts.unit")),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t.say("claims.outlet")),
        used.map((v) => el("th", { scope: "col" }, t.say(`claims.answer.${v}`))),
        el("th", { scope: "col" }, t.say("claims.sum")))),
      el("tbody", {}, sorted.map((d) => el("tr", {}, el("th", { scope: "row" }, outlet(t, d)),
        used.map((v) => el("td", { class: "n" }, String(number(d.document, v)))),
        el("td", { class: "n" }, String(rows.filter((row) => row.document === d.document).length)))))));
  return el("section", { class: "part" }, el("figure", {},
    el("figcaption", {}, el("h2", {}, t.say("claims.counts.title", { n: rows.length, of: sorted.length })),
      el("p", { class: "unit" }, t.say("claims.counts.unit"))),
    el("p", { class: "sentence" }, t.say("claims.counts.sentence", {
      can: rows.filter((row) => ["matches", "differs", "supported", "not supported"].includes(verdictOf(row))).length,
      of: rows.length,
    })),
    el("div", { class: "key" }, used.map((v) => el("span", {}, sign(v), " ", t.say(`claims.answer.${v}`)))),
    el("div", { class: "outlets" }, bars),
    el("p", { class: "hint" }, t.say("claims.counts.hint")),
    fold(t.say("chart.table"), table)));
}
