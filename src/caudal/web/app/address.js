// The state of the page stands in its address, so that every view is a link:
// #/lab?scenario=baseline&lang=es is the view "lab" with its own words, language and colours.

import { VIEWS } from "./views.js";

const LANGUAGES = ["en", "es"];
const THEMES = ["auto", "light", "dark"];

/**
 * What the address says. A view that is not known is the first one; a language that is not said is
 * the browser's.
 * @param {string} hash
 */
export function readAddress(hash = location.hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?", 2);
  const params = Object.fromEntries(new URLSearchParams(query ?? ""));
  const { lang, theme, ...own } = params;
  const spoken = (navigator.language || "en").toLowerCase().startsWith("es") ? "es" : "en";
  return {
    view: VIEWS.includes(path) ? path : VIEWS[0],
    lang: LANGUAGES.includes(lang) ? lang : spoken,
    saidLang: LANGUAGES.includes(lang),
    theme: THEMES.includes(theme) ? theme : "auto",
    params: own,
  };
}

/**
 * The address of a state; empty words are left out.
 * @param {{view: string, lang: string, saidLang: boolean, theme: string}} state
 * @param {string} view
 * @param {Record<string, string | number | null | undefined>} params
 */
export function addressOf(state, view, params = {}) {
  const kept = Object.entries(params).filter(([, v]) => v !== "" && v !== null && v !== undefined);
  const query = new URLSearchParams(kept.map(([k, v]) => [k, String(v)]));
  if (state.saidLang) query.set("lang", state.lang);
  if (state.theme !== "auto") query.set("theme", state.theme);
  const text = query.toString();
  return `#/${view}${text ? `?${text}` : ""}`;
}
