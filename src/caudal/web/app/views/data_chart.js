// Published counts over time: a line through dots, gaps where nothing was counted, read by keys or pointer.

import { asWide, el, fold } from "../dom.js";
import { letters, timeTicks } from "../fan.js";
import { pictures } from "../picture.js";
import { MARK } from "../sheet.js";

const { Plot } = globalThis;
const day = (iso) => new Date(`${iso}T00:00:00Z`);

/** A figure of one line. `what`: title, unit, times [{start, end}], values, large, name, source */
export function line(t, what) {
  const points = what.times.map((time, i) => ({
    ...time, at: new Date((+day(time.start) + +day(time.end)) / 2), value: what.values[i],
  }));
  const counted = points.filter((p) => p.value !== null);
  const last = counted.at(-1);
  const most = counted.reduce((a, b) => (b.value > a.value ? b : a), counted[0]);
  const label = last ? t.say("data.chart.label", {
    title: what.title, last: t.number(last.value), when: moment(t, last), most: t.number(most.value), peak: moment(t, most),
  }) : what.title;
  const tip = el("p", { class: "read", "aria-live": "polite" }, last ? label : "");
  const frame = el("div", { class: "frame", tabindex: "0", role: "group", "aria-label": label });
  let chart = null;
  let at = counted.length - 1;
  const read = (index) => {
    at = Math.max(0, Math.min(counted.length - 1, index));
    const p = counted[at];
    tip.textContent = t.say("data.read", { when: moment(t, p), value: t.number(p.value) });
    mark(frame, chart, p);
  };
  frame.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: counted.length - 1 }[event.key];
    if (to === undefined || !chart) return;
    event.preventDefault();
    read(to);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!chart || !counted.length) return;
    const x = event.clientX - frame.getBoundingClientRect().left;
    const date = chart.scale("x").invert(x);
    let best = 0;
    counted.forEach((p, i) => { if (Math.abs(p.at - date) < Math.abs(counted[best].at - date)) best = i; });
    read(best);
  });
  asWide(frame, (width) => {
    chart?.remove();
    chart = svg(t, points, width, what.large);
    frame.prepend(chart);
  });
  const figure = el("figure", { class: what.large ? "large" : "small" },
    el("figcaption", {}, el(what.large ? "h3" : "h4", {}, what.title), el("p", { class: "unit" }, what.unit)),
    frame, tip, what.source,
    fold(t.say("chart.table"), () => numbers(t, what, points)));
  if (what.large) figure.append(pictures(t, figure, what.name, () => [t.say("picture.through")]));
  return figure;
}

/** A point of time in words, by its length. */
function moment(t, point) {
  const days = (+day(point.end) - +day(point.start)) / 864e5;
  if (days < 2) return t.day(point.start);
  if (days < 32) return t.month(day(point.start));
  const year = +day(point.end) - 1;
  return point.start.slice(5, 7) === "10" ? t.say("data.fiscal", { year: new Date(year).getUTCFullYear() }) : point.start.slice(0, 4);
}

function mark(frame, chart, point) {
  let dot = frame.querySelector(".cursor");
  if (!dot) {
    dot = el("span", { class: "cursor", "aria-hidden": "true" });
    frame.append(dot);
  }
  dot.style.left = `${chart.scale("x").apply(point.at)}px`;
  dot.style.top = `${chart.scale("y").apply(point.value)}px`;
}

function svg(t, points, width, large) {
  const counted = points.filter((p) => p.value !== null);
  const first = points.findIndex((p) => p.value !== null);
  const kept = first < 0 ? points : points.slice(first, points.indexOf(counted.at(-1)) + 1);
  /** @type {[Date, Date]} */
  const domain = [day(points[0].start), day(points.at(-1).end)];
  const time = timeTicks(t, domain, width);
  const size = letters();
  const floor = Math.min(0, ...counted.map((p) => p.value));
  const chart = Plot.plot({
    width, height: large ? Math.max(230, Math.min(380, width * 0.38)) : Math.max(120, Math.min(160, width * 0.5)),
    marginLeft: size * 3.8, marginTop: 10, marginBottom: 26, marginRight: 14,
    style: { background: "transparent", fontSize: `${large ? size : size - 1}px`, overflow: "hidden" },
    x: { type: "utc", domain, label: null },
    y: { domain: [floor, Math.max(1e-9, ...counted.map((p) => p.value)) * 1.06], label: null },
    marks: [
      Plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: large ? 5 : 3 }),
      Plot.ruleY([0], { stroke: "var(--axis)" }),
      Plot.lineY(kept, { x: "at", y: "value", stroke: "var(--soft)", strokeWidth: 1.1 }),
      Plot.dot(counted, { x: "at", y: "value", r: large && counted.length < 140 ? 2.4 : 1.3, fill: "var(--dot)" }),
      Plot.axisX(time.ticks, { tickFormat: time.format, tickSize: 4, label: null, color: "var(--soft)" }),
      Plot.axisY({ ticks: large ? 5 : 3, tickFormat: t.brief, tickSize: 0, label: null, color: "var(--soft)" }),
    ],
  });
  chart.setAttribute("aria-hidden", "true");
  return chart;
}

function numbers(t, what, points) {
  const text = ["start,end,value", ...points.map((p) => [p.start, p.end, p.value ?? ""].join(",")), ""].join("\n");
  return el("div", {},
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": what.title },
      el("table", { class: "numbers" }, el("caption", {}, `${what.title} (${what.unit})`),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t.say("data.when")), el("th", { scope: "col" }, t.say("data.counted")))),
        el("tbody", {}, [...points].reverse().map((p) => el("tr", {}, el("th", { scope: "row" }, moment(t, p)),
          el("td", { class: "n" }, t.number(p.value))))))),
    el("p", {}, el("a", {
      class: "download", download: `${what.name}.csv`, href: `data:text/csv;charset=utf-8,${encodeURIComponent(MARK + text)}`,
    }, t.say("chart.csv"))));
}
