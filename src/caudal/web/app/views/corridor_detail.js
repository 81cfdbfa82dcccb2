// Beside the map: the month as a whole, or one place, or one way.

import { get } from "../api.js";
import { el } from "../dom.js";
import { largeFigure } from "../figure.js";
import { openRun } from "../run.js";
import { toDate } from "../text.js";

/** From this ratio of the ends of nine in ten on, a range is said to be none to plan on. */
const WIDE = 100;
const WHOLE = ["darien", "honduras", "mexican_events", "border", "hhs"];

/** A simulated number of a month with its intervals, in words. */
export function told(t, data, line, i) {
  // Whole people and events: a tenth of one says nothing.
  const v = (key) => (line[key][i] < data.floor ? t.say("corridor.under", { n: data.floor }) : t.about(Math.round(line[key][i])));
  const range = (lo, hi) => (line[hi][i] < data.floor ? v(hi) : t.say("table.range", { lo: v(lo), hi: v(hi) }));
  return { median: v("median"), half: range("lo50", "hi50"), ninety: range("lo90", "hi90") };
}

/** An item of the map as an outcome of the shared charts. */
export function asOutcome(item, unit) {
  const line = item.beside ?? item;
  const observed = item.observed?.some((v) => v !== null) ? item.observed : null;
  return {
    id: item.id, title: item.name, unit, panel: "totals", group: "", series: item.series ?? "", observed,
    median: line.median, lo50: line.lo50, hi50: line.hi50, lo90: line.lo90, hi90: line.hi90,
    file: item.file, same: item.same,
  };
}

/** The chart of an item by month, with its table and its file, whose name and rows say of whom and of what. */
function chart(t, data, told, unit) {
  const group = Object.values(data.groups).flat().find((g) => g.id === data.who);
  const place = data.places.find((p) => p.id === told.at);
  const item = {
    ...told, file: `caudal-${told.id}-${data.who}`,
    same: { place: place ? t.text(place.name) : "", what: t.text(told.name), who: t.text(group.name), unit: t.say(`unit.${unit}`) },
  };
  const run = openRun({ months: data.months, forecast: data.forecast, outcomes: [asOutcome(item, unit)], sources: data.sources });
  return largeFigure(t, run, run.outcomes[0], { period: "all" });
}

/** The month in a small table, then the border area by area. */
export function monthPanel(t, data, i, pick) {
  const month = t.month(toDate(data.months[i]));
  const rows = WHOLE.map((id) => data.counts.find((c) => c.id === id)).map((count) => {
    const line = told(t, data, count.beside, i);
    return el("tr", {},
      el("th", { scope: "row" }, el("button", { type: "button", class: "open", onclick: () => pick("place", count.at) }, t.text(count.name))),
      el("td", { class: "n counted" }, count.observed[i] === null ? "–" : t.number(count.observed[i])),
      el("td", { class: "n" }, el("b", {}, line.median), el("span", { class: "range" }, line.ninety)));
  });
  return el("div", {},
    el("h2", {}, t.say("corridor.month.heading", { month })),
    el("table", { class: "beside" },
      el("caption", { class: "unseen" }, t.say("corridor.month.table")),
      el("thead", {}, el("tr", {}, ["corridor.what", "corridor.counted", "corridor.simulated"].map((key) =>
        el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, rows)),
    areas(t, data, i, pick));
}

/** Encounters by sector and office: the count as a dot on what the run has for it. */
function areas(t, data, i, pick) {
  const rows = data.counts.filter((c) => /^(sector|office)\./.test(c.id));
  const top = Math.max(1, ...rows.map((c) => Math.max(c.observed[i] ?? 0, c.beside.hi90[i])));
  const share = (v) => `${((100 * v) / top).toFixed(2)}%`;
  const names = new Map(data.places.map((p) => [p.id, p.name]));
  const strip = (kind, lo, hi) => el("span", { class: kind, style: `left:${share(lo)};width:${share(Math.max(hi - lo, top / 300))}` });
  return el("div", { class: "areas" },
    el("h3", {}, t.say("corridor.areas")),
    el("p", { class: "unit" }, t.say("corridor.areas.unit")),
    el("ul", {}, rows.map((c) => {
      const line = told(t, data, c.beside, i);
      const label = t.say("corridor.areas.row", {
        name: t.text(names.get(c.at)), counted: c.observed[i] === null ? t.say("corridor.notcounted") : t.number(c.observed[i]), ...line,
      });
      return el("li", {}, el("button", { type: "button", onclick: () => pick("place", c.at), "aria-label": label, title: label },
        el("span", { class: "area-name" }, t.text(names.get(c.at))),
        el("span", { class: "area-line" },
          strip("b90", c.beside.lo90[i], c.beside.hi90[i]), strip("b50", c.beside.lo50[i], c.beside.hi50[i]),
          strip("mid", c.beside.median[i], c.beside.median[i]),
          c.observed[i] === null ? null : el("span", { class: "seen", style: `left:${share(c.observed[i])}` }))));
    })),
    el("p", { class: "note axis-end" }, t.say("corridor.areas.axis", { n: t.about(top) })));
}

/** A table of simulated numbers of the month; a row's name opens it. */
function lines(t, data, i, key, items, open) {
  if (!items.length) return null;
  return el("table", { class: "beside" },
    el("caption", {}, t.say(key)),
    el("thead", { class: "unseen" }, el("tr", {}, ["corridor.what", "corridor.simulated"].map((k) =>
      el("th", { scope: "col" }, t.say(k))))),
    el("tbody", {}, items.map((item) => {
      const line = told(t, data, item, i);
      return el("tr", {},
        el("th", { scope: "row" }, open
          ? el("button", { type: "button", class: "open", onclick: () => open(item) }, t.text(item.name)) : t.text(item.name)),
        el("td", { class: "n" }, el("b", {}, line.median), el("span", { class: "range" }, line.ninety)));
    })));
}

/** One place: who stands there, who comes and goes, what is counted. */
export function placePanel(t, data, i, id, { pick, close }) {
  const place = data.places.find((p) => p.id === id);
  const count = data.counts.find((c) => c.at === id);
  const here = data.stocks.filter((s) => s.at === id);
  const sum = data.standing.find((s) => s.at === id);
  const by = (end) => data.flows.filter((f) => f[end] === id).sort((a, b) => b.median[i] - a.median[i]);
  const open = (item) => pick("flow", item.id);
  const month = t.month(toDate(data.months[i]));
  const everyone = sum ? told(t, data, sum, i) : null;
  return el("div", {},
    el("button", { type: "button", class: "close", onclick: close }, t.say("policy.close")),
    el("h2", {}, t.text(place.name)),
    place.kind === "drawn" ? el("p", { class: "note" }, t.say("corridor.place.drawn")) : null,
    place.kind === "city" ? el("p", { class: "note" }, cityHolds(t, data, id, sum)) : null,
    everyone ? el("p", { class: "sentence" }, t.say("corridor.place.standing", { month, ...everyone })) : null,
    sum && sum.hi90[i] >= WIDE * Math.max(sum.lo90[i], data.floor)
      ? el("p", { class: "note" }, t.say("corridor.place.wide", { n: t.about(WIDE) })) : null,
    count ? el("p", {}, count.observed[i] === null
      ? t.say("corridor.place.uncounted", { what: t.text(count.name), month })
      : t.say("corridor.place.counted", { what: t.text(count.name), month, n: t.number(count.observed[i]), ...told(t, data, count.beside, i) })) : null,
    here.length > 1 ? lines(t, data, i, "corridor.place.stocks", here, null) : null,
    lines(t, data, i, "corridor.place.in", by("target").filter((f) => f.source !== id), open),
    lines(t, data, i, "corridor.place.out", by("source"), open),
    place.kind === "city" ? el("p", { class: "note" }, t.say("corridor.place.rest")) : null,
    place.kind === "city" ? published(t, id) : null,
    count ? chart(t, data, count, count.unit) : null,
    sum ? chart(t, data, { ...sum, name: sumName(t, data, id, here) }, "people") : null);
}

/** Which towns and which lists at the ports the number of a city holds. */
function cityHolds(t, data, id, sum) {
  const names = new Map(data.places.map((p) => [p.id, t.text(p.name)]));
  const towns = `corridor.place.towns.${id}`;
  const elsewhere = sum.lists_at && sum.lists_at !== id;
  const held = data.standing.filter((s) => s.lists_at === id && s.at !== id).map((s) => names.get(s.at));
  return [
    t.say("corridor.place.city"), t.has(towns) ? t.say(towns) : "",
    elsewhere ? t.say("corridor.place.lists.elsewhere", { city: names.get(sum.lists_at) }) : "",
    held.length ? t.say("corridor.place.lists.here", { cities: new Intl.ListFormat(t.lang).format(held) }) : "",
  ].filter(Boolean).join(" ");
}

/** Published figures of people who wait here beside the simulation, and how all such figures came out. */
function published(t, id) {
  const box = el("div", { class: "published" });
  get("/corridor/waiting").then(({ figures }) => box.append(...figuresOf(t, figures, id)),
    () => box.remove()); // the panel stands without them
  return box;
}


/** The table of a city and the sentence on all figures. */
function figuresOf(t, all, id) {
  if (!all.length) return [];
  const mine = all.filter((f) => f.places.includes(id));
  const below = all.filter((f) => f.median < f.value).length;
  const out = all.filter((f) => !f.inside90).length;
  return [
    mine.length ? el("table", { class: "beside" },
      el("caption", {}, t.say("corridor.published")),
      el("thead", {}, el("tr", {}, ["corridor.what", "corridor.published.value", "corridor.simulated"].map((key) =>
        el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, mine.map((f) => el("tr", {},
        el("th", { scope: "row" }, t.text(f.name)),
        el("td", { class: "n counted" }, t.number(f.value)),
        el("td", { class: "n" }, el("b", {}, t.about(f.median)),
          el("span", { class: "range" }, t.say("table.range", { lo: t.about(f.lo90), hi: t.about(f.hi90) }))))))) : null,
    el("p", { class: "note" }, t.say("corridor.published.all", { n: all.length, below, out })),
  ].filter(Boolean);
}

/** A place's one stock by its name; several as "everyone here". */
function sumName(t, data, id, here) {
  return here.length === 1 ? here[0].name : t.say("corridor.place.everyone");
}

/** One way: where from, where to, how many, by month. */
export function flowPanel(t, data, i, id, { pick, close }) {
  const flow = data.flows.find((f) => f.id === id);
  const names = new Map(data.places.map((p) => [p.id, t.text(p.name)]));
  const end = (place) => el("button", { type: "button", class: "open", onclick: () => pick("place", place) }, names.get(place));
  const month = t.month(toDate(data.months[i]));
  const count = data.counts.find((c) => c.beside.id === id);
  return el("div", {},
    el("button", { type: "button", class: "close", onclick: close }, t.say("policy.close")),
    el("h2", {}, t.text(flow.name)),
    el("p", {}, end(flow.source), " → ", end(flow.target)),
    el("p", { class: "sentence" }, t.say("corridor.flow.month", { month, ...told(t, data, flow, i) })),
    el("p", { class: "note" }, t.say(count ? "corridor.flow.counted" : "corridor.flow.model")),
    count ? chart(t, data, { ...count }, count.unit) : chart(t, data, flow, "people_month"));
}
