// One attribution: a sentence that reads it, the waterfall, its table and how to get it again.

import { el, fold } from "../dom.js";
import { recipe } from "../sections.js";
import { csvLink, sheet } from "../sheet.js";
import { waterfall } from "./why_waterfall.js";

const COLUMNS = ["id", "kind", "name", "name_es", "mean", "median", "lo50", "hi50", "lo90", "hi90",
  "share", "first_in", "last_in", "error"];
const LEFT = ["weather"];

/** A number of people with its sign. */
export function signed(t, value) {
  const size = t.about(Math.abs(value));
  if (size === t.about(0)) return size;
  return value < 0 ? `−${size}` : `+${size}`;
}

/** A share of the change, in percent. */
export const portion = (t, share) => `${t.number(Math.round(share) || 0).replace("-", "−")} %`;

const between = (t, row) => t.say("table.range", { lo: signed(t, row.lo90), hi: signed(t, row.hi90) });
/** A part's name; what nothing explains is called so, as "weather" is easily read as rain and storms. */
export const named = (t, row) => (row.id === "weather" ? t.say("why.name.weather") : t.lang === "es" ? row.name_es : row.name);
/** A name inside a sentence: "season", but "US labour demand". */
const inside = (t, row) => named(t, row).replace(/^(?!M[eé]xic)\p{Lu}(?=\p{Ll})/u, (a) => a.toLowerCase());
const list = (t, words) => new Intl.ListFormat(t.lang === "es" ? "es-MX" : "en-US").format(words);
const month = (t, said) => said.split("..").map((m) => t.month(new Date(`${m}-01T00:00:00Z`))).join("–");

/** The result in sentences: the change, what is named, what is left over. */
function reading(t, about, rows, title) {
  const whole = rows.find((r) => r.kind === "change");
  const counted = about.counted_from !== null;
  const ends = counted ? [about.counted_from, about.counted_to] : [about.modelled_from, about.modelled_to];
  const told = counted ? t.number : t.about;
  const parts = [t.say(`why.read.${counted ? "counted" : "modelled"}.${whole.mean < 0 ? "down" : "up"}`, {
    title, from: month(t, about.from), to: month(t, about.to), before: told(ends[0]), after: told(ends[1]),
    change: told(Math.abs(whole.mean)),
  })];
  const factors = rows.filter((r) => r.kind === "factor" && !LEFT.includes(r.id));
  const sure = (r) => r.lo90 > 0 || r.hi90 < 0;
  const along = factors.filter((r) => sure(r) && r.mean * whole.mean > 0).sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
  const against = factors.filter((r) => sure(r) && r.mean * whole.mean < 0);
  const open = factors.filter((r) => !sure(r) && (r.lo90 || r.hi90));
  const unknown = rows.find((r) => r.id === "weather");
  const most = Math.max(...factors.map((r) => Math.abs(r.mean)));
  if (unknown && unknown.mean * whole.mean > 0 && Math.abs(unknown.mean) > most) {
    parts.push(t.say("why.read.unexplained", { percent: t.number(Math.round(unknown.share)) }));
  }
  if (along.length) {
    parts.push(t.say("why.read.most", { list: list(t, along.slice(0, 3).map((r) => t.say("why.read.part", {
      name: inside(t, r), people: signed(t, r.mean), interval: between(t, r),
    }))) }));
  } else parts.push(t.say("why.read.nothing"));
  if (against.length) parts.push(t.say("why.read.against", { list: list(t, against.map((r) => inside(t, r))) }));
  const more = [];
  if (unknown) more.push(t.say("why.read.left", { percent: t.number(Math.round(unknown.share)).replace("-", "−"), people: signed(t, unknown.mean) }));
  const misfit = rows.find((r) => r.kind === "misfit");
  if (misfit) more.push(t.say("why.read.misfit", { percent: t.number(Math.round(misfit.share)).replace("-", "−"), people: signed(t, misfit.mean) }));
  if (open.length) more.push(t.say("why.read.open", { list: list(t, open.map((r) => inside(t, r))) }));
  return [parts.join(" "), more.join(" ")];
}

function numbers(t, rows, name) {
  const head = ["attribute.part", "attribute.people", "table.median", "table.50", "table.90",
    "attribute.share", "attribute.first", "attribute.last"].map((key) => t.say(key));
  const range = (lo, hi) => t.say("table.range", { lo: signed(t, lo), hi: signed(t, hi) });
  const body = rows.map((r) => [
    named(t, r), signed(t, r.mean), signed(t, r.median),
    ...(r.kind === "change" && r.lo90 === r.hi90 ? ["", ""] : [range(r.lo50, r.hi50), range(r.lo90, r.hi90)]),
    r.share === null ? "" : portion(t, r.share),
    r.first_in === null ? "" : signed(t, r.first_in), r.last_in === null ? "" : signed(t, r.last_in),
  ]);
  return el("div", {}, sheet(name, head, body),
    el("p", {}, csvLink(t, "attribution", COLUMNS, rows.map((r) => COLUMNS.map((c) => r[c])))));
}

/**
 * Nodes of one attribution.
 * @param {import("../shell.js").Context} ctx
 * @param {any} made as POST /attribute answers
 * @param {any} known the answer of GET /factors
 * @param {boolean} shipped it was made before, with the versions that it names
 */
export function result({ t }, made, known, shipped) {
  const about = made.attribution;
  const outcome = known.outcomes.find((o) => o.id === about.outcome);
  const title = t.text(outcome.title);
  const rows = made.rows;
  const [first, second] = reading(t, about, rows, title);
  const error = t.about(Math.max(...rows.map((r) => r.error)));
  const rests = rows.some((r) => r.id === "weather");
  return [
    el("p", { class: "sentence", id: "why-sentence" }, first),
    second ? el("p", { class: "what" }, second) : null,
    el("figure", { class: "large" },
      el("figcaption", {}, el("h3", {}, t.say("why.chart", { title })),
        el("p", { class: "unit" }, t.say("why.chart.unit", {
          unit: t.say(`unit.${outcome.unit}`), from: month(t, about.from), to: month(t, about.to),
        }))),
      waterfall(t, rows, known),
      el("p", { class: "hint" }, t.say("why.chart.hint")),
      el("p", { class: "source" }, t.say(shipped ? "why.source.shipped" : "why.source", {
        members: about.members, runs: about.runs, error, code: about.code_version, data: about.data_vintage,
      })),
      fold(t.say("chart.table"), () => numbers(t, rows, t.say("why.chart", { title })))),
    fold(t.say("why.how"), () => el("div", { class: "what" },
      el("p", {}, t.say("attribute.how")), el("p", {}, t.say(`attribute.method.${about.method}`, {
        members: about.members, runs: about.runs, error,
      })),
      el("p", {}, t.say("attribute.limits")))),
    rests ? el("p", { class: "note what" }, t.say("why.priors")) : null,
    recipe(t, { recipe: {
      command: about.recipe_command, python: about.recipe_python,
      data_vintage: about.data_vintage, code_version: about.code_version, members: about.members,
    } }),
  ].filter(Boolean);
}
