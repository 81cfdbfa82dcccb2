// Priors and posteriors: for each parameter what was believed before the counts and after them.

import { get } from "../api.js";
import { el, fold, inLanguage } from "../dom.js";
import { plain } from "../text.js";
import { title } from "./model_words.js";

const FIRST = 40;
const SORTS = ["traveller", "contraction", "name"];

/** Every parameter, searched, filtered and sorted. @param {import("../shell.js").Context} ctx */
export function parameters(ctx, model) {
  const { t } = ctx;
  const place = el("div", { class: "priors" });
  const found = el("p", { class: "note", role: "status" });
  const more = el("button", { type: "button", class: "plain", onclick: () => { all = true; redraw(); } });
  const order = new Map(model.mechanisms.map((m, i) => [m.name, i]));
  let all = false;
  let levers = [];
  const fits = (p) => {
    const { q, m, of } = ctx.params;
    const text = `${p.name} ${p.name.replaceAll("_", " ")} ${p.unit} ${p.source} ${title(t, p.mechanism)}`;
    return (!m || p.mechanism === m) && (!of || (of === "assumed") === p.assumed)
      && (!q || plain(q).split(/\s+/).every((word) => plain(text).includes(word)));
  };
  const by = {
    traveller: (a, b) => (order.get(a.mechanism) ?? 99) - (order.get(b.mechanism) ?? 99),
    contraction: (a, b) => (b.contraction ?? -9) - (a.contraction ?? -9),
    name: (a, b) => a.name.localeCompare(b.name),
  };
  const redraw = () => {
    const kept = model.parameters.filter(fits).sort(by[SORTS.includes(ctx.params.sort) ? ctx.params.sort : SORTS[0]]);
    const shown = all ? kept : kept.slice(0, FIRST);
    found.textContent = t.say("model.found", { n: kept.length, of: model.parameters.length });
    place.replaceChildren(...shown.map((p) => interval(ctx, p, levers, true)));
    more.hidden = shown.length === kept.length;
    more.textContent = t.say("model.more", { n: kept.length - shown.length });
  };
  const change = (key) => (event) => { all = false; ctx.set({ [key]: event.target.value }); redraw(); };
  const pick = (key, options) => el("label", {}, el("span", {}, t.say(`model.by.${key}`)),
    el("select", { onchange: change(key) }, options.map(([v, n]) => el("option", { value: v, selected: (ctx.params[key] ?? "") === v }, n))));
  const learned = model.parameters.filter((p) => (p.contraction ?? 0) > 0.2).length;
  get("/levers").then((told) => { levers = told.levers; });
  redraw();
  return el("section", { class: "part" }, el("h2", {}, t.say("model.part.parameters")),
    el("p", { class: "sentence" }, t.say("model.parameters.sentence", {
      n: model.parameters.length, assumed: model.parameters.filter((p) => p.assumed).length, learned,
    })),
    el("p", { class: "lead" }, t.say("model.parameters.lead")),
    el("div", { class: "controls" },
      el("label", {}, el("span", {}, t.say("model.by.q")), el("input", { type: "search", value: ctx.params.q ?? "", placeholder: "fee", oninput: change("q") })),
      pick("m", [["", t.say("model.any")], ...model.mechanisms.map((m) => [m.name, title(t, m.name)])]),
      pick("of", [["", t.say("model.any")], ["assumed", t.say("model.assumed")], ["sourced", t.say("model.sourced")]]),
      pick("sort", SORTS.map((s) => [s === SORTS[0] ? "" : s, t.say(`model.sort.${s}`)]))),
    el("p", { class: "note" }, t.say("model.parameters.key")),
    found, place, more);
}

/** One parameter: prior and posterior on its own scale, unit, source, how far the counts narrowed it. */
export function interval(ctx, p, levers, named) {
  const { t } = ctx;
  const cells = cellsOf(t, p);
  const one = cells.length === 1;
  const share = p.contraction === null ? t.say("model.fixed")
    : t.say(p.contraction > 0.02 ? "model.narrowed" : "model.unmoved", { percent: t.number(Math.round(100 * p.contraction)) });
  return el("article", { class: "prior" },
    el("div", { class: "prior-name" },
      el("code", {}, p.name.replaceAll("_", "_\u200b")),
      named ? el("a", { class: "source", href: ctx.link("model", { mechanism: p.mechanism }) }, title(t, p.mechanism)) : null,
      el("span", { class: "source" }, inLanguage(t, p.unit))),
    el("div", { class: "prior-plot" },
      one ? plot(t, cells[0], p.name) : fold(t.say("model.cells", { n: cells.length }), () => el("div", {}, cells.map((c) =>
        el("div", { class: "cell" }, el("span", { class: "source" }, c.label), plot(t, c, `${p.name} ${c.label}`)))))),
    el("div", { class: "prior-about" },
      el("p", {}, share),
      el("p", { class: "source" }, p.assumed ? el("b", {}, t.say("model.assumed.mark")) : null, p.assumed ? " " : "", inLanguage(t, p.source))));
}

/** Values by cell: [low, median, high] before and after. */
function cellsOf(t, p) {
  const flat = (value, label) => (Array.isArray(value[0]) ? value.flatMap((v, i) => flat(v, [...label, i])) : [{ value, label }]);
  const names = p.cells ?? [];
  const after = p.posterior ? flat(p.posterior, []) : [];
  return flat(p.prior, []).map(({ value, label }, i) => ({
    prior: value, posterior: after[i]?.value ?? null,
    label: label.map((at, axis) => (names[axis]?.[at] ? t.text(names[axis][at]) : String(at + 1))).join(" · "),
  }));
}

/** Two intervals one above the other; the words carry the same numbers. */
function plot(t, cell, name) {
  const { prior, posterior } = cell;
  const every = [...prior, ...(posterior ?? [])];
  const [low, high] = [Math.min(...every), Math.max(...every)];
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  const at = (v) => (100 * (v - low + room)) / (high - low + 2 * room || 1);
  const band = ([lo, mid, hi], kind) => {
    const bar = el("span", { class: `band ${kind}` });
    bar.style.left = `${at(lo)}%`;
    bar.style.width = `${Math.max(0.6, at(hi) - at(lo))}%`;
    const dot = el("span", { class: `mid ${kind}` });
    dot.style.left = `${at(mid)}%`;
    return [bar, dot];
  };
  const words = (three) => t.say("model.interval", { mid: t.about(three[1]), low: t.about(three[0]), high: t.about(three[2]) });
  return el("div", {},
    el("div", { class: "bands", role: "img", "aria-label": t.say("model.plot.label", {
      name, prior: words(prior), posterior: posterior ? words(posterior) : t.say("model.fixed"),
    }) }, band(prior, "before"), posterior ? band(posterior, "after") : null),
    el("p", { class: "values" }, el("span", { class: "before" }, t.say("model.prior"), " ", words(prior)),
      posterior ? el("span", { class: "after" }, t.say("model.posterior"), " ", words(posterior)) : null));
}
