// A cause: the outcome as it was and without the cause, in the model's draws, and what it rests on.

import { el } from "../dom.js";
import { named } from "./claims_evidence.js";

const ROLES = ["was", "without", "effect"];

/** Two bars with intervals, the share of draws that agree, and how far counts moved the constants. */
export function effects(t, claim, verdict, names) {
  const shown = ROLES.map((role) => verdict.evidence.find((e) => e.role === role)).filter(Boolean);
  if (!shown.length) return null;
  const chance = verdict.evidence.find((e) => e.role === "chance");
  const constants = verdict.evidence.filter((e) => e.role === "constant");
  const least = Math.min(0, ...shown.map((e) => e.low));
  const most = Math.max(0, ...shown.map((e) => e.high));
  const at = (v) => (100 * (v - least)) / (most - least || 1);
  const line = (e) => {
    const band = el("span", { class: "interval-band" });
    band.style.left = `${at(e.low)}%`;
    band.style.width = `${at(e.high) - at(e.low)}%`;
    const dot = el("span", { class: "interval-dot" });
    dot.style.left = `${at(e.value)}%`;
    const zero = el("span", { class: "interval-zero" });
    zero.style.left = `${at(0)}%`;
    return el("tr", {}, el("th", { scope: "row" }, t.say(`claims.role.${e.role}`)),
      el("td", { class: "interval" }, el("div", { class: "interval-track", "aria-hidden": "true" }, zero, band, dot)),
      el("td", { class: "n" }, t.say("claims.effect.value", { value: t.about(e.value), low: t.about(e.low), high: t.about(e.high) })));
  };
  return el("figure", { class: "drawn" },
    el("figcaption", {}, el("h3", {}, t.say("claims.effect.title", {
      outcome: named(t, outcomeOf(claim.test.outcome), names),
      period: claim.test.period.written,
    })), el("p", { class: "unit" }, t.say("claims.effect.unit"))),
    el("p", {}, t.say("claims.effect.sentence", {
      chance: t.number(Math.round(100 * (chance?.value ?? 0))), without: named(t, claim.test.without, names),
    })),
    el("div", { class: "scroll plain-scroll", tabindex: "0", role: "group", "aria-label": t.say("claims.effect.unit") },
      el("table", { class: "effects" }, el("tbody", {}, shown.map(line)))),
    constants.length ? el("p", { class: "note" }, t.say("claims.effect.constants", {
      list: constants.map((c) => `${c.name} ${t.number(Math.round(100 * c.value))} %`).join(", "),
    })) : null,
    el("p", { class: "source" }, t.say("claims.effect.source")));
}

/** The first variable that an outcome names. */
function outcomeOf(outcome) {
  const parts = outcome.ratio ?? outcome.difference ?? outcome.sum;
  return parts ? outcomeOf(parts[0]) : outcome.of;
}
