// The Lab: a scenario built on the timeline of policies, run, and set against what was decided.

import { Refused, get, post } from "../api.js";
import { el } from "../dom.js";
import { plain } from "../text.js";
import { board, years } from "./lab_board.js";
import { editsOf, edited, isWhole, owned, spansOf } from "./lab_document.js";
import { lawWords, yamlFold } from "./lab_law.js";
import { newForm } from "./lab_new.js";
import { policyCard } from "./lab_policy.js";
import { runPart } from "./lab_run.js";

const BASE = "baseline";
const PAUSE = 250; // ms without a change before the law is compared

/** The scenario of the address: a shipped one by name, or a stored one by its id. */
async function opened(name, signal) {
  const path = /^[0-9a-f]{12}$/.test(name) ? `/scenarios/by-id/${name}` : `/scenarios/${name}`;
  return get(path, {}, { signal });
}

function editsIn(text) {
  try {
    const edits = JSON.parse(text || "null");
    return edits && typeof edits === "object" ? edits : null;
  } catch {
    return null;
  }
}

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t, params, signal } = ctx;
  const [shelf, time, levers] = await Promise.all([
    get("/scenarios", {}, { signal, fresh: true }), get("/timeline", {}, { signal }), get("/levers", {}, { signal }),
  ]);
  let start = await opened(params.scenario || BASE, signal);
  const span = years(time.timeline);
  const past = [];
  let timer = 0;
  let asked = 0;

  const lab = {
    ctx, t, timeline: time.timeline, actors: time.actors, names: time.names,
    levers: new Map(levers.levers.map((l) => [l.id, l])),
    start: () => start,
    doc: edited(start.document, editsIn(params.edits)),
    chosen: params.policy ?? "",
    answer: null,
    /** Years shown, [first, last). */
    window: () => {
      const [a, b] = (params.years ?? "").split("-").map(Number);
      return a >= span[0] && b <= span[1] && a < b ? [a, b] : span;
    },
    narrowed: () => Boolean(params.find),
    /** Policies on the board; every: without regard to what the reader looks for. */
    rows: (every = false) => {
      const own = Object.entries(lab.doc.policies ?? {}).filter(([id, c]) => isWhole(c) && !lab.known.has(id)).map(([id, c]) => ({
        id, name: c.name, actor: c.actor, kind: c.kind, spans: spansOf(c.design, c.who), sources: [], added: true,
      }));
      const all = [...own, ...lab.timeline.filter((r) => r.spans.length)]
        .sort((x, y) => lab.countries.indexOf(x.actor.split("/")[0]) - lab.countries.indexOf(y.actor.split("/")[0]));
      if (every) return all;
      const words = plain(params.find ?? "").split(/\s+/).filter(Boolean);
      const said = (r) => plain(`${t.text(r.name)} ${r.id} ${r.instrument ?? ""} ${t.text(lab.actors[r.actor.split("/")[0]])}`);
      return all.filter((r) => (params.only !== "changed" || r.id in (lab.doc.policies ?? {})) && words.every((w) => said(r).includes(w)));
    },
    row: (id) => lab.rows(true).find((r) => r.id === id),
    card: (row) => policyCard(lab, row),
    choose: (id) => {
      lab.chosen = id;
      ctx.set({ policy: id });
      policies.draw();
      (id ? focusOn([id, "name"]) : null);
    },
    /** One change of the document: drawn at once (or by who asks), checked soon, undoable. `focus` is [policy, part]. */
    edit: (doc, focus = null, drawn = false) => {
      past.push(lab.doc);
      take(owned(doc, start.document, start.scenario.shipped), focus, drawn);
    },
  };
  /** The document as the service keeps it: from now on the scenario is this one. */
  lab.stored = (answer) => {
    start = answer;
    lab.doc = answer.document;
    ctx.set({ scenario: answer.scenario.id, edits: "" });
    head();
  };
  lab.known = new Map(lab.timeline.map((r) => [r.id, r]));
  lab.countries = [...new Set(lab.timeline.map((r) => r.actor.split("/")[0]))];

  const take = (doc, focus = null, drawn = false) => {
    lab.doc = doc;
    const edits = editsOf(start.document, doc);
    ctx.set({ edits: edits ? JSON.stringify(edits) : "", ran: "" });
    if (!drawn) policies.draw();
    head();
    if (focus) focusOn(focus);
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
    run.stale();
  };

  const focusOn = ([id, part]) => {
    const item = policies.node.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const at = item?.querySelector(part === "name" ? "button.name" : `.grip.${part}`);
    /** @type {HTMLElement | null} */ (at)?.focus({ preventScroll: true });
  };

  const law = el("div", { class: "law-box", "aria-live": "polite" });
  const yaml = yamlFold(lab);
  const check = async () => {
    const mine = (asked += 1);
    law.setAttribute("aria-busy", "true");
    try {
      const answer = await post("/scenarios/validate", lab.doc, signal);
      if (mine !== asked) return;
      lab.answer = answer;
      law.replaceChildren(...lawWords(lab, answer).flat(Infinity).filter(Boolean));
      yaml.show(answer.yaml);
    } catch (error) {
      if (mine !== asked || error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      lab.answer = null;
      law.replaceChildren(el("div", { class: "refused", role: "alert" },
        el("p", {}, t.say("lab.law.refused")),
        el("p", { lang: t.lang === "en" ? null : "en" }, error.message),
        past.length ? el("button", { type: "button", class: "plain", onclick: undo }, t.say("lab.undo")) : null));
    } finally {
      if (mine === asked) law.removeAttribute("aria-busy");
    }
    head();
    run.ready();
  };

  const undo = () => {
    if (past.length) take(past.pop());
  };

  // ——— what one begins with
  const about = el("div");
  const bar = el("div", { class: "actions" });
  const titleOf = (s) => t.text(s.title);
  const shipped = shelf.scenarios.filter((s) => s.shipped);
  const stored = shelf.scenarios.filter((s) => !s.shipped);
  const current = /^[0-9a-f]{12}$/.test(params.scenario ?? "") ? params.scenario : start.scenario.name;
  const choice = (s) => el("option", { value: s.id ?? s.name, selected: (s.id ?? s.name) === current }, titleOf(s));
  const others = shipped.filter((s) => s.name !== BASE).sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
  const pick = el("select", {
    id: "lab-scenario", onchange: () => ctx.go("lab", { scenario: pick.value }),
  },
  shipped.filter((s) => s.name === BASE).map(choice),
  el("optgroup", { label: t.say("lab.shipped") }, others.map(choice)),
  stored.length || !shelf.scenarios.some((s) => (s.id ?? s.name) === current)
    ? el("optgroup", { label: t.say("lab.stored") }, (stored.some((s) => s.id === current) || shipped.some((s) => s.name === current)
      ? stored : [{ ...start.scenario, id: current }, ...stored]).map(choice)) : null);

  const head = () => {
    const edits = editsOf(start.document, lab.doc);
    const n = Object.keys(lab.doc.policies ?? {}).length;
    const named = el("input", {
      type: "text", id: "lab-title", maxlength: "120", value: t.text(lab.doc.title),
      onchange: () => {
        const text = named.value.trim();
        if (text) lab.edit({ ...lab.doc, title: { en: text, es: text } });
      },
    });
    about.replaceChildren(
      edits ? el("label", { class: "titled", for: "lab-title" }, t.say("lab.title.label"), named)
        : start.scenario.note ? el("p", { class: "lead" }, t.text(start.scenario.note)) : "");
    bar.replaceChildren(
      el("span", { class: "note" }, t.say(n === 1 ? "lab.changes.one" : "lab.changes", { n })),
      el("button", { type: "button", class: "plain", disabled: !past.length, onclick: undo }, t.say("lab.undo")),
      el("button", { type: "button", class: "plain", disabled: !edits, onclick: () => { past.push(lab.doc); take(start.document); } }, t.say("lab.over")));
  };

  // ——— the board and what narrows it
  const policies = board(lab);
  const find = el("input", {
    type: "search", id: "lab-find", value: params.find ?? "", placeholder: t.say("lab.find.example"),
    oninput: () => { ctx.set({ find: find.value }); policies.draw(); },
  });
  const spans = [span, ...[0, 1, 2].map((i) => {
    const step = Math.ceil((span[1] - span[0]) / 3);
    return [span[0] + i * step, Math.min(span[1], span[0] + (i + 1) * step)];
  })];
  const periods = spans.map((pair, i) => el("button", {
    type: "button", "aria-pressed": String(lab.window().join("-") === pair.join("-")),
    onclick: () => {
      ctx.set({ years: i ? pair.join("-") : "" });
      periods.forEach((b, j) => b.setAttribute("aria-pressed", String(i === j)));
      policies.draw();
    },
  }, i ? `${pair[0]}–${pair[1] - 1}` : t.say("lab.years.all")));
  const only = el("input", {
    type: "checkbox", id: "lab-only", checked: params.only === "changed",
    onchange: () => { ctx.set({ only: only.checked ? "changed" : "" }); policies.draw(); },
  });
  const added = el("div");
  const add = el("button", {
    type: "button", class: "plain", onclick: () => {
      if (added.childElementCount) return added.replaceChildren();
      added.replaceChildren(newForm(lab, () => { added.replaceChildren(); add.focus(); }));
      return added.querySelector("select").focus();
    },
  }, t.say("lab.new"));

  const run = runPart(lab);
  head();
  timer = setTimeout(check, 0);
  requestAnimationFrame(policies.draw);
  const section = (id, ...children) => el("section", { class: `lab-${id}`, "aria-labelledby": `lab-${id}` },
    el("h2", { id: `lab-${id}` }, t.say(`lab.${id}.heading`)), children);
  return [
    el("p", { class: "lead" }, t.say("lab.lead")),
    section("begin",
      el("div", { class: "controls" }, el("label", { for: "lab-scenario" }, t.say("lab.begin"), pick)), about, bar),
    section("policies",
      el("p", { class: "lead" }, t.say("lab.policies.lead")),
      el("div", { class: "controls" },
        el("label", { for: "lab-find" }, t.say("lab.find"), find),
        el("div", { class: "segments", role: "group", "aria-label": t.say("lab.years") }, periods),
        el("label", { for: "lab-only" }, only, t.say("lab.only")), add),
      added, policies.node),
    section("law", el("p", { class: "lead" }, t.say("lab.law.lead")), law, yaml.node),
    run.node,
  ];
}
