// What a comparison found: one sentence, a fan over the baseline, tables by group, files, recipe.

import { asWide, el, fold } from "../dom.js";
import { timeTicks } from "../fan.js";
import { makeReadable } from "../reading.js";
import { toDate } from "../text.js";
import { differenceSvg, fanSvg, readDifference, readLevels, ready } from "./lab_chart.js";
import { OFF, changeOf } from "./lab_document.js";
import { FAR, extentNow, isChanged } from "./lab_moves.js";
import { reproduce } from "./lab_recipe.js";
import { csvLink, monthsCsv, tables } from "./lab_table.js";
import { percent, range, signed, size, titled, unitOf } from "./lab_words.js";

const HEAD = "us.encounters.southwest";
const SMALL = ["harm.deaths", "people.waiting", "us.releases", "courts.grants", "harm.kidnapped.floor", "cost.public"];
const KINDS = ["levels", "difference"];
const WEATHERS = ["as-inferred", "without-jumps"];
const DAY = 86400000;

/** How the pairs lie, in a sentence. */
function sentence(t, found, rows) {
  const { from, to, members } = found.comparison;
  const last = new Date(toDate(to.slice(0, 7)).getTime() - DAY);
  const told = rows.map((row) => {
    if (row.direction === "none") return t.say("lab.read.none", { title: titled(t, row) });
    return t.say("lab.read", {
      title: titled(t, row), value: signed(t, row.median), half: range(t, row, 50), ninety: range(t, row, 90),
      base: size(t, row.base), percent: percent(t, row.relative_median), share: t.number(Math.round(100 * row.probability)),
      way: t.say(`compare.direction.${row.direction}`), unit: unitOf(t, row),
    });
  });
  const lead = t.say("lab.read.lead", { from: t.month(toDate(from.slice(0, 7))), to: t.month(last), n: members });
  if (told.length > 1 && told[0] !== told[1]) {
    const apart = rows[0].median * rows[1].median < 0;
    return [lead, ...WEATHERS.map((w, i) => `${t.say(`lab.read.weather.${w}`)} ${told[i]}`), apart ? t.say("lab.read.apart") : ""];
  }
  return [[lead, told[0], told.length > 1 ? t.say("lab.read.alike") : ""].join(" ").trim()];
}

const MOST_NAMED = 4;

/** Which policies were changed, and how, so that the answer can be read alone. */
function changes(lab) {
  const { t, doc } = lab;
  const rows = lab.rows(true).filter((row) => isChanged(doc, row));
  if (!rows.length) return "";
  const told = rows.slice(0, MOST_NAMED).map((row) => {
    const days = changeOf(doc, row.id) === OFF ? null : extentNow(doc, row);
    const span = days && (days.until && days.until < FAR ? t.say("policy.span", { from: t.day(days.from), until: t.day(days.until) })
      : t.say("policy.from", { from: t.day(days.from) }));
    return t.say("lab.read.changed.one", { name: t.text(row.name), how: span ?? t.say("lab.switch.off") });
  });
  if (rows.length > MOST_NAMED) told.push(t.say("lab.read.changed.more", { n: rows.length - MOST_NAMED }));
  return t.say("lab.read.changed", { list: new Intl.ListFormat(t.lang).format(told) });
}

/** A chart that is drawn anew with its width; `read` lets it be read month by month. */
function chartBox(t, label, draw, read = null) {
  const frame = el("div", { class: "frame", role: read ? "group" : "img", tabindex: read ? "0" : null, "aria-label": label });
  let chart = null;
  asWide(frame, (width) => {
    chart?.svg.remove();
    chart = draw(width);
    chart.svg.setAttribute("aria-hidden", "true");
    frame.prepend(chart.svg);
  });
  if (read) makeReadable(frame, t, () => chart, read);
  return frame;
}

const sign = (kind, text) => el("li", {}, el("span", { class: `sign ${kind}` }), text);

function numbers(t, rows, title) {
  const cols = ["lab.col.month", "lab.base", "lab.scenario", "lab.col.difference", "table.50", "table.90"];
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title },
    el("table", { class: "numbers" },
      el("thead", {}, el("tr", {}, cols.map((key) => el("th", { scope: "col" }, t.say(key))))),
      el("tbody", {}, rows.map((r) => el("tr", {},
        el("th", { scope: "row" }, t.monthShort(r.date)),
        [size(t, r.base_median), size(t, r.scenario_median), signed(t, r.median), range(t, r, 50), range(t, r, 90)]
          .map((cell) => el("td", { class: "n" }, cell)))))));
}

/** One outcome by month, large: levels of both, or the difference. */
function figure(lab, found, outcome, weather, kind) {
  const { t } = lab;
  const row = found.rows.find((r) => r.outcome === outcome && r.weather === weather);
  const rows = ready(found, outcome, weather);
  const title = titled(t, row);
  const [start, end] = [rows[0].date, rows.at(-1).date];
  const forecast = toDate(found.comparison.first_forecast_month);
  const options = { forecast, time: (width) => timeTicks(t, [start, end], width) };
  const draw = kind === "difference" ? differenceSvg : fanSvg;
  return el("figure", { class: "large" },
    el("figcaption", {}, el("h3", {}, title),
      el("p", { class: "unit" }, t.say(kind === "difference" ? "lab.chart.difference" : "lab.chart.levels", { unit: unitOf(t, row) }))),
    el("ul", { class: "legend" },
      kind === "levels" ? sign("based", t.say("lab.base.long")) : null,
      sign("line", t.say(kind === "levels" ? "lab.scenario.long" : "lab.difference.long")),
      sign("band50", t.say("chart.band50")), sign("band90", t.say("chart.band90"))),
    chartBox(t, `${title}. ${t.say(`compare.weather.${weather}`)}`, (width) => draw(t, rows, { ...options, width, small: false }),
      kind === "difference" ? readDifference : readLevels),
    el("p", { class: "hint" }, t.say("chart.hint")),
    el("p", { class: "source" }, t.say("lab.source", { code: found.comparison.code_version, data: found.comparison.data_vintage })),
    fold(t.say("chart.table"), () => [
      numbers(t, rows, title),
      csvLink(t, `caudal-${outcome}-${weather}.csv`, monthsCsv(rows, outcome, weather)),
    ].reduce((box, part) => (box.append(part), box), el("div"))));
}

function small(lab, found, outcome, weather, open) {
  const { t } = lab;
  const row = found.rows.find((r) => r.outcome === outcome && r.weather === weather);
  if (!row) return null;
  const rows = ready(found, outcome, weather);
  return el("figure", { class: "small" },
    el("figcaption", {}, el("h4", {}, el("button", { type: "button", class: "open", onclick: () => open(outcome) }, titled(t, row))),
      el("p", { class: "unit" }, t.say("lab.chart.difference", { unit: unitOf(t, row) }))),
    chartBox(t, `${titled(t, row)}: ${signed(t, row.median)}`, (width) => differenceSvg(t, rows, {
      width, small: true, forecast: toDate(found.comparison.first_forecast_month),
      time: (w) => timeTicks(t, [rows[0].date, rows.at(-1).date], w),
    })));
}

function weatherFold(t, found) {
  const { jumps } = found;
  return fold(t.say("lab.weather.what"), () => el("div", {},
    el("p", {}, t.say("compare.weathers")),
    jumps.length
      ? [el("p", {}, t.say("compare.jumps", { number: jumps.length })),
        el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t.say("lab.weather.what") }, el("table", { class: "numbers" },
          el("thead", {}, el("tr", {}, ["weather", "where", "month", "change"].map((k) => el("th", { scope: "col" }, t.say(`compare.jumps.${k}`))))),
          el("tbody", {}, jumps.map((j) => el("tr", {}, el("td", { lang: "en" }, j.weather.replaceAll("_", " ")), el("td", {}, j.where),
            el("td", {}, t.monthShort(toDate(j.month))), el("td", { class: "n" }, signed(t, j.change)))))))]
      : el("p", {}, t.say("compare.jumps.none"))));
}

/** The nodes of a finished comparison; quick: of the first look, in few histories. */
export function results(lab, found, quick) {
  const { t, ctx } = lab;
  const { params } = ctx;
  const weathers = WEATHERS.filter((w) => found.rows.some((r) => r.weather === w));
  const listed = found.rows.filter((r) => r.weather === weathers[0] && r.group);
  // What stands beside nothing in the tables can still be asked for: people waiting by city, sectors, nationalities.
  const details = found.rows.filter((r) => r.weather === weathers[0] && !r.group);
  let outcome = [...listed, ...details].some((r) => r.outcome === params.show) ? params.show : HEAD;
  let weather = weathers.includes(params.weather) ? params.weather : weathers[0];
  let kind = KINDS.includes(params.chart) ? params.chart : KINDS[0];
  const large = el("div");
  const grid = el("div", { class: "grid" });
  const tabled = el("div");
  const draw = () => {
    large.replaceChildren(figure(lab, found, outcome, weather, kind));
    grid.replaceChildren(...SMALL.map((o) => small(lab, found, o, weather, open)).filter(Boolean));
    tabled.replaceChildren(...tables(lab, found, weather, open));
  };
  const open = (id) => {
    outcome = id;
    select.value = id;
    ctx.set({ show: id === HEAD ? "" : id });
    draw();
    large.scrollIntoView({ block: "center" });
    select.focus({ preventScroll: true });
  };
  const groups = [...new Set(listed.map((r) => r.group))];
  const among = (label, rows) => el("optgroup", { label },
    rows.map((r) => el("option", { value: r.outcome, selected: r.outcome === outcome }, titled(t, r))));
  const select = el("select", { id: "lab-show", onchange: () => open(select.value) },
    groups.map((group) => among(t.say(`group.${group}`), listed.filter((r) => r.group === group))),
    details.length ? among(t.say("lab.details"), details) : null);
  const segments = (label, list, now, words, set) => {
    const buttons = list.map((name) => el("button", {
      type: "button", "aria-pressed": String(name === now()), onclick: () => {
        set(name);
        buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(list[i] === now())));
        draw();
      },
    }, words(name)));
    return list.length > 1 ? el("div", { class: "segments", role: "group", "aria-label": label }, buttons) : null;
  };
  draw();
  return [
    el("div", { class: "lab-first" },
      quick ? el("p", { class: "badge" }, t.say("lab.quick", { n: found.comparison.members })) : null,
      el("p", { class: "note" }, changes(lab)),
      el("div", { id: "lab-sentence" },
        sentence(t, found, weathers.map((w) => found.rows.find((r) => r.weather === w && r.outcome === HEAD)))
          .filter(Boolean).map((text) => el("p", { class: "sentence" }, text))),
      el("p", { class: "note" }, t.say("lab.read.note"))),
    el("div", { class: "controls" },
      el("label", { for: "lab-show" }, t.say("lab.show"), select),
      segments(t.say("lab.kind"), KINDS, () => kind, (k) => t.say(`lab.kind.${k}`), (k) => { kind = k; ctx.set({ chart: k === KINDS[0] ? "" : k }); }),
      segments(t.say("compare.col.weather"), weathers, () => weather, (w) => t.say(`compare.weather.${w}`), (w) => { weather = w; ctx.set({ weather: w === weathers[0] ? "" : w }); })),
    weathers.length > 1 ? weatherFold(t, found) : null,
    large, grid,
    el("h3", { class: "tables-h" }, t.say("lab.tables")),
    el("p", { class: "lead" }, t.say("lab.tables.lead")),
    tabled,
    quick ? null : reproduce(lab, found),
  ];
}
