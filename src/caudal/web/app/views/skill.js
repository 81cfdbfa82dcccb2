// How good past forecasts were, series by series; published figures beside the model; known misfits.

import { get } from "../api.js";
import { el } from "../dom.js";
import { openRun } from "../run.js";
import { section } from "../sections.js";
import { skill } from "../skill.js";
import { howGood } from "./now_parts.js";
import { figures } from "./skill_figures.js";
import { byTarget } from "./skill_targets.js";

const MISFITS = ["total", "sectors", "intervals", "turns", "weather", "twins", "delay", "structure"];
const PAGES = ["skill", "stress", "headlines", "calibration", "learning"];

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t } = ctx;
  const now = await get("/now");
  if (!now.skill) return el("p", { class: "card" }, t.say("skill.unscored"));
  const targets = el("div", {}, el("p", { class: "waiting" }, t.say("shell.waiting")));
  const published = el("div", {}, el("p", { class: "waiting" }, t.say("shell.waiting")));
  const fill = (place, made) => made.then(
    (nodes) => !ctx.signal.aborted && place.replaceChildren(...[nodes].flat(Infinity).filter(Boolean)),
    (error) => place.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message)));
  fill(targets, byTarget(ctx, now));
  fill(published, figures(ctx));
  return [
    section(t, "first", "skill.short", howGood(ctx, now, false)),
    section(t, "targets", "skill.targets", targets),
    section(t, "misfits", "skill.misfits",
      el("p", { class: "lead" }, t.say("skill.misfits.lead")),
      el("ul", { class: "limits" }, MISFITS.map((name) =>
        el("li", {}, el("b", {}, t.say(`skill.misfit.${name}`)), " ", t.say(`skill.misfit.${name}.text`))))),
    section(t, "figures", "skill.figures", published),
    skill(t, openRun({ ...now, months: [], outcomes: [], forecast: now.through })),
    section(t, "pages", "skill.pages",
      el("dl", {}, PAGES.map((name) => el("div", {},
        el("dt", {}, el("code", {}, `docs/${name}.md`)), el("dd", {}, t.say(`skill.page.${name}`)))))),
  ];
}
