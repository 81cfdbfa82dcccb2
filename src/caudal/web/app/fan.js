// A fan chart: published counts as dots, the model as a line inside two bands, the forecast marked.

import { el } from "./dom.js";
import { ahead, lastCounted, span } from "./run.js";

const { Plot } = globalThis;

/** From this width, in pixels, a large chart names its parts beside them; below, in a legend. */
export const DIRECT = 560;
/** Room for the words of the time axis, in pixels. */
export const BELOW = 26;

/** Size of a chart's letters in pixels: three quarters of the page's, larger on a projector. */
export function letters() {
  return 0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Ticks of the time axis and their words: years, or months where the period is short. */
export function timeTicks(t, [start, end], width) {
  const years = end.getUTCFullYear() - start.getUTCFullYear();
  const narrow = width < 35 * letters(); // for letters grow with the window
  const ticks = [];
  if (years > 4) {
    const step = width < 14 * letters() ? 4 : narrow ? 2 : 1;
    for (let y = start.getUTCFullYear(); y <= end.getUTCFullYear(); y += step) {
      const date = new Date(Date.UTC(y, 0, 1));
      if (date >= start && date <= end) ticks.push(date);
    }
    return { ticks, format: (d) => String(d.getUTCFullYear()) };
  }
  const step = (years > 2 ? 6 : 3) * (narrow ? 2 : 1);
  const at = new Date(start);
  while (at.getUTCMonth() % step) at.setUTCMonth(at.getUTCMonth() + 1);
  for (; at <= end; at.setUTCMonth(at.getUTCMonth() + step)) ticks.push(new Date(at));
  return { ticks, format: t.monthShort };
}

/** Top of the vertical axis: the widest band, unless it would flatten everything else. */
function ceiling(rows) {
  const most = (key) => Math.max(0, ...rows.map((row) => row[key] ?? 0));
  const body = Math.max(most("observed"), most("hi50"));
  const widest = most("hi90");
  const top = Math.max(1, Math.min(Math.max(widest, body), body * 2.5 || 1));
  return { top: top * 1.06, beyond: widest > top * 1.06 ? widest : null };
}

/** One sentence that says what the chart shows, for those who do not see it. */
export function chartLabel(t, run, outcome) {
  const far = ahead(run, outcome).at(-1) ?? outcome.rows.at(-1);
  const last = lastCounted(outcome);
  if (last && far.median === null) {
    return t.say("chart.label.counted", {
      title: t.text(outcome.title), last: t.number(last.observed), lastMonth: t.month(last.date),
    });
  }
  return t.say(last ? "chart.label" : "chart.label.uncounted", {
    title: t.text(outcome.title),
    last: last && t.number(last.observed),
    lastMonth: last && t.month(last.date),
    month: t.month(far.date),
    value: t.about(far.median),
    lo: t.about(far.lo90),
    hi: t.about(far.hi90),
  });
}

/** The chart as SVG, with the scales to place a reading. */
export function fanSvg(t, run, outcome, { width, height, period, small }) {
  const domain = span(run, period);
  const rows = outcome.rows.filter((row) => row.date >= domain[0] && row.date <= domain[1]);
  const { top, beyond } = ceiling(rows);
  const time = timeTicks(t, domain, width);
  const modelled = rows.filter((row) => row.median !== null);
  const counted = rows.filter((row) => row.observed !== null);
  const direct = !small && width > DIRECT;
  const size = letters();
  const marginTop = small ? 10 : 14 + size;
  const marks = [
    Plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: small ? 3 : 5 }),
    Plot.areaY(modelled, { x: "date", y1: "lo90", y2: "hi90", fill: "var(--band90)", clip: true }),
    Plot.areaY(modelled, { x: "date", y1: "lo50", y2: "hi50", fill: "var(--band50)", clip: true }),
    Plot.lineY(modelled, {
      x: "date", y: "median", stroke: "var(--line)", strokeWidth: small ? 1.4 : 2, clip: true,
    }),
    Plot.ruleY([0], { stroke: "var(--axis)" }),
  ];
  if (run.forecast && run.forecast > domain[0]) {
    marks.push(
      Plot.ruleX([run.forecast], { stroke: "var(--soft)", strokeDasharray: "4 3" }),
    );
    if (!small) {
      const [start, end] = domain.map(Number);
      const room = ((end - Number(run.forecast)) / (end - start)) * width > 96;
      marks.push(
        Plot.text([run.forecast], {
          x: (d) => d, frameAnchor: "top", dy: -16, dx: room ? 4 : 0, fill: "var(--soft)",
          text: () => t.say("chart.forecast"), textAnchor: room ? "start" : "middle",
          fontStyle: "italic", fontSize: size,
        }),
      );
    }
  }
  if (run.joined) {
    // Without a model's line through the past, a thin one between counts of neighbouring months.
    marks.push(Plot.lineY(rows, { x: "date", y: "observed", stroke: "var(--dot)", strokeOpacity: 0.35, strokeWidth: 1 }));
  }
  const later = (row) => outcome.known && row.date > outcome.known;
  const r = small ? 1.3 : rows.length > 60 ? 2.2 : 3;
  marks.push(
    Plot.dot(counted.filter((row) => !later(row)), {
      x: "date", y: "observed", r, fill: "var(--dot)", stroke: "var(--paper)", strokeWidth: small ? 0 : 0.6,
    }),
    // counts that came after the day as of which the chart is drawn
    Plot.dot(counted.filter(later), {
      x: "date", y: "observed", r: r + 0.6, fill: "var(--paper)", stroke: "var(--dot)", strokeWidth: 1.4,
    }),
  );
  const chart = Plot.plot({
    width, height, marginLeft: size * 3.8, marginTop, marginBottom: BELOW,
    marginRight: direct && modelled.length ? labelRoom(t) : 14,
    style: { background: "transparent", fontSize: `${small ? size - 1 : size}px`, overflow: "hidden" },
    x: { type: "utc", domain, label: null },
    y: { domain: [0, top], label: null },
    marks: [
      ...marks,
      Plot.axisX(time.ticks, {
        tickFormat: time.format, tickSize: 4, label: null, color: "var(--soft)",
      }),
      Plot.axisY({
        ticks: small ? 3 : 5, tickFormat: t.brief, tickSize: 0, label: null, color: "var(--soft)",
      }),
    ],
  });
  if (direct) directLabels(t, chart, outcome, rows, counted, top);
  chart.setAttribute("aria-hidden", "true"); // the figure around it carries the words
  return { svg: chart, x: chart.scale("x"), y: chart.scale("y"), rows, beyond, marginTop, height, width };
}

const NAMED = ["chart.band90", "chart.median", "chart.band50"];

/** Room right of the chart for the longest name, at about 0.55 em a letter. */
function labelRoom(t) {
  return 16 + 0.55 * letters() * Math.max(...NAMED.map((key) => t.say(key).length));
}

function writeOn(chart, x, y, anchor, color, words) {
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  text.setAttribute("x", x);
  text.setAttribute("y", y);
  text.setAttribute("class", "direct");
  text.setAttribute("text-anchor", anchor); // the chart's own default is the middle
  text.style.fill = color;
  text.textContent = words;
  chart.append(text);
}

/** Names at the right end of line and bands, pushed apart so that none overlaps; and of the dots. */
function directLabels(t, chart, outcome, rows, counted, top) {
  const last = rows.findLast((row) => row.median !== null);
  const x = (row) => chart.scale("x").apply(row.date);
  const y = (v) => chart.scale("y").apply(Math.min(v, top));
  const labels = !last ? [] : [
    { at: y((last.hi90 + last.hi50) / 2), key: "chart.band90", color: "var(--ink-band90)" },
    { at: y(last.median), key: "chart.median", color: "var(--line)" },
    { at: y((last.lo50 + last.median) / 2), key: "chart.band50", color: "var(--ink-band50)" },
  ].sort((a, b) => a.at - b.at);
  const gap = letters() * 1.33;
  labels.forEach((label, i) => {
    label.at = Math.max(label.at, i ? labels[i - 1].at + gap : 30);
  });
  for (let i = labels.length - 1; i >= 0; i -= 1) {
    const limit = i === labels.length - 1 ? y(0) - 4 : labels[i + 1].at - gap;
    labels[i].at = Math.min(labels[i].at, limit);
  }
  for (const { at, key, color } of labels) {
    writeOn(chart, x(last) + 8, at + 4, "start", color, t.say(key));
  }
  if (!counted.length) return;
  // The dots' name ends at the last dot, above (or, without room, below) all that lies there.
  const end = x(counted.at(-1));
  const near = rows.filter((row) => x(row) <= end && x(row) > end - 80);
  const highest = Math.min(...near.map((row) => y(Math.max(row.hi90 ?? 0, row.observed ?? 0))));
  const lowest = Math.max(...near.map((row) => y(Math.min(row.lo90 ?? top, row.observed ?? top))));
  const above = highest - 8 > 40;
  // Where both are full, it stands on the bands just above the dots.
  const dots = Math.min(...near.filter((row) => row.observed !== null).map((row) => y(row.observed)));
  const at = above ? highest - 8 : lowest + 18 < y(0) ? lowest + 18 : dots - 12;
  writeOn(chart, end, at, "end", "var(--dot)", t.say(laterCounts(outcome).length ? "chart.later" : "chart.counted"));
}

/** Rows counted after the day as of which a chart is drawn (`outcome.known`; none without one). */
const laterCounts = (outcome) => (outcome.known
  ? outcome.rows.filter((row) => row.observed !== null && row.date > outcome.known) : []);

/** The signs of the chart and what they mean. */
export function legend(t, outcome) {
  const item = (sign, key) => el("li", {}, el("span", { class: `sign ${sign}` }), t.say(key));
  return el(
    "ul",
    { class: "legend" },
    outcome.observed ? item("dot", "chart.counted") : null,
    laterCounts(outcome).length ? item("dot later", "chart.later") : null,
    outcome.rows.some((row) => row.median !== null) ? [
      item("line", "chart.median"), item("band50", "chart.band50"), item("band90", "chart.band90"),
    ] : null,
  );
}
