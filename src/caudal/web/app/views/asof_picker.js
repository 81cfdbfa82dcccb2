// A small chart of the main count on which a day is picked; the articles' days stand on it.

import { el } from "../dom.js";
import { letters, timeTicks } from "../fan.js";
import { toDate } from "../text.js";

const { Plot } = globalThis;
const DAY_MS = 864e5;

const at = (iso) => new Date(`${iso}T00:00:00Z`);
const iso = (date) => date.toISOString().slice(0, 10);

/**
 * @param {any} t
 * @param {any} line the main outcome of GET /now
 * @param {{first: string, last: string, articles: {day: string}[], source: any, pick: (day: string) => void}} options
 * @returns {{node: HTMLElement, mark: (day: string) => void}} `mark` shows the day that is chosen
 */
export function picker(t, line, { first, last, articles, source, pick }) {
  const rows = line.months.map((month, i) => ({ date: toDate(month), count: line.observed[i] }))
    .filter((row) => row.count !== null && row.date >= at(first));
  // A month's count is drawn in its middle, for it stands for all of its days.
  for (const row of rows) row.date = new Date(row.date.getTime() + 15 * DAY_MS);
  const frame = el("div", { class: "frame", role: "img", "aria-label": t.say("asof.picker.label", {
    title: t.text(line.title), n: articles.length,
  }) });
  let drawn = 0;
  let chosen = "";
  let chart = null;
  const draw = () => {
    const width = Math.floor(frame.clientWidth);
    if (!width) return;
    drawn = width;
    const size = letters() - 1;
    /** @type {[Date, Date]} */
    const domain = [at(first), at(last)];
    const time = timeTicks(t, domain, width);
    chart = Plot.plot({
      width, height: 130, marginLeft: size * 3.6, marginRight: 10, marginTop: 12, marginBottom: 26,
      style: { background: "transparent", fontSize: `${size}px`, overflow: "visible" },
      x: { type: "utc", domain, label: null }, y: { label: null, zero: true },
      marks: [
        Plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: 3 }),
        Plot.areaY(rows, { x: "date", y: "count", fill: "var(--panel)" }),
        Plot.lineY(rows, { x: "date", y: "count", stroke: "var(--soft)", strokeWidth: 1.4 }),
        Plot.ruleX(articles, { x: (a) => at(a.day), stroke: "var(--c2)", strokeWidth: 1.2, strokeDasharray: "2 2" }),
        Plot.dot(articles, { x: (a) => at(a.day), frameAnchor: "top", r: 3.5, fill: "var(--c2)", symbol: "diamond" }),
        chosen ? Plot.ruleX([at(chosen)], { stroke: "var(--line)", strokeWidth: 2.5 }) : null,
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        Plot.axisX(time.ticks, { tickFormat: time.format, tickSize: 3, label: null, color: "var(--soft)" }),
        Plot.axisY({ ticks: 3, tickFormat: t.brief, tickSize: 0, label: null, color: "var(--soft)" }),
      ].filter(Boolean),
    });
    chart.setAttribute("aria-hidden", "true");
    frame.replaceChildren(chart);
  };
  new ResizeObserver(() => Math.floor(frame.clientWidth) !== drawn && draw()).observe(frame);
  frame.addEventListener("click", (event) => {
    const x = event.clientX - frame.getBoundingClientRect().left;
    const day = iso(chart.scale("x").invert(x));
    pick(day < first ? first : day > last ? last : day);
  });
  const sign = el("span", { class: "sign diamond", "aria-hidden": "true" });
  const node = el("figure", { class: "picker" },
    el("figcaption", {}, el("p", { class: "unit" }, `${t.text(line.title)} (${t.say(`unit.${line.unit}`)}). `,
      t.say("asof.picker"), " ", sign, " ", t.say("asof.picker.articles"))),
    frame,
    source ? el("p", { class: "source" }, t.say("chart.source", {
      publisher: t.text(source.publisher), title: t.text(source.title),
    })) : null);
  return { node, mark: (day) => {
    chosen = day;
    draw();
  } };
}
