// As of a day or an article: what was known, what could be forecast, and apart from it what followed.

import { get } from "../api.js";
import { el } from "../dom.js";
import { showJob } from "../progress.js";
import { answer, outletOf } from "./asof_answer.js";
import { picker } from "./asof_picker.js";

const FIRST = "2019-11-01"; // before it too few months were counted by nationality to forecast from
const LONG = 240; // months: more than there are counts

/** The articles of the ledger: id, outlet, day. */
async function articles() {
  const { claims } = await get("/claims");
  const found = new Map();
  for (const { document, outlet, published } of claims) {
    const one = found.get(document) ?? { id: document, outlet, day: published, claims: 0 };
    found.set(document, { ...one, claims: one.claims + 1 });
  }
  return [...found.values()].sort((a, b) => a.day.localeCompare(b.day));
}

const today = () => new Date().toISOString().slice(0, 10);
const isDay = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text ?? "") && text >= FIRST && text <= today();

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t, params } = ctx;
  const [all, now] = await Promise.all([articles(), get("/now", { history: LONG })]);
  const box = el("div", { class: "answer" });
  const field = el("input", { type: "date", id: "asof-day", min: FIRST, max: today(), required: true });
  const cards = all.map((one) => el("button", {
    type: "button", class: "card article", "aria-pressed": "false", onclick: () => ask({ article: one.id }),
  },
  el("b", {}, outletOf(t, one)), el("span", {}, t.day(one.day)),
  el("span", { class: "note" }, t.say("asof.article.claims", { n: one.claims }))));

  let turn = 0;
  const ask = async (asked) => {
    const mine = (turn += 1);
    const article = all.find((one) => one.id === asked.article) ?? null;
    field.value = article ? article.day : asked.day;
    days.mark(field.value);
    cards.forEach((card, i) => card.setAttribute("aria-pressed", String(all[i] === article)));
    ctx.set({ day: article ? null : asked.day, article: article?.id });
    const body = article ? { article: article.id } : { day: asked.day };
    const job = await showJob(ctx, box, "/as-of", body);
    if (!job || mine !== turn || ctx.signal.aborted) return;
    const [result, ledger] = await Promise.all([
      get(`/jobs/${job.id}/result`), article ? get("/claims", { document: article.id }) : null,
    ]);
    if (mine !== turn || ctx.signal.aborted) return;
    box.replaceChildren(...answer(ctx, { result, now, article, ledger: ledger?.claims ?? [] }).flat(Infinity).filter(Boolean));
    ctx.announce(t.say("asof.heading", { day: t.day(result.day) }));
  };

  const days = picker(t, now.outcomes[0], {
    first: FIRST, last: today(), articles: all,
    source: now.sources.find((one) => one.series === now.outcomes[0].series), pick: (day) => ask({ day }),
  });
  const form = el("form", { class: "controls", onsubmit: (event) => {
    event.preventDefault();
    if (isDay(field.value)) ask({ day: field.value });
  } },
  el("label", { for: "asof-day" }, t.say("asof.day"), field),
  el("button", { type: "submit", class: "main" }, t.say("asof.show")));
  const known = all.some((one) => one.id === params.article);
  if (known || isDay(params.day)) {
    // The frame of the view first, the answer when it is there.
    setTimeout(() => ask(known ? { article: params.article } : { day: params.day }), 0);
  } else {
    const wrong = params.day ?? params.article;
    box.append(el("p", { class: wrong ? "refused" : "note", role: wrong ? "alert" : null }, wrong
      ? t.say("asof.wrong", { given: wrong, first: t.day(FIRST) }) : t.say("asof.empty")));
  }
  return [
    el("p", { class: "lead" }, t.say("asof.intro")),
    form, days.node,
    el("p", { class: "label" }, t.say("asof.articles")),
    el("div", { class: "articles", role: "group", "aria-label": t.say("asof.articles") }, cards),
    box,
  ];
}
