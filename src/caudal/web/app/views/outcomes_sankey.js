// The flows of a year as ribbons: on the way or setting out → group → where they were at its end.

import { el, fold } from "../dom.js";
import { letters } from "../fan.js";
import { csvLink, sheet } from "../sheet.js";

const { d3 } = globalThis;
const STARTS = ["before", "set_out"];
const MOST = 8;
const NARROW = 640;
const BAR = 12;
const GAP = 10;
const COLUMNS = ["group", "flow", "mean", "median", "lo50", "hi50", "lo90", "hi90"];

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** Groups by size, those beyond the largest ones as one; people by group and flow. */
function grouped(t, found) {
  const of = new Map(found.groups.map((g) => [g.id, { id: g.id, name: t.text(g.name), flows: new Map(), members: [g.id] }]));
  for (const row of found.rows) of.get(row.group)?.flows.set(row.flow, Math.max(0, row.mean));
  const size = (g) => d3.sum([...g.flows].filter(([flow]) => STARTS.includes(flow)), ([, v]) => v);
  const all = [...of.values()].sort((a, b) => size(b) - size(a));
  const shown = all.slice(0, MOST);
  const rest = all.slice(MOST).filter((g) => size(g) > 0);
  if (rest.length) {
    const flows = new Map();
    for (const g of rest) for (const [flow, v] of g.flows) flows.set(flow, (flows.get(flow) ?? 0) + v);
    shown.push({ id: "rest", name: t.say("outcomes.rest", { n: rest.length }), flows, members: rest.map((g) => g.id) });
  }
  return shown.filter((g) => size(g) > 0);
}

/** Nodes in columns with their places, and the links between them. */
function layout(found, groups, starts, height) {
  const name = new Map(found.flows.map((f) => [f.id, f.name]));
  const targets = found.flows.map((f) => f.id).filter((id) => !STARTS.includes(id));
  const links = [];
  for (const g of groups) {
    for (const [flow, value] of g.flows) {
      if (value <= 0) continue;
      if (!STARTS.includes(flow)) links.push({ from: g.id, to: flow, value, end: flow });
      else if (starts) links.push({ from: flow, to: g.id, value, end: flow });
    }
  }
  const column = (ids) => ids.map((id) => ({
    id, name: name.get(id), value: Math.max(d3.sum(links.filter((l) => l.from === id), (l) => l.value),
      d3.sum(links.filter((l) => l.to === id), (l) => l.value)),
  })).filter((n) => n.value > 0);
  const columns = [starts ? column(STARTS) : [], column(groups.map((g) => g.id)), column(targets)].filter((c) => c.length);
  const most = d3.max(columns, (c) => d3.sum(c, (n) => n.value));
  const gaps = d3.max(columns, (c) => c.length - 1) * GAP * 1.6;
  const scale = (height - gaps) / most;
  for (const nodes of columns) {
    const free = height - d3.sum(nodes, (n) => n.value * scale);
    const gap = nodes.length > 1 ? Math.min(free / (nodes.length - 1), GAP * 3) : 0;
    let y = nodes.length > 1 ? (free - gap * (nodes.length - 1)) / 2 : free / 2;
    for (const n of nodes) {
      Object.assign(n, { y, high: Math.max(1, n.value * scale), out: y, in: y });
      y += n.value * scale + gap;
    }
  }
  const at = new Map(columns.flat().map((n) => [n.id, n]));
  const rank = new Map(columns.flat().map((n, i) => [n.id, i]));
  for (const l of links) l.high = l.value * scale;
  for (const l of [...links].sort((a, b) => rank.get(a.to) - rank.get(b.to))) {
    l.y0 = at.get(l.from).out;
    at.get(l.from).out += l.high;
  }
  for (const l of [...links].sort((a, b) => rank.get(a.from) - rank.get(b.from))) {
    l.y1 = at.get(l.to).in;
    at.get(l.to).in += l.high;
  }
  return { columns, links };
}

/** Words in lines of at most `most` letters. */
function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last && last.length + word.length >= most) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

function drawing(t, found, groups, width, focus, pick) {
  const narrow = width < NARROW;
  const size = letters();
  const height = narrow ? 560 : Math.max(440, Math.min(600, width * 0.5));
  const { columns, links } = layout(found, groups, !narrow, height);
  const room = narrow ? 0 : size * 15;
  const names = new Map(groups.map((g) => [g.id, g.name]));
  const x = d3.scaleLinear([0, columns.length - 1], [0, width - room - BAR]);
  const where = new Map(columns.flatMap((nodes, i) => nodes.map((n) => [n.id, x(i)])));
  const people = (v) => t.brief(Number(v.toPrecision(3)));
  const chart = svg("svg", { width, height: height + 8, viewBox: `0 -4 ${width} ${height + 8}` });
  for (const l of links) {
    const [x0, x1] = [where.get(l.from) + BAR, where.get(l.to)];
    const mid = (x0 + x1) / 2;
    const d = `M${x0},${l.y0}C${mid},${l.y0} ${mid},${l.y1} ${x1},${l.y1}v${l.high}C${mid},${l.y1 + l.high} ${mid},${l.y0 + l.high} ${x0},${l.y0 + l.high}z`;
    const quiet = focus && l.from !== focus && l.to !== focus;
    const label = (id) => names.get(id) ?? t.text(found.flows.find((f) => f.id === id).name);
    chart.append(svg("path", { d, class: `link to-${l.end}${quiet ? " quiet" : ""}` },
      svg("title", {}, `${label(l.from)} → ${label(l.to)}: ${t.about(l.value)}`)));
  }
  columns.forEach((nodes, i) => {
    const last = i === columns.length - 1;
    const right = narrow && last;
    const shown = [];
    for (const n of nodes) {
      const name = names.get(n.id) ?? t.text(n.name);
      const lines = wrapped(name, narrow ? (last ? 21 : 13) : 25);
      const high = (lines.length + (lines.length > 1 || narrow ? 1 : 0)) * size * 1.15;
      shown.push({ n, lines, high, at: n.y + n.high / 2 - high / 2 });
    }
    shown.forEach((s, k) => { s.at = Math.max(s.at, k ? shown[k - 1].at + shown[k - 1].high + 3 : 0); });
    for (let k = shown.length - 1, limit = height; k >= 0; k -= 1) {
      shown[k].at = Math.min(shown[k].at, limit - shown[k].high);
      limit = shown[k].at - 3;
    }
    for (const { n, lines, at } of shown) {
      const node = svg("g", {
        class: `node to-${n.id}${focus && focus !== n.id ? " faint" : ""}`, tabindex: 0, role: "button",
        "aria-pressed": String(focus === n.id), "data-id": n.id,
      });
      const tx = right ? x(i) - 6 : x(i) + BAR + 6;
      const text = svg("text", { x: tx, y: at + size * 0.9, "text-anchor": right ? "end" : "start", "font-size": size });
      const told = lines.length > 1 || narrow ? [...lines, people(n.value)] : [`${lines[0]} · ${people(n.value)}`];
      told.forEach((line, k) => {  // the space keeps lines apart in the name that is read aloud
        const span = svg("tspan", { x: tx, dy: k ? size * 1.15 : 0 }, `${line} `);
        if (k && k === told.length - 1) span.setAttribute("class", "people");
        text.append(span);
      });
      node.append(svg("rect", { x: x(i), y: n.y, width: BAR, height: n.high, rx: 1.5 }), text);
      node.addEventListener("click", () => pick(n.id));
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        pick(n.id);
      });
      chart.append(node);
    }
  });
  return chart;
}

/**
 * The figure; a click on a node brings out what passes through it, and the address keeps which.
 * @param {import("../shell.js").Context} ctx
 * @param {any} found the answer of GET /outcomes
 */
export function sankey(ctx, found) {
  const { t } = ctx;
  const groups = grouped(t, found);
  const title = t.say("outcomes.flows", { year: found.year });
  const frame = el("div", { class: "frame sankey", role: "group", "aria-label": title });
  let drawn = 0;
  const draw = (refocus) => {
    const width = Math.floor(frame.clientWidth);
    if (!width) return;
    drawn = width;
    frame.replaceChildren(drawing(t, found, groups, width, ctx.params.focus ?? null, (id) => {
      ctx.set({ focus: ctx.params.focus === id ? null : id });
      draw(id);
    }));
    if (refocus) /** @type {any} */ (frame.querySelector(`[data-id="${refocus}"]`))?.focus();
  };
  new ResizeObserver(() => {
    if (Math.floor(frame.clientWidth) !== drawn) draw();
  }).observe(frame);
  const name = new Map([...found.groups, ...found.flows].map((g) => [g.id, t.text(g.name)]));
  name.set("all", t.say("outcomes.everyone"));
  const order = found.flows.map((f) => f.id);
  const table = () => {
    const head = [t.say(`outcomes.by.${found.by}`), ...order.map((id) => name.get(id))];
    const of = d3.group(found.rows, (r) => r.group);
    const body = ["all", ...groups.flatMap((g) => g.members)].map((id) => [name.get(id), ...order.map((flow) => {
      const row = of.get(id).find((r) => r.flow === flow);
      return el("span", {}, t.about(row.mean), el("span", { class: "range" }, t.say("table.range", { lo: t.about(row.lo90), hi: t.about(row.hi90) })));
    })]);
    return el("div", {}, sheet(t.say("outcomes.table"), head, body), el("p", {},
      csvLink(t, `outcomes-${found.year}`, COLUMNS, found.rows.map((r) => COLUMNS.map((c) => r[c])))));
  };
  return el("figure", { class: "large" },
    el("figcaption", {}, el("h2", {}, title), el("p", { class: "unit" }, t.say("outcomes.flows.unit"))),
    frame,
    el("p", { class: "hint" }, t.say("outcomes.flows.hint")),
    el("p", { class: "source" }, t.say("outcomes.source", {
      members: found.run.members, code: found.run.code_version, data: found.run.data_vintage,
    })),
    fold(t.say("chart.table"), table));
}
