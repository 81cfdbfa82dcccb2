// How good past forecasts were: ratios to simple methods, coverage and calibration, by months ahead.

import { asWide, el, fold } from "./dom.js";
import { letters } from "./fan.js";
import { section } from "./sections.js";

const { Plot } = globalThis;
const TARGETS = ["nationalities", "southwest"];
const MODES = ["blind", "aware"];
const AGAINST = [["best", "c0", -3], ["log_random_walk", "c2", 3]];
const SHARES = [[0.5, "c0"], [0.9, "c2"]];
const KINDS = ["better", "alike", "worse"];

const single = (row) => typeof row.horizon === "number";
export const kind = (row) => (row.hi < 1 ? "better" : row.lo > 1 ? "worse" : "alike");
const percent = (t, v) => (v === null ? t.say("value.missing") : `${t.number(Math.round(100 * v))} %`);
const range = (t, row) => t.say("table.range", { lo: t.number(row.lo), hi: t.number(row.hi) });

/** Months ahead in words: runs of months become "1–3". */
function months(t, list) {
  const runs = [];
  for (const month of [...list].sort((a, b) => a - b)) {
    if (runs.length && month === runs.at(-1)[1] + 1) runs.at(-1)[1] = month;
    else runs.push([month, month]);
  }
  const told = runs.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(", ");
  return t.say(told === "1" ? "skill.month" : "skill.months", { months: told });
}

export const ahead = (t, horizon) =>
  t.say(horizon === 1 ? "skill.month" : "skill.months", { months: String(horizon).replace("-", "–") });

export const named = (t, baseline) =>
  (t.has(`baseline.${baseline}`) ? t.say(`baseline.${baseline}`) : baseline.replaceAll("_", " "));

/** Where it beats the best simple method, and where not. */
function reading(t, mode, target) {
  const rows = mode.ratios.filter((r) => r.target === target && r.against === "best" && single(r));
  if (!rows.length) return "";
  const parts = KINDS.map((name) => [name, rows.filter((r) => kind(r) === name).map((r) => r.horizon)])
    .filter(([, list]) => list.length)
    .map(([name, list]) => t.say(`skill.read.${name}`, { months: months(t, list) }));
  const none = rows.some((r) => kind(r) === "better") ? "" : ` ${t.say("skill.none")}`;
  return `${t.say(`skill.of.${target}`)}: ${parts.join("; ")}.${none}`;
}

/** How many counts the intervals held, near and far, and in how many cells that fits. */
function held(t, mode) {
  const share = (horizon, nominal) => mode.coverage.find(
    (r) => r.target === "nationalities" && r.horizon === horizon && r.nominal === nominal)?.covered;
  const told = ["1-6", "7-12", 1]
    .filter((h) => share(h, 0.5) !== undefined && (single({ horizon: h }) ? share("1-6", 0.5) === undefined : true))
    .map((h) => t.say("skill.held", {
      months: ahead(t, h), half: percent(t, share(h, 0.5)), ninety: percent(t, share(h, 0.9)),
    }));
  if (mode.cells) told.push(t.say("skill.cells", { contain: mode.contain, cells: mode.cells }));
  return told.join(" ");
}

/** A chart that redraws when its width changes, with words for those who do not see it. */
export function framed(label, draw) {
  const frame = el("div", { class: "frame", role: "img", "aria-label": label });
  asWide(frame, (width) => {
    const svg = draw(width);
    svg.setAttribute("aria-hidden", "true");
    frame.replaceChildren(svg);
  });
  return frame;
}

export function plot(width, y, marks, more = {}) {
  const size = letters() - 1;
  return Plot.plot({
    width, height: Math.max(170, Math.min(210, width * 0.6)), marginLeft: size * 3.4, marginRight: 8,
    marginBottom: 28, marginTop: 10,
    style: { background: "transparent", fontSize: `${size}px`, overflow: "visible" },
    x: { domain: [0.4, 12.6], label: null }, y: { label: null, ...y },
    marks: [Plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: 5 }), ...marks],
    ...more,
  });
}

export const axisX = () => Plot.axisX([1, 3, 6, 9, 12], { tickSize: 3, label: null, color: "var(--soft)", tickFormat: String });
export const axisY = (format) => Plot.axisY({ ticks: 5, tickSize: 0, label: null, color: "var(--soft)", tickFormat: format });

export function figure(t, { title, unit, legend, label, draw, head, body }) {
  return el("figure", { class: "score" },
    el("figcaption", {}, el("h4", {}, title), el("p", { class: "unit" }, unit)),
    legend.length ? el("ul", { class: "legend" }, legend.map(([color, words]) =>
      el("li", { class: color }, el("span", { class: "sign mark" }), words))) : null,
    framed(label, draw),
    fold(t.say("chart.table"), () => el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title },
      el("table", { class: "numbers" },
        el("thead", {}, el("tr", {}, head.map((h) => el("th", { scope: "col" }, h)))),
        el("tbody", {}, body.map(([first, ...rest]) => el("tr", {},
          el("th", { scope: "row" }, first), rest.map((cell) => el("td", { class: "n" }, cell)))))))));
}

function ratioFigure(t, mode, target) {
  const rows = mode.ratios.filter((r) => r.target === target);
  const shown = rows.filter(single);
  if (!shown.length) return null;
  const low = Math.min(0.9, ...shown.map((r) => r.lo));
  const high = Math.max(1.1, ...shown.map((r) => r.hi));
  return figure(t, {
    title: t.say("skill.ratio", { target: t.say(`skill.of.${target}`) }),
    unit: t.say("skill.ratio.unit"),
    legend: AGAINST.map(([name, color]) => [color, t.say(`skill.against.${name}`)]),
    label: reading(t, mode, target),
    draw: (width) => plot(width, { domain: [low, high] }, [
      Plot.ruleY([1], { stroke: "var(--soft)", strokeDasharray: "4 3" }),
      ...AGAINST.flatMap(([name, color, dx]) => {
        const part = shown.filter((r) => r.against === name);
        return [
          Plot.ruleX(part, { x: "horizon", y1: "lo", y2: "hi", dx, stroke: `var(--${color})`, strokeWidth: 1.6 }),
          Plot.dot(part, { x: "horizon", y: "ratio", dx, r: 3, fill: `var(--${color})` }),
        ];
      }),
      axisX(), axisY((v) => t.number(v)),
    ]),
    head: ["skill.ahead", "skill.method", "skill.log", "skill.interval", "skill.natural"].map((key) => t.say(key)),
    body: rows.map((r) => [
      ahead(t, r.horizon),
      r.against === "best" ? t.say("skill.bestnamed", { name: named(t, r.baseline) }) : named(t, r.baseline),
      t.number(r.ratio), range(t, r), t.number(r.natural),
    ]),
  });
}

function coverageFigure(t, mode) {
  const rows = mode.coverage.filter((r) => r.target === "nationalities");
  const shown = rows.filter(single);
  if (!shown.length) return null;
  return figure(t, {
    title: t.say("skill.coverage"),
    unit: t.say("skill.coverage.unit"),
    legend: SHARES.map(([share, color]) => [color, t.say("skill.share", { share: percent(t, share) })]),
    label: held(t, mode),
    draw: (width) => plot(width, { domain: [0, 1] }, SHARES.flatMap(([share, color]) => {
      const part = shown.filter((r) => r.nominal === share);
      return [
        Plot.ruleY([share], { stroke: `var(--${color})`, strokeDasharray: "4 3" }),
        Plot.ruleX(part.filter((r) => r.lo !== null),
          { x: "horizon", y1: "lo", y2: "hi", stroke: `var(--${color})`, strokeWidth: 1.6 }),
        Plot.dot(part, { x: "horizon", y: "covered", r: 3, fill: `var(--${color})` }),
      ];
    }).concat([axisX(), axisY((v) => percent(t, v))])),
    head: ["skill.ahead", "skill.nominal", "skill.covered", "skill.interval95"].map((key) => t.say(key)),
    body: rows.map((r) => [ahead(t, r.horizon), percent(t, r.nominal), percent(t, r.covered),
      r.lo === null ? t.say("value.missing")
        : t.say("table.range", { lo: percent(t, r.lo), hi: percent(t, r.hi) })]),
  });
}

function pitFigure(t, mode) {
  const groups = mode.pit.filter((r) => r.target === "nationalities");
  if (!groups.length) return null;
  const bars = groups.flatMap((g) => g.shares.map((share, i) => ({ group: g.horizon, i, share })));
  const top = Math.max(0.2, ...bars.map((b) => b.share));
  return figure(t, {
    title: t.say("skill.pit"),
    unit: t.say("skill.pit.unit"),
    legend: [],
    label: `${t.say("skill.pit")}. ${t.say("skill.pit.unit")}`,
    draw: (width) => plot(width, { domain: [0, top] }, [
      Plot.rectY(bars, { fx: "group", x1: "i", x2: (b) => b.i + 1, y: "share", fill: "var(--c0)", inset: 0.5 }),
      Plot.ruleY([0.1], { stroke: "var(--soft)", strokeDasharray: "4 3" }),
      Plot.axisFx({ label: null, tickSize: 0, color: "var(--soft)", anchor: "bottom", tickFormat: (h) => h.replace("-", "–") }),
      axisY((v) => percent(t, v)),
    ], { x: { domain: [0, 10], axis: null }, fx: { label: null, padding: 0.12 } }),
    head: [t.say("skill.tenth"), ...groups.map((g) => ahead(t, g.horizon))],
    body: groups[0].shares.map((_, i) => [
      t.say("table.range", { lo: percent(t, i / 10), hi: percent(t, (i + 1) / 10) }),
      ...groups.map((g) => percent(t, g.shares[i])),
    ]),
  });
}

/** The section; null for a run without a forecast, or where nothing has been scored. */
export function skill(t, run) {
  if (!run.forecast || !run.skill) return null;
  const modes = MODES.map((name) => run.skill.modes.find((m) => m.mode === name)).filter(Boolean);
  return section(t, "skill", "skill.heading",
    el("p", { class: "lead" }, t.say("skill.lead")),
    modes.map((mode) => el("div", { class: "score-mode" },
      el("h3", {}, t.say(`skill.mode.${mode.mode}`, { n: mode.origins })),
      TARGETS.map((target) => el("p", { class: "reading" }, reading(t, mode, target))),
      el("p", { class: "reading" }, held(t, mode)),
      el("div", { class: "grid" }, TARGETS.map((target) => ratioFigure(t, mode, target)),
        coverageFigure(t, mode), pitFigure(t, mode)))),
    el("p", { class: "source" }, t.say("skill.source", {
      code: run.skill.code_version, data: run.skill.data_vintage,
    })));
}
