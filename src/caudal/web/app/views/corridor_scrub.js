// The months as a slider: a chart of one number, the policies by country under it, one cursor over both.

import { el } from "../dom.js";
import { timeTicks } from "../fan.js";
import { toDate } from "../text.js";
import { svg } from "./corridor_map.js";
import { lanesOf } from "./corridor_policies.js";

const { d3 } = globalThis;
const CHART = 74;
const TOP = 8;
const ROW = 5;
const NAME = 13;
const WIDE = 560; // from this width the names of governments stand left of their rows

/**
 * The slider. `move(i)` is told of each month; `choose(id)` of a policy that is clicked.
 * @returns {{node: HTMLElement, set: (i: number) => void, draw: (item: any, policy: string) => void}}
 */
export function scrubber(t, data, law, { move, choose, toggle }) {
  const dates = data.months.map(toDate);
  const last = dates.length - 1;
  const box = el("div", { class: "track" });
  const slider = el("div", {
    class: "slider", tabindex: "0", role: "slider", "aria-label": t.say("corridor.slider"),
    "aria-valuemin": "0", "aria-valuemax": String(last),
  }, box);
  let at = 0;
  let x = null;
  let cursor = null;
  let handle = null;
  let shown = null;
  let drawn = 0;

  const set = (i) => {
    at = Math.max(0, Math.min(last, i));
    slider.setAttribute("aria-valuenow", String(at));
    slider.setAttribute("aria-valuetext", t.month(dates[at]));
    if (!x) return;
    const place = x(dates[at]).toFixed(1);
    cursor.setAttribute("x1", place);
    cursor.setAttribute("x2", place);
    handle.setAttribute("cx", place);
  };
  const go = (i) => {
    set(i);
    move(at);
  };

  const chart = (item, width) => {
    const left = width < WIDE ? 38 : 112;
    x = d3.scaleUtc([dates[0], dates[last]], [left, width - 10]);
    const observed = item.observed ?? dates.map(() => null);
    const top = Math.max(1, ...observed.map((v) => v ?? 0), ...item.hi50);
    const y = d3.scaleLinear([0, Math.min(top * 1.15, Math.max(top, ...item.hi90))], [CHART, TOP]).clamp(true);
    const band = (lo, hi) => d3.area().x((_, i) => x(dates[i])).y0((v) => y(v[0])).y1((v) => y(v[1]))(
      item[lo].map((v, i) => [v, item[hi][i]]));
    const line = /** @type {any} */ (d3.line()).x((_, i) => x(dates[i])).y((v) => y(v))(item.median);
    const ahead = x(toDate(data.forecast));
    const ticks = timeTicks(t, [dates[0], dates[last]], width);
    const values = y.ticks(2).filter((v) => v > 0);
    return [
      ...values.map((v) => svg("line", { class: "gridline", x1: left, x2: width - 10, y1: y(v), y2: y(v) })),
      ...values.map((v) => svg("text", { class: "tick", x: left - 5, y: y(v) + 4, "text-anchor": "end" }, t.brief(v))),
      svg("path", { d: band("lo90", "hi90"), class: "band90" }),
      svg("path", { d: band("lo50", "hi50"), class: "band50" }),
      svg("path", { d: line, class: "median" }),
      ...observed.flatMap((v, i) => (v === null ? [] : [svg("circle", { class: "dot", r: 1.7, cx: x(dates[i]), cy: y(v) })])),
      svg("line", { class: "base", x1: left, x2: width - 10, y1: CHART, y2: CHART }),
      svg("line", { class: "ahead", x1: ahead, x2: ahead, y1: 0, y2: CHART }),
      ...ticks.ticks.map((d) => svg("text", { class: "tick", x: x(d), y: CHART + 15, "text-anchor": "middle" }, ticks.format(d))),
    ];
  };

  const lanes = (width, from, policy) => {
    const out = [];
    let y = from;
    for (const { country, name, rows } of lanesOf(t, law, dates[0], dates[last], (d) => x(d), width < WIDE ? 2 : 99)) {
      const beside = width >= WIDE;
      out.push(svg("text", {
        class: `lane-name c${country % 5}`, x: beside ? 106 : 38, y: y + 9, "text-anchor": beside ? "end" : "start",
      }, name));
      const begin = y;
      if (!beside) y += NAME;
      for (const row of rows) {
        for (const { one, strips } of row) {
          const bars = strips.map((s) => svg("rect", { x: s.x.toFixed(1), y, width: s.width.toFixed(1), height: ROW - 1.2, rx: 1 }));
          const title = svg("title", {}, t.text(one.name));
          const group = svg("g", {
            class: `lane-bar c${country % 5}${one.id === policy ? " chosen" : policy ? " dim" : ""}`, "data-id": one.id,
          }, title, ...bars);
          group.addEventListener("pointerdown", (event) => event.stopPropagation());
          group.addEventListener("click", () => choose(one.id));
          out.push(group);
        }
        y += ROW;
      }
      y = Math.max(y, begin + NAME) + 2;
    }
    return { out, height: y + 4 };
  };

  const draw = (item, policy) => {
    shown = [item, policy];
    const width = Math.floor(slider.clientWidth);
    if (!width) return;
    drawn = width;
    const parts = chart(item, width);
    const { out, height } = lanes(width, CHART + 24, policy);
    cursor = svg("line", { class: "cursor", y1: 0, y2: height });
    handle = svg("circle", { class: "handle", r: 7, cy: CHART });
    box.replaceChildren(svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
      ...parts, ...out, cursor, handle));
    set(at);
  };
  new ResizeObserver(() => {
    if (shown && Math.floor(slider.clientWidth) !== drawn) draw(...shown);
  }).observe(slider);

  const point = (event) => {
    const date = x.invert(event.clientX - box.getBoundingClientRect().left);
    go(d3.bisectCenter(dates, date));
  };
  slider.addEventListener("pointerdown", (event) => {
    slider.setPointerCapture(event.pointerId);
    point(event);
  });
  slider.addEventListener("pointermove", (event) => {
    if (slider.hasPointerCapture(event.pointerId)) point(event);
  });
  slider.addEventListener("keydown", (event) => {
    const to = {
      ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
      PageDown: at - 12, PageUp: at + 12, Home: 0, End: last,
    }[event.key];
    if (event.key === " ") toggle();
    else if (to === undefined) return;
    else go(to);
    event.preventDefault();
  });
  return { node: slider, set, draw };
}
