// One policy in words: what it does, when, for whom, and on which sources.

import { el, inLanguage, link } from "./dom.js";

const NAMED = 7; // groups named before "and … more"

/** The dates of a span in words. */
function spanWords(t, span) {
  const parts = [
    span.until
      ? t.say("policy.span", { from: t.day(span.from), until: t.day(span.until) })
      : t.say("policy.from", { from: t.day(span.from) }),
  ];
  // One is the plain "in force" of most settings; any other value says how much.
  if (span.value !== null && span.value !== 1) {
    parts.push(t.say("policy.value", { value: t.number(span.value) }));
  }
  if (span.who.length) {
    const names = span.who.slice(0, NAMED).map(t.text);
    if (span.who.length > NAMED) names.push(t.say("policy.more", { n: span.who.length - NAMED }));
    parts.push(t.say("policy.who", { groups: names.join(", ") }));
  }
  if (span.trigger) {
    parts.push(t.say("policy.trigger", {
      on: t.number(span.trigger.on_at_or_above),
      off: t.number(span.trigger.off_below),
      days: t.number(span.trigger.off_after_days),
    }));
  }
  if (span.known_on && span.known_on !== span.from) {
    parts.push(t.say("policy.known", { known: t.day(span.known_on) }));
  }
  if (span.unverified) parts.push(t.say("policy.unverified"));
  return parts.join("; ");
}

/** A policy's spans in words, under what each changes. */
function changes(t, policy) {
  const lines = new Map();
  for (const span of policy.spans) {
    const meaning = t.text(span.meaning);
    if (!lines.has(meaning)) lines.set(meaning, new Set());
    lines.get(meaning).add(spanWords(t, span));
  }
  return el("ul", { class: "changes" }, [...lines].map(([meaning, words]) =>
    el("li", {}, meaning, meaning
      ? el("ul", {}, [...words].map((line) => el("li", {}, line)))
      : [...words].join(" · "))));
}

function sourceItem(source) {
  const title = link(source.url, source.title || source.publisher || source.url);
  const rest = [source.title ? source.publisher : "", source.date].filter(Boolean).join(", ");
  return el("li", {}, title, rest ? ` (${rest})` : "");
}

/** First day and last day in words, over all spans. */
export function wholeSpan(t, policy) {
  const until = policy.spans.every((span) => span.until)
    ? policy.spans.reduce((last, span) => (span.until > last ? span.until : last), "") : "";
  const from = t.day(policy.spans[0].from);
  return until ? t.say("policy.span", { from, until: t.day(until) }) : t.say("policy.from", { from });
}

/** Everything known of one policy; `close` shuts it. */
export function policyDetail(t, run, policy, close) {
  const stopped = policy.blocked.map((b) =>
    el("p", {}, t.say(b.what === "end" ? "policy.blocked.end" : "policy.blocked.start", {
      date: t.day(b.date), known: t.day(b.known_on), blocked: t.day(b.blocked_on),
    })));
  return el(
    "div",
    { class: "policy-detail" },
    el("button", { type: "button", class: "close", onclick: close }, t.say("policy.close")),
    el("h4", {}, inLanguage(t, policy.name)),
    el("p", { class: "unit" }, t.text(run.actors[policy.actor])),
    policy.instrument
      ? el("p", {}, `${t.say("policy.instrument")}: `, inLanguage(t, policy.instrument)) : null,
    el("p", { class: "label" }, t.say("policy.dates")),
    changes(t, policy),
    stopped,
    policy.notes.length
      ? [el("p", { class: "label" }, t.say("policy.notes")),
        el("ul", {}, policy.notes.map((note) => el("li", {}, inLanguage(t, note))))] : null,
    policy.sources.length
      ? [el("p", { class: "label" }, t.say("policy.sources")),
        el("ul", {}, policy.sources.map(sourceItem))] : null,
  );
}

/** All policies as a table. */
export function policyTable(t, run) {
  const head = ["policy.actor", "policy.name", "policy.dates", "policy.sources"];
  const rows = run.policies.map((policy) =>
    el("tr", {},
      el("td", {}, t.text(run.actors[policy.actor])),
      el("th", { scope: "row" }, inLanguage(t, policy.name)),
      el("td", {}, changes(t, policy)),
      el("td", {}, el("ul", {}, policy.sources.map(sourceItem)))));
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.say("policy.table") },
    el("table", { class: "policies" },
      el("thead", {}, el("tr", {}, head.map((key) => el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, rows)));
}
