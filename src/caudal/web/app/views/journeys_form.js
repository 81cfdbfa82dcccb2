// The form with which journeys of another group are asked for.

import { el, fold } from "../dom.js";
import { toDate } from "../text.js";

const MEMBERS = [4, 8, 16, 32];

/**
 * The form, folded; `ask()` is called when the address holds what is asked.
 * @param {import("../shell.js").Context} ctx
 * @param {any} known the answer of GET /journeys
 * @param {any[]} scenarios
 * @param {() => Promise<void>} ask
 */
export function question(ctx, known, scenarios, ask) {
  return fold(ctx.t.say("journeys.ask"), () => form(ctx, known, scenarios, ask));
}

function form(ctx, known, scenarios, ask) {
  const { t, params } = ctx;
  const option = (value, text, chosen) => el("option", { value, selected: value === chosen }, text);
  const months = [];
  for (const at = toDate(known.last); at >= toDate(known.first); at.setUTCMonth(at.getUTCMonth() - 1)) {
    months.push(at.toISOString().slice(0, 7));
  }
  const given = params.scenario ?? "baseline";
  const scenario = el("select", { id: "journeys-scenario" },
    scenarios.map((s) => option(s.id ?? s.name, t.text(s.title), given)));
  const from = el("select", { id: "journeys-from" }, months.map((m) => option(m, t.month(toDate(m)), params.from)));
  const nationality = el("select", { id: "journeys-nationality" },
    known.nationalities.map((n) => option(n.id, t.text(n.name), params.nationality)));
  const unit = el("select", { id: "journeys-unit" }, known.units.map((n) => option(n.id, t.text(n.name), params.unit)));
  const members = el("select", { id: "journeys-members" }, MEMBERS.map((n) =>
    option(String(n), t.number(n), params.members ?? "16")));
  const field = (id, key, node) => el("label", { for: id }, t.say(key), node);
  return el("form", { class: "card ask", onsubmit: (event) => {
    event.preventDefault();
    ctx.set({
      scenario: scenario.value === "baseline" ? null : scenario.value, from: from.value,
      nationality: nationality.value, unit: unit.value, kind: null,
      members: members.value === "16" ? null : members.value,
    });
    ask();
  } },
  el("div", { class: "controls" },
    field("journeys-scenario", "journeys.scenario", scenario), field("journeys-from", "journeys.from", from),
    field("journeys-nationality", "journeys.nationality", nationality), field("journeys-unit", "journeys.unit", unit),
    field("journeys-members", "journeys.members", members)),
  el("p", { class: "note" }, t.say("journeys.cost")),
  el("div", { class: "actions" }, el("button", { type: "submit", class: "main" }, t.say("journeys.run"))));
}
