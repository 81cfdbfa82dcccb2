// What changed, what was decided, how good forecasts were, and how this one was made.

import { el, fold, inLanguage } from "../dom.js";
import { ahead } from "../run.js";
import { toDate } from "../text.js";
import { change } from "./now_words.js";

const LATEST = 6;

/** The totals: newest count, its changes, and the near and far end of the forecast. */
export function changed({ t }, now, lines) {
  const heads = ["now.outcome", "now.last", "now.before", "now.year_ago", "now.next", "now.far"];
  const cell = (key, ...children) => el("td", { "data-label": t.say(key) }, children);
  const earlier = (key, told, value) => cell(key,
    value === null ? t.say("value.missing") : [
      el("b", {}, t.number(value)), el("span", {}, change(t, told.count, value, "now") || t.say("than.none")),
    ]);
  const expected = (key, row) => cell(key, row ? [
    el("b", {}, t.about(row.median)), el("span", {}, t.month(row.date)),
    el("span", {}, t.say("head.ninety", { lo: t.about(row.lo90), hi: t.about(row.hi90) })),
  ] : t.say("now.unexpected"));
  const rows = lines.filter((run) => run.outcome.panel === "totals").map((run) => {
    const told = now.changed.find((row) => row.outcome === run.outcome.id);
    const future = ahead(run, run.outcome);
    if (!told) return null;
    return el("tr", {},
      el("th", { scope: "row" }, t.text(run.outcome.title), el("span", { class: "unit" }, t.say(`unit.${run.outcome.unit}`))),
      cell("now.last", el("b", {}, t.number(told.count)), el("span", {}, t.month(toDate(told.month)))),
      earlier("now.before", told, told.before), earlier("now.year_ago", told, told.year_ago),
      expected("now.next", future[0]), expected("now.far", future.length > 1 ? future.at(-1) : null));
  });
  return [
    el("table", { class: "headline" },
      el("caption", { class: "unseen" }, t.say("now.changed.lead")),
      el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, rows)),
  ];
}

/** An actor's name: country and office, as the page names them. */
export function actorName(t, actor) {
  const parts = actor.split("/").map((part) => (t.has(`actor.${part}`)
    ? t.say(`actor.${part}`) : part.replaceAll("-", " ")));
  return parts.join(", ");
}

/** Every day on which something of a policy became known, oldest first, and what it was. */
function news(t, policy) {
  const found = policy.spans.flatMap((span) => [
    { day: span.known_on, text: t.say("policy.from", { from: t.day(span.from) }) },
    span.until && span.until_known_on
      ? { day: span.until_known_on, text: t.say("policy.until", { until: t.day(span.until) }) } : null,
  ]);
  return found.filter(Boolean).sort((a, b) => a.day.localeCompare(b.day));
}

/** What of a policy became known last. */
export const newest = (t, policy) => news(t, policy).at(-1);

/** What of a policy became known first after a day. */
export const firstAfter = (t, policy, day) => news(t, policy).find((one) => one.day > day) ?? newest(t, policy);

/**
 * A list of policies, each with a day and what happened on it; each opens in the corridor.
 * @param {import("../shell.js").Context} ctx
 * @param {any[]} policies
 * @param {(policy: any) => {day: string, text: string}} told
 * @param {boolean} [rising] oldest first
 */
export function policyList(ctx, policies, told, rising = false) {
  const { t } = ctx;
  const rows = policies.map((policy) => ({ policy, ...told(policy) }))
    .sort((a, b) => (rising ? 1 : -1) * a.day.localeCompare(b.day));
  return el("ul", { class: "policy-list" }, rows.map(({ policy, day, text }) => el("li", {},
    el("span", { class: "when" }, t.day(day)),
    el("div", {},
      el("a", { href: ctx.link("corridor", { policy: policy.id }) }, inLanguage(t, policy.name)),
      el("span", { class: "note" }, text ? `${actorName(t, policy.actor)}; ${text}` : actorName(t, policy.actor))))));
}

/** What was decided lately, newest first. */
export function decided(ctx, now) {
  const { t } = ctx;
  if (!now.decided.length) return el("p", {}, t.say("now.decided.none"));
  const told = (policy) => newest(t, policy);
  const sorted = [...now.decided].sort((a, b) => told(b).day.localeCompare(told(a).day));
  const rest = sorted.slice(LATEST);
  return [
    el("p", { class: "lead" }, t.say("now.decided.lead")),
    policyList(ctx, sorted.slice(0, LATEST), told),
    rest.length ? fold(t.say("now.decided.more", { n: rest.length }), () => policyList(ctx, rest, told)) : null,
  ];
}

/** How good past forecasts were, in two sentences; what a reader should remember of them. */
export function howGood(ctx, now, linked = true) {
  const { t } = ctx;
  const link = linked ? el("a", { href: ctx.link("skill") }, t.say("now.good.link")) : null;
  const mode = now.skill?.modes.find((m) => m.mode === "blind");
  const ratio = (target, horizon) => mode?.ratios.find(
    (r) => r.target === target && r.horizon === horizon && r.against === "best");
  const share = (nominal) => mode?.coverage.find(
    (r) => r.target === "nationalities" && r.horizon === "1-6" && r.nominal === nominal)?.covered;
  const word = (r) => t.say(`good.${r.hi < 1 ? "better" : r.lo > 1 ? "worse" : "alike"}`);
  const [people, total] = [ratio("nationalities", "1-2"), ratio("southwest", "1-2")];
  const [half, ninety] = [share(0.5), share(0.9)];
  if (!mode || !people || !total || half === undefined || ninety === undefined) {
    return el("p", {}, t.say("good.none"), " ", link);
  }
  return el("p", { class: "reading" },
    t.say("good.ratio", { n: mode.origins, people: word(people), total: word(total) }), " ",
    t.say("good.held", { half: Math.round(100 * half), ninety: Math.round(100 * ninety) }), " ", link);
}

/** What the forecast rests on, and the command that makes it. */
export function issued(t, now) {
  const made = now.forecast;
  if (!made) return el("p", {}, t.say("now.forecast.none"));
  return [
    el("p", { class: "reading" }, t.say("now.made.lead", {
      day: t.day(made.issued_on), origin: t.month(toDate(made.origin)), law: t.day(made.law_known_until),
      members: made.members, months: made.months,
    })),
    made.current ? null : el("p", { class: "note" }, t.say("now.made.older")),
    el("p", { class: "label" }, t.say("now.made.cite")),
    el("p", { class: "cite" }, citation(t, made)),
    el("p", { class: "note" }, t.say("now.made.quote")),
    el("p", { class: "label" }, t.say("recipe.command")),
    el("pre", { tabindex: "0" }, el("code", {}, made.command)),
    el("p", { class: "label" }, t.say("recipe.python")),
    el("pre", { tabindex: "0" }, el("code", {}, python(made))),
  ];
}

/** How to name the forecast where one of its numbers is quoted: who, which, when, from what. */
export const citation = (t, made) => t.say("now.made.citation", {
  id: made.id, day: t.day(made.issued_on), origin: t.month(toDate(made.origin)),
  data: made.data_vintage, code: made.code_version,
});

const python = (made) => `from caudal.corridor import corridor
from caudal.forecast.corrections import shipped
from caudal.forecast.issue import issue

here = corridor()
issue(here, months=${made.months}, members=${made.members}, seed=${made.seed}, corrections=shipped(here)).document()`;
