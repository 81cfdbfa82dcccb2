// The model beside the counts: a run over the whole history, asked for when the reader wants it.

import { get } from "../api.js";
import { el } from "../dom.js";
import { largeFigure } from "../figure.js";
import { showJob } from "../progress.js";
import { openRun } from "../run.js";

const MEMBERS = 16;

/** A section for a series that outcomes of the model are compared with; else a line that none is. */
export function against(ctx, row) {
  const { t } = ctx;
  const box = el("div", {});
  const status = el("div", {});
  const place = el("section", { class: "part" }, el("h3", {}, t.say("data.model")), box, status);
  get("/now", {}).then((now) => {
    const mine = now.outcomes.filter((o) => o.series === row.id);
    if (!mine.length) {
      box.replaceChildren(el("p", { class: "note" }, t.say("data.model.none")));
      return;
    }
    const go = el("button", { type: "button", class: "main" }, t.say("data.model.go", { members: MEMBERS }));
    go.addEventListener("click", async () => {
      go.disabled = true;
      ctx.set({ fit: 1 });
      const job = await showJob(ctx, status, "/runs", { scenario: "baseline", members: MEMBERS });
      if (job) await drawn(ctx, place, box, job.id, mine, now);
      else go.disabled = false;
    });
    box.replaceChildren(el("p", {}, t.say("data.model.lead", { n: mine.length })), go);
    if (ctx.params.fit) go.click();
  }, (error) => box.replaceChildren(el("p", { class: "refused" }, error.message)));
  return place;
}

/** The chosen outcome's run against its counts. */
async function drawn(ctx, place, box, id, outcomes, now) {
  const { t } = ctx;
  const chart = el("div", {});
  const shown = async (name) => {
    const outcome = outcomes.find((o) => o.id === name) ?? outcomes[0];
    const [results, recipe] = await Promise.all([
      get(`/runs/${id}/results`, { outcome: outcome.id }), get(`/runs/${id}/recipe`),
    ]);
    const ahead = results.months.indexOf(results.run.first_forecast_month);
    const past = (values) => (ahead < 0 ? values : values.slice(0, ahead));
    const cut = (o) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, Array.isArray(v) ? past(v) : v]));
    const run = openRun({
      ...now, decided: [], policies: [], forecast: null, months: past(results.months), outcomes: results.outcomes.map(cut),
    });
    const compared = run.outcomes[0].rows.filter((r) => r.observed > 0 && r.median !== null);
    const inside = compared.filter((r) => r.lo90 <= r.observed && r.observed <= r.hi90).length;
    const errors = compared.map((r) => Math.abs(r.median / r.observed - 1)).sort((a, b) => a - b);
    chart.replaceChildren(
      largeFigure(t, run, run.outcomes[0], { period: "all" }),
      el("p", {}, t.say("data.model.fit", {
        n: compared.length, inside, error: errors.length ? `${t.number(Math.round(1000 * errors[errors.length >> 1]) / 10)} %` : "–",
      })),
      el("p", { class: "note" }, t.say("data.model.caveat", { members: MEMBERS })),
      el("pre", { tabindex: "0" }, recipe.command));
  };
  const select = el("select", { onchange: (event) => { ctx.set({ fit: event.target.value }); shown(event.target.value); } },
    outcomes.map((o) => el("option", { value: o.id, selected: o.id === ctx.params.fit }, t.text(o.title))));
  box.replaceChildren(el("div", { class: "controls" }, el("label", {}, el("span", {}, t.say("data.model.outcome")), select)), chart);
  try {
    await shown(ctx.params.fit);
  } catch (error) {
    chart.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
  }
}
