// Published figures beside the model: one line each, those outside told with the reason, all as a table.

import { get } from "../api.js";
import { el, fold, inLanguage, link } from "../dom.js";
import { letters } from "../fan.js";
import { framed } from "../skill.js";
import { segments } from "./now_chart.js";
import { csvLink } from "./table.js";

const { Plot } = globalThis;
const WHICH = ["unused", "all"];
const ROW = 5; // pixels of height that a figure takes

const percent = (t, v) => t.number(Math.round(100 * v));

/** A number of a figure: three digits, as the model's own. */
const about = (t, row, v) => (v === null ? t.say("value.missing")
  : row.unit === "percent" || row.unit === "share" || row.unit === "ratio" ? t.number(v) : t.about(v));
const range = (t, row, lo, hi) => t.say("table.range", { lo: about(t, row, lo), hi: about(t, row, hi) });
const unit = (t, row) => (t.has(`skill.unit.${row.unit}`) ? t.say(`skill.unit.${row.unit}`) : row.unit);

/** @param {import("../shell.js").Context} ctx */
export async function figures(ctx) {
  const { t, params } = ctx;
  const box = el("div", {});
  const state = { figures: WHICH.includes(params.figures) ? params.figures : "unused" };
  const draw = async () => {
    const which = state.figures;
    const told = await get("/headlines", which === "unused" ? { used: false } : {});
    if (ctx.signal.aborted || which !== state.figures) return;
    box.replaceChildren(...parts(t, told));
  };
  const told = await get("/headlines", { used: false });
  await draw();
  return [
    el("p", { class: "reading" }, t.say("skill.figures.read", {
      n: told.unused, inside: told.coverage90.inside, share: percent(t, told.coverage90.share),
      lo: percent(t, told.coverage90.lo), hi: percent(t, told.coverage90.hi),
      half: percent(t, told.coverage50.share), width: t.number(Number(told.median_width.toPrecision(2))),
    })),
    el("p", { class: "lead" }, t.say("skill.figures.lead", { n: told.figures })),
    el("div", { class: "controls" }, segments(t, "skill.figures", WHICH, "skill.figures", state.figures, (which) => {
      state.figures = which;
      ctx.set({ figures: which });
      draw().catch((error) => box.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message)));
    })),
    box,
    el("p", { class: "source" }, t.say("skill.figures.source", { code: told.code_version, data: told.data_vintage })),
  ];
}

function parts(t, told) {
  const rows = told.headlines;
  const missed = rows.filter((row) => !row.inside90);
  return [
    strip(t, rows),
    fold(t.say("skill.figures.missed", { n: missed.length }), () => table(t, missed, true)),
    fold(t.say("skill.figures.table", { n: rows.length }), () => [table(t, rows, false),
      el("p", {}, csvLink(t, "headlines.csv", rows.map((row) => ({
        id: row.id, name: t.text(row.name), unit: row.unit, published: row.value, median: row.median, lo50: row.lo50,
        hi50: row.hi50, lo90: row.lo90, hi90: row.hi90, inside50: row.inside50, inside90: row.inside90,
        used: row.used, source: row.title, address: row.url,
      }))))].flat().reduce((all, node) => (all.append(node), all), el("div"))),
  ];
}

/** Each figure as published over the model's median, with the model's intervals: one line each. */
function strip(t, rows) {
  const shown = rows.filter((row) => row.median > 0 && row.lo90 > 0 && row.value > 0).map((row) => ({
    ...row, at: row.value / row.median, a: row.lo90 / row.median, b: row.lo50 / row.median,
    c: row.hi50 / row.median, d: row.hi90 / row.median,
  })).sort((a, b) => a.at - b.at).map((row, i) => ({ ...row, i }));
  const inside = shown.filter((row) => row.inside90);
  const outside = shown.filter((row) => !row.inside90);
  const label = t.say("skill.strip.label", { n: shown.length, outside: outside.length });
  const frame = framed(label, (width) => {
    const size = letters();
    const height = Math.max(160, Math.min(900, shown.length * (shown.length > 150 ? 2.6 : ROW))) + 50;
    const ends = (v) => Math.max(1 / 30, Math.min(30, v));
    const rule = (from, to, color, thick) => Plot.ruleY(shown, {
      y: "i", x1: (r) => ends(r[from]), x2: (r) => ends(r[to]), stroke: `var(--${color})`, strokeWidth: thick,
    });
    const dots = (part, color, symbol) => Plot.dot(part, {
      y: "i", x: (r) => ends(r.at), r: 2.8, fill: `var(--${color})`, symbol,
      title: (r) => `${t.text(r.name)}: ${about(t, r, r.value)} (${range(t, r, r.lo90, r.hi90)})`,
    });
    return Plot.plot({
      width, height, marginLeft: 10, marginRight: 10, marginTop: 8, marginBottom: 36,
      style: { background: "transparent", fontSize: `${size - 1}px`, overflow: "visible" },
      x: { type: "log", domain: [1 / 30, 30], label: null }, y: { axis: null, domain: [-1, shown.length], label: null },
      marks: [
        rule("a", "d", "band90", 2.6), rule("b", "c", "band50", 2.6),
        Plot.ruleX([1], { stroke: "var(--line)", strokeWidth: 1.2 }),
        dots(inside, "dot", "circle"), dots(outside, "c2", "diamond"),
        Plot.axisX([1 / 30, 0.1, 1 / 3, 1, 3, 10, 30], {
          tickSize: 4, label: null, color: "var(--soft)",
          tickFormat: (v) => (v < 1 ? `1/${t.number(Math.round(1 / v))}` : `×${t.number(v)}`),
        }),
      ],
    });
  });
  const item = (sign, key) => el("li", {}, el("span", { class: `sign ${sign}` }), t.say(key));
  return el("figure", { class: "strip" },
    el("figcaption", {}, el("h3", {}, t.say("skill.strip")), el("p", { class: "unit" }, t.say("skill.strip.unit"))),
    el("ul", { class: "legend" }, item("dot", "skill.strip.inside"), item("diamond", "skill.strip.outside"),
      item("band50", "skill.strip.50"), item("band90", "skill.strip.90")),
    frame);
}

function table(t, rows, reasons) {
  const heads = ["skill.figure", "skill.published", "skill.median", "skill.90", reasons ? "skill.reason" : "skill.seen", "skill.where"];
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.say("skill.figures") },
    el("table", { class: "figures" },
      el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, rows.map((row) => el("tr", {},
        el("th", { scope: "row" }, t.text(row.name), el("span", { class: "unit" }, ` ${unit(t, row)}`),
          t.text(row.caveat) ? el("span", { class: "note" }, ` ${t.text(row.caveat)}`) : null),
        el("td", { class: "n" }, about(t, row, row.value)),
        el("td", { class: "n" }, about(t, row, row.median)),
        el("td", { class: row.inside90 ? "n" : "n out" }, range(t, row, row.lo90, row.hi90)),
        el("td", {}, reasons ? t.text(row.reason) || t.say("skill.unexplained")
          : row.used ? t.text(row.why) || t.say("skill.yes") : t.say("skill.no")),
        el("td", {}, row.url ? link(row.url, row.title || row.url) : inLanguage(t, row.title)))))));
}
