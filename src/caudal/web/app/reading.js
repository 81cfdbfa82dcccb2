// Reading one month off a chart: by pointer, by touch, or by the arrow keys.

import { el } from "./dom.js";
import { BELOW } from "./fan.js";

/**
 * What is read of a month of counts and model: title, lines of [name, value], and one sentence.
 * @param {any} t @param {import("./run.js").Row} row
 */
function usual(t, row) {
  /** @type {Record<string, string>} */
  const v = {
    month: t.month(row.date),
    observed: t.number(row.observed),
    ...Object.fromEntries(
      ["median", "lo50", "hi50", "lo90", "hi90"].map((q) => [q, t.about(row[q])]),
    ),
  };
  return {
    title: v.month,
    lines: [
      ...(row.observed === null ? [] : [[t.say("chart.counted"), v.observed]]),
      ...(row.median === null ? [] : [
        [t.say("chart.median"), v.median],
        [t.say("chart.band50"), t.say("table.range", { lo: v.lo50, hi: v.hi50 })],
        [t.say("chart.band90"), t.say("table.range", { lo: v.lo90, hi: v.hi90 })],
      ]),
    ],
    sentence: t.say(row.median === null ? "chart.read.counted" : "chart.read", v),
  };
}

/**
 * Let `frame` (which holds the chart) be read. `getChart()` gives the chart drawn now; `read(t, row)`
 * what is said of a row.
 */
export function makeReadable(frame, t, getChart, read = usual) {
  const rule = el("div", { class: "crosshair", hidden: true });
  const tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const spoken = el("div", { class: "unseen", "aria-live": "polite" });
  frame.append(rule, tip, spoken);
  let at = null;

  const show = (index, speak) => {
    const chart = getChart();
    at = Math.max(0, Math.min(chart.rows.length - 1, index));
    const row = chart.rows[at];
    const said = read(t, row);
    tip.replaceChildren(
      el("div", { class: "tip-title" }, said.title),
      ...said.lines.map(([name, value]) => el("div", {}, el("span", {}, name), el("b", {}, value))),
    );
    const x = chart.x.apply(row.date);
    rule.style.left = `${x}px`;
    rule.style.top = `${chart.marginTop}px`;
    rule.style.height = `${chart.height - BELOW - chart.marginTop}px`;
    rule.hidden = false;
    tip.hidden = false;
    const room = frame.clientWidth - tip.offsetWidth;
    const side = x > frame.clientWidth / 2 ? x - tip.offsetWidth - 12 : x + 12;
    tip.style.left = `${Math.max(0, Math.min(room, side))}px`;
    tip.style.top = `${chart.marginTop + 4}px`;
    if (speak) spoken.textContent = said.sentence;
  };
  const hide = () => {
    rule.hidden = true;
    tip.hidden = true;
  };

  const point = (event) => {
    const chart = getChart();
    const date = chart.x.invert(event.clientX - frame.getBoundingClientRect().left);
    let best = 0;
    chart.rows.forEach((row, i) => {
      if (Math.abs(row.date - date) < Math.abs(chart.rows[best].date - date)) best = i;
    });
    show(best, false);
  };
  frame.addEventListener("pointermove", point);
  frame.addEventListener("pointerdown", point);
  frame.addEventListener("pointerleave", hide);
  frame.addEventListener("blur", hide);
  frame.addEventListener("keydown", (event) => {
    const end = getChart().rows.length - 1;
    const from = at ?? end;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: end }[event.key];
    if (event.key === "Escape") hide();
    if (to === undefined) return;
    event.preventDefault();
    show(to, true);
  });
}
