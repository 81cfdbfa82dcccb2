// Now: the latest counts with nowcast and forecast in one screen, what changed, what was decided.

import { get } from "../api.js";
import { el, fold } from "../dom.js";
import { section, sources } from "../sections.js";
import { changed, decided, howGood, issued } from "./now_parts.js";
import { chart, small } from "./now_chart.js";
import { openLines } from "./now_lines.js";
import { age, ends, sentence } from "./now_words.js";

/** @param {import("../shell.js").Context} ctx */
export async function show(ctx) {
  const { t } = ctx;
  const now = await get("/now");
  const lines = openLines(now);
  const main = lines[0];
  const used = {
    sources: now.sources, outcomes: lines.map((line) => line.outcome),
  };
  const large = chart(ctx, now, lines);
  return [
    el("p", { class: "sentence" }, sentence(t, now, main)),
    el("p", { class: "note" }, age(t, now, lines)),
    large.node,
    section(t, "changed", "now.changed", el("p", { class: "lead" }, ends(t, lines)), changed(ctx, now, lines)),
    section(t, "decided", "now.decided", decided(ctx, now)),
    section(t, "good", "now.good", howGood(ctx, now)),
    section(t, "small", "now.small", small(ctx, lines, large.enlarge)),
    section(t, "made", "now.made", issued(t, now), fold(t.say("sources.heading"), () => sources(t, used))),
  ];
}
