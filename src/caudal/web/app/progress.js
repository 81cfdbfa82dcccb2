// A job while it works: a bar, what it waits for, and a button that stops it.

import { Refused, cancel, job } from "./api.js";
import { el } from "./dom.js";

/**
 * Ask for a job and show how far it is in `box` until it ends; resolves with the job, and with null
 * when the reader stopped it or left the view. Errors of the service are shown in `box`.
 * @param {import("./shell.js").Context} ctx
 * @param {HTMLElement} box
 * @param {string} path
 * @param {any} body
 */
export async function showJob(ctx, box, path, body) {
  const { t } = ctx;
  const bar = el("progress", { max: "1", "aria-label": t.say("shell.waiting") });
  const said = el("p", { class: "note" }, t.say("shell.queued"));
  let id = null;
  const stop = el("button", { type: "button", class: "plain", onclick: () => id && cancel(id) }, t.say("shell.cancel"));
  box.replaceChildren(el("div", { class: "job" }, bar, said, stop));
  try {
    const done = await job(path, body, {
      signal: ctx.signal,
      progress: (now) => {
        id = now.id;
        if (now.status === "running") {
          bar.value = now.progress;
          said.textContent = t.say("shell.progress", { percent: Math.round(100 * now.progress) });
        }
      },
    });
    box.replaceChildren();
    return done;
  } catch (error) {
    if (error.name === "AbortError") {
      box.replaceChildren();
      return null;
    }
    if (!(error instanceof Refused)) console.error(error);
    box.replaceChildren(el("p", { class: "refused", role: "alert" }, error.message));
    return null;
  }
}
