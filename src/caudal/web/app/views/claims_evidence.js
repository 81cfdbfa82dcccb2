// The evidence of a claim: the test in words, the counts drawn with what is said, sources and rules.

import { get } from "../api.js";
import { el, fold, inLanguage, link } from "../dom.js";
import { chartOf } from "./claims_chart.js";
import { effects } from "./claims_effects.js";
import { when } from "./claims_marks.js";

/** Nodes that tell on what a verdict rests. @param {import("../shell.js").Context} ctx */
export async function evidence(ctx, row) {
  const { t } = ctx;
  const [told, drawn, series, every] = await Promise.all([
    get(`/claims/${row.id}`), row.tested && row.kind !== "cause" ? get(`/claims/${row.id}/drawn`) : null,
    get("/series"), get("/claims"),
  ]);
  const others = new Map(every.claims.map((c) => [c.id, c]));
  const { claim, document: from, asked, verdict, names } = told;
  const cause = claim.test && "without" in claim.test;
  const sources = new Map(series.series.map((s) => [s.id, s]));
  const used = [...new Map((verdict?.evidence ?? []).flatMap((e) => e.used).map((u) => [u.id + u.url, u])).values()];
  return [
    el("p", { class: "sentence" }, verdict ? dated(t, t.text(verdict.words)) : t.say("claims.not run.why")),
    verdict?.made ? made(t, verdict.made) : null,
    cause && verdict ? effects(t, claim, verdict, names) : null,
    drawn && drawn.kind !== "none" && verdict?.under ? otherReading(t, verdict) : null,
    drawn && drawn.kind !== "none" ? chartOf(t, claim, drawn, verdict, { names, used, sources }) : null,
    el("dl", {},
      pair(t.say("claims.test"), titled(t, dated(t, named(t, t.text(asked), names)), used.map((u) => u.title))),
      claim.would_change ? pair(t.say("claims.change"), linked(ctx, t.text(claim.would_change), others)) : null,
      claim.note ? pair(t.say("claims.note"), linked(ctx, t.text(claim.note), others)) : null,
      pair(t.say("claims.who"), [inLanguage(t, claim.said_by.who), ` (${t.text(claim.said_by.role)}), ${when(t, claim.on.written)}`]),
      pair(t.say("claims.outlet"), stance(t, from)),
      pair(t.say("claims.rows"), claim.rows.join(", ")),
      used.length ? pair(t.say("claims.rests"), el("ul", {}, used.map((u) => source(ctx, u, sources)))) : null),
    verdict?.evidence?.length ? fold(t.say("claims.evidence"), () => numbers(t, verdict.evidence, names)) : null,
    fold(t.say("claims.rules.title"), () => rules(t, row)),
    el("p", { class: "actions" },
      el("a", { class: "plain", href: ctx.link("claims", { claim: row.id }) }, t.say("claims.link")),
      el("code", {}, `caudal claims show ${row.id}`)),
  ].filter(Boolean);
}

/** That another reading than the one drawn decided, and what the first says alone. */
function otherReading(t, { evidence: shown }) {
  const first = shown.find((e) => ["quantity", "before", "after"].includes(e.role) && e.holds !== null)?.holds;
  return el("p", { class: "note" }, t.say("claims.under.chart"),
    first === undefined ? "" : ` ${t.say(`claims.under.chart.${first ? "yes" : "no"}`)}`);
}

/** A text with its days and months in words. */
function dated(t, text) {
  return text.replace(/(?<![\w-])\d{4}-\d{2}(-\d{2})?(?![\w-])/g, (written) => when(t, written));
}

function pair(name, value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

/** What made the runs of a cause, and whether that is today's. */
function made(t, by) {
  const key = by.current ? "claims.made" : by.code_version ? "claims.made.older" : "claims.made.unknown";
  return el("p", { class: "note" }, t.say(key, {
    members: by.members, code: by.code_version ?? "", data: by.data_vintage ?? "",
  }));
}

/** A text in which other claims are named by their ids, with links to what they say. */
function linked(ctx, text, others) {
  return text.split(/(a\d{3}-[a-z0-9-]*[a-z0-9])/).map((part) => {
    const other = others.get(part);
    return other ? el("a", { href: ctx.link("claims", { claim: part }) }, `“${ctx.t.text(other.text).replace(/\.$/, "")}”`) : part;
  });
}

/** A text with the titles of publications in it marked as being in their own language. */
function titled(t, text, titles) {
  const found = titles.filter((title) => title && text.includes(title)).sort((a, b) => b.length - a.length);
  if (!found.length) return text;
  const [first, ...rest] = found;
  return text.split(first).map((part, i) => [i ? inLanguage(t, first) : "", titled(t, part, rest)]);
}

/** A test in words, with names where it has ids. */
export function named(t, text, names) {
  const known = Object.entries(names).filter(([, name]) => name).sort(([a], [b]) => b.length - a.length);
  if (!known.length) return text;
  const table = new Map(known.map(([id, name]) => [id, t.text(name)]));
  const ids = known.map(([id]) => id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.replace(new RegExp(`(?<![\\w.-])(${ids})(?![\\w-])`, "g"), (id) => table.get(id) ?? id);
}

function stance(t, from) {
  const told = from.stance ? t.say(`claims.stance.${from.told_by}`, { stance: t.text(from.stance).replace(/\.$/, "") }) : "";
  return [`${from.outlet}, ${when(t, String(from.published))}. ${told} `,
    from.source?.title ? link(from.source.url, t.say("claims.stance.source", { title: from.source.title })) : ""];
}

function source(ctx, used, sources) {
  const { t } = ctx;
  const held = sources.get(used.id);
  const publisher = held ? t.text(held.told.publisher) : used.publisher;
  const title = held?.name ? t.text(held.name) : used.title;
  return el("li", {},
    held ? el("a", { href: ctx.link("data", { series: used.id }) }, title) : inLanguage(t, title),
    publisher ? `, ${publisher}` : "", " (", link(used.url, t.say("claims.source.address")), ")",
    used.read_on ? `, ${t.say("claims.source.read", { day: when(t, used.read_on) })}` : "");
}

/** Every number of the evidence. */
function numbers(t, shown, names) {
  const value = (v) => (v === null ? t.say("value.missing") : t.number(v));
  const name = (e) => (typeof e.name === "string" ? named(t, e.name, names) : t.text(e.name));
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.say("claims.evidence") },
    el("table", { class: "numbers" },
      el("thead", {}, el("tr", {}, ["what", "period", "value", "range", "agrees"].map((k) =>
        el("th", { scope: "col" }, t.say(`claims.col.${k}`))))),
      el("tbody", {}, shown.map((e) => el("tr", {},
        el("th", { scope: "row" }, t.say(`claims.role.${e.role}`), name(e) ? [": ", e.role === "constant" ? el("code", {}, e.name) : name(e)] : ""),
        el("td", {}, e.period ? when(t, e.period) : ""),
        el("td", { class: "n" }, e.missing ? t.say(`claims.reason.${e.missing}`) : value(e.value)),
        el("td", { class: "n" }, e.low === null ? "" : t.say("table.range", { lo: value(e.low), hi: value(e.high) })),
        el("td", {}, e.holds === null ? "" : t.say(e.holds ? "claims.yes" : "claims.no")))))));
}

/** The rules that this kind of claim is judged by. */
function rules(t, row) {
  const mine = { figure: ["figure", "readings", "bounds"], trend: ["trend", "readings"], timing: ["timing"],
    forecast: ["forecast", "figure", "trend"], cause: ["cause", "priors"] }[row.kind] ?? ["untestable"];
  const keys = row.tested ? mine : ["untestable"];
  return el("ul", {}, keys.map((key) => el("li", {}, t.say(`claims.rule.${key}`))),
    el("li", {}, t.say("claims.rules.same")));
}
