// The frame around every view: menu, language, colours, token, errors, footer.

import { addressOf } from "./address.js";
import { Refused, useToken } from "./api.js";
import { el } from "./dom.js";
import { switches } from "./switches.js";
import { speaker } from "./text.js";
import { VIEWS } from "./views.js";

/**
 * What a view is handed.
 * @typedef {object} Context
 * @property {any} t words, numbers and dates in the reader's language (text.js)
 * @property {Record<string, string>} params the view's own words of the address
 * @property {(change: Record<string, any>) => void} set change some of them; nothing is drawn anew
 * @property {(view: string, params?: Record<string, any>) => void} go to another view or state
 * @property {(view: string, params?: Record<string, any>) => string} link the address of one
 * @property {AbortSignal} signal aborted when the view is left
 * @property {HTMLElement} root where the view stands; `show` returns what goes into it
 * @property {(text: string) => void} announce tell a screen reader
 */

const json = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
};

const words = new Map();

/** Texts of the whole page, and of a view, in both languages. */
async function textsOf(view) {
  for (const name of ["shell", view]) {
    if (!words.has(name)) words.set(name, json(`words/${name}.json`));
  }
  if (!words.has("strings")) words.set("strings", json("strings.json"));
  const [shared, shell, own] = await Promise.all(["strings", "shell", view].map((n) => words.get(n)));
  const of = (lang) => ({ ...shared[lang], ...shell[lang], ...own[lang] });
  return { en: of("en"), es: of("es") };
}

const styled = new Set();

/** A view's own style, loaded once; resolves when it applies. */
function styleOf(view) {
  if (styled.has(view)) return Promise.resolve();
  styled.add(view);
  return new Promise((done) => {
    const sheet = el("link", { rel: "stylesheet", href: `app/views/${view}.css`, onload: done, onerror: done });
    document.head.append(sheet);
  });
}

/** Draws the frame in `root`; `show(state)` draws what an address says. */
export async function openShell(root) {
  let state = null;
  let leave = new AbortController();
  const status = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
  const top = el("header", { class: "shell" });
  const main = el("main", { id: "main", tabindex: "-1" });
  const foot = el("footer", {});
  root.replaceChildren(top, main, foot, status);

  const move = (address) => {
    if (location.hash === address) return;
    main.setAttribute("aria-busy", "true");
    location.hash = address;
  };

  const menu = (t) => {
    const list = el("nav", { id: "menu", "aria-label": t.say("shell.menu") },
      VIEWS.map((view) => el("a", {
        href: addressOf(state, view), "aria-current": view === state.view ? "page" : null,
      }, t.say(`view.${view}`))));
    const button = el("button", {
      type: "button", class: "menu", "aria-expanded": "false", "aria-controls": "menu",
      onclick: () => {
        const open = button.getAttribute("aria-expanded") !== "true";
        button.setAttribute("aria-expanded", String(open));
        list.toggleAttribute("data-open", open);
      },
    }, t.say("shell.menu"), ": ", t.say(`view.${state.view}`));
    return [button, list];
  };

  const choose = (change) => {
    state = { ...state, ...change, saidLang: state.saidLang || "lang" in change };
    move(addressOf(state, state.view, state.params));
  };

  const frame = (t) => {
    top.replaceChildren(
      el("a", { class: "skip", href: "#main", onclick: (event) => {
        event.preventDefault();
        main.focus();
      } }, t.say("shell.skip")),
      el("div", { class: "bar-top" },
        el("a", { class: "brand", href: addressOf(state, VIEWS[0]) }, "Caudal",
          el("span", { class: "claim" }, t.say("shell.claim"))),
        switches(t, state, choose)),
      ...menu(t));
    foot.replaceChildren(el("p", {}, t.say("shell.footer")), el("p", {}, t.say("page.libraries")));
  };

  const refused = (t, error, again) => {
    if (error instanceof Refused && error.status === 401) return askToken(t, again);
    const text = error instanceof Refused ? error.message : t.say("shell.broken", { what: String(error?.message ?? error) });
    return el("div", { class: "refused", role: "alert" },
      el("p", {}, text),
      el("button", { type: "button", class: "plain", onclick: again }, t.say("shell.again")));
  };

  const show = async (next) => {
    leave.abort();
    leave = new AbortController();
    main.setAttribute("aria-busy", "true");
    const mine = leave;
    const moved = !state || state.view !== next.view;
    state = next;
    document.documentElement.lang = state.lang;
    document.documentElement.dataset.theme = state.theme;
    try {
      const [texts, module] = await Promise.all([
        textsOf(state.view), import(`./views/${state.view}.js`), styleOf(state.view),
      ]);
      if (mine.signal.aborted) return;
      const t = speaker(texts, state.lang);
      document.title = `${t.say(`view.${state.view}`)} – Caudal`;
      frame(t);
      const heading = el("h1", { tabindex: "-1" }, t.say(`${state.view}.title`));
      const body = el("div", { class: `view view-${state.view}`, "aria-busy": "true" },
        el("p", { class: "waiting", role: "status" }, t.say("shell.waiting")));
      main.replaceChildren(heading, body);
      if (moved) scrollTo({ top: 0, behavior: "instant" });
      /** @type {Context} */
      const ctx = {
        t, params: { ...state.params }, signal: mine.signal, root: body,
        set: (change) => {
          if (mine.signal.aborted) return;
          Object.assign(ctx.params, change);
          state = { ...state, params: { ...ctx.params } };
          history.replaceState(null, "", addressOf(state, state.view, state.params));
        },
        go: (view, params = {}) => move(addressOf(state, view, params)),
        link: (view, params = {}) => addressOf(state, view, params),
        announce: (text) => { status.textContent = text; },
      };
      try {
        const shown = await module.show(ctx);
        if (mine.signal.aborted) return;
        if (shown) body.replaceChildren(...[shown].flat(Infinity).filter(Boolean));
      } catch (error) {
        if (mine.signal.aborted) return;
        if (!(error instanceof Refused)) console.error(error);
        body.replaceChildren(refused(t, error, () => show(state)));
      }
      body.removeAttribute("aria-busy");
      main.removeAttribute("aria-busy");
    } catch (error) {
      console.error(error);
      main.removeAttribute("aria-busy");
      main.replaceChildren(el("p", { class: "refused", role: "alert" }, String(error)));
    }
  };
  return { show };
}

/** A field for the token of a service that wants one. */
function askToken(t, again) {
  const field = el("input", { type: "password", id: "token", autocomplete: "off", required: true });
  return el("form", { class: "token", onsubmit: async (event) => {
    event.preventDefault();
    useToken(field.value);
    again();
  } },
  el("label", { for: "token" }, t.say("shell.token")), field,
  el("button", { type: "submit", class: "plain" }, t.say("shell.token.use")));
}
