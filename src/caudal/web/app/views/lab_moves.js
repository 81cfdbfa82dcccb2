// A policy's dates as the reader moves them: which fields of its change say so.

import { OFF, changedSpans, changeOf, dayNumber, extent, isWhole, isoDay, withChange, withFields } from "./lab_document.js";

/** The end of what goes on: as the shipped scenarios write it, beyond every simulated day. */
export const FAR = "2030-01-01";

/** A policy's first day and its end, after the document's change. @returns {{from: string, until: string | null} | null} */
export const extentNow = (doc, row) => extent(changedSpans(row.spans, changeOf(doc, row.id)));

const later = (iso, days) => isoDay(dayNumber(iso) + days);

/** A whole document with all its days mapped. */
function mapped(change, map) {
  const design = Object.fromEntries(Object.entries(change.design).map(([lever, entries]) =>
    [lever, entries.map((entry) => {
      const now = { ...entry };
      for (const key of ["from", "until", "ended", "known_on"]) if (now[key]) now[key] = map(now[key], key, entry);
      return now;
    })]));
  return { ...change, design };
}

/** The document with a policy's first day moved to `day`. */
export function startOn(doc, row, day) {
  const change = changeOf(doc, row.id);
  if (isWhole(change)) {
    const { from } = extentNow(doc, row);
    return withChange(doc, row.id, mapped(change, (d, key, entry) =>
      (key === "from" && d === from ? day : key === "known_on" && entry.from === from && d >= from ? day : d)));
  }
  const { started, ...rest } = change;
  const plain = extent(changedSpans(row.spans, { ...rest, ended: undefined }))?.from;
  return withFields(doc, row.id, { started: day === plain ? undefined : day });
}

/** The document with a policy's end moved to `day`; FAR or later: it goes on. */
export function endOn(doc, row, day) {
  const change = changeOf(doc, row.id);
  const until = day >= FAR ? FAR : day;
  if (isWhole(change)) {
    const last = extentNow(doc, row).until;
    const design = Object.fromEntries(Object.entries(change.design).map(([lever, entries]) =>
      [lever, entries.map((entry) => {
        if (entry.ended) return entry.ended === last ? { ...entry, ended: until } : entry;
        const own = entry.until ?? null;
        if (own !== last) return entry;
        const { until: _, ...rest } = entry;
        return until === FAR ? rest : { ...rest, until };
      })]));
    return withChange(doc, row.id, { ...change, design });
  }
  const { ended, ...rest } = change;
  const plain = extent(changedSpans(row.spans, { ...rest, started: undefined }))?.until ?? FAR;
  return withFields(doc, row.id, { ended: until === plain ? undefined : until });
}

/** The document with all of a policy's dates moved by so many days. */
export function shiftBy(doc, row, days) {
  if (!days) return doc;
  const change = changeOf(doc, row.id);
  if (isWhole(change)) return withChange(doc, row.id, mapped(change, (d) => later(d, days)));
  const shift = (change.shift_days ?? 0) + days;
  return withFields(doc, row.id, {
    shift_days: shift || undefined,
    started: change.started && later(change.started, days),
    ended: change.ended && (change.ended >= FAR ? FAR : later(change.ended, days)),
  });
}

/** The document with a policy switched off, or on again as the law has it. */
export const switched = (doc, row, on) => withChange(doc, row.id, on ? null : OFF);

/** Is the policy changed by the document? */
export const isChanged = (doc, row) => row.id in (doc.policies ?? {});
