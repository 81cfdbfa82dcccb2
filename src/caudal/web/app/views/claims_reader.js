// A pasted text is read for claims: what was found where, and a draft of a ledger to mend and keep.
// The text goes to this service alone, which does not store it; it is not put into the address.

import { get, post } from "../api.js";
import { el, fold, inLanguage, link } from "../dom.js";
import { when } from "./claims_marks.js";

/** @param {import("../shell.js").Context} ctx */
export function reader(ctx) {
  const { t } = ctx;
  const out = el("div", { "aria-live": "polite" });
  const text = el("textarea", { id: "claims-text", rows: "5", maxlength: "60000", required: true, placeholder: t.say("claims.read.hint") });
  const lang = el("select", { id: "claims-lang" },
    ["", "en", "es"].map((code) => el("option", { value: code, selected: (ctx.params.in ?? "") === code }, t.say(`claims.read.lang.${code || "auto"}`))));
  const on = el("input", { id: "claims-on", type: "date", value: ctx.params.on ?? "" });
  const go = el("button", { type: "submit", class: "main" }, t.say("claims.read.go"));
  const read = async (event) => {
    event.preventDefault();
    ctx.set({ in: lang.value, on: on.value });
    go.disabled = true;
    out.replaceChildren(el("p", { class: "note", role: "status" }, t.say("claims.read.busy")));
    try {
      const body = { text: text.value, ...(lang.value && { lang: lang.value }), ...(on.value && { on: on.value }) };
      const [told, series] = await Promise.all([post("/claims/read", body, ctx.signal), get("/series")]);
      const names = new Map(series.series.map((s) => [s.id, s.name ?? s.title]));
      out.replaceChildren(...shown(ctx, text.value, told, names));
      ctx.announce(t.say("claims.read.found", { n: told.figures.length + told.causes.length }));
    } catch (error) {
      if (error.name !== "AbortError") out.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
    }
    go.disabled = false;
  };
  return el("section", { class: "part" },
    el("h2", {}, t.say("claims.read.title")),
    el("p", { class: "lead" }, t.say("claims.read.lead")),
    el("form", { class: "read-form", onsubmit: read },
      el("label", { for: "claims-text" }, t.say("claims.read.text"), text),
      el("div", { class: "row" },
        el("label", { for: "claims-lang" }, t.say("claims.read.lang"), lang),
        el("label", { for: "claims-on" }, t.say("claims.read.on"), on), go)),
    out);
}

/** What was read: the text with marks, the proposals, the draft to download. */
function shown(ctx, text, told, names) {
  const { t } = ctx;
  const found = [
    ...told.figures.map((f) => ({ ...f, what: "figure" })), ...told.causes.map((c) => ({ ...c, what: "cause" })),
  ].sort((a, b) => a.start - b.start).map((f, i) => ({ ...f, number: i + 1 }));
  const draft = told.draft ? split(told.draft) : null;
  const cards = found.map((f) => card(ctx, f, names, draft?.chunks.find((c) => c.start === f.start && c.end === f.end)));
  const nodes = [
    el("h3", {}, t.say("claims.read.found", { n: found.length })),
    el("p", { class: "note" }, t.say("claims.read.as", {
      lang: t.say(`claims.read.lang.${told.language}`), day: told.day ? when(t, told.day) : t.say("claims.read.no.day"),
    }), told.cut ? ` ${t.say("claims.read.cut")}` : ""),
    el("div", { class: "marked", lang: told.language }, marked(t, text, found, told.vague ?? [])),
  ];
  if (!found.length) return [...nodes, el("p", { class: "note" }, t.say("claims.read.none"))];
  nodes.push(el("ol", { class: "proposals" }, cards.map((c) => c.node)));
  if (!draft) return [...nodes, el("p", { class: "note" }, t.say("claims.read.no.draft"))];
  const save = el("button", {
    type: "button", class: "main", onclick: () => {
      const kept = cards.filter((c) => c.kept()).map((c) => c.yaml());
      const blob = new Blob([`${draft.head}${kept.join("")}`], { type: "application/yaml" });
      const a = el("a", { href: URL.createObjectURL(blob), download: "draft.yaml" });
      a.click();
      setTimeout(() => URL.revokeObjectURL(a.href), 1000);
    },
  }, t.say("claims.read.save"));
  return [...nodes, el("div", { class: "actions" }, save), el("p", { class: "note" }, t.say("claims.read.next"),
    " ", el("code", {}, "caudal claims check --ledger draft.yaml"))];
}

/** The text as it is, each find marked and numbered; offsets are characters, not UTF-16 units. */
function marked(t, text, found, vague) {
  const letters = Array.from(text);
  const spans = [...found, ...vague.map((v) => ({ ...v, what: "vague" }))].sort((a, b) => a.start - b.start);
  const out = [];
  let at = 0;
  for (const span of spans) {
    if (span.start < at) continue;
    out.push(letters.slice(at, span.start).join(""));
    const words = letters.slice(span.start, span.end).join("");
    out.push(span.what === "vague"
      ? el("mark", { class: "vague", title: t.say("claims.read.vague") }, words)
      : el("mark", { class: span.what }, el("a", {
        href: `#proposal-${span.number}`, onclick: (event) => {
          event.preventDefault();
          document.getElementById(`proposal-${span.number}`)?.scrollIntoView({ block: "start" });
        },
      }, words, el("sup", {}, String(span.number)))));
    at = span.end;
  }
  out.push(letters.slice(at).join(""));
  return out;
}

/** One proposal: what it says, which series, how sure, and its draft to mend. */
function card(ctx, found, names, chunk) {
  const { t } = ctx;
  const keep = el("input", { type: "checkbox", checked: found.confidence >= 0.5, id: `keep-${found.number}` });
  const area = el("textarea", { class: "yaml", rows: "9", spellcheck: "false", "aria-label": t.say("claims.read.yaml") });
  area.value = chunk?.yaml ?? "";
  const sure = el("meter", { min: "0", max: "1", value: String(found.confidence), "aria-label": t.say("claims.read.sure") });
  const series = found.series ? names.get(found.series) ?? found.series : null;
  const node = el("li", { id: `proposal-${found.number}` },
    el("h3", {}, `${found.number}. `, found.text ? inLanguage(t, found.text) : t.say("claims.read.cause", { cue: found.cue })),
    el("dl", {},
      el("div", {}, el("dt", {}, t.say("claims.read.series")), el("dd", {}, series
        ? el("a", { href: ctx.link("data", { series: found.series }) }, t.text(series)) : t.say(found.what === "cause" ? "claims.read.needs.run" : "claims.read.no.series"))),
      found.what === "figure" ? el("div", {}, el("dt", {}, t.say("claims.read.counted")), el("dd", {}, counted(t, found))) : null,
      found.known ? el("div", {}, el("dt", {}, t.say("claims.read.known")), el("dd", {},
        `${t.number(found.known.value)} (${months(t, found.known.period)})`)) : null,
      el("div", {}, el("dt", {}, t.say("claims.read.sure")), el("dd", {}, sure, ` ${Math.round(100 * found.confidence)} %`))),
    chunk ? el("label", { for: `keep-${found.number}` }, keep, " ", t.say("claims.read.keep")) : null,
    chunk ? fold(t.say("claims.read.edit"), () => area) : null);
  return { node, kept: () => Boolean(chunk) && keep.checked, yaml: () => area.value.replace(/\n*$/, "\n") };
}

/** Months or days as the service writes them, in words. */
const months = (t, period) => [period].flat().flatMap((p) => p.split("/")).map((p) => when(t, p)).join(" – ");

/** The published count of the same months; a place of the text that the series does not single out is named as such. */
function counted(t, found) {
  if (found.changed) return changed(t, found);
  if (!found.counted) {
    const relative = ["share", "change", "ratio", "rate"].includes(found.kind);
    return t.say(relative ? "claims.read.counted.relative" : found.quantity ? "claims.read.counted.when" : "claims.read.no.series");
  }
  const { value, missing, parts, publisher, url } = found.counted;
  if (value === null) return t.say(`claims.reason.${missing}`);
  const told = parts.map((part) => t.say("claims.read.counted.part", { name: t.text(part.name), value: t.number(part.value) }));
  return [
    t.say(found.elsewhere ? "claims.read.counted.whole" : "claims.read.counted.in", { value: t.number(value), period: months(t, found.period) }),
    told.length ? `; ${t.say("claims.read.counted.parts", { list: new Intl.ListFormat(t.lang).format(told) })}` : "",
    " (", link(url, t.text(publisher)), ")",
  ];
}

/** Both counts of a change and the change between them: of the whole, then of each part that both have. */
function changed(t, found) {
  const { before, after } = found.changed;
  const step = (from, to) => {
    if (!from) return t.say("claims.read.changed.none");
    const share = to / from - 1;
    const percent = t.number(Math.abs(100 * share));
    return t.say(share < 0 ? "claims.read.changed.fewer" : "claims.read.changed.more", { percent });
  };
  const parts = before.parts.flatMap((one, i) => {
    const other = after.parts[i];
    return other ? [t.say("claims.read.changed.part", {
      name: t.text(one.name), from: t.number(one.value), to: t.number(other.value), change: step(one.value, other.value),
    })] : [];
  });
  return [
    t.say("claims.read.changed", {
      from: t.number(before.value), before: months(t, found.change.before),
      to: t.number(after.value), after: months(t, found.change.after), change: step(before.value, after.value),
    }),
    parts.length ? `; ${t.say("claims.read.counted.parts", { list: new Intl.ListFormat(t.lang).format(parts) })}` : "",
    " (", link(after.url, t.text(after.publisher)), ")",
  ];
}

/** A draft as its head and one piece a claim, with the characters of the text that each speaks of. */
function split(draft) {
  const lines = draft.split("\n");
  const heads = lines.flatMap((line, i) => (line.startsWith("  - id: ") ? [i] : []));
  const starts = heads.map((i) => {
    let at = i;
    while (at > 0 && lines[at - 1].startsWith("  #")) at -= 1;
    return at;
  });
  const chunks = starts.map((from, i) => {
    const yaml = `${lines.slice(from, starts[i + 1] ?? lines.length).join("\n").replace(/\n*$/, "")}\n`;
    const [, start, end] = /characters (\d+) to (\d+)/.exec(yaml.replace(/\s+/g, " ")) ?? [];
    return { yaml, start: Number(start), end: Number(end) };
  });
  return { head: `${lines.slice(0, starts[0] ?? lines.length).join("\n")}\n`, chunks };
}
