// Policies as the map needs them: rows of bars under the slider, and what is in force in a month.

import { el, fold, inLanguage } from "../dom.js";
import { policyDetail } from "../policy.js";
import { timeline } from "../timeline.js";
import { toDate } from "../text.js";

const FAR = "9999-12-31";

/** The service's timeline in the form that the report's pieces know. */
export function openLaw(answer, forecast) {
  const names = Object.assign({}, ...Object.values(answer.names));
  const policies = answer.timeline.map((row) => ({
    ...row,
    notes: [...row.disputed, ...(row.uncertainty ? [row.uncertainty] : [])],
    sources: row.sources.map((s) => ({ title: s.title ?? "", publisher: s.publisher ?? "", date: s.date ?? "", url: s.url ?? "" })),
    spans: row.spans.map((span) => ({
      ...span, who: Object.values(span.who).flat().filter((code) => names[code]).map((code) => names[code]),
    })).sort((a, b) => a.from.localeCompare(b.from)),
  })).filter((row) => row.spans.length);
  return { policies, actors: answer.actors, forecast: toDate(forecast) };
}

/** First day, and first day no longer in force (null: open). */
export function ends(policy) {
  const open = policy.spans.some((span) => !span.until);
  const until = open ? null : policy.spans.reduce((late, s) => (s.until > late ? s.until : late), "");
  return { from: policy.spans[0].from, until };
}

/** Whether a policy is in force on some day of [start, end), as ISO days. */
function inForce(policy, start, end) {
  return policy.spans.some((span) => span.from < end && (span.until ?? FAR) > start);
}

/** Countries in the order of their first policy, each with its policies. */
function byCountry(law) {
  const groups = new Map();
  for (const policy of law.policies) {
    const country = policy.actor.split("/")[0];
    if (!groups.has(country)) groups.set(country, []);
    groups.get(country).push(policy);
  }
  return [...groups];
}

/**
 * Rows of bars by country; `at(date)` places a day. Where room is short, all governments after the first
 * `apart` share their rows.
 */
export function lanesOf(t, law, first, last, at, apart) {
  const place = (iso) => {
    const date = new Date(`${iso}T00:00:00Z`);
    return at(date < first ? first : date > last ? last : date);
  };
  const low = first.toISOString().slice(0, 10);
  const high = last.toISOString().slice(0, 10);
  const all = byCountry(law).map(([key, policies]) => ({ name: t.text(law.actors[key]), policies }));
  const rest = all.slice(apart).flatMap((group) => group.policies);
  const groups = rest.length
    ? [...all.slice(0, apart), { name: t.say("corridor.lanes.others"), policies: rest }] : all;
  return groups.map(({ name, policies }, country) => {
    const rows = [];
    for (const one of policies) {
      const strips = one.spans.filter((s) => s.from <= high && (s.until ?? FAR) > low).map((s) => {
        const x = place(s.from);
        return { x, width: Math.max(2, place(s.until ?? FAR) - x) };
      });
      if (!strips.length) continue;
      const left = Math.min(...strips.map((s) => s.x));
      const right = Math.max(...strips.map((s) => s.x + s.width));
      const row = rows.find((r) => r.every((o) => left >= o.right + 2 || right + 2 <= o.left));
      const item = { one, strips, left, right };
      if (row) row.push(item);
      else rows.push([item]);
    }
    return { country, name, rows };
  }).filter(({ rows }) => rows.length);
}

/** What began, ended and is in force in a month, as buttons; `choose(id)` opens one. */
export function monthsPolicies(t, law, month, policy, choose) {
  const next = toDate(month);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const start = `${month}-01`;
  const end = next.toISOString().slice(0, 10);
  const within = (iso) => Boolean(iso) && iso >= start && iso < end;
  const groups = byCountry(law).map(([key, policies], country) => [key, country, policies]);
  const button = (one, country, words) => el("li", {}, el("button", {
    type: "button", class: `chip c${country % 5}`, "aria-pressed": String(one.id === policy), onclick: () => choose(one.id),
  }, inLanguage(t, one.name), words ? el("span", { class: "when" }, words) : null));
  const list = (filter, words) => groups.flatMap(([, country, policies]) =>
    policies.filter(filter).map((one) => button(one, country, words(one))));
  const began = list((p) => p.spans.some((s) => within(s.from)),
    (p) => t.say("corridor.policy.from", { day: t.day(p.spans.find((s) => within(s.from)).from) }));
  const ended = list((p) => within(ends(p).until), (p) => t.say("corridor.policy.until", { day: t.day(ends(p).until) }));
  const holding = law.policies.filter((p) => inForce(p, start, end));
  const part = (key, items) => el("div", {}, el("h3", {}, t.say(key)),
    items.length ? el("ul", { class: "chips" }, items) : el("p", { class: "note" }, t.say("corridor.policy.none")));
  return el("div", { class: "month-policies" },
    part("corridor.policy.began", began), part("corridor.policy.ended", ended),
    fold(t.say("corridor.policy.holding", { n: holding.length }), () => el("div", {}, groups.map(([key, country, policies]) => {
      const mine = policies.filter((p) => holding.includes(p));
      return mine.length ? el("div", {}, el("h4", { class: `actor c${country % 5}` }, t.text(law.actors[key])),
        el("ul", { class: "chips" }, mine.map((one) => button(one, country, "")))) : null;
    }))));
}

/** Everything of one policy, and which ways of the map it enters directly; `lit`: they stand out now. */
export function policyBox(t, law, data, policy, close, pick, lit) {
  const touched = touchedBy(data, policy);
  return el("div", { class: "policy-open" }, policyDetail(t, law, policy, close),
    lit || !touched.size
      ? el("p", { class: "note" }, t.say(touched.size ? "corridor.policy.touches" : "corridor.policy.touches.none")) : null,
    touched.size ? fold(t.say("corridor.policy.ways", { n: touched.size }), () =>
      el("ul", {}, data.flows.filter((f) => touched.has(f.id)).map((f) =>
        el("li", {}, el("button", { type: "button", class: "open", onclick: () => pick("flow", f.id) }, t.text(f.name)))))) : null);
}

/** Ids of flows whose chances a policy's levers enter directly. */
export function touchedBy(data, policy) {
  const levers = new Set(policy.spans.map((span) => span.lever));
  return new Set(data.flows.filter((flow) => flow.levers.some((lever) => levers.has(lever))).map((flow) => flow.id));
}

/** The whole timeline with names, drawn when it is first opened. */
export function wholeTimeline(t, law, months, state, choose) {
  return fold(t.say("corridor.policy.whole"), () => {
    const whole = timeline(t, law, state, choose);
    const domain = [toDate(months[0]), toDate(months.at(-1))];
    const [first, last] = domain.map(Number);
    const draw = () => {
      const width = Math.floor(whole.section.clientWidth);
      if (!width) return;
      const share = (d) => 4 + ((width - 8) * (Number(d) - first)) / (last - first);
      whole.draw({ width, x: { domain, range: [4, width - 4], apply: share } });
    };
    new ResizeObserver(draw).observe(whole.section);
    return whole.section;
  });
}
