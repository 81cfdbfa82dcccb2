// What the reader chose, kept in the address after "#", so that every view is a link.

const DEFAULTS = { lang: "", theme: "auto", show: "", period: "all", policy: "" };

/** The state as the address gives it; unknown keys are dropped. */
export function readState() {
  const state = { ...DEFAULTS };
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
    if (key in DEFAULTS) state[key] = value;
  }
  if (!["en", "es"].includes(state.lang)) {
    state.lang = (navigator.language || "en").toLowerCase().startsWith("es") ? "es" : "en";
  }
  if (!["auto", "light", "dark"].includes(state.theme)) state.theme = "auto";
  if (!["all", "years", "forecast"].includes(state.period)) state.period = "all";
  return state;
}

/** Put a changed state into the address without adding to the browser's history. */
export function writeState(state) {
  const kept = Object.entries(state).filter(([key, value]) => value && value !== DEFAULTS[key]);
  history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
}
