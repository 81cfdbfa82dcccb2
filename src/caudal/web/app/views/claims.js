// Claims: the ledger by source and verdict, the evidence of each, and a text read for claims.

import { get } from "../api.js";
import { el, inLanguage } from "../dom.js";
import { plain } from "../text.js";
import { counts } from "./claims_counts.js";
import { evidence } from "./claims_evidence.js";
import { VERDICTS, badge, outlet, verdictOf, when } from "./claims_marks.js";
import { reader } from "./claims_reader.js";

const FIRST = 24;
const KINDS = ["figure", "trend", "timing", "forecast", "cause", "definition", "opinion"];
const PARTS = ["ledger", "read"];

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t } = ctx;
  const place = el("div", {});
  const buttons = PARTS.map((name) => el("button", {
    type: "button", onclick: () => { ctx.set({ part: name === "ledger" ? "" : name }); draw(); },
  }, t.say(`claims.part.${name}`)));
  const draw = async () => {
    const part = ctx.params.part === "read" ? "read" : "ledger";
    buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(PARTS[i] === part)));
    place.replaceChildren(...(part === "read" ? [reader(ctx)] : await ledger(ctx)));
  };
  await draw();
  return [
    el("p", { class: "lead" }, t.say("claims.lead.page")),
    el("div", { class: "segments", role: "group", "aria-label": t.say("claims.parts") }, buttons),
    place,
  ];
}

/** Every claim, with its counts, filters and evidence. */
async function ledger(ctx) {
  const { t } = ctx;
  const rows = (await get("/claims")).claims;
  const list = el("ol", { class: "ledger" });
  const found = el("p", { class: "note", role: "status" });
  let all = false;

  const fits = (row) => {
    const { document, kind, verdict, q } = ctx.params;
    return (!document || row.document === document) && (!kind || row.kind === kind)
      && (!verdict || verdictOf(row) === verdict) && said(row, q);
  };
  const said = (row, q) => {
    if (!q) return true;
    const text = plain([row.text[t.lang], row.said_by, row.outlet, row.words?.[t.lang] ?? ""].join(" "));
    return plain(q).split(/\s+/).every((word) => text.includes(word));
  };

  const redraw = () => {
    const kept = rows.filter(fits);
    const asked = kept.findIndex((row) => row.id === ctx.params.claim);
    const shown = all ? kept : kept.slice(0, Math.max(FIRST, asked + 1));
    found.textContent = t.say("claims.found", { n: kept.length, of: rows.length });
    list.replaceChildren(...shown.map((row) => entry(ctx, row)));
    more.hidden = shown.length === kept.length;
    more.textContent = t.say("claims.more", { n: kept.length - shown.length });
    empty.hidden = kept.length > 0;
  };
  const more = el("button", { type: "button", class: "plain", onclick: () => { all = true; redraw(); } });
  const empty = el("p", { class: "note" }, t.say("claims.empty"));
  const choose = (change) => {
    all = false;
    ctx.set({ claim: "", ...change });
    for (const [key, field] of Object.entries(fields)) field.value = ctx.params[key] ?? "";
    redraw();
  };
  const pick = (key, options) => el("select", { onchange: (e) => choose({ [key]: e.target.value }) },
    el("option", { value: "" }, t.say("claims.any")),
    options.map(([value, text]) => el("option", { value, selected: ctx.params[key] === value }, text)));
  const documents = [...new Map(rows.map((row) => [row.document, row])).values()];
  const there = (list, of) => list.filter((name) => rows.some((row) => of(row) === name));
  const fields = {
    document: pick("document", documents.map((d) => [d.document, outlet(t, d)])),
    kind: pick("kind", there(KINDS, (row) => row.kind).map((k) => [k, t.say(`claims.kind.${k}`)])),
    verdict: pick("verdict", there(VERDICTS, verdictOf).map((v) => [v, t.say(`claims.answer.${v}`)])),
    q: el("input", {
      type: "search", value: ctx.params.q ?? "", placeholder: t.say("claims.search.hint"),
      oninput: (e) => { all = false; ctx.set({ q: e.target.value, claim: "" }); redraw(); },
    }),
  };
  redraw();
  setTimeout(() => {
    const asked = ctx.params.claim && list.querySelector(`[data-claim="${CSS.escape(ctx.params.claim)}"]`);
    asked?.scrollIntoView({ block: "start", behavior: "instant" });
  });
  const label = (key, field) => el("label", {}, el("span", {}, t.say(`claims.by.${key}`)), field);
  return [
    counts(ctx, rows, documents, (document, verdict) => choose({ document, verdict })),
    el("section", { class: "part" },
      el("h2", {}, t.say("claims.list")),
      el("div", { class: "controls" }, Object.entries(fields).map(([key, field]) => label(key, field))),
      found, empty, list, more),
  ];
}

/** One claim: who said what, the verdict, and a fold with its evidence. */
function entry(ctx, row) {
  const { t } = ctx;
  const box = el("details", { open: ctx.params.claim === row.id });
  const inside = el("div", { class: "evidence" }, el("p", { class: "note" }, t.say("shell.waiting")));
  const fill = async () => {
    inside.setAttribute("aria-busy", "true");
    inside.replaceChildren(...await evidence(ctx, row).catch((error) =>
      [el("p", { class: "refused", role: "alert" }, error.message)]));
    inside.removeAttribute("aria-busy");
  };
  box.append(el("summary", {},
    el("span", { class: "quote" }, t.text(row.text)),
    el("span", { class: "by" }, inLanguage(t, row.said_by), ` · ${when(t, row.on)} · ${t.say(`claims.kind.${row.kind}`)}`),
    badge(t, row)), inside);
  let filled = false;
  const open = () => {
    if (!box.open || filled) return;
    filled = true;
    fill();
  };
  box.addEventListener("toggle", () => {
    if (box.open) ctx.set({ claim: row.id });
    else if (ctx.params.claim === row.id) ctx.set({ claim: "" });
    open();
  });
  open();
  return el("li", { "data-claim": row.id }, box);
}
