// Where people were at the year's end, each with its interval.

import { el } from "../dom.js";

const STARTS = ["before", "set_out"];

/**
 * Bars of all ends, with 50 % and 90 % of members.
 * @param {any} t
 * @param {any} found the answer of GET /outcomes
 */
export function ends(t, found) {
  const rows = found.flows.filter((f) => !STARTS.includes(f.id))
    .map((f) => ({ ...found.rows.find((r) => r.group === "all" && r.flow === f.id), name: t.text(f.name) }));
  const most = Math.max(1, ...rows.map((r) => r.hi90));
  const put = (kind, a, b) => {
    const node = el("span", { class: kind });
    node.style.left = `${(100 * a) / most}%`;
    node.style.width = `${(100 * (b - a)) / most}%`;
    return node;
  };
  return el("figure", { class: "large" },
    el("figcaption", {}, el("h3", {}, t.say("outcomes.ends", { year: found.year })),
      el("p", { class: "unit" }, t.say("outcomes.ends.unit"))),
    el("ul", { class: "ends" }, rows.map((r) => el("li", {},
      el("span", { class: "name" }, r.name),
      el("span", { class: "track", "aria-hidden": "true" }, put(`bar to-${r.flow}`, 0, r.median), put("ninety", r.lo90, r.hi90), put("fifty", r.lo50, r.hi50)),
      el("span", { class: "value" }, el("b", {}, t.about(r.median)),
        el("span", {}, t.say("table.range", { lo: t.about(r.lo90), hi: t.about(r.hi90) })))))),
    el("p", { class: "note" }, t.say("outcomes.uncounted")));
}
