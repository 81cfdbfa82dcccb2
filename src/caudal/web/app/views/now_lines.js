// The lines of GET /now as the charts need them: each with its own months and its own forecast.

import { openRun } from "../run.js";
import { toDate } from "../text.js";

/** Index of the last month that has a count; -1 where none has. */
export const lastIndex = (line) => line.observed.findLastIndex((v) => v !== null);

/**
 * A line as a run of one outcome, for figure.js. Counts end at different months, so the forecast
 * begins for each where its own counts end. Leading months without a count are left out.
 * @param {any} line of GET /now
 * @param {any[]} sources
 */
export function openLine(line, sources) {
  const start = Math.max(0, line.observed.findIndex((v) => v !== null));
  const last = lastIndex(line);
  const ahead = line.median.findIndex((v) => v !== null);
  const end = ahead < 0 ? last + 1 : line.months.length;
  const cut = (values) => values.slice(start, end);
  const outcome = { ...line };
  for (const key of ["observed", "median", "lo50", "hi50", "lo90", "hi90"]) outcome[key] = cut(line[key]);
  const run = openRun({
    months: cut(line.months), forecast: ahead < 0 ? null : line.months[ahead], outcomes: [outcome], sources,
  });
  return { ...run, joined: true, outcome: run.outcomes[0], last: last < 0 ? null : toDate(line.months[last]) };
}

/** Every line of an answer, in its order. @param {any} now */
export function openLines(now) {
  return now.outcomes.map((line) => openLine(line, now.sources));
}
