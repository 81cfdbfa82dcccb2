// The counts that a claim speaks of, drawn with its period and what it says.

import { asWide, el, fold, inLanguage, link } from "../dom.js";
import { letters, timeTicks } from "../fan.js";
import { when } from "./claims_marks.js";
import { MARK } from "../sheet.js";

const { Plot } = globalThis;
const day = (iso) => new Date(`${iso}T00:00:00Z`);

/** A figure with title, sentence, chart, source and table. */
export function chartOf(t, claim, drawn, verdict, { names, used, sources }) {
  if (!drawn.points.length) return null;
  const ids = Object.keys(names).filter((id) => sources.has(id));
  const title = ids.length === 1 && names[ids[0]] ? t.text(names[ids[0]]) : t.say("claims.chart.several");
  const unit = drawn.unit === "share" ? t.say("claims.unit.share")
    : ids.length ? t.text(sources.get(ids[0]).told.unit) : "";
  const frame = el("div", { class: "frame", role: "img", "aria-label": `${title}. ${sentence(t, claim, drawn, verdict)}` });
  asWide(frame, (width) => frame.replaceChildren(svg(t, drawn, width)));
  return el("figure", { class: "drawn" },
    el("figcaption", {}, el("h3", {}, title),
      el("p", { class: "unit" }, [unit, t.say(lengthOf(drawn))].filter(Boolean).join(" · "))),
    el("p", {}, sentence(t, claim, drawn, verdict)),
    key(t, drawn), frame,
    used.length ? el("p", { class: "source" }, t.say("claims.chart.source"), " ",
      used.map((u, i) => [i ? "; " : "", link(u.url, sources.get(u.id) ? t.text(sources.get(u.id).told.publisher) : inLanguage(t, u.title))])) : null,
    fold(t.say("chart.table"), () => table(t, claim, drawn, title)));
}

/** What one point stands for. */
function lengthOf(drawn) {
  const [first] = drawn.points;
  const days = (+day(first.end) - +day(first.start)) / 864e5;
  if (days < 2) return "claims.each.day";
  if (days < 32) return "claims.each.month";
  return days > 360 && days < 370 ? "claims.each.year" : "claims.each.period";
}

/** What is to be seen, in one sentence. */
function sentence(t, claim, drawn, verdict) {
  const number = (v) => t.number(v);
  const of = (role) => (verdict?.evidence ?? []).find((e) => e.role === role);
  if (drawn.kind === "figure") {
    const at = of("quantity");
    const { low, high } = drawn.said;
    const said = low === null ? t.say("claims.said.most", { high: number(high) })
      : high === null ? t.say("claims.said.least", { low: number(low) })
        : t.say("claims.said.between", { low: number(low), high: number(high) });
    return !at || at.value === null ? t.say("claims.sentence.uncounted", { said })
      : t.say("claims.sentence.figure", { value: number(at.value), period: when(t, at.period), said });
  }
  if (drawn.kind === "trend") {
    const [before, after] = [of("before"), of("after")];
    return !before || before.value === null || !after || after.value === null ? t.say("claims.sentence.trend.uncounted")
      : t.say("claims.sentence.trend", {
        before: number(before.value), from: when(t, before.period), after: number(after.value), to: when(t, after.period),
      });
  }
  const at = of("event");
  return at?.period ? t.say("claims.sentence.timing", { period: when(t, at.period) }) : t.say("claims.sentence.never");
}

function key(t, drawn) {
  const entry = (name, kind) => el("span", { class: `key-${kind}` }, el("i", { "aria-hidden": "true" }), t.say(name));
  const parts = [entry("claims.key.counted", "counted")];
  if (drawn.kind === "trend") parts.push(entry("claims.key.means", "means"));
  if (drawn.windows.length) parts.push(entry("claims.key.window", "window"));
  if (drawn.kind !== "trend" && drawn.said) parts.push(entry("claims.key.said", "said"));
  return el("div", { class: "key" }, parts);
}

function svg(t, drawn, width) {
  const points = drawn.points.map((p) => ({ ...p, at: new Date((+day(p.start) + +day(p.end)) / 2) }));
  const edges = [...points, ...drawn.windows].flatMap((p) => [+day(p.start), +day(p.end)]);
  /** @type {[Date, Date]} */
  const domain = [new Date(Math.min(...edges)), new Date(Math.max(...edges))];
  const values = points.map((p) => p.value).filter((v) => v !== null);
  const said = drawn.kind === "figure" ? drawn.said : null;
  const named = [said?.low, said?.high, drawn.level].filter((v) => v !== null && v !== undefined && Number.isFinite(v));
  const floor = Math.min(0, ...values, ...named);
  const top = Math.max(...values, ...named) * 1.08 || 1;
  const size = letters();
  const marks = [Plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: 4 })];
  for (const w of drawn.windows) {
    marks.push(Plot.rectY([w], { x1: day(w.start), x2: day(w.end), y1: floor, y2: top, fill: "var(--grid)", fillOpacity: 0.75 }));
  }
  if (said) {
    const [w] = drawn.windows;
    marks.push(Plot.rect([w], {
      x1: day(w.start), x2: day(w.end), y1: said.low ?? floor, y2: said.high ?? top,
      fill: "var(--c3)", fillOpacity: 0.25, stroke: "var(--c3)", strokeWidth: 1.5, inset: -2,
    }));
  }
  if (drawn.kind === "timing" && drawn.said) {
    const start = drawn.said.start ? day(drawn.said.start) : domain[0];
    marks.push(Plot.rectY([0], {
      x1: new Date(Math.max(+start, +domain[0])), x2: new Date(Math.min(+day(drawn.said.end), +domain[1])),
      y1: floor, y2: top, fill: "var(--c3)", fillOpacity: 0.18,
    }));
  }
  if (drawn.level !== null && drawn.level !== undefined) marks.push(Plot.ruleY([drawn.level], { stroke: "var(--c3)", strokeDasharray: "4 3" }));
  marks.push(
    Plot.ruleY([0], { stroke: "var(--axis)" }),
    Plot.lineY(points, { x: "at", y: "value", stroke: "var(--line)", strokeWidth: 1.3, strokeOpacity: 0.6 }),
    Plot.dot(points.filter((p) => p.value !== null), { x: "at", y: "value", r: points.length > 90 ? 1.6 : 3, fill: "var(--dot)" }));
  if (drawn.kind === "trend") {
    marks.push(Plot.ruleY(drawn.windows.filter((w) => w.value !== null), {
      y: "value", x1: (w) => day(w.start), x2: (w) => day(w.end), stroke: "var(--c2)", strokeWidth: 3,
    }));
  }
  const time = timeTicks(t, domain, width);
  const chart = Plot.plot({
    width, height: Math.max(200, Math.min(320, width * 0.42)), marginLeft: size * 3.8, marginTop: 10, marginBottom: 26,
    style: { background: "transparent", fontSize: `${size}px`, overflow: "hidden" },
    x: { type: "utc", domain, label: null }, y: { domain: [floor, top], label: null },
    marks: [...marks,
      Plot.axisX(time.ticks, { tickFormat: time.format, tickSize: 4, label: null, color: "var(--soft)" }),
      Plot.axisY({ ticks: 4, tickFormat: t.brief, tickSize: 0, label: null, color: "var(--soft)" })],
  });
  chart.setAttribute("aria-hidden", "true");
  return chart;
}

function table(t, claim, drawn, title) {
  const rows = [["start", "end", "value"].join(","), ...drawn.points.map((p) => [p.start, p.end, p.value ?? ""].join(",")), ""];
  return el("div", {},
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title },
      el("table", { class: "numbers" },
        el("caption", {}, title),
        el("thead", {}, el("tr", {}, ["from", "until", "value"].map((k) => el("th", { scope: "col" }, t.say(`claims.col.${k}`))))),
        el("tbody", {}, [...drawn.points].reverse().map((p) => el("tr", {},
          el("th", { scope: "row" }, t.day(p.start)), el("td", {}, t.day(p.end)),
          el("td", { class: "n" }, t.number(p.value))))))),
    el("p", {}, el("a", {
      class: "download", download: `${claim.id}.csv`, href: `data:text/csv;charset=utf-8,${encodeURIComponent(MARK + rows.join("\n"))}`,
    }, t.say("chart.csv"))));
}
