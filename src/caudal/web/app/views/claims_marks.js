// How verdicts look: a sign, a colour and always the words.

import { el } from "../dom.js";

/** In the order of the rules; "not run" is a cause whose runs were not made. */
export const VERDICTS = [
  "matches", "differs", "supported", "not supported", "not identifiable", "not testable", "not run",
];
const SIGNS = ["●", "◆", "▲", "▽", "○", "–", "…"];

/** A row's verdict. @param {{verdict: string | null}} row */
export function verdictOf(row) {
  return row.verdict ?? "not run";
}

/** The class that carries a verdict's colour. @param {string} verdict */
export function tone(verdict) {
  return `v${VERDICTS.indexOf(verdict)}`;
}

/** The sign before a verdict, hidden from screen readers, which hear the words. @param {string} verdict */
export function sign(verdict) {
  return el("span", { class: `sign-of ${tone(verdict)}`, "aria-hidden": "true" }, SIGNS[VERDICTS.indexOf(verdict)]);
}

/** The verdict of a claim, with its reason where it has one. */
export function badge(t, row) {
  const verdict = verdictOf(row);
  const reason = row.reason ? ` (${t.say(`claims.reason.${row.reason}`)})` : "";
  const old = row.made && !row.made.current ? el("span", { class: "older" }, t.say("claims.older")) : null;
  const under = row.under ? `, ${t.say("claims.under")}` : "";
  return el("span", { class: "badge" }, sign(verdict), " ", t.say(`claims.answer.${verdict}`), under, reason, old);
}

/** "2021", "2021-03" or a day, in words. */
export function when(t, written) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(written)) return t.day(written);
  if (/^\d{4}-\d{2}$/.test(written)) return t.month(new Date(`${written}-01T00:00:00Z`));
  return written;
}

/** A document by its outlet and day. */
export function outlet(t, row) {
  const name = row.outlet === "unnamed, machine-translated" ? t.say("claims.outlet.unnamed") : row.outlet;
  return t.say("claims.document", { outlet: name, published: when(t, row.published) });
}
