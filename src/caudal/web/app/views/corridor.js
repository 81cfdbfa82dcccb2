// The corridor as a map from the Darién to the cities of the United States, month by month.

import { get } from "../api.js";
import { el, fold } from "../dom.js";
import { toDate } from "../text.js";
import { flowPanel, monthPanel, placePanel, told } from "./corridor_detail.js";
import { drawMap, mapLegend, PARTS } from "./corridor_map.js";
import { motion } from "./corridor_motion.js";
import { monthsPolicies, openLaw, policyBox, touchedBy, wholeTimeline } from "./corridor_policies.js";
import { scrubber } from "./corridor_scrub.js";
import { downloads, monthTable, origin } from "./corridor_tables.js";

const PACE = 1100; // milliseconds a month while playing

const vendor = async (name, signal) => {
  const response = await fetch(`vendor/${name}`, { signal });
  if (!response.ok) throw new Error(`vendor/${name}: ${response.status}`);
  return response.json();
};

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t, signal } = ctx;
  const [data, answer, shapes, outlines] = await Promise.all([
    get("/corridor", { who: ctx.params.who || "all" }, { signal }), get("/timeline", {}, { signal }),
    vendor("outlines.geojson", signal), vendor("outlines.json", signal),
  ]);
  const law = openLaw(answer, data.forecast);
  const of = (list, id) => (list.some((one) => one.id === id) ? id : "");
  const lastCounted = data.counts.find((c) => c.id === "border").observed.findLastIndex((v) => v !== null);
  const asked = data.months.indexOf(ctx.params.month);
  const now = {
    i: asked >= 0 ? asked : lastCounted >= 0 ? lastCounted : data.months.indexOf(data.forecast) - 1,
    place: of(data.places, ctx.params.place), flow: of(data.flows, ctx.params.flow),
    policy: of(law.policies, ctx.params.policy),
    part: ctx.params.part in PARTS ? ctx.params.part : "all",
  };
  let playing = 0;
  let map = null;
  let width = 0;

  const dots = motion(data);
  const frame = el("div", { class: "map-frame" });
  const tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const title = el("h2", { class: "map-month" });
  const says = el("p", { class: "map-says", "aria-live": "polite" });
  const legend = el("div");
  const detail = el("aside", { class: "detail", "aria-label": t.say("corridor.detail") });
  const policies = el("div");
  const opened = el("div", { "aria-live": "polite" });
  const table = fold(t.say("corridor.table"), () => el("div", { class: "month-table" }, monthTable(t, data, now.i)));
  const whatCaption = el("p", { class: "scrub-title" });

  const item = () => {
    if (now.flow) return data.counts.find((c) => c.beside.id === now.flow) ?? data.flows.find((f) => f.id === now.flow);
    if (now.place) {
      return data.counts.find((c) => c.at === now.place) ?? data.standing.find((s) => s.at === now.place)
        ?? data.counts.find((c) => c.id === "border");
    }
    return data.counts.find((c) => c.id === "border");
  };
  const touched = () => {
    const policy = law.policies.find((p) => p.id === now.policy);
    return policy && !now.flow && !now.place ? touchedBy(data, policy) : null;
  };

  const hover = (kind, id, event) => {
    tip.hidden = !kind;
    if (!kind) return;
    const one = kind === "flow" ? data.flows.find((f) => f.id === id) : data.places.find((p) => p.id === id);
    const line = kind === "flow" ? one : data.standing.find((s) => s.at === id);
    const count = data.counts.find((c) => (kind === "flow" ? c.beside.id === id : c.at === id));
    const row = (key, value) => el("div", {}, el("span", {}, t.say(key)), el("b", {}, value));
    const sim = line && told(t, data, line, now.i);
    tip.replaceChildren(el("div", { class: "tip-title" }, t.text(one.name)),
      ...(count && count.observed[now.i] !== null ? [row("corridor.counted", t.number(count.observed[now.i]))] : []),
      ...(sim ? [row(kind === "flow" ? "corridor.tip.flow" : "corridor.tip.standing", sim.median), row("chart.band90", sim.ninety)] : []));
    const box = frame.getBoundingClientRect();
    const x = event.clientX - box.left;
    tip.style.left = `${Math.max(0, Math.min(box.width - tip.offsetWidth, x > box.width / 2 ? x - tip.offsetWidth - 14 : x + 14))}px`;
    tip.style.top = `${Math.max(0, Math.min(box.height - tip.offsetHeight, event.clientY - box.top + 14))}px`;
  };

  const paint = () => {
    const date = toDate(data.months[now.i]);
    title.textContent = t.month(date);
    const ahead = data.months[now.i] >= data.forecast;
    title.classList.toggle("is-forecast", ahead);
    const border = data.counts.find((c) => c.id === "border");
    const values = { counted: t.number(border.observed[now.i]), ...told(t, data, border.beside, now.i) };
    says.textContent = t.say(ahead ? "corridor.says.ahead" : border.observed[now.i] === null ? "corridor.says.uncounted" : "corridor.says", values);
    map?.update(now.i, { place: now.place, flow: now.flow, touched: touched() });
    dots.set(now.i);
  };
  const panels = () => {
    const acts = { pick, close: () => pick("place", "") };
    detail.replaceChildren(now.flow ? flowPanel(t, data, now.i, now.flow, acts)
      : now.place ? placePanel(t, data, now.i, now.place, acts) : monthPanel(t, data, now.i, pick));
    policies.replaceChildren(monthsPolicies(t, law, data.months[now.i], now.policy, choose));
    const drawn = table.querySelector(".month-table");
    if (drawn) drawn.replaceChildren(monthTable(t, data, now.i));
  };
  const keep = () => ctx.set({
    month: data.months[now.i], place: now.place, flow: now.flow, policy: now.policy, part: now.part === "all" ? "" : now.part,
  });
  const scrub = () => {
    whatCaption.textContent = t.say("corridor.scrub", { what: t.text(item().name) });
    track.draw({ ...(item().beside ?? item()), observed: item().observed ?? null }, now.policy);
  };

  // While months play or the cursor is dragged only the map follows; the rest when it rests.
  let rest = 0;
  const move = (i) => {
    now.i = i;
    paint();
    clearTimeout(rest);
    rest = setTimeout(() => { keep(); panels(); }, playing ? 400 : 120);
  };
  const pick = (kind, id) => {
    now.flow = kind === "flow" ? id : "";
    now.place = kind === "place" ? id : "";
    places.value = now.place;
    keep();
    paint();
    panels();
    scrub();
  };
  const choose = (id) => {
    now.policy = now.policy === id ? "" : id;
    if (now.policy) now.place = now.flow = places.value = ""; // the map shows one thing at a time
    const policy = law.policies.find((p) => p.id === now.policy);
    opened.replaceChildren(...(policy ? [policyBox(t, law, data, policy, () => choose(now.policy), pick, true)] : []));
    keep();
    paint();
    panels();
    scrub();
  };
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    says.setAttribute("aria-live", "polite");
    dots.stop();
    play.textContent = t.say("corridor.play");
    play.setAttribute("aria-pressed", "false");
  };
  const toggle = () => {
    if (playing) return stop();
    if (now.i === data.months.length - 1) now.i = 0;
    play.textContent = t.say("corridor.pause");
    play.setAttribute("aria-pressed", "true");
    says.setAttribute("aria-live", "off"); // a month a second is too much to be read out
    dots.start();
    playing = setInterval(() => {
      if (now.i >= data.months.length - 1) return stop();
      track.set(now.i + 1);
      move(now.i + 1);
    }, PACE);
  };
  signal.addEventListener("abort", () => { stop(); clearTimeout(rest); });

  const play = el("button", { type: "button", class: "main play", "aria-pressed": "false", onclick: toggle }, t.say("corridor.play"));
  const step = (key, sign, by) => el("button", {
    type: "button", class: "plain", "aria-label": t.say(key), title: t.say(key),
    onclick: () => { track.set(now.i + by); move(Math.max(0, Math.min(data.months.length - 1, now.i + by))); },
  }, sign);
  const track = scrubber(t, data, law, { move, choose, toggle });
  const places = el("select", { id: "corridor-place", onchange: () => pick("place", places.value) },
    el("option", { value: "" }, t.say("corridor.place.none")),
    data.places.map((p) => el("option", { value: p.id, selected: p.id === now.place }, t.text(p.name))));
  const who = el("select", { id: "corridor-who", onchange: () => ctx.go("corridor", { ...ctx.params, who: who.value === "all" ? "" : who.value }) },
    el("optgroup", { label: t.say("corridor.who.all") }, data.groups.all.map((g) => el("option", { value: g.id, selected: g.id === data.who }, t.text(g.name)))),
    ["unit", "nationality"].map((kind) => el("optgroup", { label: t.say(`corridor.who.${kind}`) },
      data.groups[kind].map((g) => el("option", { value: g.id, selected: g.id === data.who }, t.text(g.name))))));
  const parts = Object.keys(PARTS).map((name) => {
    const button = el("button", { type: "button", "aria-pressed": String(name === now.part), onclick: () => {
      now.part = name;
      parts.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      keep();
      draw(true);
    } }, t.say(`corridor.part.${name}`));
    return button;
  });

  const draw = (again) => {
    const wide = Math.floor(frame.clientWidth);
    if (!wide || (wide === width && !again)) return;
    width = wide;
    map = drawMap(t, data, shapes, { width, part: now.part, pick, hover });
    frame.replaceChildren(map.node, dots.canvas, tip);
    dots.fit(map, width);
    legend.replaceChildren(mapLegend(t, data, map.f));
    paint();
  };
  new ResizeObserver(() => draw(false)).observe(frame);

  paint();
  panels();
  track.set(now.i);
  scrub();
  if (now.policy) {
    const policy = law.policies.find((p) => p.id === now.policy);
    opened.replaceChildren(policyBox(t, law, data, policy, () => choose(now.policy), pick, Boolean(touched())));
  }
  return [
    el("p", { class: "lead" }, t.say("corridor.lead")),
    ctx.params.place && !now.place ? el("p", { class: "refused", role: "alert" }, t.say("corridor.place.unknown", { id: ctx.params.place })) : null,
    el("div", { class: "controls" },
      el("label", { for: "corridor-who" }, t.say("corridor.who"), who),
      el("label", { for: "corridor-place" }, t.say("corridor.place"), places),
      el("div", { class: "segments", role: "group", "aria-label": t.say("corridor.part") }, parts)),
    el("div", { class: "stage" },
      el("figure", { class: "map", "aria-label": t.say("corridor.map") },
        el("figcaption", {}, title, says), frame, legend),
      el("div", { class: "time" },
        el("div", { class: "time-head" }, play, step("corridor.back", "‹", -1), step("corridor.on", "›", 1), whatCaption),
        track.node, el("p", { class: "hint" }, t.say("corridor.hint"))),
      detail),
    el("section", {}, el("h2", {}, t.say("corridor.policies")), opened, policies,
      wholeTimeline(t, law, data.months, now, (id) => { if (id !== now.policy) choose(id || now.policy); })),
    el("section", {}, el("h2", {}, t.say("corridor.numbers")), table, downloads(t, data)),
    ...origin(t, data, outlines),
  ];
}
