// The policies under the chart, on its time axis: one row a policy, by government.

import { el, fold, inLanguage, link } from "./dom.js";
import { letters, timeTicks } from "./fan.js";

const FAR = "9999-12-31";

/** Where the bars of a policy lie: its spans without overlaps, verified ones apart from others. */
function bars(policy) {
  const merged = [];
  for (const span of policy.spans) {
    const last = merged.at(-1);
    const until = span.until ?? FAR;
    if (last && last.unverified === span.unverified && span.from <= last.until) {
      if (until > last.until) last.until = until;
    } else merged.push({ from: span.from, until, unverified: span.unverified });
  }
  return merged;
}

/** The dates of a span in words. */
function spanWords(t, span) {
  const parts = [
    span.until
      ? t.say("policy.span", { from: t.day(span.from), until: t.day(span.until) })
      : t.say("policy.from", { from: t.day(span.from) }),
  ];
  if (span.known_on && span.known_on !== span.from) {
    parts.push(t.say("policy.known", { known: t.day(span.known_on) }));
  }
  if (span.unverified) parts.push(t.say("policy.unverified"));
  return parts.join("; ");
}

/** One line for each different set of dates, as several levers often share theirs. */
function dateLines(t, policy) {
  return [...new Set(policy.spans.map((span) => spanWords(t, span)))];
}

function sourceItem(source) {
  const title = link(source.url, source.title || source.publisher || source.url);
  const rest = [source.title ? source.publisher : "", source.date].filter(Boolean).join(", ");
  return el("li", {}, title, rest ? ` (${rest})` : "");
}

/** Everything known of one policy. */
function detail(t, run, policy, close) {
  return el(
    "div",
    { class: "policy-detail" },
    close && el("button", { type: "button", class: "close", onclick: close }, t.say("policy.close")),
    el("h4", {}, inLanguage(t, policy.name)),
    el("p", { class: "unit" }, t.text(run.actors[policy.actor])),
    policy.instrument
      ? el("p", {}, `${t.say("policy.instrument")}: `, inLanguage(t, policy.instrument))
      : null,
    el("p", { class: "label" }, t.say("policy.dates")),
    el("ul", {}, dateLines(t, policy).map((line) => el("li", {}, line))),
    policy.sources.length ? el("p", { class: "label" }, t.say("policy.sources")) : null,
    el("ul", {}, policy.sources.map(sourceItem)),
  );
}

/** All policies as a table. */
function table(t, run) {
  const head = ["policy.actor", "policy.name", "policy.dates", "policy.sources"];
  const rows = run.policies.map((policy) =>
    el("tr", {},
      el("td", {}, t.text(run.actors[policy.actor])),
      el("th", { scope: "row" }, inLanguage(t, policy.name)),
      el("td", {}, el("ul", {}, dateLines(t, policy).map((line) => el("li", {}, line)))),
      el("td", {}, el("ul", {}, policy.sources.map(sourceItem))),
    ));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t.say("policy.table") },
    el("table", { class: "policies" },
      el("thead", {}, el("tr", {}, head.map((key) => el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, rows)));
}

/** Policies by actor, countries together, in the order of their first date. */
function byActor(policies) {
  const groups = new Map();
  for (const policy of policies) {
    const head = policy.actor.split("/")[0];
    if (!groups.has(head)) groups.set(head, new Map());
    const inner = groups.get(head);
    if (!inner.has(policy.actor)) inner.set(policy.actor, []);
    inner.get(policy.actor).push(policy);
  }
  return [...groups.values()];
}

/** The timeline. `draw(chart)` places it on a chart's axis; `choose(id)` remembers the choice. */
export function timeline(t, run, state, choose) {
  const lanes = el("div", { class: "lanes", role: "group", "aria-label": t.say("policy.label") });
  const box = el("div", { "aria-live": "polite" });
  const open = (policy) => {
    choose(policy ? policy.id : "");
    box.replaceChildren(...(policy ? [detail(t, run, policy, () => open(null))] : []));
    for (const row of lanes.querySelectorAll("button.policy")) {
      row.setAttribute("aria-expanded", String(row.dataset.id === policy?.id));
    }
  };

  const draw = (chart) => {
    const [left, right] = chart.x.range;
    const [start, end] = chart.x.domain;
    // Shares of the width, so that the bars stay under the chart when print or zoom scales both.
    const share = (x) => `${((100 * x) / chart.width).toFixed(3)}%`;
    const at = (iso) => {
      const date = new Date(`${iso}T00:00:00Z`);
      return chart.x.apply(date < start ? start : date > end ? end : date);
    };
    const first = start.toISOString().slice(0, 10);
    const last = end.toISOString().slice(0, 10);
    const seen = (policy) => bars(policy).some((bar) => bar.from <= last && bar.until > first);
    const rows = [];
    byActor(run.policies.filter(seen)).forEach((group, colour) => {
      for (const [actor, policies] of group) {
        rows.push(el("p", { class: `actor c${colour % 5}` }, t.text(run.actors[actor])));
        const sorted = [...policies].sort((a, b) => (a.spans[0].from < b.spans[0].from ? -1 : 1));
        for (const policy of sorted) {
          rows.push(row(policy, colour % 5, { at, share, left, right, first, last }));
        }
      }
    });
    const ticks = timeTicks(t, [start, end], chart.width).ticks;
    const grid = ticks.map((d) => el("i", { class: "tick", style: `left:${share(chart.x.apply(d))}` }));
    if (run.forecast && run.forecast > start) {
      grid.push(el("i", { class: "tick forecast", style: `left:${share(chart.x.apply(run.forecast))}` }));
    }
    lanes.replaceChildren(
      ...grid,
      ...(rows.length ? rows : [el("p", { class: "note" }, t.say("policy.none"))]),
    );
    const chosen = run.policies.find((policy) => policy.id === state.policy);
    if (chosen) open(chosen);
  };

  const row = (policy, colour, { at, share, left, right, first, last }) => {
    const visible = bars(policy).filter((bar) => bar.from <= last && bar.until > first);
    const begin = at(visible[0].from);
    const name = t.text(policy.name);
    const roomAfter = right - begin;
    // A letter is about 0.53 em wide: where the name would not fit after the bar's start, it ends at
    // the right edge instead.
    const fits = name.length * 0.53 * letters() < roomAfter;
    const label = el("span", {
      class: "name", lang: typeof policy.name === "string" && t.lang !== "en" ? "en" : null,
      style: fits
        ? `left:${share(begin)};max-width:${share(roomAfter)}`
        : `left:${share(left)};width:${share(right - left)};text-align:right`,
    }, name);
    const strips = visible.map((bar) => {
      const from = at(bar.from);
      const width = Math.max(3, at(bar.until) - from);
      const kind = (bar.unverified ? " unverified" : "") + (bar.until > last ? " open" : "");
      return el("span", { class: `bar${kind}`, style: `left:${share(from)};width:${share(width)}` });
    });
    const lines = dateLines(t, policy);
    return el("button", {
      type: "button", class: `policy c${colour}`, "data-id": policy.id, "aria-expanded": "false",
      title: `${name}\n${lines.slice(0, 6).join("\n")}`,
      "aria-label": `${name}, ${t.text(run.actors[policy.actor])}: ${lines[0]}`,
      onclick: () => open(state.policy === policy.id ? null : policy),
    }, label, strips);
  };

  const section = el(
    "section",
    { class: "timeline", "aria-labelledby": "policies" },
    el("h3", { id: "policies" }, t.say("policy.heading")),
    el("p", { class: "lead" }, t.say("policy.lead")),
    lanes,
    box,
    fold(t.say("policy.table"), () => table(t, run)),
  );
  return { section, draw };
}
