// What ten policies and shocks did: before and after the counts, and at freer and stiffer weather.

import { el, fold } from "../dom.js";
import { csvLink, sheet } from "../sheet.js";
import { signed } from "./why_result.js";
import { tick } from "./why_waterfall.js";

const { d3 } = globalThis;
const DRAWS = ["prior", "half", "posterior", "double"];
const COLUMNS = ["question", "quantity", "from", "until", "told", "draws", "was", "effect", "lo90", "hi90",
  "percent", "contraction", "contraction_percent", "rests_on", "holds"];
const DOCS = "docs/effects.md";

const share = (v, effect) => (100 * effect) / v.was;
const asked = (question, quantity) => question.answers.find((a) => a.quantity === quantity);
const percent = (t, v) => {
  const size = t.number(Math.abs(v) < 10 ? Math.round(10 * Math.abs(v)) / 10 : Math.round(Math.abs(v)));
  return `${size === "0" ? "" : v < 0 ? "−" : "+"}${size} %`;
};

/**
 * The section; which quantity is shown stands in the address.
 * @param {import("../shell.js").Context} ctx
 * @param {any} policies the answer of GET /effects
 */
export function effects(ctx, policies) {
  const { t, params } = ctx;
  const place = el("div");
  const draw = (quantity) => place.replaceChildren(...chart(ctx, policies, quantity));
  const known = policies.quantities.filter((q) => policies.questions.some((one) => asked(one, q.id)));
  const start = known.some((q) => q.id === params.effect) ? params.effect : known[0].id;
  const select = el("select", { id: "why-effect", onchange: () => {
    ctx.set({ effect: select.value === known[0].id ? null : select.value });
    draw(select.value);
  } }, known.map((q) => el("option", { value: q.id, selected: q.id === start }, t.text(q.name))));
  draw(start);
  return el("section", { id: "effects", "aria-labelledby": "effects-h" },
    el("h2", { id: "effects-h" }, t.say("why.effects.heading")),
    el("p", { class: "lead" }, t.say("why.effects.lead")),
    el("div", { class: "controls" }, el("label", { for: "why-effect" }, t.say("why.effects.quantity"), select)),
    place);
}

/** A text whose names of series lead to their data. */
function linked(ctx, text) {
  return text.split(/(\b(?:us|mx|pa|driver)\.[a-z_.]+[a-z])/).map((part, i) => (i % 2
    ? el("a", { href: ctx.link("data", { series: part }) }, el("code", {}, part)) : part));
}

function chart(ctx, policies, quantity) {
  const { t } = ctx;
  const rows = policies.questions.filter((q) => asked(q, quantity));
  const about = policies.quantities.find((q) => q.id === quantity);
  const ends = rows.flatMap((q) => DRAWS.flatMap((d) => {
    const v = asked(q, quantity).variants[d];
    return v ? [share(v, v.lo90), share(v, v.hi90)] : [];
  }));
  const scale = d3.scaleLinear([Math.min(0, ...ends), Math.max(0, ...ends)], [0, 100]).nice(5);
  const put = (kind, v, width) => {
    const node = el("span", { class: kind });
    node.style.left = `${scale(v)}%`;
    if (width !== undefined) node.style.width = `${width}%`;
    return node;
  };
  const ticks = scale.ticks(6);
  const grid = () => ticks.map((v) => put(v === 0 ? "line zero" : "line", v));
  const item = (question) => {
    const answer = asked(question, quantity);
    const after = answer.variants.posterior;
    const lines = DRAWS.filter((d) => answer.variants[d]).map((d) => {
      const v = answer.variants[d];
      return el("span", { class: `lane ${d}` },
        put("ninety", share(v, v.lo90), scale(share(v, v.hi90)) - scale(share(v, v.lo90))),
        put("dot", share(v, v.effect)));
    });
    return el("li", {}, el("details", {},
      el("summary", {},
        el("span", { class: "name" }, t.text(question.name),
          el("span", { class: `basis ${answer.rests_on}` }, t.say(`why.rests.${answer.rests_on}`))),
        el("span", { class: "track", "aria-hidden": "true" }, grid(), lines),
        el("span", { class: "value" }, el("b", {}, signed(t, after.effect)),
          el("span", {}, t.say("table.range", { lo: signed(t, after.lo90), hi: signed(t, after.hi90) })))),
      el("div", { class: "more" },
        el("p", {}, t.say("why.effects.period", { from: t.day(question.from), until: t.day(question.until) })),
        question.told === "jointly" ? el("p", {}, t.say("why.effects.jointly", { bundle: t.text(question.bundle) }))
          : question.bundle ? el("p", {}, t.say("why.effects.alone", { bundle: t.text(question.bundle) })) : null,
        el("p", {}, t.say(`why.rests.${answer.rests_on}.long`)),
        answer.holds === null ? null : el("p", {}, t.say(answer.holds ? "why.effects.holds" : "why.effects.falls")),
        el("p", {}, el("b", {}, t.say("why.effects.by")), " ", linked(ctx, t.text(question.identified_by))))));
  };
  const sign = (kind) => el("li", { class: `lane ${kind}` }, el("span", { class: "sign dot" }), t.say(`why.draws.${kind}`));
  return [
    el("p", { class: "what" }, reading(t, rows, quantity)),
    el("figure", { class: "large" },
      el("figcaption", {}, el("h3", {}, t.say("why.effects.chart", { quantity: t.text(about.name) })),
        el("p", { class: "unit" }, t.say("why.effects.unit", { unit: t.say(`why.unit.${about.unit.replaceAll(" ", "_")}`) }))),
      el("div", { class: "waterfall effects" },
        el("ul", { class: "legend" }, DRAWS.map(sign)),
        el("div", { class: "axis", "aria-hidden": "true" }, el("span", { class: "track" }, ticks.map((v) => {
          const node = put(tick(scale(v)), v);
          node.textContent = percent(t, v);
          return node;
        }))),
        el("ol", {}, rows.map(item))),
      el("p", { class: "source" }, t.say("why.effects.source", {
        members: policies.members, code: policies.code_version, data: policies.data_vintage, docs: DOCS,
      })),
      fold(t.say("chart.table"), () => numbers(t, rows, quantity, t.text(about.name)))),
  ];
}

/** How many rest on what, and how many keep their sign. */
function reading(t, rows, quantity) {
  const answers = rows.map((q) => asked(q, quantity));
  const count = (basis) => answers.filter((a) => a.rests_on === basis).length;
  const unsure = answers.filter((a) => a.variants.posterior.lo90 <= 0 && a.variants.posterior.hi90 >= 0).length;
  return t.say("why.effects.read", {
    n: rows.length, counts: count("counts"), both: count("both"), prior: count("prior"), unsure,
  });
}

function numbers(t, rows, quantity, title) {
  const head = [t.say("why.effects.question"), ...DRAWS.map((d) => t.say(`why.draws.${d}`)),
    t.say("why.effects.contraction"), t.say("why.effects.rests")];
  const cell = (v) => (v ? `${signed(t, v.effect)} (${t.say("table.range", { lo: signed(t, v.lo90), hi: signed(t, v.hi90) })})` : t.say("value.missing"));
  const round = (v) => (v === null ? t.say("value.missing") : t.number(Math.round(100 * v) / 100));
  const body = rows.map((q) => {
    const a = asked(q, quantity);
    return [t.text(q.name), ...DRAWS.map((d) => cell(a.variants[d])),
      `${round(a.contraction)} / ${round(a.contraction_percent)}`, t.say(`why.rests.${a.rests_on}`)];
  });
  const flat = rows.flatMap((q) => {
    const a = asked(q, quantity);
    return Object.entries(a.variants).map(([draws, v]) => [q.id, quantity, q.from, q.until, q.told, draws, v.was, v.effect,
      v.lo90, v.hi90, v.percent, a.contraction, a.contraction_percent, a.rests_on, a.holds]);
  });
  return el("div", {}, sheet(title, head, body), el("p", {}, csvLink(t, `effects-${quantity}`, COLUMNS, flat)));
}
