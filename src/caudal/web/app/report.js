// The page of a run: reads the data that stands in the document and draws everything from it.

import { charts } from "./charts.js";
import { el, inLanguage } from "./dom.js";
import { openRun } from "./run.js";
import { headline, limits, recipe, sources } from "./sections.js";
import { skill } from "./skill.js";
import { readState, writeState } from "./state.js";
import { switches } from "./switches.js";
import { speaker } from "./text.js";

const payload = JSON.parse(document.getElementById("caudal-data").textContent);
const run = openRun(payload);
const root = document.getElementById("caudal");
let state = readState();

const save = (change) => {
  Object.assign(state, change);
  writeState(state);
};

function intro(t) {
  const end = run.dates.at(-1);
  const words = {
    last: t.month(run.forecast ? new Date(run.forecast - 1) : end),
    end: t.month(end),
    members: run.recipe.members && t.number(Number(run.recipe.members)),
  };
  const what = !run.forecast ? "intro.what.past" : words.members ? "intro.what" : "intro.what.plain";
  const scenario = t.text(run.scenario.title);
  return el("header", { class: "top" },
    el("div", { class: "bar-top" }, el("span", { class: "brand" }, "Caudal"), switches(t, state, (change) => { save(change); draw(); })),
    el("h1", {}, inLanguage(t, run.title)),
    scenario ? el("p", { class: "scenario" }, el("span", { class: "label" }, t.say("page.scenario")), " ",
      inLanguage(t, run.scenario.title)) : null,
    t.text(run.scenario.about) ? el("p", {}, inLanguage(t, run.scenario.about)) : null,
    el("p", { class: "what" }, t.say(what, words)),
    el("details", { class: "fold read" },
      el("summary", {}, t.say("intro.read")), el("p", {}, t.say("intro.read.text"))));
}

function draw() {
  const t = speaker(payload.strings, state.lang);
  const scroll = scrollY;
  document.documentElement.lang = state.lang;
  document.documentElement.dataset.theme = state.theme;
  document.title = t.text(run.title);
  const main = el("main", { id: "main" },
    [headline(t, run), charts(t, run, state, save), skill(t, run), sources(t, run), limits(t, run),
      recipe(t, run)]);
  const contents = el("nav", { class: "contents", "aria-label": t.say("page.contents") },
    [...main.querySelectorAll("section[id]")].map((part) =>
      // The address after "#" holds the state, so the links scroll instead of changing it.
      el("button", { type: "button", onclick: () => part.scrollIntoView() },
        part.querySelector("h2").textContent)));
  root.replaceChildren(
    el("button", { type: "button", class: "skip", onclick: () => {
      const heading = main.querySelector("h2");
      heading.setAttribute("tabindex", "-1");
      heading.focus();
    } }, t.say("page.skip")),
    intro(t), contents, main,
    el("footer", {}, el("p", {}, t.say("page.footer")), el("p", {}, t.say("page.libraries"))));
  scrollTo({ top: scroll, behavior: "instant" });
}

draw();
addEventListener("hashchange", () => {
  state = readState();
  draw();
});
