// What was found: kinds of journeys with their shares, one of each told, and what people meet.

import { el, fold, inLanguage } from "../dom.js";
import { recipe } from "../sections.js";
import { csvLink, sheet } from "../sheet.js";
import { toDate } from "../text.js";
import { journey, percent } from "./journeys_line.js";

/** A share as a bar with its interval; both in percent of `most`. */
function shareBar(row, most) {
  const put = (kind, a, b) => {
    const node = el("span", { class: kind });
    node.style.left = `${(100 * a) / most}%`;
    node.style.width = `${(100 * (b - a)) / most}%`;
    return node;
  };
  return el("span", { class: "track", "aria-hidden": "true" }, put("bar", 0, row.share), put("ninety", row.lo90, row.hi90));
}

const interval = (t, row) => t.say("table.range", { lo: percent(t, row.lo90), hi: percent(t, row.hi90) });
const stages = (t, kind) => t.text(kind.name).split(" → ");

/**
 * Nodes of one answer.
 * @param {import("../shell.js").Context} ctx
 * @param {any} found as POST /journeys answers
 * @param {{country: Map<string, string>, unit: Map<string, string>, scenarios: any[]}} names
 * @param {any} body what was asked
 * @param {any} shipped versions that made it beforehand, or null
 */
export function told(ctx, found, names, body, shipped) {
  const { t } = ctx;
  const about = found.about;
  const month = t.month(toDate(about.start.slice(0, 7)));
  const group = t.say("journeys.group", { who: t.text(about.who), country: names.country.get(about.nationality) });
  const most = Math.max(...found.kinds.map((k) => k.hi90));
  const first = new Map();
  found.journeys.forEach((j) => first.has(j.kind) || first.set(j.kind, j));
  const open = Number(ctx.params.kind) || 1;

  const kind = (row, i) => {
    const box = el("details", { name: "kind", open: open === i + 1 },
      el("summary", {},
        el("span", { class: "name" }, el("span", { class: "nr" }, String(i + 1)),
          el("ol", { class: "stages" }, stages(t, row).map((s) => el("li", {}, s)))),
        shareBar(row, most),
        el("span", { class: "value" }, el("b", {}, percent(t, row.share)), el("span", {}, interval(t, row)))),
      first.has(i + 1) ? journey(t, first.get(i + 1), row) : null);
    box.addEventListener("toggle", () => {
      if (box.open) ctx.set({ kind: i ? i + 1 : null });
    });
    return el("li", {}, box);
  };
  const scenario = names.scenarios.find((s) => (s.id ?? s.name) === body.scenario);
  return [
    el("p", { class: "sentence" }, t.say("journeys.read", {
      group, month, people: t.about(about.people), until: t.day(about.until),
      kind: stages(t, found.kinds[0]).join(" → "), share: percent(t, found.kinds[0].share), interval: interval(t, found.kinds[0]),
    })),
    body.scenario === "baseline" ? null
      : el("p", { class: "note" }, t.say("journeys.under", { scenario: scenario ? t.text(scenario.title) : about.scenario })),
    el("figure", { class: "large" },
      el("figcaption", {}, el("h2", {}, t.say("journeys.kinds")),
        el("p", { class: "unit" }, t.say("journeys.kinds.unit"))),
      el("ol", { class: "kinds" }, found.kinds.map(kind)),
      el("p", { class: "note" }, t.say("journeys.other", { share: percent(t, about.other) })),
      source(t, about, shipped),
      fold(t.say("chart.table"), () => kindTable(t, found))),
    meets(t, found, about, shipped),
    recipe(t, { recipe: again(about, body, scenario) }),
  ].filter(Boolean);
}

function source(t, about, shipped) {
  const words = { travellers: t.number(about.travellers), members: about.members };
  return el("p", { class: "source" }, t.say("journeys.source", words), " ", shipped
    ? t.say("journeys.source.versions", { code: shipped.code_version, data: shipped.data_vintage }) : "");
}

function kindTable(t, found) {
  const title = t.say("journeys.kinds");
  const head = ["journeys.kind", "journeys.share", "table.90", "journeys.days"].map((key) => t.say(key));
  const body = found.kinds.map((k) => [t.text(k.name), percent(t, k.share), interval(t, k),
    k.days === null ? t.say("value.missing") : t.number(k.days)]);
  const rows = found.kinds.map((k) => [k.stages.join(" > "), k.name[t.lang], k.share, k.lo90, k.hi90, k.days]);
  return el("div", {}, sheet(title, head, body), el("p", {},
    csvLink(t, "journeys-kinds", ["stages", "name", "share", "lo90", "hi90", "median_days"], rows)));
}

function meets(t, found, about, shipped) {
  const most = Math.max(...found.meets.map((m) => m.hi90));
  const title = t.say("journeys.meets");
  const often = (v) => t.say("journeys.times", { n: t.number(Math.round(10 * v) / 10) });
  return el("figure", { class: "large meets" },
    el("figcaption", {}, el("h2", {}, title), el("p", { class: "unit" }, t.say("journeys.meets.unit"))),
    el("ul", { class: "kinds" }, found.meets.map((m) => el("li", { class: "row" },
      el("span", { class: "name" }, inLanguage(t, m.name), m.times >= 1.05 ? el("span", { class: "times" }, often(m.times)) : null),
      shareBar(m, most),
      el("span", { class: "value" }, el("b", {}, percent(t, m.share)), el("span", {}, interval(t, m)))))),
    source(t, about, shipped),
    fold(t.say("chart.table"), () => el("div", {},
      sheet(title, ["journeys.meet", "journeys.share", "table.90", "journeys.often"].map((key) => t.say(key)),
        found.meets.map((m) => [t.text(m.name), percent(t, m.share), interval(t, m), t.number(Math.round(10 * m.times) / 10)])),
      el("p", {}, csvLink(t, "journeys-meets", ["stage", "name", "share", "lo90", "hi90", "times"],
        found.meets.map((m) => [m.stage, m.name[t.lang], m.share, m.lo90, m.hi90, m.times]))))));
}

/** The command and the Python that draw the same journeys; a stored scenario is a file beside them. */
function again(about, body, scenario) {
  const name = !scenario || scenario.shipped ? about.scenario : "scenario.yaml";
  const python = `import caudal\nfound = caudal.journeys("${name}", start="${body.from}", nationality="${about.nationality}", `
    + `unit="${about.unit}", members=${about.members})`;
  return {
    command: `caudal journeys ${name} --from ${body.from} --nationality ${about.nationality} --unit ${about.unit} --members ${about.members}`,
    python, members: about.members,
  };
}
