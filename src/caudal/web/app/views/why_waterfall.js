// The waterfall: each part begins where the one above it ends; lines say how sure that is.

import { el } from "../dom.js";
import { named, portion, signed } from "./why_result.js";

const { d3 } = globalThis;
const OPEN = ["weather", "misfit"];
const LAST = ["under-way", "everything-else", "weather", "misfit", "change"];

/** The class of a tick at `x` percent: at the ends its words stay inside. @param {number} x */
export const tick = (x) => (x < 3 ? "tick first" : x > 97 ? "tick last" : "tick");

/** Parts in the order drawn: named factors by size, what was under way, what nothing names, the whole. */
function ordered(rows) {
  const rank = (r) => LAST.indexOf(r.id) + 1;
  return [...rows].sort((a, b) => rank(a) - rank(b) || Math.abs(b.mean) - Math.abs(a.mean));
}

/** Where each part's bar and lines stand, on the scale of the change. */
function placed(rows) {
  let at = 0;
  return ordered(rows).map((row) => {
    const from = row.kind === "change" ? 0 : at;
    at = from + row.mean;
    return { row, from, to: at, at: (q) => from + row[q] };
  });
}

/**
 * The chart as rows of a list; each opens what the part holds.
 * @param {any} t @param {any[]} rows @param {any} known the answer of GET /factors
 */
export function waterfall(t, rows, known) {
  const bars = placed(rows);
  const ends = bars.flatMap((b) => [b.from, b.to, b.at("lo90"), b.at("hi90")]);
  const scale = d3.scaleLinear([Math.min(0, ...ends), Math.max(0, ...ends)], [0, 100]).nice(5);
  const left = (v) => `${scale(v)}%`;
  const put = (kind, a, b) => {
    const node = el("span", { class: kind });
    node.style.left = left(Math.min(a, b));
    node.style.width = `${Math.abs(scale(b) - scale(a))}%`;
    return node;
  };
  const mark = (kind, at, text) => {
    const node = el("span", { class: kind }, text);
    node.style.left = left(at);
    return node;
  };
  const ticks = scale.ticks(5);
  const grid = () => ticks.map((v) => mark(v === 0 ? "line zero" : "line", v));
  const abouts = new Map(known.factors.map((f) => [f.id, t.text(f.about)]));
  const names = new Map(known.factors.map((f) => [f.id, t.text(f.name)]));
  const groups = new Map(known.groups.map((g) => [g.id, g.of]));

  const about = (row) => {
    if (row.kind !== "factor") return t.say(`why.about.${row.kind}`);
    const of = row.id.split("+").flatMap((id) => groups.get(id) ?? [id]);
    return of.map((id) => (of.length > 1 ? `${names.get(id)}: ${abouts.get(id)}` : abouts.get(id))).join(" ");
  };
  const item = ({ row, from, to, at }, i) => {
    const whole = row.kind === "change";
    const kind = whole ? "whole" : OPEN.includes(row.id) ? "unexplained" : row.mean < 0 ? "down" : "up";
    const certain = row.lo90 === row.hi90;
    const told = signed(t, row.mean);
    const share = row.share === null || whole ? "" : portion(t, row.share);
    const track = el("span", { class: "track", "aria-hidden": "true" }, grid(), put(`bar ${kind}`, from, to),
      certain ? null : [put("ninety", at("lo90"), at("hi90")), put("fifty", at("lo50"), at("hi50"))],
      bars[i + 1] && bars[i + 1].row.kind !== "change" ? mark("joint", to) : null);
    return el("li", { class: kind }, el("details", {},
      el("summary", {}, el("span", { class: "name" }, named(t, row)), track,
        el("span", { class: "value" }, el("b", {}, told), el("span", {}, share))),
      el("div", { class: "more" }, el("p", {}, about(row)),
        certain ? null : el("p", {}, t.say("why.part.interval", {
          lo50: signed(t, row.lo50), hi50: signed(t, row.hi50), lo90: signed(t, row.lo90), hi90: signed(t, row.hi90),
        })),
        row.first_in === null ? null : el("p", {}, t.say("why.part.joint", {
          first: signed(t, row.first_in), last: signed(t, row.last_in),
        })))));
  };
  const axis = el("div", { class: "axis", "aria-hidden": "true" }, el("span", { class: "track" },
    ticks.map((v) => mark(tick(scale(v)), v, v === 0 ? "0" : (v < 0 ? "−" : "+") + t.brief(Math.abs(v))))));
  const sign = (kind, key) => el("li", {}, el("span", { class: `sign ${kind}` }), t.say(key));
  return el("div", { class: "waterfall" },
    el("ul", { class: "legend" }, sign("up", "why.sign.up"), sign("down", "why.sign.down"),
      sign("unexplained", "why.sign.open"), sign("fifty", "why.sign.fifty"), sign("ninety", "why.sign.ninety")),
    axis, el("ol", {}, bars.map(item)));
}
