// The policies under the chart, on its time axis, by country; rows hold several where they fit.

import { el, fold } from "./dom.js";
import { letters, timeTicks } from "./fan.js";
import { policyDetail, policyTable, wholeSpan } from "./policy.js";

const FAR = "9999-12-31";
const GAP = 14; // pixels between two policies of a row

/** A policy's bars: its spans without overlaps; those on unverified dates first, to lie below. */
export function bars(policy) {
  const merged = [];
  for (const kind of [true, false]) {
    const mine = [];
    for (const span of policy.spans.filter((s) => s.unverified === kind)) {
      const last = mine.at(-1);
      const until = span.until ?? FAR;
      if (last && span.from <= last.until) last.until = until > last.until ? until : last.until;
      else mine.push({ from: span.from, until, unverified: kind });
    }
    merged.push(...mine);
  }
  return merged;
}

/** Policies by country, in the order given. */
export function byCountry(policies) {
  const groups = new Map();
  for (const policy of policies) {
    const country = policy.actor.split("/")[0];
    if (!groups.has(country)) groups.set(country, []);
    groups.get(country).push(policy);
  }
  return [...groups];
}

/** Where a policy's bars and name lie, in pixels of the chart; x0 to x1 is all that it covers. */
function place(t, policy, { at, left, right, first, last }) {
  const strips = bars(policy)
    .filter((bar) => bar.from <= last && bar.until > first)
    .map((bar) => {
      const from = Math.min(at(bar.from), right - 3);
      return { ...bar, x: from, width: Math.max(3, at(bar.until) - from), open: bar.until > last };
    });
  const name = t.text(policy.name);
  const begin = Math.min(...strips.map((s) => s.x));
  const end = Math.max(...strips.map((s) => s.x + s.width));
  // A letter is about 0.55 em wide. A name that would pass the right edge ends there instead.
  const wanted = Math.min(name.length * 0.55 * letters() + 4, right - left);
  const from = Math.min(begin, right - wanted);
  return { policy, name, strips, begin, from, wanted, x0: Math.min(begin, from), x1: Math.max(end, from + wanted) };
}

/** Rows of places, each policy in the first row where it touches no other. */
export function pack(places) {
  const rows = [];
  for (const item of [...places].sort((a, b) => a.begin - b.begin || a.x0 - b.x0)) {
    const row = rows.find((r) => r.every((o) => item.x0 >= o.x1 + GAP || item.x1 + GAP <= o.x0));
    if (row) row.push(item);
    else rows.push([item]);
  }
  return rows;
}

/** The timeline. `draw(chart)` places it on a chart's axis; `choose(id)` remembers the choice. */
export function timeline(t, run, state, choose) {
  const lanes = el("div", { class: "lanes", role: "group", "aria-label": t.say("policy.label") });
  const box = el("div", { "aria-live": "polite" });
  const open = (policy) => {
    choose(policy ? policy.id : "");
    box.replaceChildren(...(policy ? [policyDetail(t, run, policy, () => open(null))] : []));
    for (const row of lanes.querySelectorAll("button.policy")) {
      row.setAttribute("aria-expanded", String(row.dataset.id === policy?.id));
    }
  };

  const button = ({ policy, name, strips, from, wanted, x0, x1 }, colour, share) => {
    const inside = (x) => `${((100 * x) / (x1 - x0)).toFixed(3)}%`;
    return el("button", {
      type: "button", class: `policy c${colour}`, "data-id": policy.id, "aria-expanded": "false",
      style: `left:${share(x0)};width:${share(x1 - x0)}`,
      title: `${name}\n${t.text(run.actors[policy.actor])}\n${wholeSpan(t, policy)}`,
      "aria-label": `${name}, ${t.text(run.actors[policy.actor])}: ${wholeSpan(t, policy)}`,
      onclick: () => open(state.policy === policy.id ? null : policy),
    },
    el("span", {
      class: "name", lang: typeof policy.name === "string" && t.lang !== "en" ? "en" : null,
      style: `left:${inside(from - x0)};width:${inside(wanted)}`,
    }, name),
    strips.map((s) => el("span", {
      class: `bar${s.unverified ? " unverified" : ""}${s.open ? " open" : ""}`,
      style: `left:${inside(s.x - x0)};width:${inside(s.width)}`,
    })));
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
    const window = { at, left, right, first, last };
    const rows = [];
    byCountry(run.policies).forEach(([country, policies], colour) => {
      const seen = policies.filter((p) => bars(p).some((bar) => bar.from <= last && bar.until > first));
      if (!seen.length) return;
      rows.push(el("p", { class: `actor c${colour % 5}` }, t.text(run.actors[country])));
      for (const row of pack(seen.map((policy) => place(t, policy, window)))) {
        rows.push(el("div", { class: "lane" }, row.map((item) => button(item, colour % 5, share))));
      }
    });
    const ticks = timeTicks(t, [start, end], chart.width).ticks;
    const grid = ticks.map((d) => el("i", { class: "tick", style: `left:${share(chart.x.apply(d))}` }));
    if (run.forecast && run.forecast > start) {
      const x = share(chart.x.apply(run.forecast));
      grid.push(el("i", { class: "tick forecast", style: `left:${x}` }));
    }
    lanes.replaceChildren(
      ...grid,
      ...(rows.length ? rows : [el("p", { class: "note" }, t.say("policy.none"))]),
    );
    const chosen = run.policies.find((policy) => policy.id === state.policy);
    if (chosen) open(chosen);
  };

  const section = el(
    "section",
    { class: "timeline", "aria-labelledby": "policies" },
    el("h3", { id: "policies" }, t.say("policy.heading")),
    el("p", { class: "lead" }, t.say("policy.lead")),
    lanes,
    box,
    fold(t.say("policy.table"), () => policyTable(t, run)),
  );
  return { section, draw };
}
