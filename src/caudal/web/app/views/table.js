// Rows of the service as a file that a spreadsheet opens, made here: nothing is fetched.

import { el } from "../dom.js";
import { MARK } from "../sheet.js";

/** A value as CSV has it; what a spreadsheet would run as a formula is led by an apostrophe. */
function cell(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A link that downloads rows as CSV; its columns are those of the first row.
 * @param {any} t @param {string} name of the file @param {Record<string, any>[]} rows
 */
export function csvLink(t, name, rows) {
  const columns = Object.keys(rows[0] ?? {});
  const text = [columns.join(","), ...rows.map((row) => columns.map((c) => cell(row[c])).join(",")), ""].join("\n");
  return el("a", { class: "download", download: name, href: `data:text/csv;charset=utf-8,${encodeURIComponent(MARK + text)}` },
    t.say("chart.csv"));
}
