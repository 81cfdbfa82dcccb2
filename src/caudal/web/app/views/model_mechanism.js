// The mechanisms in the order in which a traveller meets them, and the page of each: its equations and
// words come from the code itself, so that nothing here can differ from what is computed.

import { get } from "../api.js";
import { el, inLanguage } from "../dom.js";
import { interval } from "./model_parameters.js";
import { stockName, summary, title } from "./model_words.js";

/** The list. @param {import("../shell.js").Context} ctx */
export function mechanisms(ctx, model) {
  const { t } = ctx;
  const priors = new Map(model.parameters.map((p) => [p.name, p]));
  return el("section", { class: "part" }, el("h2", {}, t.say("model.mechanisms")),
    el("p", { class: "lead" }, t.say("model.mechanisms.lead")),
    el("ol", { class: "mechanisms" }, model.mechanisms.map((m) => el("li", { class: "card" },
      el("h3", {}, el("a", { href: ctx.link("model", { mechanism: m.name }) }, title(t, m.name))),
      el("p", {}, summary(t, m.name)),
      el("p", { class: "source" }, t.say("model.mechanism.has", {
        flows: m.flows.length, parameters: m.parameters.length,
        assumed: m.parameters.filter((p) => priors.get(p)?.assumed).length,
      }))))));
}

/** A mechanism's page. @param {import("../shell.js").Context} ctx */
export async function mechanism(ctx, model, name) {
  const { t } = ctx;
  const back = el("p", {}, el("a", { href: ctx.link("model", { part: "mechanisms" }) }, t.say("model.back")));
  const made = model.mechanisms.find((m) => m.name === name);
  if (!made) return [back, el("p", { class: "refused", role: "alert" }, t.say("model.unknown"))];
  const { levers } = await get("/levers");
  const at = model.mechanisms.indexOf(made);
  const near = (k, text) => model.mechanisms[k]
    ? el("a", { href: ctx.link("model", { mechanism: model.mechanisms[k].name }) }, `${text} ${title(t, model.mechanisms[k].name)}`) : null;
  return [back,
    el("h2", {}, title(t, name)),
    el("p", { class: "sentence" }, summary(t, name)),
    el("section", { class: "part" }, el("h3", {}, t.say("model.says")),
      t.lang === "en" ? null : el("p", { class: "note" }, t.say("model.english")),
      el("div", { lang: "en", class: "docstring" }, prose(made.text))),
    el("section", { class: "part" }, el("h3", {}, t.say("model.owns")), owned(ctx, model, made)),
    el("section", { class: "part" }, el("h3", {}, t.say("model.levers")), moved(ctx, made, levers)),
    el("section", { class: "part" }, el("h3", {}, t.say("model.part.parameters")),
      el("p", { class: "note" }, t.say("model.parameters.key")),
      el("div", { class: "priors" }, made.parameters.map((p) => interval(ctx, model.parameters.find((q) => q.name === p), levers, false)))),
    el("nav", { class: "actions", "aria-label": t.say("model.mechanisms") }, near(at - 1, "←"), near(at + 1, "→")),
  ];
}

/** A docstring as paragraphs and formulas: indented lines are formulas and keep their form. */
function prose(text) {
  const body = text.replace(/^.*\n+/, "").replace(/\s*Sources:/, "\n\nSources:");
  return body.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => {
    const lines = part.split("\n").filter((line) => line.trim());
    if (!lines.every((line) => /^ {2,}/.test(line))) return el("p", {}, lines.map((line) => line.trim()).join(" "));
    const least = Math.min(...lines.map((line) => line.length - line.trimStart().length));
    return el("pre", { class: "formula", tabindex: "0" }, lines.map((line) => line.slice(least)).join("\n"));
  });
}

/** Flows, gates and signals that it alone decides. */
function owned(ctx, model, made) {
  const { t } = ctx;
  const gates = model.gates.filter((g) => g.mechanism === made.name);
  const signals = model.signals.filter((s) => s.mechanism === made.name);
  const gateName = (id) => (t.has(`model.g.${id}`) ? t.say(`model.g.${id}`) : id.replaceAll("_", " "));
  const end = (id) => {
    if (id === "outside") return t.say("model.outside");
    return model.stocks.some((s) => s.name === id) ? stockName(t, id) : gateName(id);
  };
  const flows = made.flows.map((flow) => {
    const [from, to] = flow.split(" → ");
    const [at, ...side] = (to ?? "").split(" ");
    const more = side.filter((word) => word !== "as").map((word) => (t.has(`model.side.${word}`) ? t.say(`model.side.${word}`) : word.replaceAll("_", " ")));
    return to ? [`${end(from)} → ${end(at)}`, ...more].join(" ") : flow;
  });
  const rows = [
    ...flows.map((f) => [t.say("model.flow"), f]),
    ...gates.map((g) => [t.say("model.gate"), [gateName(g.name), ": ",
      [...new Set(Object.values(g.branches))].map(end).join(", ")]]),
    ...signals.map((s) => [t.say("model.signal"), inLanguage(t, s.meaning)]),
  ];
  if (!rows.length) return el("p", { class: "note" }, t.say("model.none"));
  return el("table", { class: "owned" }, el("tbody", {}, rows.map(([kind, what]) => el("tr", {}, el("th", { scope: "row" }, kind), el("td", {}, what)))));
}

/** The levers of governments that it reads. */
function moved(ctx, made, levers) {
  const { t } = ctx;
  const names = [...new Set([...made.levers, ...made.announced])];
  if (!names.length) return el("p", { class: "note" }, t.say("model.none"));
  return el("ul", {}, names.map((id) => {
    const lever = levers.find((l) => l.id === id);
    return el("li", {}, lever ? t.text(lever.meaning) : el("code", {}, id));
  }));
}
