// Queues and waits by month, as small charts in groups.

import { el } from "../dom.js";
import { smallFigure } from "../figure.js";
import { openRun } from "../run.js";

const GROUPS = {
  mexico: ["people.held_south", "people.waiting", "mx.comar", "mx.stations", "mx.dif", "app.waiting", "ports.waiting"],
  us: ["us.cbp.held", "us.children.cbp_custody", "us.children.hhs_care", "us.ice.held", "courts.border", "courts.mpp"],
  places: ["places.sheltered", "places.camped", "places.unsheltered", "places.field", "places.cities"],
};

/**
 * The groups; the first stands open.
 * @param {any} t
 * @param {any} payload the answer of GET /outcomes/months, or of a run's results
 */
export function months(t, payload) {
  const run = openRun({ ...payload, sources: [] });
  return Object.entries(GROUPS).map(([name, ids], i) => {
    const shown = ids.map((id) => run.outcomes.find((o) => o.id === id)).filter(Boolean);
    return el("details", { class: "group", open: i === 0 },
      el("summary", {}, el("h3", {}, t.say(`outcomes.queues.${name}`))),
      el("div", { class: "grid" }, shown.map((o) => smallFigure(t, run, { ...o, series: "" }, null))));
  });
}
