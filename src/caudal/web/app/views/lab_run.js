// Running the scenario: a first look in one chunk of histories, then all of them, against the baseline.

import { get, post } from "../api.js";
import { el } from "../dom.js";
import { showJob } from "../progress.js";
import { editsOf, monthsLater } from "./lab_document.js";
import { results } from "./lab_result.js";

const FIRST_LOOK = 16; // one chunk: as quick as a single history, and it has intervals
const MEMBERS = [16, 32, 64, 96];
const MONTHS = [6, 12, 24, 36];

/** The part of the page that runs and shows; `ready` is told of each checked law, `stale` of each change. */
export function runPart(lab) {
  const { t, ctx } = lab;
  const { params } = ctx;
  const progress = el("div", { "aria-live": "polite" });
  const shown = el("div", { class: "lab-shown" });
  const why = el("p", { class: "note" });
  let first = params.ran === "1";
  let turn = 0;

  const number = (list, given, usual) => (list.includes(Number(given)) ? Number(given) : usual);
  const choose = (id, list, usual, words) => {
    const select = el("select", {
      id: `lab-${id}`, onchange: () => ctx.set({ [id]: Number(select.value) === usual ? "" : select.value }),
    }, list.map((n) => el("option", { value: n, selected: n === number(list, params[id], usual) }, words(n))));
    return select;
  };
  const months = choose("months", MONTHS, 12, (n) => t.say("lab.months.n", { n }));
  const members = choose("members", MEMBERS, 96, (n) => t.say("lab.members.n", { n }));

  /** What is asked of the service; the same words give the same job, so that a link shows the same. */
  const body = (more) => {
    const start = lab.start();
    const edits = editsOf(start.document, lab.doc);
    const scenario = edits ? lab.doc : start.scenario.id ?? start.scenario.name;
    const parts = lab.answer.differences.map((r) => r.from).sort()[0];
    const from = parts && parts < "2018-01-01" ? "2018-01-01" : parts;
    const to = from ? monthsLater(`${from.slice(0, 7)}-01`, Number(months.value)).slice(0, 7) : null;
    return { base: "baseline", scenarios: [scenario], ...(to ? { to } : {}), ...more };
  };

  const differs = () => lab.answer !== null && (lab.answer.differences.length > 0
    || ["drivers", "parameters"].some((key) => Object.keys(lab.answer.document[key] ?? {}).length));

  const show = async (job, quick) => {
    const found = await get(`/jobs/${job.id}/result`, {}, { signal: ctx.signal });
    shown.replaceChildren(...results(lab, found, quick).filter(Boolean));
    shown.classList.remove("stale");
    ctx.announce(t.say(quick ? "lab.run.first" : "lab.run.done"));
  };

  const go = async () => {
    if (!differs()) return;
    const mine = (turn += 1);
    const answer = lab.answer;
    ctx.set({ ran: "1" });
    button.disabled = true;
    const n = Number(members.value);
    const whole = body({ members: n, weather: "both" });
    const look = body({ members: FIRST_LOOK, weather: "as-inferred" });
    try {
      why.textContent = t.say("lab.run.look", { n: FIRST_LOOK });
      const done = await showJob(ctx, progress, "/compare", look);
      if (mine !== turn || !done) return;
      await show(done, true);
      why.textContent = t.say("lab.run.all", { n });
      const all = await showJob(ctx, progress, "/compare", whole);
      if (mine === turn && all) await show(all, false);
    } finally {
      if (mine === turn) {
        button.disabled = false;
        why.textContent = answer === lab.answer ? "" : t.say("lab.run.stale");
      }
    }
  };

  const button = el("button", { type: "button", class: "main", id: "lab-go", disabled: true, onclick: go }, t.say("lab.run"));
  const link = el("input", { type: "text", id: "lab-link", readonly: true, hidden: true, "aria-label": t.say("lab.link") });
  const share = el("button", {
    type: "button", class: "plain", id: "lab-share", disabled: true,
    onclick: async () => {
      const start = lab.start();
      if (editsOf(start.document, lab.doc)) lab.stored(await post("/scenarios", lab.doc, ctx.signal));
      link.value = location.href;
      link.hidden = false;
      link.select();
      try {
        await navigator.clipboard.writeText(link.value);
        share.textContent = t.say("recipe.copied");
      } catch {
        // Where the clipboard is forbidden the address stands selected in the field.
      }
      ctx.announce(t.say("lab.link"));
    },
  }, t.say("lab.share"));

  const node = el("section", { class: "lab-run", "aria-labelledby": "lab-run" },
    el("h2", { id: "lab-run" }, t.say("lab.run.heading")),
    el("p", { class: "lead" }, t.say("lab.run.lead")),
    el("div", { class: "controls" },
      el("label", { for: "lab-months" }, t.say("lab.months"), months),
      el("label", { for: "lab-members" }, t.say("lab.members"), members)),
    el("div", { class: "actions go" }, button, share, link), why, progress, shown);
  return {
    node,
    ready: () => {
      button.disabled = !differs();
      share.disabled = lab.answer === null;
      why.textContent = lab.answer && !differs() ? t.say("lab.run.same") : why.textContent;
      if (differs() && why.textContent === t.say("lab.run.same")) why.textContent = "";
      if (first && differs()) {
        first = false;
        go();
      }
    },
    stale: () => {
      button.disabled = true;
      share.textContent = t.say("lab.share");
      link.hidden = true;
      turn += 1;
      progress.replaceChildren();
      if (!shown.childElementCount) return;
      shown.classList.add("stale");
      why.textContent = t.say("lab.run.stale");
    },
  };
}
