// Model: the graph of stocks and flows, each mechanism's page, priors and posteriors.

import { file, get } from "../api.js";
import { el } from "../dom.js";
import { mechanism, mechanisms } from "./model_mechanism.js";
import { parameters } from "./model_parameters.js";
import { drawnIn, stockName, title } from "./model_words.js";

const PARTS = ["graph", "mechanisms", "parameters"];

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t } = ctx;
  const model = await get("/model");
  const place = el("div", {});
  const part = () => (PARTS.includes(ctx.params.part) ? ctx.params.part : ctx.params.mechanism ? "mechanisms" : "graph");
  const buttons = PARTS.map((name) => el("button", {
    type: "button", onclick: () => { ctx.set({ part: name === "graph" ? "" : name, mechanism: "", q: "" }); draw(); },
  }, t.say(`model.part.${name}`)));
  const draw = async () => {
    buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(PARTS[i] === part())));
    const made = part() === "graph" ? graph(ctx, model) : part() === "parameters" ? parameters(ctx, model)
      : ctx.params.mechanism ? await mechanism(ctx, model, ctx.params.mechanism) : mechanisms(ctx, model);
    place.replaceChildren(...[made].flat());
  };
  await draw();
  return [
    el("p", { class: "lead" }, t.say("model.lead", {
      stocks: model.stocks.length, paths: model.paths.length, mechanisms: model.mechanisms.length, parameters: model.parameters.length,
    })),
    el("div", { class: "segments", role: "group", "aria-label": t.say("model.parts") }, buttons),
    place,
  ];
}

/** The drawing, and the same graph in words: a stock with what leads to it and from it. */
function graph(ctx, model) {
  const { t } = ctx;
  const image = el("img", { alt: t.say("model.graph.alt", { stocks: model.stocks.length, paths: model.paths.length }) });
  const box = el("div", { class: "picture", tabindex: "0", role: "group", "aria-label": t.say("model.graph") }, image);
  const size = (wide) => { box.toggleAttribute("data-whole", !wide); };
  // Where people come in stands at the left, halfway down: that is where one begins to read.
  const sized = new ResizeObserver(() => {
    if (!image.naturalWidth || !image.clientHeight) return;
    box.scrollTop = 0.62 * image.clientHeight - box.clientHeight / 2;
    sized.disconnect();
  });
  sized.observe(image);
  const save = el("a", { class: "plain", download: "caudal-model.svg" }, t.say("model.graph.save"));
  file("/model/graph.svg").then(async (blob) => {
    const drawn = drawnIn(t, await blob.text());
    image.src = URL.createObjectURL(new Blob([drawn], { type: "image/svg+xml" }));
    save.href = image.src;
    ctx.signal.addEventListener("abort", () => URL.revokeObjectURL(image.src));
  }, (error) => box.replaceChildren(el("p", { class: "refused" }, error.message)));
  const zoom = el("button", { type: "button", class: "plain", "aria-pressed": "false", onclick: () => {
    const wide = zoom.getAttribute("aria-pressed") === "true";
    zoom.setAttribute("aria-pressed", String(!wide));
    size(wide);
  } }, t.say("model.graph.whole"));
  const detail = el("div", { "aria-live": "polite" });
  const choose = (name) => {
    ctx.set({ stock: name });
    select.value = name;
    detail.replaceChildren(...stock(ctx, model, name));
  };
  const select = el("select", { onchange: () => choose(select.value) }, model.stocks.map((s) =>
    el("option", { value: s.name }, stockName(t, s.name))));
  const first = model.stocks.some((s) => s.name === ctx.params.stock) ? ctx.params.stock : "cbp_custody";
  select.value = first;
  detail.replaceChildren(...stock(ctx, model, first));
  ctx.root.addEventListener("click", (event) => {
    const to = event.target.closest?.("[data-stock]");
    if (to && detail.contains(to)) choose(to.dataset.stock);
  }, { signal: ctx.signal });
  return [
    el("section", { class: "part" }, el("figure", {},
      el("figcaption", {}, el("h2", {}, t.say("model.graph")), el("p", {}, t.say("model.graph.lead"))),
      box,
      el("p", { class: "source" }, t.say("model.graph.source")),
      el("div", { class: "actions" }, zoom, save))),
    el("section", { class: "part" }, el("h2", {}, t.say("model.stock.title")),
      el("div", { class: "controls" }, el("label", {}, el("span", {}, t.say("model.stock.choose")), select)),
      detail),
  ];
}

/** One stock: who is in it, which flows lead to it and away, and whose they are. */
function stock(ctx, model, name) {
  const { t } = ctx;
  const at = model.stocks.find((s) => s.name === name);
  const other = (id) => id === "outside" ? el("span", {}, t.say("model.outside"))
    : el("button", { type: "button", class: "open", "data-stock": id }, stockName(t, id));
  const owner = (id) => el("a", { href: ctx.link("model", { mechanism: id }) }, title(t, id));
  const lines = (paths, end) => paths.length
    ? el("ul", {}, [...grouped(paths, end)].map(([id, mine]) => el("li", {}, other(id), " · ",
      [...new Set(mine.map((p) => p.mechanism))].map((m, i) => [i ? ", " : "", m ? owner(m) : t.say("model.gate.only")]))))
    : el("p", { class: "note" }, t.say("model.none"));
  return [
    el("p", { class: "sentence" }, t.has(`model.who.${name}`) ? t.say(`model.who.${name}`) : at.meaning),
    el("p", { class: "note" }, at.final ? t.say("model.final") : "",
      at.places.length > 1 ? t.say("model.places", { n: at.places.length }) : ""),
    el("div", { class: "both" },
      el("div", {}, el("h3", {}, t.say("model.in")), lines(model.paths.filter((p) => p.target === name), "source")),
      el("div", {}, el("h3", {}, t.say("model.out")), lines(model.paths.filter((p) => p.source === name), "target"))),
  ];
}

/** Paths by the stock at their other end. */
function grouped(paths, end) {
  const out = new Map();
  for (const path of paths) out.set(path[end], [...(out.get(path[end]) ?? []), path]);
  return out;
}
