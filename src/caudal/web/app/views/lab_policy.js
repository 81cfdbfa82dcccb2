// The card of one policy: switch, days, values; what it does and where that is written.

import { el, fold, link } from "../dom.js";
import { OFF, changeOf, changedSpans, extent, isWhole, scaledEntries, withChange, withFields } from "./lab_document.js";
import { FAR, endOn, extentNow, isChanged, shiftBy, startOn, switched } from "./lab_moves.js";

/** Is a lever an amount, not a switch? Its unit then says of what. */
export const isAmount = (lever) => lever !== undefined && !lever.unit.startsWith("1 = ");

/** The unit of an amount in the reader's language. */
export const amountUnit = (t, lever) => (t.lang === "es" ? lever.unit_es ?? lever.unit : lever.unit);

const WIDEST = 3;

/** By how much the values of spans may be multiplied: three times, or to the end of the lever's range. */
function most(spans, levers) {
  const limits = spans.filter((s) => s.value > 0).map((s) => levers.get(s.lever).high / s.value);
  return Math.max(0, Math.min(WIDEST, ...limits));
}

/** Groups and places of a span in words. */
export function whoWords(t, names, who) {
  const parts = Object.entries(who).map(([axis, values]) => {
    const all = Object.keys(names[axis] ?? {});
    const rest = all.filter((v) => !values.includes(v));
    const say = (list) => list.map((v) => t.text(names[axis]?.[v] ?? v)).join(", ");
    if (!rest.length) return "";
    return rest.length + 3 < values.length ? t.say("lab.allbut", { who: say(rest) }) : say(values);
  });
  return parts.filter(Boolean).join("; ") || t.say("lab.everyone");
}

function slider(lab, row, spans, key, factor, apply) {
  const { t } = lab;
  const top = most(spans, lab.levers);
  if (top <= 0) return null;
  const id = `lab-${row.id}-${key}`.replaceAll(".", "-");
  const said = el("output", { for: id });
  const amounts = [...new Set(spans.map((s) => s.value))].slice(0, 4);
  const tell = (x) => {
    said.textContent = t.say("lab.scale.now", {
      percent: t.number(Math.round(100 * x)),
      values: amounts.map((v) => t.number(v * x)).join(", ") + (new Set(spans.map((s) => s.value)).size > 4 ? " …" : ""),
    });
  };
  const input = el("input", {
    type: "range", id, min: "0", max: String(Math.floor(100 * top)), step: "5", value: String(Math.round(100 * factor)),
    oninput: () => tell(input.value / 100),
    onchange: () => lab.edit(apply(input.value / 100), [row.id, "name"]),
  });
  tell(factor);
  return el("div", { class: "field wide" },
    el("label", { for: id }, t.text(lab.levers.get(spans[0].lever).meaning)), input, said,
    el("span", { class: "note" }, amountUnit(t, lab.levers.get(spans[0].lever))));
}

/** Sliders for what a policy sets in amounts. */
function sliders(lab, row) {
  const change = changeOf(lab.doc, row.id);
  const whole = isWhole(change);
  const spans = whole ? changedSpans(row.spans, change) : row.spans;
  const levers = [...new Set(spans.map((s) => s.lever))];
  const amounts = levers.filter((id) => isAmount(lab.levers.get(id)));
  if (!amounts.length) return [];
  const of = (id) => spans.filter((s) => s.lever === id);
  if (whole) {
    return amounts.filter((id) => of(id).length === 1).map((id) => valueField(lab, row, id, change));
  }
  if (amounts.length === levers.length && levers.length === 1 && !change.design) {
    return [slider(lab, row, spans, "scale", change.scale ?? 1, (x) => withFields(lab.doc, row.id, { scale: x === 1 ? undefined : x }))];
  }
  // One of several levers: its entries are written anew with other values, the others stay.
  return amounts.map((id) => {
    const own = change.design?.[id]?.find((e) => e.value)?.value;
    const first = of(id).find((s) => s.value > 0)?.value;
    return slider(lab, row, of(id), id, own !== undefined && first ? own / first : 1, (x) => {
      const { [id]: _, ...others } = change.design ?? {};
      const design = x === 1 ? others : { ...others, [id]: scaledEntries(of(id), x) };
      return withFields(lab.doc, row.id, { design: Object.keys(design).length ? design : undefined });
    });
  });
}

/** The value of a policy of the reader's own. */
function valueField(lab, row, id, change) {
  const lever = lab.levers.get(id);
  const input = el("input", {
    type: "number", min: lever.low, max: lever.high, step: "any", id: `lab-value-${row.id}`, value: change.design[id][0].value,
    onchange: () => {
      if (!input.reportValidity() || input.value === "") return;
      const design = { ...change.design, [id]: [{ ...change.design[id][0], value: Number(input.value) }] };
      lab.edit(withChange(lab.doc, row.id, { ...change, design }), [row.id, "name"]);
    },
  });
  return el("div", { class: "field" }, el("label", { for: input.id }, lab.t.say("lab.value")), input,
    el("span", { class: "note" }, amountUnit(lab.t, lever)));
}

function dateField(lab, row, key, value, set) {
  // While one types, every half-written day is a change; it counts once the field is left or on Enter.
  let typed = false;
  const commit = (next) => {
    typed = false;
    if (!input.value) input.value = value ?? "";
    if (input.value === (value ?? "") || !input.reportValidity()) return;
    lab.edit(set(input.value));
    document.getElementById(next)?.focus({ preventScroll: true });
  };
  const input = el("input", {
    type: "date", id: `lab-${key}-${row.id}`, value: value ?? "", min: "2010-01-01", max: FAR,
    onkeydown: (event) => {
      if (event.key === "Enter") commit(input.id);
      else if (event.key !== "Tab") typed = true;
    },
    onchange: () => { if (!typed) commit(input.id); },
    onblur: (event) => {
      const next = event.relatedTarget;
      if (typed) commit(next?.id || (next && input.closest(".lab-card")?.contains(next) ? input.id : ""));
    },
  });
  return el("div", { class: "field" }, el("label", { for: input.id }, lab.t.say(`lab.${key}`)), input);
}

/** The card; what is chosen in it becomes one edit of the document. */
export function policyCard(lab, row) {
  const { t, doc } = lab;
  const change = changeOf(doc, row.id);
  const off = change === OFF;
  const now = extentNow(doc, row);
  const was = extent(row.spans);
  const toggle = el("button", {
    type: "button", role: "switch", class: "toggle", "aria-checked": String(!off),
    onclick: () => lab.edit(row.added ? withChange(doc, row.id, null) : switched(doc, row, off), [row.id, "name"]),
  }, el("i", { "aria-hidden": "true" }), t.say(off ? "lab.switch.off" : "lab.switch.on"));
  const goes = now && (now.until === null || now.until >= FAR);
  const dates = off || !now ? [] : [
    dateField(lab, row, "start", now.from, (day) => startOn(doc, row, day)),
    dateField(lab, row, "end", goes ? "" : now.until, (day) => endOn(doc, row, day)),
    el("button", {
      type: "button", class: "plain", disabled: goes, onclick: () => lab.edit(endOn(doc, row, FAR), [row.id, "name"]),
    }, t.say("lab.goes_on")),
    el("button", { type: "button", class: "plain", onclick: () => lab.edit(shiftBy(doc, row, -30), [row.id, "name"]) }, t.say("lab.earlier")),
    el("button", { type: "button", class: "plain", onclick: () => lab.edit(shiftBy(doc, row, 30), [row.id, "name"]) }, t.say("lab.later")),
  ];
  const moved = !isWhole(change) && !off && (change.ended || change.started);
  const spoken = changedSpans(row.spans, off ? {} : change);
  const does = [...new Map(spoken.map((s) => [s.lever + JSON.stringify(s.who), s])).values()];
  return el("div", { class: "policy-detail lab-card" },
    el("button", { type: "button", class: "close", onclick: () => lab.choose("") }, t.say("policy.close")),
    el("h4", {}, t.text(row.name)),
    el("p", { class: "unit" }, t.text(lab.actors[row.actor.split("/")[0]]),
      was ? ` · ${t.say("lab.law_says", { span: was.until ? t.say("policy.span", { from: t.day(was.from), until: t.day(was.until) }) : t.say("policy.from", { from: t.day(was.from) }) })}` : ""),
    el("ul", { class: "does" }, does.slice(0, 8).map((s) => el("li", {},
      t.text(lab.levers.get(s.lever).meaning), ": ", whoWords(t, lab.names, s.who))),
    does.length > 8 ? el("li", {}, t.say("policy.more", { n: does.length - 8 })) : null),
    el("div", { class: "fields" }, row.added
      ? el("button", { type: "button", class: "plain", onclick: () => lab.edit(withChange(doc, row.id, null)) }, t.say("lab.remove"))
      : toggle, dates, off ? null : sliders(lab, row),
    moved ? dateField(lab, row, "known", change.known_on, (day) => withFields(doc, row.id, { known_on: day })) : null,
    isChanged(doc, row) && !row.added ? el("button", {
      type: "button", class: "plain", onclick: () => lab.edit(withChange(doc, row.id, null), [row.id, "name"]),
    }, t.say("lab.as_law")) : null),
    moved ? el("p", { class: "note" }, t.say("lab.known.note")) : null,
    row.sources?.length ? fold(t.say("policy.sources"), () => el("ul", {}, row.sources.map((s) =>
      el("li", {}, link(s.url, s.title || s.publisher), s.title ? ` (${[s.publisher, s.date].filter(Boolean).join(", ")})` : "")))) : null);
}
