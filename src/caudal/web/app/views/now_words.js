// Now in words: the newest count against earlier ones, the forecast, and where counts end.

import { ahead } from "../run.js";
import { toDate } from "../text.js";

const ALIKE = 0.005; // a change below half a percent is told as none
const OLD_DAYS = 100; // a month this long past has usually been published by all

/** A change in words against the "month" or the "year" before (or "now" against any); "" where there is nothing to compare with. */
export function change(t, count, earlier, than) {
  if (!earlier) return "";
  const share = count / earlier - 1;
  const kind = Math.abs(share) < ALIKE ? "same" : share > 0 ? "more" : "fewer";
  return t.say(`than.${than}.${kind}`, { percent: percent(t, Math.abs(share)) });
}

/** A share as a percentage: a digit after the point below ten, and where rounding would say "all". */
export const percent = (t, share) => {
  const value = 100 * share;
  if (value > 99 && value < 100) return t.about(Math.floor(10 * value) / 10);
  return t.number(value < 10 ? Math.round(10 * value) / 10 : Math.round(value));
};

/** The newest count of a line with that of the month and of the year before; undefined where none is. */
function latest(run) {
  const rows = run.outcome.rows;
  const at = rows.findLastIndex((row) => row.observed !== null);
  if (at < 0) return undefined;
  const [count, before, year] = [0, 1, 12].map((back) => rows[at - back]?.observed ?? null);
  return { count, before, year_ago: year, month: rows[at].date.toISOString().slice(0, 7) };
}

/** The newest count of an outcome, its changes, and the near and far end of its forecast. */
export function sentence(t, now, run) {
  const told = now.changed.find((row) => row.outcome === run.outcome.id) ?? latest(run);
  const parts = [];
  if (told) {
    const changes = [
      change(t, told.count, told.before, "month"), change(t, told.count, told.year_ago, "year"),
    ].filter(Boolean);
    parts.push(t.say(changes.length === 2 ? "now.counted" : "now.counted.alone", {
      title: t.text(run.outcome.title), value: t.number(told.count),
      month: t.month(toDate(told.month)), before: changes[0], year: changes[1],
    }));
  }
  const future = ahead(run, run.outcome);
  if (!future.length) return [...parts, t.say("now.forecast.none")].join(" ");
  const [next, far] = [future[0], future.at(-1)];
  parts.push(t.say("now.ahead", {
    month: t.month(next.date), value: t.about(next.median), lo: t.about(next.lo90), hi: t.about(next.hi90),
    far: t.month(far.date), value2: t.about(far.median), lo2: t.about(far.lo90), hi2: t.about(far.hi90),
  }));
  return parts.join(" ");
}

const totals = (lines) => lines.filter((run) => run.outcome.panel === "totals" && run.last);

/** How old the newest counts are, where that is long; and whether others are newer than the first. */
export function age(t, now, lines) {
  const newest = totals(lines).reduce((a, b) => (b.last > a.last ? b : a), lines[0]);
  const parts = [];
  if (lines[0].last && newest.last > lines[0].last) {
    parts.push(t.say("now.newer", {
      title: t.text(newest.outcome.title), month: t.month(newest.last), own: t.month(lines[0].last),
    }));
  }
  if (newest.last && Date.now() - newest.last.getTime() > OLD_DAYS * 864e5) {
    const [now, then] = [new Date(), newest.last];
    const n = 12 * (now.getUTCFullYear() - then.getUTCFullYear()) + now.getUTCMonth() - then.getUTCMonth();
    parts.push(t.say("now.old", { month: t.month(then), n }));
  }
  return parts.join(" ");
}

/** Where the counts of the totals end, as they end at different months. */
export function ends(t, lines) {
  const found = new Map();
  for (const run of totals(lines)) {
    const key = run.last.getTime();
    found.set(key, [...(found.get(key) ?? []), t.text(run.outcome.title)]);
  }
  const told = [...found].sort((a, b) => b[0] - a[0]).map(([time, titles]) =>
    t.say("now.ends.at", { month: t.month(new Date(time)), titles: titles.join(", ") }));
  return found.size > 1 ? t.say("now.ends", { list: told.join("; ") }) : t.say("now.changed.lead");
}
