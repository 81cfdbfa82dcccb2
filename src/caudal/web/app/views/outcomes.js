// Outcomes: where journeys end, who waits where, and harm and cost beside enforcement.

import { get } from "../api.js";
import { el } from "../dom.js";
import { recipe, section } from "../sections.js";
import { ends } from "./outcomes_ends.js";
import { months } from "./outcomes_months.js";
import { sankey } from "./outcomes_sankey.js";
import { side } from "./outcomes_side.js";

const WAYS = ["nationality", "unit"];

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t, params, signal } = ctx;
  const base = params.run ? `/runs/${params.run}/outcomes` : "/outcomes";
  const ask = () => get(base, {
    year: ctx.params.year, by: ctx.params.by ?? WAYS[0], group: ctx.params.group,
  }, { signal });
  const [first, years, monthly, { scenarios }] = await Promise.all([
    ask(), get(`${base}/years`, {}, { signal }),
    params.run ? get(`/runs/${params.run}/results`, {}, { signal }) : get("/outcomes/months", {}, { signal }),
    get("/scenarios", {}, { signal }),
  ]);
  const scenario = scenarios.find((s) => s.name === first.run.scenario);
  const flows = el("div");
  const beside = el("div");
  const choose = el("div");
  let found = first;

  const draw = (focus) => {
    choose.replaceChildren(controls(ctx, found, change));
    flows.replaceChildren(reading(t, found), sankey(ctx, found), ends(t, found));
    beside.replaceChildren(...side(t, found, years));
    if (focus) document.getElementById(focus)?.focus();
  };
  const change = async (more, focus) => {
    ctx.set(more);
    try {
      found = await ask();
    } catch (error) {
      if (error.name === "AbortError") return;
      flows.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
      return;
    }
    if (!signal.aborted) draw(focus);
  };
  draw();

  return [
    el("section", { "aria-label": t.say("outcomes.title") },
      el("p", { class: "lead" }, t.say("outcomes.lead")),
      params.run ? el("p", { class: "card" }, t.say("outcomes.ofrun", { scenario: scenario ? t.text(scenario.title) : first.run.scenario }), " ",
        el("a", { href: ctx.link("outcomes") }, t.say("outcomes.shipped"))) : null,
      choose, flows),
    section(t, "queues", "outcomes.queues", el("p", { class: "lead" }, t.say("outcomes.queues.lead")), months(t, monthly)),
    section(t, "beside", "outcomes.beside", el("p", { class: "lead" }, t.say("outcomes.beside.lead")), beside),
    recipe(t, { recipe: found.run }),
  ];
}

/** Year, what stands in the middle, and one group of the other axis. */
function controls(ctx, found, change) {
  const { t } = ctx;
  const option = (value, text, chosen) => el("option", { value, selected: String(value) === String(chosen) }, text);
  const year = el("select", { id: "outcomes-year", onchange: () => change({ year: year.value }, year.id) },
    [...found.years].reverse().map((y) => option(y.year, t.say(
      y.forecast ? "outcomes.year.forecast" : y.whole ? "outcomes.year" : "outcomes.year.part", { year: y.year }), found.year)));
  const by = WAYS.map((way) => el("button", {
    type: "button", id: `outcomes-by-${way}`, "aria-pressed": String(found.by === way),
    onclick: () => change({ by: way === WAYS[0] ? null : way, group: null, focus: null }, `outcomes-by-${way}`),
  }, t.say(`outcomes.by.${way}`)));
  const group = el("select", { id: "outcomes-group", onchange: () => change({ group: group.value || null, focus: null }, group.id) },
    option("", t.say(`outcomes.all.${found.by}`), found.group ?? ""),
    found.within.map((g) => option(g.id, t.text(g.name), found.group ?? "")));
  return el("div", { class: "controls" },
    el("label", { for: year.id }, t.say("outcomes.choose.year"), year),
    el("div", { class: "segments", role: "group", "aria-label": t.say("outcomes.choose.by") }, by),
    el("label", { for: group.id }, t.say("outcomes.choose.group"), group));
}

/** People of a flow, all groups together. */
const whole = (found, flow) => found.rows.find((r) => r.group === "all" && r.flow === flow);

/** The year in two sentences. */
function reading(t, found) {
  const of = (flow) => whole(found, flow);
  const ended = found.flows.map((f) => f.id).filter((id) => !["before", "set_out", "after"].includes(id));
  const sum = ended.reduce((n, id) => n + of(id).mean, 0);
  const largest = ended.map(of).sort((a, b) => b.mean - a.mean)[0];
  const name = t.text(found.flows.find((f) => f.id === largest.flow).name);
  const span = found.years.find((y) => y.year === found.year);
  const month = (m) => t.month(new Date(`${m}-01T00:00:00Z`));
  return el("div", {},
    el("p", { class: "sentence" }, t.say("outcomes.read", {
      first: month(span.first), through: month(span.through),
      out: t.about(of("set_out").mean), lo: t.about(of("set_out").lo90), hi: t.about(of("set_out").hi90),
      before: t.about(of("before").mean), ended: t.about(sum),
      name: name.replace(/^\p{Lu}(?=\p{Ll})/u, (a) => a.toLowerCase()), share: t.number(Math.round((100 * largest.mean) / sum)),
    })),
    span.forecast ? el("p", { class: "note" }, t.say("outcomes.read.forecast", { month: month(found.run.first_forecast_month) })) : null);
}
