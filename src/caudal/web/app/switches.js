// The two switches at the top of every page: language and colours.

import { el } from "./dom.js";

/**
 * @param {any} t
 * @param {{lang: string, theme: string}} state
 * @param {(change: Record<string, string>) => void} choose told what the reader chose
 */
export function switches(t, state, choose) {
  const pick = (key, value, text, lang) => el("button", {
    type: "button", lang, "aria-pressed": String(state[key] === value),
    onclick: () => choose({ [key]: value }),
  }, text);
  return el("div", { class: "switches" },
    el("div", { class: "segments", role: "group", "aria-label": t.say("page.language") },
      pick("lang", "en", "English", "en"), pick("lang", "es", "Español", "es")),
    el("div", { class: "segments", role: "group", "aria-label": t.say("page.theme") },
      ["auto", "light", "dark"].map((name) => pick("theme", name, t.say(`page.theme.${name}`)))));
}
