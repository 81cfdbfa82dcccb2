// What the law says after the reader's changes, in words; and the same document as YAML.

import { Refused, post } from "../api.js";
import { el } from "../dom.js";
import { OFF, withChange, withFields } from "./lab_document.js";

const DATE = /\b\d{4}-\d{2}-\d{2}\b/g;

/** A row of the service's difference without the policy's name, with days as the reader writes them. */
function sentence(t, row) {
  const words = row.words[t.lang];
  const lead = `${row.name[t.lang]} — `;
  return (words.startsWith(lead) ? words.slice(lead.length) : words)
    .replace(DATE, (iso) => (t.lang === "es" ? `el ${t.day(iso)}` : t.day(iso))).replaceAll(" — ", ": ");
}

/** What the law says otherwise, by policy, and what is left without its ground. */
export function lawWords(lab, answer) {
  const { t } = lab;
  const by = new Map();
  for (const row of answer.differences) {
    if (!by.has(row.document)) by.set(row.document, []);
    by.get(row.document).push(row);
  }
  const more = ["drivers", "parameters"].filter((key) => Object.keys(answer.document[key] ?? {}).length);
  const list = [...by].map(([id, rows]) => el("li", {},
    el("b", {}, rows[0].name[t.lang]),
    el("ul", {}, rows.slice(0, 8).map((row) => el("li", {}, sentence(t, row))),
      rows.length > 8 ? el("li", {}, t.say("policy.more", { n: rows.length - 8 })) : null),
    id in (lab.doc.policies ?? {}) ? el("button", {
      type: "button", class: "plain small", onclick: () => lab.edit(withChange(lab.doc, id, null)),
    }, t.say("lab.as_law")) : null));
  return [
    list.length || more.length ? null : el("p", { class: "note" }, t.say("lab.law.same")),
    list.length ? el("ul", { class: "law" }, list) : null,
    [...new Set(answer.differences.map((row) => `lab.beside.${row.lever}`))].filter(t.has).map((key) =>
      el("p", { class: "card resting" }, t.say(key))),
    more.map((key) => el("p", {}, t.say(`lab.law.${key}`), " ", el("code", {}, JSON.stringify(answer.document[key])))),
    answer.resting.map((one) => rest(lab, one)),
  ];
}

/** Policies that rest on one that ends sooner, and a button that ends them with it. */
function rest(lab, one) {
  const { t } = lab;
  const name = (id) => t.text(lab.row(id)?.name ?? id);
  return el("div", { class: "card resting" },
    el("p", {}, t.say(one.ended ? "lab.rests.ended" : "lab.rests.off", {
      policy: name(one.policy), day: one.ended ? t.day(one.ended) : "",
    })),
    el("ul", {}, one.left.map((id) => el("li", {}, name(id)))),
    el("button", {
      type: "button", class: "plain",
      onclick: () => lab.edit(one.left.reduce((doc, id) => {
        const from = lab.row(id)?.spans.map((s) => s.from).sort()[0] ?? "";
        return !one.ended || from >= one.ended ? withChange(doc, id, OFF) : withFields(doc, id, { ended: one.ended });
      }, lab.doc)),
    }, t.say("lab.rests.end")));
}

/** The document as text; what is typed is checked by the service and becomes the scenario. */
export function yamlFold(lab) {
  const { t } = lab;
  const area = el("textarea", {
    id: "lab-yaml", rows: "16", spellcheck: "false", autocapitalize: "off", wrap: "off", "aria-describedby": "lab-yaml-said",
  });
  const said = el("div", { id: "lab-yaml-said", role: "status" });
  const mark = (line) => {
    const lines = area.value.split("\n");
    const at = Math.min(line, lines.length) - 1;
    const start = lines.slice(0, at).join("\n").length + (at > 0 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[at] ?? "").length);
    area.scrollTop = Math.max(0, at - 4) * (area.scrollHeight / Math.max(1, lines.length));
  };
  const use = async () => {
    said.replaceChildren();
    try {
      const answer = await post("/scenarios/validate", area.value, lab.ctx.signal);
      lab.edit(answer.document);
      said.replaceChildren(el("p", { class: "note" }, t.say("lab.yaml.used")));
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refused)) throw error;
      const line = Number(/^scenario:(\d+)/.exec(error.error.where)?.[1] ?? 0);
      said.replaceChildren(el("p", { class: "refused", role: "alert" },
        line ? el("b", {}, t.say("lab.yaml.line", { line })) : "", line ? " " : "",
        el("span", { lang: t.lang === "en" ? null : "en" }, error.message)));
      if (line) mark(line);
    }
  };
  const box = el("details", { class: "fold" }, el("summary", {}, t.say("lab.yaml")),
    el("p", { class: "note" }, t.say("lab.yaml.note")),
    el("label", { class: "unseen", for: "lab-yaml" }, t.say("lab.yaml")), area, said,
    el("div", { class: "actions" }, el("button", { type: "button", class: "plain", onclick: use }, t.say("lab.yaml.use"))));
  return { node: box, show: (text) => { if (document.activeElement !== area || !said.querySelector(".refused")) area.value = text; } };
}
