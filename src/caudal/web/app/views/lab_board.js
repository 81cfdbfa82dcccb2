// The policies as bars whose ends can be dragged, by country, on one time axis.

import { el } from "../dom.js";
import { letters } from "../fan.js";
import { bars, byCountry, pack } from "../timeline.js";
import { changedSpans, changeOf, dayNumber, isoDay, monthsLater } from "./lab_document.js";
import { FAR, endOn, extentNow, isChanged, shiftBy, startOn } from "./lab_moves.js";

const BEGIN = "2018-01-01";
const ROOM = 12; // pixels left of the first and right of the last day, for grips

/** The years that the board can show: of all dates that documents name, and one beyond. */
export function years(rows) {
  const last = rows.flatMap((r) => r.spans.flatMap((s) => [s.from, s.until ?? s.from]))
    .filter((d) => d < FAR).reduce((a, b) => (a > b ? a : b), BEGIN);
  return [2018, Number(last.slice(0, 4)) + 2];
}

/**
 * The board. `lab` says what is edited: doc, rows(), edit(doc, focus), chosen, choose(id), card(row).
 * @returns {{node: HTMLElement, draw: () => void}}
 */
export function board(lab) {
  const { t } = lab;
  const axis = el("div", { class: "board-axis", "aria-hidden": "true" });
  const svg = (tag, properties, ...inside) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(properties)) made.setAttribute(key, String(value));
    made.append(...inside);
    return made;
  };
  const body = el("div", { class: "board-body" });
  const told = el("div", { class: "tip", hidden: true });
  const node = el("div", { class: "board", role: "group", "aria-label": t.say("lab.board.label") }, axis, body, told);
  const open = new Map();
  let width = 0;
  let seen = "";

  const scale = () => {
    const [a, b] = lab.window();
    const [first, last] = [dayNumber(`${a}-01-01`), dayNumber(`${b}-01-01`)];
    const per = (width - 2 * ROOM) / (last - first);
    return {
      first: isoDay(first), last: isoDay(last),
      x: (iso) => ROOM + (Math.min(last, Math.max(first, dayNumber(iso))) - first) * per,
      day: (x) => isoDay(Math.round(first + (x - ROOM) / per)),
      per,
    };
  };
  const share = (x) => `${((100 * x) / width).toFixed(3)}%`;

  /** Bars of a policy in the window: {x, width, unverified, open}. */
  const strips = (at, spans) => bars({ spans: spans.filter((s) => s.from < at.last) })
    .filter((bar) => bar.until > at.first)
    .map((bar) => ({ ...bar, x: at.x(bar.from), width: Math.max(3, at.x(bar.until) - at.x(bar.from)), open: bar.until > at.last }));

  const place = (at) => (row) => {
    const now = strips(at, changedSpans(row.spans, changeOf(lab.doc, row.id)));
    const was = isChanged(lab.doc, row) ? strips(at, row.spans) : [];
    const all = [...now, ...was];
    if (!all.length) return null;
    const begin = Math.min(...all.map((s) => s.x));
    const end = Math.max(...all.map((s) => s.x + s.width));
    const badge = isChanged(lab.doc, row) ? 6 * letters() : 0;
    const wanted = Math.min(t.text(row.name).length * (row.id === lab.chosen ? 0.62 : 0.56) * letters() + 22 + badge, width);
    const from = Math.min(begin, width - wanted);
    return { row, now, was, begin, from, wanted, x0: Math.min(begin, from) - ROOM, x1: Math.max(end, from + wanted) + ROOM };
  };

  const tell = (x, y, text) => {
    told.hidden = false;
    told.textContent = text;
    told.style.left = `${Math.max(0, Math.min(width - told.offsetWidth, x - told.offsetWidth / 2))}px`;
    told.style.top = `${y - told.offsetHeight - 8}px`;
  };

  /** Let `target` be dragged: `change(days, doc)` gives the document after so many days. */
  const draggable = (target, item, at, change, says, focus) => target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const start = event.clientX;
    let moved = null;
    target.setPointerCapture(event.pointerId);
    const move = (e) => {
      const days = Math.round((e.clientX - start) / at.per);
      if (!moved && Math.abs(e.clientX - start) < 4) return;
      moved = change(days) ?? moved;
      if (!moved) return;
      follow(item, at, moved);
      const box = node.getBoundingClientRect();
      tell(e.clientX - box.left, item.getBoundingClientRect().top - box.top, says(moved));
    };
    const end = (e) => {
      target.removeEventListener("pointermove", move);
      told.hidden = true;
      if (moved && e.type !== "pointercancel") lab.edit(moved, focus);
      else if (e.type === "pointercancel") draw();
      else if (target.classList.contains("bar")) lab.choose(lab.chosen === item.dataset.id ? "" : item.dataset.id);
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", end, { once: true });
    target.addEventListener("pointercancel", end, { once: true });
  });

  const words = (row, side) => (doc) => {
    const now = extentNow(doc, row);
    const day = side === "start" ? now?.from : now?.until;
    return day === null || day === undefined || day >= FAR ? t.say("lab.open") : t.day(day);
  };

  const shift = (iso, days) => isoDay(dayNumber(iso) + days);

  const grip = (item, row, side, at, x) => {
    const day = () => {
      const now = extentNow(lab.doc, row);
      return (side === "start" ? now.from : now.until) ?? at.last;
    };
    const set = (iso) => {
      const now = extentNow(lab.doc, row);
      if (side === "start") return iso < (now.until ?? FAR) ? startOn(lab.doc, row, iso) : null;
      return iso > now.from ? endOn(lab.doc, row, iso >= at.last ? FAR : iso) : null;
    };
    const speak = () => {
      const value = Math.max(dayNumber(BEGIN), Math.min(dayNumber(FAR), dayNumber(day())));
      node.setAttribute("aria-valuenow", String(value));
      node.setAttribute("aria-valuetext", words(row, side)(lab.doc));
    };
    let stepped = false;
    const node = el("span", {
      class: `grip ${side}`, role: "slider", tabindex: lab.chosen === row.id ? "0" : "-1", "data-side": side,
      "aria-label": t.say(`lab.grip.${side}`, { name: t.text(row.name) }), "aria-orientation": "horizontal",
      "aria-valuemin": dayNumber(BEGIN), "aria-valuemax": dayNumber(FAR),
      onkeydown: (event) => {
        const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
        const month = { PageDown: -1, PageUp: 1 }[event.key] ?? (event.shiftKey ? by : undefined);
        const next = month ? monthsLater(day(), month) : by ? shift(day(), by) : null;
        if (!next) return;
        event.preventDefault();
        const moved = set(next);
        if (!moved) return;
        // The element that has the focus stays, so that a screen reader goes on from it.
        stepped = true;
        lab.edit(moved, null, true);
        follow(item, at, lab.doc);
        item.closest(".lanes").querySelector(".lab-card")?.replaceWith(lab.card(row));
        speak();
      },
      onblur: () => {
        if (!stepped) return;
        stepped = false;
        setTimeout(draw); // rows are packed anew once the reader has gone on
      },
    });
    speak();
    node.style.left = share(x);
    draggable(node, item, at, (days) => set(shift(day(), days)), words(row, side), [row.id, side]);
    return node;
  };

  /** Bars and grips of a policy follow `doc` without being made anew: one of them is held. */
  const follow = (item, at, doc) => {
    const row = lab.row(item.dataset.id);
    const now = strips(at, changedSpans(row.spans, changeOf(doc, row.id)));
    item.querySelectorAll(".bar.now").forEach((part, i) => {
      part.hidden = !now[i];
      if (now[i]) Object.assign(part.style, { left: share(now[i].x), width: share(now[i].width) });
    });
    const ends = { start: now[0]?.x, end: Math.max(...now.map((s) => s.x + s.width)) };
    item.querySelectorAll(".grip").forEach((g) => { g.style.left = share(ends[g.dataset.side] ?? 0); });
  };

  /** Draw a policy's bars and grips anew in its place, as `doc` has them. */
  const fill = (item, at, doc) => {
    const row = lab.row(item.dataset.id);
    const now = strips(at, changedSpans(row.spans, changeOf(doc, row.id)));
    const was = row.id in (doc.policies ?? {}) ? strips(at, row.spans) : [];
    const bar = (s, kind) => {
      const strip = el("span", { class: `bar ${kind}${s.unverified ? " unverified" : ""}${s.open ? " open" : ""}` });
      strip.style.left = share(s.x);
      strip.style.width = share(s.width);
      return strip;
    };
    item.querySelectorAll(".bar, .grip").forEach((part) => part.remove());
    const mine = now.map((s) => bar(s, "now"));
    mine.forEach((strip) => draggable(strip, item, at, (days) => shiftBy(lab.doc, row, days), (d) =>
      t.say("lab.moved", { from: words(row, "start")(d), until: words(row, "end")(d) }), [row.id, "name"]));
    item.append(...was.map((s) => bar(s, "was")), ...mine);
    if (!now.length) return;
    const all = extentNow(doc, row);
    if (all.from >= at.first && all.from < at.last) item.append(grip(item, row, "start", at, at.x(all.from)));
    if ((all.until ?? FAR) > at.first) item.append(grip(item, row, "end", at, at.x(all.until ?? FAR)));
  };

  const draw = () => {
    width = Math.floor(body.clientWidth);
    if (!width) return;
    const at = scale();
    const [a, b] = lab.window();
    const every = Math.ceil((b - a) / Math.max(2, Math.floor(width / 58)));
    const ticks = [];
    for (let y = a; y <= b; y += 1) ticks.push([at.x(`${y}-01-01`), y < b && (y - a) % every === 0 ? String(y) : ""]);
    axis.replaceChildren(svg("svg", { width, height: 24 }, ...ticks.filter(([, text]) => text).flatMap(([x, text]) => [
      svg("line", { x1: x, x2: x, y1: 8, y2: 24 }), svg("text", { x: x + 4, y: 17 }, text),
    ])));
    const shown = lab.rows();
    const groups = byCountry(shown).map(([country, rows], colour) => {
      const lanes = pack(rows.map(place(at)).filter(Boolean));
      const changed = rows.filter((r) => isChanged(lab.doc, r)).length;
      const box = el("details", {
        class: `country c${colour % 5}`, open: open.get(country) ?? (lab.narrowed() || changed > 0 || rows.some((r) => r.id === lab.chosen) || (colour === 0 && width > 600)),
      },
      el("summary", {}, el("b", {}, t.text(lab.actors[country])), " ",
        el("span", { class: "note" }, t.say(rows.length === 1 ? "lab.board.one" : "lab.board.count", { n: rows.length }),
          changed ? ` · ${t.say("lab.board.changed", { n: changed })}` : "")),
      el("div", { class: "lanes" },
        ticks.map(([x]) => {
          const line = el("i", { class: "tick" });
          line.style.left = share(x);
          return line;
        }),
        lanes.map((lane) => [
          el("div", { class: "lane" }, lane.map((p) => one(p, at))),
          lane.filter((p) => p.row.id === lab.chosen).map((p) => lab.card(p.row)),
        ])));
      box.addEventListener("toggle", () => open.set(country, box.open));
      return box;
    });
    const at0 = node.scrollTop;
    body.replaceChildren(...(groups.length ? groups : [el("p", { class: "note" }, t.say("lab.board.none"))]));
    node.scrollTop = at0;
    if (lab.chosen && lab.chosen !== seen) { // the board alone scrolls, not the page
      const item = body.querySelector(".item.chosen")?.getBoundingClientRect();
      const box = node.getBoundingClientRect();
      if (item && (item.top < box.top + 30 || item.bottom > box.bottom - 160)) node.scrollTop += item.top - box.top - 90;
    }
    seen = lab.chosen;
  };

  const one = ({ row, from, wanted }, at) => {
    const changed = isChanged(lab.doc, row);
    const chosen = lab.chosen === row.id;
    const gone = changeOf(lab.doc, row.id) === "off";
    const name = el("button", {
      type: "button", class: "name", "aria-expanded": String(chosen), title: t.text(row.name),
      onclick: () => lab.choose(chosen ? "" : row.id),
    }, el("span", {}, t.text(row.name)), changed ? el("em", {}, t.say(gone ? "lab.off" : "lab.changed")) : null);
    name.style.left = share(from);
    name.style.width = share(wanted);
    const item = el("div", { class: `item${chosen ? " chosen" : ""}${changed ? " changed" : ""}`, "data-id": row.id }, name);
    fill(item, at, lab.doc);
    return item;
  };

  new ResizeObserver(() => {
    if (Math.floor(body.clientWidth) !== width) draw();
  }).observe(body);
  return { node, draw };
}
