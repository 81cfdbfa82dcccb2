// Charts of a comparison: the scenario's fan over the baseline, and the difference around zero.

import { BELOW, letters } from "../fan.js";
import { toDate } from "../text.js";
import { signed } from "./lab_words.js";

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
  const height = small ? Math.max(120, Math.min(160, width * 0.5)) : Math.max(250, Math.min(400, width * 0.4));
  const marginTop = small ? 10 : 14 + letter;
  const svg = Plot.plot({
    width, height, marginTop, marginLeft: letter * 4.4, marginRight: letter * 1.6, marginBottom: BELOW,
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
  return { svg, x: svg.scale("x"), rows, marginTop, height };
}

const bands = (rows, prefix) => ["90", "50"].map((k) => Plot.areaY(rows, {
  x: "date", y1: `${prefix}lo${k}`, y2: `${prefix}hi${k}`, fill: `var(--band${k})`, clip: true,
}));

const within = (t, r, lo, hi, say = t.about) => t.say("table.range", { lo: say(r[lo]), hi: say(r[hi]) });

/** What is read of a month of both histories. */
export function readLevels(t, r) {
  const lines = [
    [t.say("lab.scenario"), t.about(r.scenario_median)], [t.say("table.90"), within(t, r, "scenario_lo90", "scenario_hi90")],
    [t.say("lab.base"), t.about(r.base_median)], [t.say("table.90"), within(t, r, "base_lo90", "base_hi90")],
  ];
  return read(t, r, lines);
}

/** What is read of a month's difference. */
export function readDifference(t, r) {
  const sign = (v) => signed(t, v);
  return read(t, r, [
    [t.say("lab.col.difference"), sign(r.median)],
    [t.say("table.50"), within(t, r, "lo50", "hi50", sign)], [t.say("table.90"), within(t, r, "lo90", "hi90", sign)],
  ]);
}

const read = (t, r, lines) => ({
  title: t.month(r.date), lines, sentence: `${t.month(r.date)}. ${lines.map(([name, value]) => `${name}: ${value}`).join("; ")}.`,
});

/** The scenario's median and bands over the baseline's median and the edges of its ninety percent. */
export function fanSvg(t, rows, options) {
  const seen = rows.flatMap((r) => [r.scenario_hi90, r.base_hi90]);
  const body = Math.max(...rows.flatMap((r) => [r.scenario_hi50, r.base_hi50]));
  const top = 1.06 * Math.max(Math.min(Math.max(...seen), 2.5 * body), Number.EPSILON);
  const edge = (key) => Plot.lineY(rows, { x: "date", y: key, stroke: "var(--ink)", strokeOpacity: 0.55, strokeWidth: 1, strokeDasharray: "1 3", clip: true });
  return plot(t, rows, [
    ...bands(rows, "scenario_"),
    edge("base_lo90"), edge("base_hi90"),
    Plot.lineY(rows, { x: "date", y: "base_median", stroke: "var(--ink)", strokeWidth: 1.8, strokeDasharray: "6 4", clip: true }),
    Plot.lineY(rows, { x: "date", y: "scenario_median", stroke: "var(--line)", strokeWidth: 2.2, clip: true }),
    Plot.ruleY([0], { stroke: "var(--axis)" }),
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
  ], { ...options, domain: [low - pad, high + pad] });
}
