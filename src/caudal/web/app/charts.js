// The charts: one large with its chooser and the policies below, and all others small.

import { el } from "./dom.js";
import { largeFigure, smallFigure } from "./figure.js";
import { largest, panel } from "./run.js";
import { section } from "./sections.js";
import { timeline } from "./timeline.js";

const CHOICES = ["totals", "components", "units", "areas", "nationalities", "side", "waiting", "stocks"];
const GROUPS = ["enforcement", "protection", "people", "institutions", "places"];
const PERIODS = ["all", "years", "forecast"];
const LARGEST = 12;

/** The section with the large chart and the small ones; `save(change)` keeps the state. */
export function charts(t, run, state, save) {
  const place = el("div");
  const draw = () => {
    const outcome = run.outcomes.find((o) => o.id === state.show) ?? run.outcomes[0];
    const policies = timeline(t, run, state, (id) => save({ policy: id }));
    place.replaceChildren(
      largeFigure(t, run, outcome, { period: state.period, drawn: policies.draw }),
      ...(run.policies.length ? [policies.section] : []),
    );
  };
  const groups = CHOICES.filter((name) => panel(run, name).length).map((name) =>
    el("optgroup", { label: t.say(`panel.${name}`) },
      panel(run, name).map((o) =>
        el("option", { value: o.id, selected: o.id === state.show }, t.text(o.title)))));
  const select = el("select", {
    id: "show", onchange: () => { save({ show: select.value }); draw(); },
  }, groups);
  const periods = PERIODS.map((name) => {
    const button = el("button", {
      type: "button", "aria-pressed": String(state.period === name),
      onclick: () => {
        save({ period: name });
        periods.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        draw();
      },
    }, t.say(`charts.range.${name}`));
    return button;
  });
  const open = (outcome) => {
    save({ show: outcome.id });
    select.value = outcome.id;
    draw();
    document.getElementById("charts").scrollIntoView({ block: "start" });
    select.focus({ preventScroll: true });
  };
  draw();

  // On a telephone all small charts in one column would be very long: only the first group opens.
  const wide = innerWidth >= 720;
  const grid = (outcomes, heading, lead, always = false) => outcomes.length
    ? el("details", { class: "group", open: wide || always },
      el("summary", {}, el("h3", {}, heading)), lead ? el("p", { class: "lead" }, lead) : null,
      el("div", { class: "grid" }, outcomes.map((o) => smallFigure(t, run, o, open))))
    : null;
  const nationalities = panel(run, "nationalities");
  const most = largest(nationalities, LARGEST);
  const counts = section(t, "charts", "charts.heading",
    el("p", { class: "lead" }, t.say("charts.lead")),
    el("div", { class: "controls" },
      el("label", { for: "show" }, t.say("charts.choose"), select),
      el("div", { class: "segments", role: "group", "aria-label": t.say("charts.range") }, periods)),
    place,
    grid([...panel(run, "totals"), ...panel(run, "components")], t.say("charts.all"), t.say("charts.all.lead"), true),
    grid(most, t.say("charts.nationalities", { n: most.length }),
      nationalities.length > most.length ? t.say("charts.nationalities.lead") : ""),
    grid(panel(run, "units"), t.say("charts.units"), ""),
    grid(panel(run, "areas"), t.say("charts.areas"), t.say("charts.areas.lead")));
  const inside = [...panel(run, "stocks"), ...panel(run, "waiting")];
  const people = inside.length
    ? section(t, "people", "stocks.heading",
      el("p", { class: "lead" }, t.say("stocks.lead")),
      grid(panel(run, "stocks"), t.say("panel.stocks"), ""),
      grid(panel(run, "waiting"), t.say("panel.waiting"), ""))
    : null;
  const grouped = GROUPS.map((name) => [name, run.outcomes.filter((o) => o.group === name)]);
  const side = grouped.some(([, outcomes]) => outcomes.length)
    ? section(t, "side", "side.heading",
      el("p", { class: "lead" }, t.say("side.lead")),
      grouped.map(([name, outcomes]) => grid(outcomes, t.say(`group.${name}`), "")))
    : null;
  return [counts, side, people];
}
