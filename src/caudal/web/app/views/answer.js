// A question with answers that are ready: one of them, or what a job finds, in the same place.

import { get } from "../api.js";
import { el } from "../dom.js";
import { showJob } from "../progress.js";

/**
 * The function that answers as the address now asks, and where the answer and the job's progress stand.
 * @param {import("../shell.js").Context} ctx
 * @param {{
 *   job: string, long: string, done: string, asked: (params: any) => any, ready: (body: any) => any,
 *   told: (found: any, body: any, ready: boolean) => any[],
 * }} of  `job`: its address; `long`, `done`: keys of texts; `asked`: the question of an address;
 *   `ready`: its answer, if that is at hand; `told`: an answer as nodes
 */
export function answering(ctx, of) {
  const { t, signal } = ctx;
  const place = el("div", { class: "answer" });
  const work = el("div");
  const find = async () => {
    const body = of.asked(ctx.params);
    const found = of.ready(body);
    if (found) {
      work.replaceChildren();
      place.replaceChildren(...of.told(found, body, true));
      return;
    }
    place.replaceChildren(el("p", { class: "note" }, t.say(of.long)));
    const done = await showJob(ctx, work, of.job, body);
    if (signal.aborted) return;
    place.replaceChildren();
    if (!done) return;
    const made = await get(`/jobs/${done.id}/result`, {}, { signal });
    place.replaceChildren(...of.told(made, body, false));
    ctx.announce(t.say(of.done));
  };
  const answer = () => find().catch((error) => {
    if (error.name !== "AbortError") place.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
  });
  return { answer, place, work };
}
