// Why a number changed: which factors explain it, and what policies did.

import { get } from "../api.js";
import { el } from "../dom.js";
import { answering } from "./answer.js";
import { effects } from "./why_effects.js";
import { question } from "./why_form.js";
import { result } from "./why_result.js";

const SOUTHWEST = "us.encounters.southwest";

/** What the address asks for, as the body of POST /attribute. */
function asked(params) {
  return {
    outcome: params.outcome ?? SOUTHWEST,
    from: params.from, to: params.to,
    factors: (params.factors ?? "").split(",").filter(Boolean),
    members: Number(params.members) || 16,
  };
}

/** The shipped attribution that answers, if one does: with as many draws as were asked for, or more. */
function ready(shipped, body) {
  if (body.factors.length) return null;
  return shipped.find(({ attribution: a }) => a.outcome === body.outcome && a.from === body.from
    && a.to === body.to && a.members >= body.members) ?? null;
}

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t, params, signal } = ctx;
  const [{ attributions }, known, policies] = await Promise.all([
    get("/attributions", {}, { signal }), get("/factors", {}, { signal }), get("/effects", {}, { signal }),
  ]);
  if (!params.from || !params.to) {
    const first = attributions[0].attribution;
    Object.assign(params, { from: first.from, to: first.to });
  }
  const { answer, place, work } = answering(ctx, {
    job: "/attribute", long: "why.long", done: "why.done", asked,
    ready: (body) => {
      const found = ready(attributions, body);
      mark(body, found);
      return found;
    },
    told: (found, body, isReady) => result(ctx, found, known, isReady),
  });

  const cases = attributions.map(({ attribution: a }) => el("button", {
    type: "button", class: "case", "data-from": a.from, "data-to": a.to,
    onclick: () => {
      ctx.set({ outcome: null, from: a.from, to: a.to, factors: null, members: null });
      answer();
    },
  }, el("b", {}, t.say("why.between", { from: month(t, a.from), to: month(t, a.to) })),
  el("span", {}, t.say(`why.case.${a.from}`))));
  const mark = (body, found) => cases.forEach((button) => {
    const mine = found && button.dataset.from === body.from && button.dataset.to === body.to;
    button.setAttribute("aria-pressed", String(Boolean(mine)));
  });
  answer();

  return [
    el("section", { "aria-labelledby": "why-change" },
      el("p", { class: "lead" }, t.say("why.lead")),
      el("h2", { id: "why-change", class: "unseen" }, t.say("why.change")),
      el("div", { class: "cases", role: "group", "aria-label": t.say("why.cases") }, cases),
      question(ctx, known, answer), work, place),
    effects(ctx, policies),
  ];
}

/** "2020-11", or a span of months, in words. */
export function month(t, said) {
  return said.split("..").map((m) => t.month(new Date(`${m}-01T00:00:00Z`))).join("–");
}
