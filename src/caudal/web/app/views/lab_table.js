// Outcome tables of a comparison, and the same as CSV with HXL hashtags.

import { el } from "../dom.js";
import { percent, range, signed, size, titled, unitOf } from "./lab_words.js";
import { MARK } from "../sheet.js";

const GROUPS = ["enforcement", "protection", "people", "institutions", "places"];
const REACHES = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

/** A relative difference drawn: nine in ten thin, half thick, the middle a dot; its numbers stand beside it. */
function interval(row, reach) {
  const at = (v) => 50 + 50 * Math.max(-1, Math.min(1, v / reach));
  const strip = (kind, lo, hi) => {
    const part = el("i", { class: kind });
    part.style.left = `${at(lo)}%`;
    part.style.width = `${Math.max(0.5, at(hi) - at(lo))}%`;
    return part;
  };
  if (row.relative_median === null) return el("span", { class: "iv" });
  const dot = el("i", { class: "mid" });
  dot.style.left = `${at(row.relative_median)}%`;
  return el("span", { class: "iv", "aria-hidden": "true" }, el("i", { class: "zero" }),
    strip("ninety", row.relative_lo90, row.relative_hi90), strip("half", row.relative_lo50, row.relative_hi50), dot);
}

/** A table for each group of outcomes under one weather; a title opens the outcome's chart. */
export function tables(lab, found, weather, open) {
  const { t } = lab;
  const rows = found.rows.filter((r) => r.weather === weather);
  const silent = new Set(found.by_published_rates ?? []);
  // Three in four medians lie inside; what lies beyond is drawn at the edge, its number stands beside it.
  const sizes = rows.filter((r) => r.group && r.relative_median !== null).map((r) => Math.abs(r.relative_median)).sort((a, b) => a - b);
  const far = 1.25 * (sizes[Math.floor(0.75 * sizes.length)] ?? 0);
  const reach = REACHES.find((x) => far <= x) ?? REACHES.at(-1);
  const heads = ["compare.col.outcome", "lab.base", "lab.col.difference", "table.50", "table.90", "lab.col.relative", "lab.col.direction"];
  const none = (r) => r.direction === "none";
  // Below a two-thousandth of the base, on both sides of nought: digits would only pretend.
  const small = (r) => none(r) || (Math.abs(r.relative_median) < 0.0005 && r.lo50 < 0 && r.hi50 > 0);
  const told = (r, text) => (none(r) ? t.say("lab.nil") : text);
  const middle = (r, text) => (small(r) ? t.say("lab.nil") : text);
  const way = (r) => (none(r) ? t.say("compare.direction.none")
    : r.probability < 0.5 ? t.say("lab.direction.unclear")
      : t.say("lab.direction", { way: t.say(`compare.direction.${r.direction}`), share: t.number(Math.round(100 * r.probability)) }));
  const line = (r) => el("tr", {},
    el("th", { scope: "row" }, el("button", { type: "button", class: "open", onclick: () => open(r.outcome) }, titled(t, r)),
      el("span", { class: "unit" }, unitOf(t, r), silent.has(r.outcome) ? [" · ", el("abbr", { title: t.say("lab.priors") }, "†")] : null)),
    el("td", { class: "n", "data-label": t.say("lab.base") }, size(t, r.base)),
    el("td", { class: "n strong", "data-label": t.say("lab.col.difference") }, middle(r, signed(t, r.median))),
    el("td", { class: "n", "data-label": t.say("table.50") }, told(r, range(t, r, 50))),
    el("td", { class: "n", "data-label": t.say("table.90") }, told(r, range(t, r, 90))),
    el("td", { class: "n", "data-label": t.say("lab.col.relative") }, interval(r, reach), el("span", {}, middle(r, percent(t, r.relative_median)))),
    el("td", { class: "way", "data-label": t.say("lab.col.direction") }, way(r)));
  const shown = GROUPS.filter((g) => rows.some((r) => r.group === g)).map((group) => el("div", { class: "outcomes" },
    el("table", {},
      el("caption", {}, t.say(`group.${group}`)),
      el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, rows.filter((r) => r.group === group).map(line)))));
  return [
    el("p", { class: "note" }, t.say("lab.iv", { reach: t.number(100 * reach) })),
    silent.size ? el("p", { class: "note" }, `† ${t.say("lab.priors")}`) : "",
    ...shown,
    el("div", { class: "actions" },
      csvLink(t, "caudal-compare.csv", csv(found.rows, false)),
      csvLink(t, "caudal-compare-hxl.csv", csv(found.rows, true), "lab.csv.hxl")),
  ];
}

const COLUMNS = [
  "scenario", "weather", "outcome", "title", "title_es", "unit", "group", "base", "median", "lo50", "hi50", "lo90", "hi90",
  "relative_median", "relative_lo90", "relative_hi90", "direction", "probability", "se_paired",
];
const WORDS = ["scenario", "weather", "outcome", "title", "title_es", "unit", "group", "direction", "month"];

/** The hashtag of a column, as the service writes it (answers.py). */
function hashtag(column) {
  const known = { outcome: "#indicator+code", month: "#date+month" };
  return known[column] ?? (WORDS.includes(column) ? `#meta+${column}` : `#indicator+${column}+num`);
}

function cell(value) {
  const text = value === null || value === undefined ? "" : typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function written(columns, rows, hxl) {
  const lines = [columns.join(","), ...(hxl ? [columns.map(hashtag).join(",")] : []), ...rows.map((r) => columns.map((c) => cell(r[c])).join(","))];
  return `${lines.join("\n")}\n`;
}

const csv = (rows, hxl) => (hxl ? "" : MARK) + written(COLUMNS, rows, hxl);

/** Months of one outcome as CSV. */
export function monthsCsv(rows, outcome, weather) {
  const columns = ["month", "outcome", "weather", ...["base_", "scenario_", ""].flatMap((p) => ["median", "lo50", "hi50", "lo90", "hi90"].map((q) => p + q))];
  return MARK + written(columns, rows.map((r) => ({ ...r, outcome, weather })), false);
}

/** A link that holds its file itself. */
export function csvLink(t, name, text, key = "chart.csv", type = "text/csv") {
  return el("a", { class: "download", download: name, href: `data:${type};charset=utf-8,${encodeURIComponent(text)}` }, t.say(key));
}
