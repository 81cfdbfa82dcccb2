// The forecast of a day drawn over the counts that were out, with what came later as open points.

import { el } from "../dom.js";
import { largeFigure } from "../figure.js";
import { toDate } from "../text.js";
import { openRun } from "../run.js";

const PANELS = ["totals", "components", "units", "areas", "nationalities"];
const BACK = 36; // months shown before the day
const QUANTILES = ["median", "lo50", "hi50", "lo90", "hi90"];

const next = (month) => {
  const date = toDate(month);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 7);
};

/** One outcome as a run for figure.js: counts known and (where wanted) later, and the forecast. */
export function openPast(result, now, id, later) {
  const line = now.outcomes.find((o) => o.id === id);
  const known = result.known.counts.find((row) => row.outcome === id);
  const forecast = result.known.forecast.filter((row) => row.outcome === id);
  if (!line || !known) return null;
  const out = known.month.slice(0, 7);
  const ahead = new Map(forecast.map((row) => [row.month.slice(0, 7), row]));
  const came = new Map(result.followed.counts.filter((row) => row.outcome === id).map((row) => [row.month.slice(0, 7), row.count]));
  const seen = new Map(line.months.map((month, i) => [month, line.observed[i]]));
  const ends = [out, ...ahead.keys(), ...(later ? came.keys() : [])].sort().at(-1);
  const months = line.months.filter((month) => month <= out).slice(-BACK);
  while (months.length && months.at(-1) < ends) months.push(next(months.at(-1)));
  const observed = months.map((month) => (month <= out ? seen.get(month) ?? null : later ? came.get(month) ?? null : null));
  const first = observed.findIndex((v) => v !== null);
  const cut = months.slice(Math.max(0, first));
  const outcome = { ...line, observed: observed.slice(Math.max(0, first)), known: toDate(out) };
  for (const q of QUANTILES) outcome[q] = cut.map((month) => ahead.get(month)?.[q] ?? null);
  const starts = [...ahead.keys()].sort()[0] ?? null;
  const run = openRun({ months: cut, forecast: starts, outcomes: [outcome], sources: now.sources });
  return { ...run, joined: true, outcome: run.outcomes[0] };
}

/** The chart with its chooser and a switch that hides what followed. */
export function chart(ctx, result, now) {
  const { t, params } = ctx;
  const there = new Set(result.known.counts.map((row) => row.outcome));
  const lines = now.outcomes.filter((o) => there.has(o.id));
  if (!lines.length) return el("p", {}, t.say("asof.nothing"));
  const state = {
    show: there.has(params.show) ? params.show : lines[0].id,
    later: params.followed !== "hidden",
  };
  const place = el("div", { class: "large-place" });
  const draw = () => {
    const run = openPast(result, now, state.show, state.later);
    if (!run) return place.replaceChildren(el("p", { class: "note" }, t.say("asof.nothing")));
    const rests = result.known.learned_to
      ? t.say("asof.learned", { month: t.month(toDate(result.known.learned_to)) }) : t.say("asof.priors");
    place.replaceChildren(...[
      largeFigure(t, run, run.outcome, { period: "all" }),
      run.forecast ? el("p", { class: "note" }, t.say("asof.forecast.lead", {
        origin: t.month(toDate(result.known.origin.slice(0, 7))), constants: rests,
      })) : el("p", { class: "note" }, t.say(result.known.origin ? "asof.unforecast" : "asof.forecast.none")),
    ]);
  };
  const select = el("select", { id: "asof-show", onchange: () => {
    state.show = select.value;
    ctx.set({ show: state.show });
    draw();
  } }, PANELS.map((panel) => {
    const mine = lines.filter((o) => o.panel === panel);
    return mine.length ? el("optgroup", { label: t.say(`panel.${panel}`) }, mine.map((o) =>
      el("option", { value: o.id, selected: o.id === state.show }, t.text(o.title)))) : null;
  }));
  const box = el("input", { type: "checkbox", id: "asof-later", checked: state.later, onchange: () => {
    state.later = box.checked;
    ctx.set({ followed: state.later ? null : "hidden" });
    draw();
  } });
  draw();
  return [
    el("div", { class: "controls" },
      el("label", { for: "asof-show" }, t.say("charts.choose"), select),
      el("label", { for: "asof-later", class: "check" }, box, t.say("asof.later"))),
    place,
  ];
}
