// The form with which another change is asked about.

import { el, fold } from "../dom.js";

const PANELS = ["totals", "components", "units", "areas", "nationalities", "side", "stocks", "waiting"];
const DRAWS = [8, 16, 32];
const EXACT = 8;
const MOST = 12;

/** Months from `first` to `last`, newest first. */
function months(first, last) {
  const out = [];
  const at = new Date(`${last}-01T00:00:00Z`);
  for (; at.toISOString().slice(0, 7) >= first; at.setUTCMonth(at.getUTCMonth() - 1)) {
    out.push(at.toISOString().slice(0, 7));
  }
  return out;
}

/**
 * The form, folded; `ask()` is called when the address holds what is asked.
 * @param {import("../shell.js").Context} ctx
 * @param {any} known the answer of GET /factors
 * @param {() => Promise<void>} ask
 */
export function question(ctx, known, ask) {
  return fold(ctx.t.say("why.ask"), () => form(ctx, known, ask));
}

function form(ctx, known, ask) {
  const { t, params } = ctx;
  const outcome = el("select", { id: "why-outcome" },
    PANELS.map((panel) => [panel, known.outcomes.filter((o) => o.panel === panel)])
      .filter(([, list]) => list.length)
      .map(([panel, list]) => el("optgroup", { label: t.say(`panel.${panel}`) },
        list.map((o) => el("option", {
          value: o.id, selected: o.id === (params.outcome ?? "us.encounters.southwest"),
        }, t.text(o.title))))));
  const when = (id, value) => el("select", { id },
    months(known.first, known.last).map((m) => el("option", { value: m, selected: m === value },
      t.month(new Date(`${m}-01T00:00:00Z`)))));
  const from = when("why-from", params.from);
  const to = when("why-to", params.to);
  const draws = el("select", { id: "why-members" }, DRAWS.map((n) =>
    el("option", { value: n, selected: n === (Number(params.members) || 16) }, t.number(n))));
  const chosen = new Set((params.factors ?? "").split(",").filter(Boolean));
  if (!chosen.size) known.standard.forEach((name) => chosen.add(name));
  const cost = el("p", { class: "note", "aria-live": "polite" });
  const go = el("button", { type: "submit", class: "main" }, t.say("why.run"));
  const parts = new Map(known.groups.map((g) => [g.id, g.of]));

  const box = (one, about) => {
    const input = el("input", { type: "checkbox", id: `why-f-${one.id}`, value: one.id, checked: chosen.has(one.id),
      onchange: () => {
        if (input.checked) chosen.add(one.id);
        else chosen.delete(one.id);
        // A group and its own parts would hold the same path twice.
        if (input.checked) clash(one.id).forEach((other) => chosen.delete(other));
        boxes.forEach((b) => { b.input.checked = chosen.has(b.id); });
        told();
      } });
    return { id: one.id, input, node: el("li", {}, input, el("label", { for: `why-f-${one.id}` },
      t.text(one.name), el("span", {}, about))) };
  };
  const clash = (id) => [...(parts.get(id) ?? []),
    ...known.groups.filter((g) => g.of.includes(id)).map((g) => g.id)];
  const names = new Map(known.factors.map((f) => [f.id, t.text(f.name)]));
  const boxes = [
    ...known.groups.map((g) => box(g, t.say("why.group", { of: g.of.map((id) => names.get(id)).join("; ") }))),
    ...known.factors.map((f) => box(f, t.text(f.about))),
  ];
  const told = () => {
    const n = chosen.size;
    const runs = n <= EXACT ? 2 ** n : null;
    go.disabled = !n || n > MOST;
    cost.textContent = !n || n > MOST ? t.say("why.factors.range", { most: MOST })
      : runs ? t.say("why.cost", { n, runs: t.number(runs) }) : t.say("why.cost.sampled", { n });
  };
  told();
  const standard = () => chosen.size === known.standard.length && known.standard.every((f) => chosen.has(f));
  const field = (id, key, node) => el("label", { for: id }, t.say(key), node);
  return el("form", { class: "card ask", onsubmit: (event) => {
    event.preventDefault();
    ctx.set({
      outcome: outcome.value, from: from.value, to: to.value, members: draws.value,
      factors: standard() ? null : [...chosen].join(","),
    });
    ask();
  } },
  el("div", { class: "controls" },
    field("why-outcome", "why.outcome", outcome), field("why-from", "why.from", from),
    field("why-to", "why.to", to), field("why-members", "why.draws", draws)),
  fold(t.say("why.factors"), () => el("ul", { class: "factors" }, boxes.map((b) => b.node))),
  cost, el("div", { class: "actions" }, go));
}
