// A figure: title, chart, source and the same numbers as a table; large or small.

import { asWide, el, fold, link } from "./dom.js";
import { DIRECT, chartLabel, fanSvg, legend } from "./fan.js";
import { makeReadable } from "./reading.js";
import { csvAddress } from "./sheet.js";

/** The chart in a frame that redraws when its width changes. */
function framed(t, run, outcome, options) {
  const frame = el("div", {
    class: "frame", tabindex: options.small ? null : "0", role: options.small ? "img" : "group",
    "aria-label": chartLabel(t, run, outcome),
  });
  let chart = null;
  asWide(frame, (width) => {
    frame.closest("figure").classList.toggle("wide", width > DIRECT);
    const height = options.small
      ? Math.max(120, Math.min(170, width * 0.5))
      : Math.max(260, Math.min(430, width * 0.42));
    chart?.svg.remove();
    chart = fanSvg(t, run, outcome, { ...options, width, height });
    frame.prepend(chart.svg);
    options.drawn?.(chart);
  });
  makeReadable(frame, t, () => chart);
  return frame;
}

/** The source of the counts, in one line that leads to its publisher. */
function sourceLine(t, run, outcome) {
  if (!outcome.series) return t.say("chart.uncounted");
  const source = run.series.get(outcome.series);
  if (!source) return t.say("chart.source.none");
  const [before, after] = t.say("chart.source", { publisher: "\0", title: t.text(source.title) }).split("\0");
  return [before, link(source.address, t.text(source.publisher)), after];
}

/** Every month of an outcome as a table, newest first, and a file of the same. */
function numbers(t, run, outcome) {
  const head = ["table.month", "table.phase", "table.observed", "table.median", "table.50", "table.90"];
  const phase = (row) =>
    t.say(run.forecast && row.date >= run.forecast ? "table.forecast" : "table.history");
  const range = (lo, hi) => (lo === null ? t.number(lo) : t.say("table.range", { lo: t.number(lo), hi: t.number(hi) }));
  const body = [...outcome.rows].reverse().map((row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, t.monthShort(row.date)),
      el("td", {}, phase(row)),
      el("td", { class: "n" }, t.number(row.observed)),
      el("td", { class: "n" }, t.number(row.median)),
      el("td", { class: "n" }, range(row.lo50, row.hi50)),
      el("td", { class: "n" }, range(row.lo90, row.hi90)),
    ),
  );
  return el(
    "div",
    {},
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.text(outcome.title) },
      el("table", { class: "numbers" },
        el("caption", {}, `${t.text(outcome.title)} (${t.say(`unit.${outcome.unit}`)})`),
        el("thead", {}, el("tr", {}, head.map((key) => el("th", { scope: "col" }, t.say(key))))),
        el("tbody", {}, body),
      ),
    ),
    el("p", {}, el("a", { class: "download", download: `${outcome.file ?? outcome.id}.csv`, href: csv(run, outcome) },
      t.say("chart.csv"))),
  );
}

/** The outcome's rows as a CSV inside the link itself: nothing is fetched. `outcome.same` holds what every row says. */
function csv(run, outcome) {
  const columns = ["observed", "median", "lo50", "hi50", "lo90", "hi90"];
  const same = Object.entries(outcome.same ?? {});
  return csvAddress([
    [...same.map(([name]) => name), "month", ...columns],
    ...outcome.rows.map((row, i) => [...same.map(([, value]) => value), run.months[i], ...columns.map((c) => row[c])]),
  ]);
}

/** What the axis measures, and of which group of outcomes, as "Venezuela" alone says little. */
function measure(t, outcome) {
  const unit = t.say(`unit.${outcome.unit}`);
  return outcome.panel === "totals" ? unit : `${t.say(`panel.${outcome.panel}`)}: ${unit}`;
}

/** The large figure. `options.drawn(chart)` is told of each drawing. */
export function largeFigure(t, run, outcome, options) {
  const beyond = el("p", { class: "note", hidden: true });
  const drawn = (chart) => {
    beyond.hidden = chart.beyond === null;
    if (chart.beyond !== null) {
      beyond.textContent = t.say("chart.beyond", { value: t.about(chart.beyond) });
    }
    options.drawn?.(chart);
  };
  return el(
    "figure",
    { class: "large" },
    el("figcaption", {},
      el("h3", {}, t.text(outcome.title)),
      el("p", { class: "unit" }, measure(t, outcome)),
    ),
    legend(t, outcome),
    framed(t, run, outcome, { ...options, small: false, drawn }),
    beyond,
    el("p", { class: "source" }, sourceLine(t, run, outcome)),
    el("p", { class: "hint" }, t.say("chart.hint")),
    fold(t.say("chart.table"), () => numbers(t, run, outcome)),
  );
}

/** A small figure; its title opens the large one through `open(outcome)`, where given. */
export function smallFigure(t, run, outcome, open) {
  const title = t.text(outcome.title);
  const heading = open
    ? el("button", {
        type: "button", class: "open", onclick: () => open(outcome),
        "aria-label": t.say("chart.open", { title }),
      }, title)
    : title;
  return el(
    "figure",
    { class: "small" },
    el("figcaption", {},
      el("h4", {}, heading),
      el("p", { class: "unit" }, t.say(`unit.${outcome.unit}`)),
    ),
    framed(t, run, outcome, { period: "all", small: true }),
    el("p", { class: "source" }, sourceLine(t, run, outcome)),
    fold(t.say("chart.table"), () => numbers(t, run, outcome)),
  );
}
