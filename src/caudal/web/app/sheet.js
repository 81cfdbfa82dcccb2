// The numbers of a chart as a table, and as a CSV file inside a link: nothing is fetched.

import { el } from "./dom.js";

/**
 * A table that scrolls inside itself; the first cell of a row is its heading.
 * @param {string} caption
 * @param {string[]} head
 * @param {(string | Node)[][]} rows
 */
export function sheet(caption, head, rows) {
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    el("table", { class: "numbers" },
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, head.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, rows.map(([first, ...rest]) => el("tr", {},
        el("th", { scope: "row" }, first), rest.map((cell) => el("td", { class: "n" }, cell)))))));
}

/** One field of a CSV: quoted where it must be, and no formula for a spreadsheet. @param {any} value */
function field(value) {
  if (value === null || value === undefined) return "";
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What tells Excel that a CSV is UTF-8: without it, "Darién" opens as "DariÃ©n". R and pandas skip it. */
export const MARK = "\ufeff";

/** Rows, the first of them the columns, as the address of a CSV file. @param {any[][]} rows */
export function csvAddress(rows) {
  const text = rows.map((row) => row.map(field).join(",")).join("\n");
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`${MARK}${text}\n`)}`;
}

/**
 * A link that saves rows as CSV.
 * @param {any} t
 * @param {string} name of the file, without its ending
 * @param {string[]} columns
 * @param {any[][]} rows
 */
export function csvLink(t, name, columns, rows) {
  return el("a", { class: "download", download: `${name}.csv`, href: csvAddress([columns, ...rows]) }, t.say("chart.csv"));
}
