// The parts of the page that are words and tables: in short, sources, limits, recipe.

import { el, inLanguage, link } from "./dom.js";
import { ahead, lastCounted, panel } from "./run.js";

/** A section with its heading, which the contents list links to. */
export function section(t, id, key, ...children) {
  return el("section", { id, "aria-labelledby": `${id}-h` }, el("h2", { id: `${id}-h` }, t.say(key)), children);
}

const interval = (t, row, width) => ({ lo: t.about(row[`lo${width}`]), hi: t.about(row[`hi${width}`]) });

/** The first outcome in two sentences, and all totals in a small table. */
export function headline(t, run) {
  const totals = panel(run, "totals");
  const main = totals[0] ?? run.outcomes[0];
  const last = lastCounted(main);
  const future = ahead(run, main);
  const parts = [];
  if (last) {
    parts.push(t.say("head.counted", {
      title: t.text(main.title), value: t.number(last.observed), month: t.month(last.date),
    }));
  }
  if (future.length) {
    const [next, far] = [future[0], future.at(-1)];
    const near = interval(t, next, 90);
    const wide = interval(t, far, 90);
    const values = { month: t.month(next.date), value: t.about(next.median), ...near };
    parts.push(future.length === 1 ? t.say("head.none", values) : t.say("head.ahead", {
      ...values,
      when: t.say("head.when", { n: future.length }),
      month12: t.month(far.date), value12: t.about(far.median), lo12: wide.lo, hi12: wide.hi,
    }));
  }
  const forecastCell = (row, label) =>
    el("td", { "data-label": label },
      el("b", {}, t.about(row.median)),
      el("span", {}, t.say("head.half", interval(t, row, 50))),
      el("span", {}, t.say("head.ninety", interval(t, row, 90))));
  const next = future.length ? t.say("head.next", { month: t.monthShort(future[0].date) }) : "";
  const far = future.length > 1
    ? t.say("head.far", { n: future.length, month: t.monthShort(future.at(-1).date) }) : "";
  const rows = totals.map((outcome) => {
    const counted = lastCounted(outcome);
    const after = ahead(run, outcome);
    return el("tr", {},
      el("th", { scope: "row" }, t.text(outcome.title),
        el("span", { class: "unit" }, t.say(`unit.${outcome.unit}`))),
      el("td", { "data-label": t.say("head.last") },
        counted ? el("b", {}, t.number(counted.observed)) : t.say("head.uncounted"),
        counted ? el("span", {}, t.month(counted.date)) : null),
      next ? forecastCell(after[0], next) : null,
      far ? forecastCell(after.at(-1), far) : null);
  });
  const heads = ["head.outcome", "head.last"].map((key) => t.say(key)).concat(next || [], far || []);
  return section(t, "short", "head.heading",
    el("p", { class: "sentence" }, parts.join(" ")),
    el("table", { class: "headline" },
      el("caption", { class: "unseen" }, t.say("head.table")),
      el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, rows)));
}

/** Every published series that the page uses; null where none is known. */
export function sources(t, run) {
  if (!run.sources.length) return null;
  const entries = run.sources.map((source) => {
    const used = run.outcomes.filter((o) => o.series === source.series).map((o) => t.text(o.title));
    const shown = used.slice(0, 6).join("; ") + (used.length > 6 ? " …" : "");
    const pairs = [
      ["sources.publisher", inLanguage(t, source.publisher)],
      ["sources.definition", source.definition && inLanguage(t, source.definition)],
      ["sources.unit", source.unit && inLanguage(t, source.unit)],
      ["sources.grain", source.grain && inLanguage(t, source.grain)],
      ["sources.address", source.address && link(source.address, source.address)],
      ["sources.licence", source.licence && inLanguage(t, source.licence)],
      ["sources.read_on", source.read_on],
      ["sources.delay", source.delay_days !== null && source.delay_days !== undefined
        ? el("span", {}, source.delay_days === 1
          ? t.say("sources.delay.day") : t.say("sources.delay.days", { n: source.delay_days }),
          source.delay_note ? [" (", inLanguage(t, source.delay_note), ")"] : null)
        : null],
      ["sources.through", source.through && inLanguage(t, source.through)],
      ["sources.issues", source.issues.length
        ? el("ul", {}, source.issues.map((issue) => el("li", {}, inLanguage(t, issue)))) : null],
      ["sources.files", Object.keys(source.files).length
        ? el("ul", { class: "files" }, Object.entries(source.files).map(([name, sum]) =>
          el("li", {}, name, " ", el("code", {}, sum)))) : null],
      ["sources.used", shown],
    ];
    return el("article", { class: "series" },
      el("h3", {}, inLanguage(t, source.title)),
      el("dl", {}, pairs.filter(([, value]) => value).map(([key, value]) =>
        el("div", {}, el("dt", {}, t.say(key)), el("dd", {}, value)))));
  });
  const foreign = run.sources.some((source) => typeof source.definition === "string");
  return section(t, "sources", "sources.heading",
    el("p", { class: "lead" }, t.say("sources.lead"), " ",
      t.lang !== "en" && foreign ? t.say("sources.original") : ""),
    el("div", { class: "series-list" }, entries));
}

/** What the results cannot carry; null where nothing is said. */
export function limits(t, run) {
  if (!run.limits.length) return null;
  return section(t, "limits", "limits.heading",
    el("ul", { class: "limits" }, run.limits.map((text) => el("li", {}, inLanguage(t, text)))));
}

/** How to get these numbers again. */
export function recipe(t, run) {
  const code = (key, text) => {
    const button = el("button", { type: "button", class: "copy" }, t.say("recipe.copy"));
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = t.say("recipe.copied");
      } catch {
        // Some browsers forbid the clipboard to a page from disk: select the text instead.
        getSelection().selectAllChildren(block);
      }
    });
    const block = el("pre", { tabindex: "0" }, el("code", {}, text));
    return el("div", { class: "code" }, el("p", { class: "label" }, t.say(key)), button, block);
  };
  const facts = ["data_vintage", "code_version", "run_id", "members"].filter(
    (key) => run.recipe[key] !== null && run.recipe[key] !== undefined && run.recipe[key] !== "");
  return section(t, "recipe", "recipe.heading",
    el("p", { class: "lead" }, t.say("recipe.lead")),
    run.recipe.command ? code("recipe.command", run.recipe.command) : null,
    run.recipe.python ? code("recipe.python", run.recipe.python) : null,
    el("dl", { class: "facts" }, facts.map((key) =>
      el("div", {}, el("dt", {}, t.say(`recipe.${key}`)), el("dd", {}, el("code", {}, String(run.recipe[key])))))),
    run.recipe.run_id && run.recipe.code_version && run.recipe.data_vintage ? code("recipe.cite", t.say("recipe.cite.text", {
      code: run.recipe.code_version, run: run.recipe.run_id, data: run.recipe.data_vintage, members: run.recipe.members,
    })) : null);
}
