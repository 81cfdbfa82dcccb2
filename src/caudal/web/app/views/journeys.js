// Journeys: what the numbers mean to one traveller, told in words. The people do not exist.

import { get } from "../api.js";
import { el, inLanguage } from "../dom.js";
import { toDate } from "../text.js";
import { answering } from "./answer.js";
import { question } from "./journeys_form.js";
import { told } from "./journeys_told.js";

const MEMBERS = 16;

/** What the address asks for, as the body of POST /journeys. */
function asked(params) {
  return {
    scenario: params.scenario ?? "baseline", from: params.from, nationality: params.nationality,
    unit: params.unit, members: Number(params.members) || MEMBERS,
  };
}

const same = (about, body) => body.scenario === "baseline" && about.start.slice(0, 7) === body.from
  && about.nationality === body.nationality && about.unit === body.unit && about.members === body.members;

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t, params, signal } = ctx;
  const [known, { scenarios }] = await Promise.all([
    get("/journeys", {}, { signal }), get("/scenarios", {}, { signal }),
  ]);
  if (!params.from || !params.nationality || !params.unit) {
    const first = known.examples[0].about;
    Object.assign(params, { from: first.start.slice(0, 7), nationality: first.nationality, unit: first.unit });
  }
  const country = new Map(known.nationalities.map((n) => [n.id, t.text(n.name)]));
  const unit = new Map(known.units.map((n) => [n.id, t.text(n.name)]));
  const names = { country, unit, scenarios };
  const { answer, place, work } = answering(ctx, {
    job: "/journeys", long: "journeys.long", done: "journeys.done", asked,
    ready: (body) => {
      const found = known.examples.find((e) => same(e.about, body));
      cases.forEach((button, i) => button.setAttribute("aria-pressed", String(known.examples[i] === found)));
      return found;
    },
    told: (found, body, isReady) => told(ctx, found, names, body, isReady ? known : null),
  });

  const cases = known.examples.map(({ about }) => el("button", {
    type: "button", class: "case",
    onclick: () => {
      ctx.set({ scenario: null, from: about.start.slice(0, 7), nationality: about.nationality,
        unit: about.unit, members: null, kind: null });
      answer();
    },
  }, el("b", {}, country.get(about.nationality)),
  el("span", {}, t.text(about.who)), el("span", {}, t.month(toDate(about.start.slice(0, 7))))));
  answer();

  return el("section", { "aria-label": t.say("journeys.title") },
    el("p", { class: "lead" }, t.say("journeys.lead")),
    el("p", { class: "invented card" }, el("b", {}, t.say("journeys.invented")), " ",
      inLanguage(t, known.examples[0].about.about)),
    el("div", { class: "cases", role: "group", "aria-label": t.say("journeys.cases") }, cases),
    question(ctx, known, scenarios, answer), work, place);
}
