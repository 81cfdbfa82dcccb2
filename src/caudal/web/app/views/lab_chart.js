// Charts of a comparison: the scenario's fan over the baseline, and the difference around zero.

import { BELOW, letters } from "../fan.js";
import { toDate } from "../text.js";

const { Plot } = globalThis;

/** Months of one outcome under one weather, with dates. */
export function ready(found, outcome, weather) {
  const months = found.monthly.find((m) => m.outcome === outcome && m.weather === weather)?.months ?? [];
  return months.map((row) => ({ ...row, date: toDate(row.month) }));
}

function plot(t, rows, marks, { width, small, forecast, time, domain }) {
  const letter = letters() - (small ? 1 : 0);
  const ticks = time(width);
  const inside = forecast > rows[0].date && forecast <= rows.at(-1).date;
  const room = width - letter * 8;
  const every = Math.max(1, Math.ceil((ticks.ticks.length * letter * 4.6) / Math.max(1, room)));
  return Plot.plot({
    width, height: small ? Math.max(120, Math.min(160, width * 0.5)) : Math.max(250, Math.min(400, width * 0.4)),
    marginLeft: letter * 4.4, marginRight: letter * 1.6, marginTop: small ? 10 : 14 + letter, marginBottom: BELOW,
    style: { background: "transparent", fontSize: `${letter}px`, overflow: "visible" },
    x: { type: "utc", domain: [rows[0].date, rows.at(-1).date], label: null },
    y: { domain, label: null },
    marks: [
      Plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: small ? 3 : 5 }),
      ...marks,
      inside ? Plot.ruleX([forecast], { stroke: "var(--soft)", strokeDasharray: "4 3" }) : null,
      inside && !small ? Plot.text([forecast], {
        x: (d) => d, frameAnchor: "top", dy: -16, fill: "var(--soft)", text: () => t.say("chart.forecast"), fontStyle: "italic", fontSize: letter,
      }) : null,
      Plot.axisX(ticks.ticks.filter((_, i) => i % every === 0), { tickFormat: ticks.format, tickSize: 4, label: null, color: "var(--soft)" }),
      Plot.axisY({ ticks: small ? 3 : 5, tickFormat: t.brief, tickSize: 0, label: null, color: "var(--soft)" }),
    ],
  });
}

const bands = (rows, prefix) => ["90", "50"].map((k) => Plot.areaY(rows, {
  x: "date", y1: `${prefix}lo${k}`, y2: `${prefix}hi${k}`, fill: `var(--band${k})`, clip: true,
}));

const tip = (rows, y, title) => Plot.tip(rows, Plot.pointerX({
  x: "date", y, title, fill: "var(--paper)", stroke: "var(--edge)", textPadding: 8, fontSize: letters(),
}));

/** The scenario's median and bands over the baseline's median and the edges of its ninety percent. */
export function fanSvg(t, rows, options) {
  const seen = rows.flatMap((r) => [r.scenario_hi90, r.base_hi90]);
  const body = Math.max(...rows.flatMap((r) => [r.scenario_hi50, r.base_hi50]));
  const top = 1.06 * Math.max(Math.min(Math.max(...seen), 2.5 * body), Number.EPSILON);
  const edge = (key) => Plot.lineY(rows, { x: "date", y: key, stroke: "var(--ink)", strokeOpacity: 0.55, strokeWidth: 1, strokeDasharray: "1 3", clip: true });
  const range = (r, p) => t.say("table.range", { lo: t.about(r[`${p}_lo90`]), hi: t.about(r[`${p}_hi90`]) });
  return plot(t, rows, [
    ...bands(rows, "scenario_"),
    edge("base_lo90"), edge("base_hi90"),
    Plot.lineY(rows, { x: "date", y: "base_median", stroke: "var(--ink)", strokeWidth: 1.8, strokeDasharray: "6 4", clip: true }),
    Plot.lineY(rows, { x: "date", y: "scenario_median", stroke: "var(--line)", strokeWidth: 2.2, clip: true }),
    Plot.ruleY([0], { stroke: "var(--axis)" }),
    tip(rows, "scenario_median", (r) => [
      t.month(r.date), `${t.say("lab.scenario")}: ${t.about(r.scenario_median)} (${range(r, "scenario")})`,
      `${t.say("lab.base")}: ${t.about(r.base_median)} (${range(r, "base")})`,
    ].join("\n")),
  ], { ...options, domain: [0, top] });
}

/** Scenario less baseline by month, around zero. */
export function differenceSvg(t, rows, options) {
  const low = Math.min(0, ...rows.map((r) => r.lo90));
  const high = Math.max(0, ...rows.map((r) => r.hi90));
  const pad = 0.06 * (high - low || 1);
  return plot(t, rows, [
    ...bands(rows, ""),
    Plot.ruleY([0], { stroke: "var(--ink)", strokeWidth: 1.2 }),
    Plot.lineY(rows, { x: "date", y: "median", stroke: "var(--line)", strokeWidth: options.small ? 1.5 : 2.2, clip: true }),
    options.small ? null : tip(rows, "median", (r) => [
      t.month(r.date), `${t.say("lab.col.difference")}: ${t.about(r.median)}`,
      `${t.say("table.50")}: ${t.say("table.range", { lo: t.about(r.lo50), hi: t.about(r.hi50) })}`,
      `${t.say("table.90")}: ${t.say("table.range", { lo: t.about(r.lo90), hi: t.about(r.hi90) })}`,
    ].join("\n")),
  ], { ...options, domain: [low - pad, high + pad] });
}
