// Journeys: what the numbers mean to one traveller, told in words. The people do not exist.

import { get } from "../api.js";
import { el, inLanguage } from "../dom.js";
import { showJob } from "../progress.js";
import { toDate } from "../text.js";
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
  const place = el("div", { class: "answer" });
  const work = el("div");
  const names = { country, unit, scenarios };

  const answer = async () => {
    const body = asked(ctx.params);
    const found = known.examples.find((e) => same(e.about, body));
    cases.forEach((button, i) => button.setAttribute("aria-pressed", String(known.examples[i] === found)));
    if (found) {
      work.replaceChildren();
      place.replaceChildren(...told(ctx, found, names, body, known));
      return;
    }
    place.replaceChildren(el("p", { class: "note" }, t.say("journeys.long")));
    const done = await showJob(ctx, work, "/journeys", body);
    if (signal.aborted) return;
    place.replaceChildren();
    if (!done) return;
    const made = await get(`/jobs/${done.id}/result`, {}, { signal });
    place.replaceChildren(...told(ctx, made, names, body, null));
    ctx.announce(t.say("journeys.done"));
  };

  const cases = known.examples.map(({ about }) => el("button", {
    type: "button", class: "case",
    onclick: () => {
      ctx.set({ scenario: null, from: about.start.slice(0, 7), nationality: about.nationality,
        unit: about.unit, members: null, kind: null });
      answer();
    },
  }, el("b", {}, country.get(about.nationality)),
  el("span", {}, t.text(about.who)), el("span", {}, t.month(toDate(about.start.slice(0, 7))))));
  answer().catch((error) => {
    if (error.name !== "AbortError") place.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
  });

  return el("section", { "aria-label": t.say("journeys.title") },
    el("p", { class: "lead" }, t.say("journeys.lead")),
    el("p", { class: "invented card" }, el("b", {}, t.say("journeys.invented")), " ",
      inLanguage(t, known.examples[0].about.about)),
    el("div", { class: "cases", role: "group", "aria-label": t.say("journeys.cases") }, cases),
    question(ctx, known, scenarios, answer), work, place);
}
