// Enforcement, protection, harm, institutions and cost of a year, next to each other.

import { el } from "../dom.js";
import { csvLink } from "../sheet.js";

const GROUPS = ["enforcement", "protection", "people", "institutions", "places"];
const COLUMNS = ["fiscal_year", "outcome", "unit", "mean", "median", "lo50", "hi50", "lo90", "hi90"];

/**
 * The year's outcomes beside those of the year before; none is called best.
 * @param {any} t
 * @param {any} found the answer of GET /outcomes: which year
 * @param {any} years the answer of GET /outcomes/years
 */
export function side(t, found, years) {
  const cell = (o, year) => {
    const row = o.years.find((y) => y.fiscal_year === year);
    const label = t.say("outcomes.year", { year });
    if (!row) return el("td", { "data-label": label }, t.say("value.missing"));
    const range = (lo, hi) => t.say("table.range", { lo: short(row[lo]), hi: short(row[hi]) });
    return el("td", { "data-label": label }, el("b", {}, short(row.median)),
      el("span", {}, t.say("outcomes.half", { range: range("lo50", "hi50") })),
      el("span", {}, t.say("outcomes.ninety", { range: range("lo90", "hi90") })));
  };
  const short = (v) => (Math.abs(v) < 1e6 ? t.about(v) : t.brief(v));
  const groups = GROUPS.map((g) => [g, years.outcomes.filter((o) => o.group === g)]).filter(([, list]) => list.length);
  const parts = found.years.filter((y) => [found.year, found.year - 1].includes(y.year) && !y.whole);
  const flat = years.outcomes.flatMap((o) => o.years.map((y) => COLUMNS.map((c) =>
    ({ outcome: o.id, unit: o.unit })[c] ?? y[c])));
  return [
    parts.length ? el("p", { class: "note" }, t.say("outcomes.parts", {
      list: parts.map((y) => t.say("outcomes.part", {
        year: y.year, first: month(t, y.first), through: month(t, y.through),
      })).join("; "),
    })) : null,
    ...groups.map(([name, list]) => el("div", { class: "block" },
      el("h3", { id: `beside-${name}` }, t.say(`group.${name}`)),
      el("table", { class: "headline", "aria-labelledby": `beside-${name}` },
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t.say("outcomes.outcome")),
          [found.year, found.year - 1].map((year) => el("th", { scope: "col" }, t.say("outcomes.year", { year }))))),
        el("tbody", {}, list.map((o) => el("tr", {},
          el("th", { scope: "row" }, t.text(o.title), el("span", { class: "unit" }, t.say(`outcomes.unit.${o.unit}`))),
          cell(o, found.year), cell(o, found.year - 1))))))),
    el("p", { class: "source" }, t.say("outcomes.beside.source")),
    el("p", {}, csvLink(t, "outcomes-by-year", COLUMNS, flat)),
  ].filter(Boolean);
}

const month = (t, m) => t.month(new Date(`${m}-01T00:00:00Z`));
