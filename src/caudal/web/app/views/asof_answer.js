// The answer of POST /as-of: known that day and what followed, side by side and told apart.

import { el, fold } from "../dom.js";
import { section } from "../sections.js";
import { judged } from "./asof_claims.js";
import { chart } from "./asof_chart.js";
import { change } from "./now_words.js";
import { firstAfter, policyList } from "./now_parts.js";
import { toDate } from "../text.js";

const TOTALS = ["us.encounters.southwest", "mx.events", "pa.darien.crossings", "us.children.hhs_care", "us.expulsions"];
const FEW = 8; // policies before a fold
const NEXT = 3; // months after the newest count that the table of counts tells

const month = (t, day) => t.month(toDate(day.slice(0, 7)));
const title = (t, result, id) => t.text(result.titles[id] ?? id);

/** An article's outlet; one without a name is called so in the reader's language. */
export const outletOf = (t, { id, outlet }) => (t.has(`asof.outlet.${id}`)
  ? el("span", {}, t.say(`asof.outlet.${id}`)) : el("span", { lang: "en" }, outlet));

/**
 * @param {import("../shell.js").Context} ctx
 * @param {{result: any, now: any, article: any, ledger: any[]}} given
 */
export function answer(ctx, { result, now, article, ledger }) {
  const { t } = ctx;
  const day = t.day(result.day);
  const { known, followed } = result;
  const side = (name, key, ...children) => el("section", { class: `side ${name}`, "aria-label": t.say(key) },
    el("p", { class: "flag" }, t.say(key)), children);
  const begins = (policy) => ({ day: policy.spans.map((span) => span.from).sort()[0], text: "" });
  const after = (policy) => firstAfter(t, policy, result.day);
  const law = [
    el("h3", {}, t.say("asof.law")),
    listed(ctx, "asof.announced", known.announced, begins, FEW),
    listed(ctx, "asof.in_force", known.in_force, begins),
  ];
  return [
    el("h2", { class: "when" }, article
      ? [outletOf(t, article), `, ${day}`] : t.say("asof.heading", { day })),
    el("p", { class: "sentence" }, sentence(t, result)),
    el("p", { class: "note" }, t.say("asof.caveat")),
    section(t, "asof-chart", "asof.chart", chart(ctx, result, now)),
    el("div", { class: "sides" },
      side("known", "asof.known", el("h3", {}, t.say("asof.counts")), counts(t, result), law),
      side("followed", "asof.after",
        el("h3", {}, t.say("asof.next")), next(t, result),
        el("h3", {}, t.say("asof.scored")), scored(t, result),
        el("h3", {}, t.say("asof.decided.short")), listed(ctx, "asof.within", followed.decided, after, FEW))),
    article ? section(t, "asof-claims", "asof.claims", judged(ctx, result, article, ledger)) : null,
    section(t, "asof-again", "recipe.heading",
      el("p", { class: "label" }, t.say("recipe.command")),
      el("pre", { tabindex: "0" }, el("code", {}, `caudal as-of ${result.day}`)),
      el("p", { class: "label" }, t.say("recipe.python")),
      el("pre", { tabindex: "0" }, el("code", {}, `import caudal\n\ncaudal.as_of("${result.day}")`))),
  ];
}

/** The newest count that was out, and how the forecast from it did. */
function sentence(t, result) {
  const { known, followed } = result;
  const newest = known.counts.find((row) => row.outcome === TOTALS[0]) ?? known.counts[0];
  const parts = [];
  if (newest) {
    parts.push(t.say("asof.newest", {
      day: t.day(result.day), month: month(t, newest.month), value: t.number(newest.count),
      title: title(t, result, newest.outcome),
    }));
    const after = followed.counts.filter((row) => row.outcome === newest.outcome);
    if (after.length) {
      parts.push(t.say("asof.became", { month: month(t, after[0].month), value: t.number(after[0].count) }));
    }
  }
  if (!known.origin) parts.push(t.say("asof.forecast.none"));
  return parts.join(" ");
}

/** Newest counts of the totals that were out. */
function counts(t, result) {
  const rows = TOTALS.map((id) => result.known.counts.find((row) => row.outcome === id)).filter(Boolean);
  return el("dl", { class: "counts" }, rows.map((row) => el("div", {},
    el("dt", {}, title(t, result, row.outcome), el("span", {}, month(t, row.month))),
    el("dd", {}, el("b", {}, t.number(row.count)),
      [["month", row.before], ["year", row.year_ago]].map(([than, value]) => {
        const told = change(t, row.count, value, than);
        return told ? el("span", {}, told) : null;
      })))));
}

/** The months that were not yet out, of the same totals. */
function next(t, result) {
  const rows = TOTALS.map((id) => [id, result.followed.counts.filter((row) => row.outcome === id).slice(0, NEXT)])
    .filter(([, months]) => months.length);
  if (!rows.length) return el("p", {}, t.say("asof.nothing"));
  return el("dl", { class: "counts" }, rows.map(([id, months]) => el("div", {},
    el("dt", {}, title(t, result, id)),
    el("dd", {}, months.map((row) => el("span", {}, `${month(t, row.month)}: `, el("b", {}, t.number(row.count))))))));
}

/** How many of all counts that came lay inside the forecast's intervals. */
function scored(t, result) {
  const { forecast } = result.known;
  const came = new Map(result.followed.came.map((row) => [`${row.target}/${row.cell}/${row.month}`, row.count]));
  const judgedRows = forecast.map((row) => ({ ...row, came: came.get(`${row.target}/${row.cell}/${row.month}`) }))
    .filter((row) => row.came !== null && row.came !== undefined);
  if (!judgedRows.length) return el("p", {}, t.say(forecast.length ? "asof.uncounted" : "asof.forecast.none"));
  const inside = (rows, lo, hi) => rows.filter((row) => row[lo] <= row.came && row.came <= row[hi]).length;
  const total = judgedRows.filter((row) => row.target === "southwest");
  const share = (rows, lo, hi) => Math.round((100 * inside(rows, lo, hi)) / rows.length);
  return [
    total.length ? el("p", {}, t.say("asof.scored.total", {
      n: total.length, half: inside(total, "lo50", "hi50"), ninety: inside(total, "lo90", "hi90"),
    })) : null,
    el("p", {}, t.say("asof.scored.all", {
      n: t.number(judgedRows.length), half: share(judgedRows, "lo50", "hi50"), ninety: share(judgedRows, "lo90", "hi90"),
    })),
  ];
}

/** Policies under a fold that tells how many; the first few stand before it where `few` says so. */
function listed(ctx, key, policies, told, few = 0) {
  const { t } = ctx;
  if (!policies.length) return el("p", {}, `${t.say(key)}: ${t.say("asof.none")}`);
  const sorted = [...policies].sort((a, b) => told(a).day.localeCompare(told(b).day));
  const list = (part) => policyList(ctx, part, told, true);
  const rest = sorted.slice(few);
  return [
    few ? [el("p", { class: "label" }, `${t.say(key)} (${sorted.length})`), list(sorted.slice(0, few))] : null,
    !rest.length ? null : fold(few ? t.say("asof.more", { n: rest.length }) : `${t.say(key)} (${sorted.length})`, () => list(rest)),
  ];
}
