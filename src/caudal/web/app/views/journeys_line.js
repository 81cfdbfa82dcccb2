// One journey: its days as a strip, and what happened in words.

import { el } from "../dom.js";

/** Where the days of a stay were spent, by stock of the model. */
const ZONES = {
  darien: "south", central_1: "south", central_2: "south", caravan: "south",
  south: "mexico", mexico_1: "mexico", mexico_2: "mexico",
  held: "held", dif: "held", comar: "asylum",
  north_first: "border", north_repeat: "border", ports: "border", app_queue: "border", mpp: "border",
  field: "custody", lateral: "custody", cbp_custody: "custody", cbp_children: "custody",
  hhs_care: "custody", ice_detained: "custody",
  returned: "back", southbound: "back", city_shelter: "city",
};
const ORDER = ["south", "mexico", "held", "asylum", "border", "custody", "city", "back", "other"];
const WORTH_NAMING = 7; // percent of the strip that the number of its days needs

/** A share as a percentage: two figures below ten. */
export function percent(t, share) {
  const v = 100 * share;
  return `${t.number(v < 10 ? Math.round(10 * v) / 10 : Math.round(v))} %`;
}

const zone = (line) => ZONES[line.stay] ?? "other";
const days = (t, n) => t.say(n === 1 ? "journeys.day" : "journeys.ndays", { n: t.number(n) });

/**
 * The journey under its kind.
 * @param {any} t @param {any} one a journey @param {any} kind
 */
export function journey(t, one, kind) {
  const whole = Math.max(1, one.days);
  const stays = one.lines.filter((l) => l.after > 0);
  const seen = ORDER.filter((z) => stays.some((l) => zone(l) === z));
  const strip = el("div", { class: "strip", role: "img", "aria-label": t.say("journeys.strip", {
    list: seen.map((z) => `${t.say(`journeys.zone.${z}`)}: ${days(t, stays.filter((l) => zone(l) === z).reduce((n, l) => n + l.after, 0))}`).join("; "),
  }) }, stays.map((l) => {
    const width = (100 * l.after) / whole;
    const node = el("span", { class: `zone ${zone(l)}`, title: `${t.say(`journeys.zone.${zone(l)}`)}: ${days(t, l.after)}` },
      width > WORTH_NAMING ? t.number(l.after) : "");
    node.style.width = `${width}%`;
    return node;
  }));
  const chances = Object.values(one.chances);
  return el("div", { class: "journey" },
    el("p", { class: "what" }, t.say(one.ended ? "journeys.one" : "journeys.one.open", {
      days: days(t, one.days), share: percent(t, one.share),
    }), " ", kind.days === null ? "" : t.say("journeys.median", { days: days(t, Math.round(kind.days)) })),
    strip,
    el("ul", { class: "legend" }, seen.map((z) => el("li", {}, el("span", { class: `sign zone ${z}` }), t.say(`journeys.zone.${z}`)))),
    el("ol", { class: "steps" }, one.lines.map((l) => el("li", { class: l.after > 0 ? zone(l) : "" },
      el("span", { class: "when" }, el("time", { datetime: l.on }, t.day(l.on)), el("span", {}, t.say("journeys.at", { day: t.number(l.day) }))),
      el("span", { class: "what" }, t.text(l.text))))),
    chances.length ? el("div", { class: "chances" }, el("p", { class: "label" }, t.say("journeys.chances")),
      el("ul", {}, chances.map((c) => el("li", {}, t.say("journeys.chance", { what: t.text(c), n: t.about(1 / c.chance) }))))) : null);
}
