// Scores by what was forecast: a table of all, and one of them by months ahead.

import { get } from "../api.js";
import { el, fold } from "../dom.js";
import { ahead, axisX, axisY, figure, kind, named, plot } from "../skill.js";
import { segments } from "./now_chart.js";
import { csvLink } from "./table.js";

const { Plot } = globalThis;
const MODES = ["blind", "aware"];
const HORIZONS = ["1", "3", "6", "12"];
const HELD = "1-6";
const WHOLE = ["nationalities", "largest", "southwest", "unit", "area", "component"];
const SIGNS = { better: "▼", alike: "●", worse: "▲" };
const WALK = "log_random_walk";

/** Title of a target: a set has words of its own, a series the name of its outcome. */
function titleOf(t, target, outcomes) {
  if (t.has(`skill.target.${target}`)) return t.say(`skill.target.${target}`);
  const [set, cell] = target.split(":");
  const id = {
    darien: "pa.darien.crossings", mexican_events: "mx.events", children_in_care: "us.children.hhs_care",
  }[set] ?? (set === "component" ? `us.encounters.${cell}` : `us.encounters.${set}.${cell}`);
  const found = outcomes.find((o) => o.id === id);
  return found ? t.text(found.title) : target.replaceAll("_", " ");
}

const share = (t, v) => (v === null || v === undefined ? t.say("value.missing") : `${t.number(Math.round(100 * v))} %`);
const single = (horizon) => /^\d+$/.test(horizon);
const mark = (t, row) => el("span", { class: `mark ${kind(row)}`, title: t.say(`skill.kind.${kind(row)}`) },
  el("span", { "aria-hidden": "true" }, SIGNS[kind(row)]), " ", t.number(row.ratio),
  el("span", { class: "unseen" }, ` ${t.say(`skill.kind.${kind(row)}`)}`));

/**
 * @param {import("../shell.js").Context} ctx
 * @param {any} now
 */
export async function byTarget(ctx, now) {
  const { t, params } = ctx;
  const told = await get("/skill", {
    table: ["skill", "coverage"], scale: "log", baseline: "best", horizon: [...HORIZONS, HELD],
  });
  const targets = [...new Set(told.skill.map((r) => r.target))]
    .sort((a, b) => rank(a) - rank(b));
  const state = {
    mode: MODES.includes(params.mode) ? params.mode : "blind",
    target: targets.includes(params.target) ? params.target : "southwest",
  };
  const title = (target) => titleOf(t, target, now.outcomes);
  const matrix = el("div", { class: "scroll wide", tabindex: "0", role: "group", "aria-label": t.say("skill.targets") });
  const detail = el("div", { class: "detail" });

  const select = el("select", { id: "skill-target", onchange: () => choose(select.value) },
    targets.map((target) => el("option", { value: target, selected: target === state.target }, title(target))));
  const choose = (target) => {
    state.target = target;
    select.value = target;
    ctx.set({ target });
    one().catch((error) => detail.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message)));
  };

  const all = () => {
    const find = (rows, target, horizon, more = (_row) => true) => rows.find(
      (r) => r.mode === state.mode && r.target === target && r.horizon === horizon && more(r));
    const held = (target, nominal) => find(told.coverage, target, HELD, (r) => r.nominal === nominal)?.covered;
    matrix.replaceChildren(el("table", { class: "matrix" },
      el("thead", {},
        el("tr", {}, el("th", { scope: "col", rowspan: "2" }, t.say("skill.counted")),
          el("th", { scope: "colgroup", colspan: HORIZONS.length }, t.say("skill.ratio.best")),
          el("th", { scope: "colgroup", colspan: "2" }, t.say("skill.held.by", { months: ahead(t, HELD) }))),
        el("tr", {}, HORIZONS.map((h) => el("th", { scope: "col" }, ahead(t, Number(h)))),
          ["50 %", "90 %"].map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, targets.map((target) => el("tr", { class: target.includes(":") ? "part" : null },
        el("th", { scope: "row" }, el("button", { type: "button", class: "open", onclick: () => {
          choose(target);
          detail.scrollIntoView({ block: "nearest" });
        } }, title(target))),
        HORIZONS.map((h) => {
          const row = find(told.skill, target, h);
          return el("td", {}, row ? mark(t, row) : t.say("value.missing"));
        }),
        [0.5, 0.9].map((nominal) => el("td", { class: "n" }, share(t, held(target, nominal)))))))));
  };

  const one = async () => {
    const { target, mode } = state;
    const found = await get("/skill", { target, mode, table: ["skill", "coverage"] });
    if (ctx.signal.aborted || target !== state.target || mode !== state.mode) return;
    detail.replaceChildren(...oneTarget(t, found, target, title(target), mode));
  };
  all();
  await one();
  return [
    el("p", { class: "lead" }, t.say("skill.targets.lead")),
    el("div", { class: "controls" }, segments(t, "skill.law", MODES, "skill.law", state.mode, (mode) => {
      state.mode = mode;
      ctx.set({ mode });
      all();
      choose(state.target);
    })),
    el("ul", { class: "legend" }, Object.keys(SIGNS).map((name) => el("li", {},
      el("span", { class: `mark ${name}`, "aria-hidden": "true" }, SIGNS[name]), t.say(`skill.kind.${name}`)))),
    matrix,
    el("div", { class: "controls" }, el("label", { for: "skill-target" }, t.say("skill.one"), select)),
    detail,
  ];
}

/** Sets first, then single totals, then the series of each set. */
function rank(target) {
  const whole = WHOLE.indexOf(target);
  if (whole >= 0) return whole;
  if (!target.includes(":")) return WHOLE.length;
  return 100 + WHOLE.indexOf(target.split(":")[0]);
}

/** One target by months ahead: its ratios drawn, and all numbers as a table and a file. */
function oneTarget(t, found, target, title, mode) {
  const log = found.skill.filter((r) => r.scale === "log");
  const natural = (row) => found.skill.find((r) =>
    r.scale === "natural" && r.horizon === row.horizon && r.baseline === row.baseline);
  const best = log.filter((r) => r.best);
  const scaled = best.some(natural); // the table holds the natural scale for some targets alone
  const walk = (h) => log.find((r) => r.horizon === h && r.baseline === WALK);
  const held = (h, nominal) => found.coverage.find((r) => r.horizon === h && r.nominal === nominal)?.covered;
  const range = (r) => (r ? t.say("table.range", { lo: t.number(r.lo), hi: t.number(r.hi) }) : t.say("value.missing"));
  const shown = best.filter((r) => single(r.horizon)).map((r) => ({ ...r, months: Number(r.horizon) }));
  const walks = shown.map((r) => walk(r.horizon)).filter(Boolean).map((r) => ({ ...r, months: Number(r.horizon) }));
  const all = [...shown, ...walks];
  const low = Math.min(0.9, ...all.map((r) => r.lo));
  const high = Math.max(1.1, ...all.map((r) => r.hi));
  const dots = (rows, color, dx) => [
    Plot.ruleX(rows, { x: "months", y1: "lo", y2: "hi", dx, stroke: `var(--${color})`, strokeWidth: 1.6 }),
    Plot.dot(rows, { x: "months", y: "ratio", dx, r: 3.4, fill: `var(--${color})` }),
  ];
  const horizon = (h) => ahead(t, single(h) ? Number(h) : h);
  const words = best.filter((r) => single(r.horizon)).map((r) =>
    t.say("skill.one.read", { months: horizon(r.horizon), ratio: t.number(r.ratio), kind: t.say(`skill.kind.${kind(r)}`) }));
  return [
    figure(t, {
      title: t.say("skill.ratio", { target: title }), unit: t.say("skill.ratio.unit"),
      legend: [["c0", t.say("skill.against.best")], ["c2", t.say("skill.against.log_random_walk")]],
      label: `${title}. ${words.join(" ")}`,
      draw: (width) => plot(width, { domain: [low, high] }, [
        Plot.ruleY([1], { stroke: "var(--soft)", strokeDasharray: "4 3" }),
        dots(shown, "c0", -3), dots(walks, "c2", 3), axisX(), axisY((v) => t.number(v)),
      ].flat()),
      head: ["skill.ahead", "skill.method", "skill.log", "skill.interval", ...(scaled ? ["skill.natural"] : []),
        "skill.walk", "skill.held50", "skill.held90"].map((key) => t.say(key)),
      body: best.map((r) => [
        horizon(r.horizon), named(t, r.baseline), t.number(r.ratio), range(r),
        ...(scaled ? [t.number(natural(r)?.ratio ?? null)] : []),
        walk(r.horizon) ? t.number(walk(r.horizon).ratio) : t.say("value.missing"),
        share(t, held(r.horizon, 0.5)), share(t, held(r.horizon, 0.9)),
      ]),
    }),
    el("p", {}, csvLink(t, `skill-${target.replace(":", "-")}-${mode}.csv`, found.skill)),
    target === "southwest" ? null : fold(t.say("skill.coverage.csv"), () =>
      el("p", {}, csvLink(t, `coverage-${target.replace(":", "-")}-${mode}.csv`, found.coverage))),
  ].filter(Boolean);
}
