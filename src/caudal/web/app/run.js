// The payload as charts need it: dates, rows, the window of months to draw.

import { toDate } from "./text.js";

const QUANTILES = ["median", "lo50", "hi50", "lo90", "hi90"];

/** @typedef {{date: Date, observed: number | null} & Record<"median" | "lo50" | "hi50" | "lo90" | "hi90", number | null>} Row */

/** The payload with dates, and each outcome with one row a month (`Row`). */
export function openRun(payload) {
  const dates = payload.months.map(toDate);
  const forecast = payload.forecast ? toDate(payload.forecast) : null;
  const outcomes = payload.outcomes.map((outcome) => ({
    ...outcome,
    rows: dates.map((date, i) => {
      const quantiles = Object.fromEntries(QUANTILES.map((q) => [q, outcome[q][i]]));
      return { date, observed: outcome.observed ? outcome.observed[i] : null, ...quantiles };
    }),
  }));
  const series = new Map(payload.sources.map((source) => [source.series, source]));
  return { ...payload, dates, forecast, outcomes, series };
}

/** The row of the last month that has a count; null if none has. */
export function lastCounted(outcome) {
  return outcome.rows.findLast((row) => row.observed !== null) ?? null;
}

/** The rows of the forecast. */
export function ahead(run, outcome) {
  return run.forecast ? outcome.rows.filter((row) => row.date >= run.forecast) : [];
}

/**
 * First and last instant of a period: "all", "years" (three before the forecast) or "forecast".
 * @returns {[Date, Date]}
 */
export function span(run, period) {
  const end = new Date(run.dates.at(-1));
  const pivot = run.forecast ?? end;
  const first = new Date(run.dates[0]);
  const years = { all: null, years: 3, forecast: 1 }[period];
  if (years === null) return [first, end];
  const from = new Date(Date.UTC(pivot.getUTCFullYear() - years, pivot.getUTCMonth(), 1));
  return [from > first ? from : first, end];
}

/** Outcomes of a panel, in the payload's order. */
export function panel(run, name) {
  return run.outcomes.filter((outcome) => outcome.panel === name);
}

/** The `n` outcomes with the largest counts in the last 24 counted months (or medians, uncounted). */
export function largest(outcomes, n) {
  const size = (outcome) => {
    const values = outcome.rows.map((row) => (outcome.observed ? row.observed : row.median));
    return values.filter((v) => v !== null).slice(-24).reduce((sum, v) => sum + v, 0);
  };
  return [...outcomes].sort((a, b) => size(b) - size(a)).slice(0, n);
}
