// The large chart with its chooser, the whole series to download, and the small charts.

import { Refused, file, get } from "../api.js";
import { el } from "../dom.js";
import { largeFigure, smallFigure } from "../figure.js";
import { pictures } from "../picture.js";
import { largest } from "../run.js";
import { openLines } from "./now_lines.js";
import { citation } from "./now_parts.js";
import { sentence } from "./now_words.js";

const PANELS = ["totals", "components", "units", "areas", "nationalities"];
const SMALL = ["nationalities", "units", "areas", "components", "totals"];
const PERIODS = ["forecast", "years", "all"];
const FEW = innerWidth < 720 ? 4 : 12; // all in one column would be very long on a telephone
const LONG = 240; // months: more than there are counts

/** Buttons of which one is pressed; `chosen` is told of a change. */
export function segments(t, label, names, key, pressed, chosen) {
  const buttons = names.map((name) => {
    const button = el("button", {
      type: "button", "aria-pressed": String(name === pressed),
      onclick: () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        chosen(name);
      },
    }, t.say(`${key}.${name}`));
    return button;
  });
  return el("div", { class: "segments", role: "group", "aria-label": t.say(label) }, buttons);
}

/** A whole series as files, fetched with the token where one is needed, and the page that says where it is published. */
function downloads({ t, link }, line) {
  const said = el("span", { role: "status" });
  const button = (key, more, ending) => el("button", {
    type: "button", class: "plain",
    onclick: async () => {
      said.textContent = "";
      try {
        const blob = await file(`/series/${line.series}`, { format: "csv", ...more });
        const address = URL.createObjectURL(blob);
        el("a", { href: address, download: `${line.series}${ending}.csv` }).click();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
      } catch (error) {
        if (!(error instanceof Refused)) console.error(error);
        said.textContent = error.message;
      }
    },
  }, t.say(key));
  return el("p", { class: "actions" }, el("span", { class: "note" }, t.say("now.series")),
    button("now.csv", {}, ""), button("now.hxl", { hxl: 1 }, ".hxl"), said,
    el("a", { href: link("data", { series: line.series }) }, t.say("now.series.page")));
}

/** Who may arrive and who waits on the Mexican side: encounters do not say it, the corridor's cities do. */
function opposite({ t, link }, line) {
  const sector = /^us\.encounters\.area\.([a-z-]+?)(-office)?$/.exec(line.id)?.[1];
  return el("p", { class: "note" }, t.say("now.cities"), " ",
    el("a", { href: link("corridor", sector ? { place: `mx-${sector}` } : {}) }, t.say(sector ? "now.cities.here" : "now.cities.all")));
}

/**
 * The large chart; `enlarge(outcome)` shows another one in it.
 * @param {import("../shell.js").Context} ctx
 * @param {any} now
 * @param {any[]} lines of now_lines.js
 */
export function chart(ctx, now, lines) {
  const { t, params } = ctx;
  const has = (id) => lines.some((run) => run.outcome.id === id);
  const state = {
    show: has(params.show) ? params.show : lines[0].outcome.id,
    period: PERIODS.includes(params.period) ? params.period : "years",
  };
  const place = el("div", { class: "large-place" });
  const draw = async () => {
    let run = lines.find((r) => r.outcome.id === state.show);
    if (state.period === "all") {
      const whole = openLines(await get("/now", { history: LONG }));
      if (ctx.signal.aborted || state.period !== "all") return;
      run = whole.find((r) => r.outcome.id === run.outcome.id) ?? run;
    }
    const figure = largeFigure(t, run, run.outcome, { period: state.period });
    const parts = [
      run.outcome.id !== lines[0].outcome.id && run.forecast ? el("p", { class: "what" }, sentence(t, now, run)) : "",
      figure,
      pictures(t, figure, run.outcome.id, () => [run.forecast && now.forecast ? citation(t, now.forecast) : t.say("picture.through")]),
    ];
    if (!run.forecast) parts.push(el("p", { class: "note" }, t.say("now.unforecast")));
    if (run.outcome.series) parts.push(downloads(ctx, run.outcome));
    if (run.outcome.id.startsWith("us.encounters")) parts.push(opposite(ctx, run.outcome));
    place.replaceChildren(...parts);
  };
  const failed = (error) => place.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
  const redraw = () => draw().catch(failed);

  const select = el("select", { id: "now-show", onchange: () => open(select.value) },
    PANELS.map((panel) => el("optgroup", { label: t.say(`panel.${panel}`) },
      lines.filter((run) => run.outcome.panel === panel).map((run) =>
        el("option", { value: run.outcome.id, selected: run.outcome.id === state.show }, t.text(run.outcome.title))))));
  const open = (id) => {
    state.show = id;
    select.value = id;
    ctx.set({ show: id });
    redraw();
  };
  const periods = segments(t, "charts.range", PERIODS, "charts.range", state.period, (name) => {
    state.period = name;
    ctx.set({ period: name });
    redraw();
  });
  const first = el("div", { class: "controls" },
    el("label", { for: "now-show" }, t.say("charts.choose"), select), periods);
  redraw();

  const enlarge = (outcome) => {
    open(outcome.id);
    first.scrollIntoView({ block: "start" });
    select.focus({ preventScroll: true });
  };
  return { node: el("div", { class: "first" }, first, place), enlarge };
}

/** The small charts of one panel, the largest first. */
export function small(ctx, lines, enlarge) {
  const { t, params } = ctx;
  const state = { by: SMALL.includes(params.by) ? params.by : "nationalities" };
  const grid = el("div", { class: "grid" });
  const more = el("button", { type: "button", class: "plain", onclick: () => draw(true) });
  const draw = (whole) => {
    const panel = lines.filter((run) => run.outcome.panel === state.by);
    const order = state.by === "nationalities" ? largest(panel.map((run) => run.outcome), panel.length) : null;
    const runs = order ? order.map((o) => panel.find((run) => run.outcome === o)) : panel;
    const shown = whole ? runs : runs.slice(0, FEW);
    more.hidden = shown.length === runs.length;
    more.textContent = t.say("now.more", { n: runs.length });
    grid.replaceChildren(...shown.map((run) => smallFigure(t, run, run.outcome, enlarge)));
  };
  draw(false);
  return [
    el("p", { class: "lead" }, t.say("now.small.lead")),
    el("div", { class: "controls" }, segments(t, "now.by", SMALL, "panel", state.by, (name) => {
      state.by = name;
      ctx.set({ by: name });
      draw(false);
    })),
    grid, el("p", {}, more),
  ];
}
