// The month as tables, the files to download, the sources, and how the numbers were made.

import { addressFor, file } from "../api.js";
import { el, fold, inLanguage, link } from "../dom.js";
import { recipe, sources } from "../sections.js";
import { toDate } from "../text.js";
import { told } from "./corridor_detail.js";

/** Every way and every stock of the month; the same as the map shows. */
export function monthTable(t, data, i) {
  const names = new Map(data.places.map((p) => [p.id, t.text(p.name)]));
  const row = (item, where) => {
    const line = told(t, data, item, i);
    return el("tr", {}, el("th", { scope: "row" }, t.text(item.name)), el("td", {}, where),
      el("td", { class: "n" }, line.median), el("td", { class: "n" }, line.half), el("td", { class: "n" }, line.ninety));
  };
  const table = (key, items, where) => el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.say(key) },
    el("table", { class: "numbers" }, el("caption", {}, t.say(key)),
      el("thead", {}, el("tr", {}, ["corridor.what", "corridor.where", "table.median", "table.50", "table.90"].map((k) =>
        el("th", { scope: "col" }, t.say(k))))),
      el("tbody", {}, items.map((item) => row(item, where(item))))));
  const counts = el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.say("corridor.table.counts") },
    el("table", { class: "numbers" }, el("caption", {}, t.say("corridor.table.counts")),
      el("thead", {}, el("tr", {}, ["corridor.what", "corridor.counted", "table.median", "table.50", "table.90"].map((k) =>
        el("th", { scope: "col" }, t.say(k))))),
      el("tbody", {}, data.counts.map((c) => {
        const line = told(t, data, c.beside, i);
        return el("tr", {}, el("th", { scope: "row" }, t.text(c.name)), el("td", { class: "n" }, t.number(c.observed[i])),
          el("td", { class: "n" }, line.median), el("td", { class: "n" }, line.half), el("td", { class: "n" }, line.ninety));
      }))));
  return el("div", {},
    el("p", { class: "label" }, t.month(toDate(data.months[i]))),
    counts,
    table("corridor.table.flows", data.flows, (f) => `${names.get(f.source)} → ${names.get(f.target)}`),
    table("corridor.table.stocks", data.stocks, (s) => names.get(s.at)));
}

/** A button that fetches a file of the service and hands it to the browser. */
function download(t, key, who, params, ending) {
  return el("button", { type: "button", class: "plain", onclick: async () => {
    const held = await file("/corridor", { who, ...params });
    const address = URL.createObjectURL(held);
    el("a", { href: address, download: `caudal-corridor-${who}.${ending}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  } }, t.say(key));
}

/** All months to take along. */
export function downloads(t, data) {
  return el("div", { class: "actions" },
    download(t, "corridor.csv", data.who, { format: "csv" }, "csv"),
    download(t, "corridor.hxl", data.who, { format: "csv", hxl: 1 }, "hxl.csv"),
    download(t, "corridor.parquet", data.who, { format: "parquet" }, "parquet"),
    el("span", { class: "note" }, t.say("corridor.address"), " ", el("code", {}, addressFor("/corridor", { who: data.who }))));
}

/** Where counts and outlines come from, and the recipe of the simulated numbers. */
export function origin(t, data, outlines) {
  const run = {
    sources: data.sources, recipe: data.recipe,
    outcomes: data.counts.map((c) => ({ series: c.series, title: c.name })),
  };
  return [
    el("section", {}, el("h2", {}, t.say("corridor.reads")),
      el("ul", { class: "limits" }, ["counted", "simulated", "informed", "apart", "spots", "left"].map((key) =>
        el("li", {}, t.say(`corridor.reads.${key}`)))),
      el("p", { class: "source" }, t.say("corridor.outlines"), " ", outlines.packages.flatMap((p, k) =>
        [k ? "; " : "", link(p.home, p.package), ` ${p.version}: `, inLanguage(t, p.source), " (", inLanguage(t, p.licence), ")"]), ".")),
    fold(t.say("corridor.sources"), () => sources(t, run)),
    fold(t.say("corridor.recipe"), () => recipe(t, run)),
  ];
}
