// Data: every series with source, definition, editions and issues; its rows drawn; its files.

import { get } from "../api.js";
import { el, inLanguage } from "../dom.js";
import { plain } from "../text.js";
import { one } from "./data_series.js";

const ROLES = ["canonical", "check", "context"];
/** @type {[string, RegExp][]} */
const TOPICS = [
  ["us", /^us\.(encounters|usbp|gotaways)/], ["custody", /^us\.(bookouts|ice|children|repatriations|credible|courts)/],
  ["pathways", /^us\.(cbp_one|chnv|cities)/], ["mexico", /^mx\./], ["region", /^(pa|co|hn|gt)\./],
  ["harm", /^iom\./], ["drivers", /^(driver|refugees|asylum)\./], ["reference", /./],
];

/** The topic under which a series stands. @param {string} id */
export function topicOf(id) {
  return (TOPICS.find(([, pattern]) => pattern.test(id)) ?? TOPICS.at(-1))[0];
}

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t } = ctx;
  const rows = (await get("/series")).series;
  if (ctx.params.series) return one(ctx, ctx.params.series, rows);
  return [
    el("p", { class: "lead" }, t.say("data.lead", { n: rows.length })),
    catalogue(ctx, rows),
  ];
}

function catalogue(ctx, rows) {
  const { t } = ctx;
  const list = el("div", {});
  const ends = rows.filter((row) => row.first).flatMap((row) => [at(row.first), at(row.last) + 1 / 12]);
  const years = [Math.floor(Math.min(...ends)), Math.ceil(Math.max(...ends))];
  const found = el("p", { class: "note", role: "status" });
  const text = (row) => plain([row.id, row.name ? t.text(row.name) : "", row.name?.en ?? "", t.text(row.told.title), t.text(row.told.publisher),
    row.publisher, t.text(row.told.grain), t.text(row.told.unit)].join(" "));
  const fits = (row) => {
    const { q, topic, role, publisher } = ctx.params;
    return (!topic || topicOf(row.id) === topic) && (!role || row.role === role)
      && (!publisher || row.publisher === publisher)
      && (!q || plain(q).split(/\s+/).every((word) => text(row).includes(word)));
  };
  const redraw = () => {
    const kept = rows.filter(fits);
    found.textContent = t.say("data.found", { n: kept.length, of: rows.length });
    const groups = TOPICS.map(([topic]) => [topic, kept.filter((row) => topicOf(row.id) === topic)]).filter(([, of]) => of.length);
    list.replaceChildren(...groups.map(([topic, of]) => el(of.some((row) => row.first) ? "figure" : "section", { class: "topic" },
      el(of.some((row) => row.first) ? "figcaption" : "div", {}, el("h2", {}, t.say(`data.topic.${topic}`))),
      el("ul", { class: "cards" }, of.map((row) => card(ctx, row, years))))),
    ...(kept.length ? [] : [el("p", { class: "note" }, t.say("data.empty"))]));
  };
  const change = (key) => (event) => { ctx.set({ [key]: event.target.value }); redraw(); };
  const pick = (key, options) => el("label", {}, el("span", {}, t.say(`data.by.${key}`)),
    el("select", { onchange: change(key) }, el("option", { value: "" }, t.say("data.any")),
      options.map(([value, name]) => el("option", { value, selected: ctx.params[key] === value }, name))));
  const publishers = [...new Map(rows.map((row) => [row.publisher, t.text(row.told.publisher)]))].sort((a, b) => a[1].localeCompare(b[1]));
  redraw();
  return [
    el("div", { class: "controls" },
      el("label", {}, el("span", {}, t.say("data.by.q")), el("input", {
        type: "search", value: ctx.params.q ?? "", placeholder: t.say("data.search.hint"), oninput: change("q"),
      })),
      pick("topic", TOPICS.map(([topic]) => [topic, t.say(`data.topic.${topic}`)])),
      pick("publisher", publishers),
      pick("role", ROLES.map((role) => [role, t.say(`data.role.${role}`)]))),
    found, list,
  ];
}

/** Years since Christ of a period's beginning. @param {string} text */
function at(text) {
  const [year, month] = text.split("-");
  return Number(year) + (month ? (Number(month) - 1) / 12 : 0);
}

/** When a series was counted, on the years of all. */
function track(row, [first, last]) {
  if (!row.first) return null;
  const share = (year) => (100 * (year - first)) / (last - first);
  const bar = el("span", { class: "track-bar" });
  const until = at(row.last) + (row.last.length > 4 ? 1 / 12 : 1);
  bar.style.left = `${share(at(row.first))}%`;
  bar.style.width = `${Math.max(1, share(Math.min(until, last)) - share(at(row.first)))}%`;
  return el("div", { class: "track", "aria-hidden": "true" }, el("div", { class: "track-line" }, bar),
    el("span", {}, String(first)), el("span", {}, String(last)));
}

/** A series in short. */
function card(ctx, row, years) {
  const { t } = ctx;
  const span = row.first ? t.say("data.span", { first: moment(t, row.first), last: moment(t, row.last) }) : "";
  return el("li", { class: "card" },
    el("h3", {}, el("a", { href: ctx.link("data", { ...ctx.params, series: row.id }) }, nameOf(t, row))),
    el("p", { class: "unit" }, [t.text(row.told.unit), span].filter(Boolean).join(" · ")),
    track(row, years),
    el("p", { class: "source" }, t.text(row.told.publisher)),
    el("p", { class: "source" }, t.say("data.rows", { n: t.number(row.rows) }), " · ", t.say(`data.role.${row.role}`),
      row.users_own ? el("b", { class: "own" }, t.say("data.own")) : null));
}

/** What a series is called. */
export function nameOf(t, row) {
  return row.name ? t.text(row.name) : inLanguage(t, row.title ?? row.id);
}

/** "2023", "2023-05" or a day, short and in words. */
export function moment(t, text) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return t.day(text);
  if (/^\d{4}-\d{2}$/.test(text)) return t.monthShort(new Date(`${text}-01T00:00:00Z`));
  return text;
}
