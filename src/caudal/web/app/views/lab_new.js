// A new policy from a template: a lever that governments have used, its value, whom for, from when.

import { el } from "../dom.js";
import { newPolicy, withChange } from "./lab_document.js";
import { amountUnit, isAmount } from "./lab_policy.js";

/**
 * What can be set: each lever with the government, the kind and the last value of those who set it before.
 * @returns {{lever: any, actor: string, kind: string, value: number, setters: string[]}[]}
 */
export function templates(timeline, levers) {
  const found = new Map();
  for (const row of timeline) {
    for (const span of row.spans) {
      const known = found.get(span.lever);
      const lever = levers.get(span.lever);
      if (known) known.setters.add(row.id);
      else found.set(span.lever, { lever, actor: row.actor, kind: row.kind, value: lever.high, setters: new Set([row.id]) });
      if (span.value) found.get(span.lever).value = span.value;
    }
  }
  return [...found.values()].map((f) => ({ ...f, value: isAmount(f.lever) ? f.value : 1, setters: [...f.setters] }));
}

/** The form; a sent one is one edit of the document, and chooses the new policy. */
export function newForm(lab, close) {
  const { t } = lab;
  const all = templates(lab.timeline, lab.levers);
  const countries = [...new Set(lab.timeline.map((r) => r.actor.split("/")[0]))];
  const name = (f) => t.text(f.lever.meaning);
  const select = el("select", { id: "lab-lever", onchange: () => fields() }, countries.map((country) => {
    const mine = all.filter((f) => f.actor.split("/")[0] === country).sort((a, b) => name(a).localeCompare(name(b)));
    return mine.length ? el("optgroup", { label: t.text(lab.actors[country]) }, mine.map((f) =>
      el("option", { value: f.lever.id }, name(f)))) : null;
  }));
  const value = el("input", { type: "number", id: "lab-new-value", step: "any", required: true });
  const unit = el("span", { class: "note" });
  const from = el("input", { type: "date", id: "lab-new-from", required: true, value: "2022-01-01", min: "2010-01-01", max: "2030-01-01" });
  const until = el("input", { type: "date", id: "lab-new-until", min: "2010-01-01", max: "2030-01-01" });
  const amount = el("div", { class: "field" }, el("label", { for: "lab-new-value" }, t.say("lab.value")), value, unit);
  const groups = el("div", { class: "axes" });
  let template = all[0];

  const fields = () => {
    template = all.find((f) => f.lever.id === select.value) ?? all[0];
    const { lever } = template;
    Object.assign(value, { min: String(lever.low), max: String(lever.high), value: String(template.value) });
    unit.textContent = isAmount(lever) ? amountUnit(t, lever) : "";
    amount.hidden = !isAmount(lever);
    groups.replaceChildren(...lever.dims.map((axis) => el("div", { class: "field" },
      el("label", { for: `lab-axis-${axis}` }, t.say(`lab.axis.${axis}`)),
      el("select", { id: `lab-axis-${axis}`, multiple: true, size: "4", "data-axis": axis },
        Object.entries(lab.names[axis] ?? {}).map(([v, text]) => el("option", { value: v }, t.text(text)))),
      el("span", { class: "note" }, t.say("lab.axis.note")))));
  };

  const send = (event) => {
    event.preventDefault();
    until.setCustomValidity(until.value && until.value <= from.value ? t.say("lab.new.order") : "");
    if (!form.reportValidity()) return;
    const who = Object.fromEntries([...groups.querySelectorAll("select")]
      .map((s) => [s.dataset.axis, [...s.selectedOptions].map((o) => o.value)]).filter(([, v]) => v.length));
    const { lever } = template;
    const stem = `own-${lever.id.replace(/[^a-z0-9]+/g, "-")}`;
    let id = stem;
    for (let n = 2; lab.row(id); n += 1) id = `${stem}-${n}`;
    // Of several that set one value, the newest must name the others; those switched off are not there.
    const others = lab.rows(true).filter((r) => lab.doc.policies?.[r.id] !== "off" && (template.setters.includes(r.id) || r.spans.some((s) => s.lever === lever.id)));
    lab.chosen = id;
    close();
    lab.edit(withChange(lab.doc, id, newPolicy({
      lever: lever.id, name: lever.meaning, actor: template.actor, kind: template.kind, who,
      value: isAmount(lever) ? Number(value.value) : 1, from: from.value, until: until.value || null,
      supersedes: lever.rule === "replace" ? [...new Set(others.map((r) => r.id))] : [],
    })), [id, "name"]);
  };
  const form = el("form", { class: "card lab-new", onsubmit: send },
    el("h3", {}, t.say("lab.new")),
    el("p", { class: "note" }, t.say("lab.new.note")),
    el("div", { class: "fields" },
      el("div", { class: "field wide" }, el("label", { for: "lab-lever" }, t.say("lab.new.lever")), select),
      amount,
      el("div", { class: "field" }, el("label", { for: "lab-new-from" }, t.say("lab.start")), from),
      el("div", { class: "field" }, el("label", { for: "lab-new-until" }, t.say("lab.end.maybe")), until),
      groups),
    el("div", { class: "actions" },
      el("button", { type: "submit", class: "main" }, t.say("lab.new.add")),
      el("button", { type: "button", class: "plain", onclick: close }, t.say("policy.close"))));
  fields();
  return form;
}
