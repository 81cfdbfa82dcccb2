// One series: what it counts, its rows drawn as a whole and by parts, the model beside it, its files.

import { addressFor, file, get } from "../api.js";
import { el, fold, inLanguage, link } from "../dom.js";
import { line } from "./data_chart.js";
import { against } from "./data_model.js";
import { moment, nameOf } from "./data.js";

const OWN = ["series", "fit", "by", "value", "q", "topic", "role", "publisher"];

/** @param {import("../shell.js").Context} ctx */
export async function one(ctx, id, rows) {
  const { t } = ctx;
  const row = rows.find((r) => r.id === id);
  const back = el("p", {}, el("a", { href: ctx.link("data", { ...only(ctx.params, ["q", "topic", "role", "publisher"]) }) }, t.say("data.back")));
  if (!row) return [back, el("p", { class: "refused", role: "alert" }, t.say("data.unknown"))];
  const box = el("div", {}, el("p", { class: "note" }, t.say("shell.waiting")));
  const about = el("div", {});
  let asked = 0;
  const draw = async () => {
    const mine = (asked += 1);
    const picks = Object.fromEntries(Object.entries(ctx.params).filter(([key]) => !OWN.includes(key)));
    try {
      const told = await get(`/series/${id}/chart`, { by: ctx.params.by, value: ctx.params.value, ...picks });
      if (mine !== asked) return;
      box.replaceChildren(...shown(ctx, row, told, draw));
      if (!about.childElementCount) about.replaceChildren(...await source(ctx, row, told));
    } catch (error) {
      if (mine === asked) box.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
    }
  };
  await draw();
  return [back, el("h2", { class: "series-name" }, nameOf(t, row), row.users_own ? el("b", { class: "own" }, t.say("data.own")) : null),
    box, against(ctx, row), about];
}

function only(params, keys) {
  return Object.fromEntries(Object.entries(params).filter(([key]) => keys.includes(key)));
}

/** Choosers, the whole, the parts. */
function shown(ctx, row, told, draw) {
  const { t } = ctx;
  const { chart } = told;
  const definition = el("p", { class: "lead" }, sentence(t.text(told.series.definition)));
  if (!chart) return [definition, el("p", { class: "note" }, t.say("data.map"))];
  if (!chart.times.length) return [definition, table(ctx, row, chart)];
  const name = (column) => words(t, chart.columns[column], column);
  const of = (column, label) => {
    const known = chart.choices[column]?.find((c) => c.label === label);
    return words(t, known?.name, label);
  };
  const change = (key) => (event) => { ctx.set({ [key]: event.target.value }); draw(); };
  const pick = (key, text, options, value) => el("label", {}, el("span", {}, text),
    el("select", { onchange: change(key) }, options.map(([v, n]) => el("option", { value: v, selected: v === value }, n))));
  const choosers = [];
  const cut = Object.keys(chart.choices).filter((c) => chart.choices[c].length > 1);
  if (chart.numbers.length > 1) choosers.push(pick("value", t.say("data.value"), chart.numbers.map((c) => [c, name(c)]), chart.column));
  if (cut.length) choosers.push(pick("by", t.say("data.parts"), cut.map((c) => [c, name(c)]), chart.by));
  for (const column of Object.keys(chart.picked)) {
    choosers.push(pick(column, name(column), chart.choices[column].map((c) => [c.label, of(column, c.label)]), chart.picked[column]));
  }
  const unit = chart.numbers.length > 1 ? name(chart.column) : t.text(row.told.unit);
  const published = t.text(told.series.publisher);
  const whole = chart.total?.some((v) => v !== null) ? line(t, {
    title: [nameOf(t, row), ...Object.keys(chart.picked).map((c) => of(c, chart.picked[c]))].map((x) => x.textContent ?? x).join(", "), unit, times: chart.times, values: chart.total, large: true, name: row.id,
    source: el("p", { class: "source" }, t.say("data.source"), " ", link(told.series.address, published), `, ${t.text(told.series.title)}`),
  }) : null;
  const parts = chart.parts.length > 1 || (chart.parts.length && !whole) ? el("section", { class: "parts" },
    el("h3", {}, t.say("data.by.parts", { column: name(chart.by) })),
    el("p", { class: "note" }, t.say("data.scales"), chart.left_out ? ` ${t.say("data.left", { n: chart.left_out })}` : ""),
    el("div", { class: "grid" }, chart.parts.map((part) => line(t, {
      title: of(chart.by, part.label), unit, times: chart.times, values: part.values, large: false, name: `${row.id}-${part.label}`,
    })))) : null;
  return [definition, choosers.length ? el("div", { class: "controls" }, choosers) : null, whole, parts].filter(Boolean);
}

/** A name in both languages, or what was written, in words. */
function words(t, known, written) {
  return known ? t.text(known) : String(written).replaceAll("_", " ").replaceAll("-", " ");
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** Rows of a series without time, the first few hundred, with a search. */
function table(ctx, row, chart) {
  const { t } = ctx;
  const box = el("div", {}, el("p", { class: "note" }, t.say("shell.waiting")));
  get(`/series/${row.id}`).then((told) => {
    const body = el("tbody", {});
    const fill = (q) => {
      const kept = told.rows.filter((r) => !q || Object.values(r).join(" ").toLowerCase().includes(q.toLowerCase())).slice(0, 200);
      body.replaceChildren(...kept.map((r) => el("tr", {}, told.columns.map((c) => {
        const v = r[c];
        if (typeof v === "number") return el("td", { class: "n" }, t.number(v));
        return el("td", {}, /^https?:/.test(v ?? "") ? link(v, t.say("data.address")) : inLanguage(t, String(v ?? "")));
      }))));
    };
    fill("");
    box.replaceChildren(
      el("label", { class: "find" }, el("span", {}, t.say("data.by.q")), el("input", { type: "search", oninput: (e) => fill(e.target.value) })),
      el("div", { class: "scroll wide-table", tabindex: "0", role: "group", "aria-label": t.text(row.told.title) },
        el("table", { class: "figures" },
          el("thead", {}, el("tr", {}, told.columns.map((c) => el("th", { scope: "col" }, words(t, chart.columns[c], c))))), body)),
      el("p", { class: "note" }, t.say("data.first.rows")));
  }, (error) => box.replaceChildren(el("p", { class: "refused" }, error.message)));
  return box;
}

/** Where it comes from, licence, issues, editions, files. */
async function source(ctx, row, told) {
  const { t } = ctx;
  const { series } = told;
  const pair = (key, value) => value ? el("div", {}, el("dt", {}, t.say(`data.about.${key}`)), el("dd", {}, value)) : null;
  const { vintages } = await get(`/series/${row.id}/vintages`);
  const save = (form, hxl) => el("button", {
    type: "button", class: "plain", onclick: async (event) => {
      event.target.disabled = true;
      try {
        const blob = await file(`/series/${row.id}`, { format: form, hxl: hxl ? 1 : "" });
        const a = el("a", { href: URL.createObjectURL(blob), download: `${row.id}${hxl ? ".hxl" : ""}.${form}` });
        a.click();
        setTimeout(() => URL.revokeObjectURL(a.href), 1000);
      } catch (error) {
        ctx.announce(error.message);
      }
      event.target.disabled = false;
    },
  }, t.say(hxl ? "data.save.hxl" : `data.save.${form}`));
  return [
    told.chart ? el("section", { class: "part" }, el("h3", {}, t.say("data.files")),
      el("p", { class: "note" }, t.say("data.files.lead"), told.chart.column
        ? ` ${t.say("data.files.column", { column: told.chart.column, unit: t.text(series.unit) })}` : ""),
      el("div", { class: "actions" }, save("csv"), save("csv", true), save("parquet")),
      el("pre", { tabindex: "0" }, `caudal data show ${row.id}\ncurl '${location.origin}${addressFor(`/series/${row.id}`, { format: "csv", hxl: 1 })}'`)) : null,
    el("section", { class: "part" }, el("h3", {}, t.say("data.about")),
      el("dl", {},
        pair("publisher", t.text(series.publisher)), pair("title", t.text(series.title)),
        pair("address", link(series.address, series.address)), pair("licence", t.text(series.licence)),
        pair("attribution", t.say("data.attribution", {
          publisher: t.text(series.publisher), title: t.text(series.title), day: moment(t, series.read_on),
        })),
        pair("unit", t.text(series.unit)), pair("grain", t.text(series.grain)),
        pair("read_on", moment(t, series.read_on)), pair("delay", t.say("data.delay", { days: series.delay_days, note: t.text(series.delay_note) })),
        pair("role", t.say(`data.role.${series.role}.why`)), pair("id", el("code", {}, row.id)))),
    el("section", { class: "part" }, el("h3", {}, t.say("data.issues")),
      told.issues.length
        ? el("ul", {}, told.issues.map((i) => el("li", {}, inLanguage(t, i.meaning), ` (${t.say("data.issue.rows", { n: t.number(i.rows) })})`)))
        : el("p", { class: "note" }, t.say("data.issues.none"))),
    el("section", { class: "part" }, el("h3", {}, t.say("data.editions")),
      el("ul", {}, vintages.map((v) => el("li", {}, t.say("data.edition", { day: moment(t, v.read_on), rows: t.number(v.rows) }),
        v.users_own ? el("b", { class: "own" }, t.say("data.own")) : null, " ", el("code", {}, v.vintage)))),
      fold(t.say("data.sums"), () => el("dl", { class: "files" }, Object.entries(series.files).map(([name, sum]) =>
        el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, sum))))))),
  ].filter(Boolean);
}
