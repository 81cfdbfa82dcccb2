// The map itself: outlines, arcs as wide as the flow, circles as large as who stands there.

import { el } from "../dom.js";

const { d3 } = globalThis;
const SVG = "http://www.w3.org/2000/svg";

/** What each part of the corridor shows, as points that must lie inside, and height by width. */
export const PARTS = {
  all: { points: [[-118.6, 33.4], [-72.5, 41.6], [-72.6, 6.6], [-106.5, 8.6]], tall: 0.86 },
  border: { points: [[-118.2, 34.6], [-96.6, 34.4], [-97.2, 21.6], [-116, 27]], tall: 0.62 },
  mexico: { points: [[-107, 27.5], [-86.6, 25], [-87.6, 13.2], [-104.5, 12]], tall: 0.8 },
  south: { points: [[-95.5, 18.4], [-71.5, 17], [-71.5, 6.6], [-93, 7]], tall: 0.62 },
};
const COLOURS = { north: "var(--c0)", in: "var(--c1)", back: "var(--c2)" };
const WIDEST = 21; // pixels at the group's largest month
const LARGEST = 17;

/** How far an arc bulges to its left, as a share of its length; others 0.16. */
const BEND = {
  returned_us: -0.36, gave_up: -0.3, returned_mexico: -0.16, gave_up_south: -0.26, southbound: -0.12,
  returned_guatemala: -0.34, again: 0.1, unseen: -0.2, sent_south: 0.3, turned_round: 0.34, caravan_north: -0.22,
  moved_south: 0.34, let_go: 0.4, taken_south: 0.2, taken_road: 0.3, taken_north: 0.3, fly_parole: 0.1,
};
/** Both sides of the border lie within a few pixels: they are drawn apart, across its line. */
const ASIDE = {
  "san-diego": [2, -15], "el-centro": [3, -15], yuma: [9, -14], tucson: [0, -7], "el-paso": [2, -16],
  "big-bend": [10, -13], "del-rio": [14, -12], laredo: [17, -8], "rio-grande-valley": [17, -3],
  "san-diego-office": [-13, -12], "tucson-office": [15, -5], "el-paso-office": [17, -12], "laredo-office": [31, 2],
  "mx-san-diego": [0, 8], "mx-el-centro": [2, 8], "mx-yuma": [6, 8], "mx-tucson": [0, 7], "mx-el-paso": [-3, 9],
  "mx-big-bend": [-5, 7], "mx-del-rio": [-8, 5], "mx-laredo": [-9, 3], "mx-rio-grande-valley": [-9, 2],
};
/** Names on a narrow map; a wide one has room for all. */
const FEW = 11;
const FIRST_NAMED = [
  "darien", "south", "mx-san-diego", "mx-el-paso", "mx-rio-grande-valley", "new-york", "chicago", "home", "denver",
  "us_custody", "mexican_custody", "central_2", "central_1", "south_america", "mx-tucson", "mx-laredo", "mexico_2",
  "mexico_1", "interior", "air_mexico", "air_nicaragua", "parole_flights", "mx-del-rio", "mx-el-centro", "mx-yuma",
  "mx-big-bend", "within_mexico",
];

/** @returns {any} an SVG element with attributes and children */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(key, String(value));
  }
  node.append(...children);
  return node;
}

/** Largest value of any of the lines, in any month. */
const most = (lines, key) => Math.max(1, ...lines.flatMap((line) => line[key].filter((v) => v !== null)));

/** Widths and radii: areas and widths grow with the root of the number, for one group's own largest. */
export function scales(data) {
  const flow = most(data.flows, "median");
  const standing = Math.max(
    most(data.standing, "median"), most(data.counts.filter((c) => c.at !== "border"), "observed"));
  return {
    flow, standing,
    width: (v, f) => f * WIDEST * Math.sqrt(Math.max(0, v) / flow),
    radius: (v, f) => f * LARGEST * Math.sqrt(Math.max(0, v ?? 0) / standing),
  };
}

/** The arc of a flow, as a quadratic curve: [start, control, end]. */
function arc(flow, from, to, twin, f) {
  const name = flow.id.split(".")[0];
  const start = flow.source === flow.target ? [from[0] - 30 * f, from[1] + 40 * f] : from;
  const bend = (BEND[name] ?? 0.16) + 0.13 * twin;
  const [dx, dy] = [to[0] - start[0], to[1] - start[1]];
  return [start, [(start[0] + to[0]) / 2 + bend * dy, (start[1] + to[1]) / 2 - bend * dx], to];
}

/** The point of a curve at a share of its way, and its direction. */
export function along([a, b, c], s) {
  const at = (i) => (1 - s) ** 2 * a[i] + 2 * s * (1 - s) * b[i] + s * s * c[i];
  const turn = (i) => 2 * (1 - s) * (b[i] - a[i]) + 2 * s * (c[i] - b[i]);
  return { x: at(0), y: at(1), angle: Math.atan2(turn(1), turn(0)) };
}

/**
 * The map in a width. `pick(kind, id)` is told of a click; `hover(kind, id, event)` of the pointer.
 * @returns {{node: any, height: number, f: number, curves: Map<string, any>, update: (i: number, shown: any) => void}}
 */
export function drawMap(t, data, shapes, { width, part, pick, hover }) {
  const { points, tall } = PARTS[part];
  const height = Math.round(Math.max(300, Math.min(660, width * tall)));
  const f = Math.max(0.55, Math.min(1.25, width / 800)) * (part === "all" ? 1 : 1.25);
  const margin = 26 * f;
  const projection = d3.geoConicEqualArea().parallels([14, 34]).rotate([96, 0])
    .fitExtent([[margin, margin], [width - margin, height - margin]], { type: "MultiPoint", coordinates: points })
    .clipExtent([[-30, -30], [width + 30, height + 30]]);
  const path = d3.geoPath(projection);
  const size = scales(data);

  const spots = new Map(data.places.map((place) => {
    const [x, y] = projection([place.lon, place.lat]);
    const [dx, dy] = ASIDE[place.id] ?? [0, 0];
    return [place.id, [x + dx * f, y + dy * f]];
  }));
  const twins = new Map();
  const curves = new Map(data.flows.map((flow) => {
    const ends = `${flow.source} ${flow.target}`;
    const twin = twins.get(ends) ?? 0;
    twins.set(ends, twin + 1);
    return [flow.id, arc(flow, spots.get(flow.source), spots.get(flow.target), twin, f)];
  }));

  const land = svg("g", { class: "land" });
  for (const shape of shapes.features) {
    const d = path(shape);
    if (d) land.append(svg("path", { d, class: shape.properties.name === "us-states" ? "states" : "country" }));
  }
  const arcs = data.flows.map((flow) => {
    const [a, b, c] = curves.get(flow.id);
    const d = `M${a[0].toFixed(1)},${a[1].toFixed(1)}Q${b[0].toFixed(1)},${b[1].toFixed(1)} ${c[0].toFixed(1)},${c[1].toFixed(1)}`;
    const halo = svg("path", { d, class: "halo" });
    const line = svg("path", { d, class: "line" });
    const head = svg("path", { class: "head" });
    const reach = svg("path", { d, class: "reach" });
    const group = svg("g", { class: "flow", "data-id": flow.id }, halo, line, head, reach);
    group.style.setProperty("--c", COLOURS[flow.kind]);
    reach.addEventListener("click", () => pick("flow", flow.id));
    reach.addEventListener("pointermove", (event) => hover("flow", flow.id, event));
    reach.addEventListener("pointerleave", () => hover(null));
    return { flow, group, halo, line, head, reach };
  });

  const counted = new Map(data.counts.map((count) => [count.at, count]));
  const standing = new Map(data.standing.map((line) => [line.at, line]));
  const nodes = data.places.filter((place) => place.id !== "border").map((place) => {
    const [x, y] = spots.get(place.id);
    const ring = svg("circle", { class: "ring" });
    const disc = svg("circle", { class: "disc" });
    const mark = place.kind === "office" ? svg("rect", { class: "mark" }) : svg("circle", { class: "mark" });
    // Where people also stand, the count is set a little aside.
    if (standing.has(place.id) && counted.has(place.id)) mark.setAttribute("transform", `translate(${13 * f},${-12 * f})`);
    const reach = svg("circle", { class: "reach", r: Math.max(9, 11 * f) });
    const group = svg("g", { class: `spot ${place.kind}`, transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` },
      ring, disc, mark, reach);
    reach.addEventListener("click", () => pick("place", place.id));
    reach.addEventListener("pointermove", (event) => hover("place", place.id, event));
    reach.addEventListener("pointerleave", () => hover(null));
    return { place, group, ring, disc, mark, x, y };
  });
  const labels = svg("g", { class: "labels" });
  const node = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", class: `part-${part}` },
    land, svg("g", {}, ...arcs.map((a) => a.group)), svg("g", {}, ...nodes.map((n) => n.group)), labels);

  const update = (i, { place, flow, touched }) => {
    const least = Math.max(data.floor, size.flow / 12000);
    for (const one of arcs) {
      const median = one.flow.median[i];
      const shown = median >= least;
      one.group.classList.toggle("none", !shown);
      if (!shown) continue;
      const w = Math.max(0.6, size.width(median, f));
      one.line.setAttribute("stroke-width", w.toFixed(2));
      one.halo.setAttribute("stroke-width", Math.max(w, size.width(one.flow.hi90[i], f)).toFixed(2));
      one.reach.setAttribute("stroke-width", Math.max(9, w).toFixed(1));
      const { x, y, angle } = along(curves.get(one.flow.id), 0.62);
      const h = 2.2 + 0.62 * w;
      one.head.setAttribute("d", `M${h},0L${-h},${-h}L${-0.4 * h},0L${-h},${h}Z`);
      one.head.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})rotate(${(angle * 180 / Math.PI).toFixed(1)})`);
      const ends = place && (one.flow.source === place || one.flow.target === place);
      const lit = flow ? one.flow.id === flow : touched ? touched.has(one.flow.id) : place ? ends : null;
      one.group.classList.toggle("lit", lit === true);
      one.group.classList.toggle("dim", lit === false);
    }
    for (const one of nodes) {
      const here = standing.get(one.place.id);
      const count = counted.get(one.place.id)?.observed[i];
      one.disc.setAttribute("r", Math.max(here ? 1.6 : 1.4, here ? size.radius(here.median[i], f) : 0).toFixed(1));
      one.ring.setAttribute("r", (here ? size.radius(here.hi90[i], f) : 0).toFixed(1));
      const r = count === null || count === undefined ? 0 : Math.max(1.5, size.radius(count, f));
      if (one.place.kind === "office") {
        const s = r * 0.886; // a square of the circle's area
        for (const [k, v] of Object.entries({ x: -s, y: -s, width: 2 * s, height: 2 * s })) one.mark.setAttribute(k, v.toFixed(1));
      } else one.mark.setAttribute("r", r.toFixed(1));
      one.group.classList.toggle("chosen", one.place.id === place);
    }
  };
  const write = () => name(t, labels, nodes, { width, height });
  write();
  return { node, height, f, curves, update };
}

/** Names of places, the important first, none over another or over the edge. */
function name(t, labels, nodes, { width, height }) {
  const letters = width < 560 ? 10 : 11.5;
  const taken = [];
  const byId = new Map(nodes.map((n) => [n.place.id, n]));
  const free = (box) => box[0] > 2 && box[2] < width - 2 && box[1] > 2 && box[3] < height - 2
    && taken.every((o) => box[2] < o[0] || box[0] > o[2] || box[3] < o[1] || box[1] > o[3]);
  labels.replaceChildren();
  for (const id of FIRST_NAMED.slice(0, width < 480 ? FEW : FIRST_NAMED.length)) {
    const at = byId.get(id);
    if (!at || at.x < 0 || at.x > width || at.y < 0 || at.y > height) continue;
    const words = t.text(at.place.name);
    const wide = words.length * letters * 0.54;
    const spots = [["start", 9, 4], ["end", -9, 4], ["middle", 0, 17], ["middle", 0, -11]];
    for (const [anchor, dx, dy] of spots) {
      const left = at.x + dx - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0);
      const box = [left, at.y + dy - letters, left + wide, at.y + dy + 3];
      if (!free(box)) continue;
      taken.push(box);
      labels.append(svg("text", { x: at.x + dx, y: at.y + dy, "text-anchor": anchor, "font-size": letters,
        class: at.place.kind }, words));
      break;
    }
  }
}

/** What widths, circles and colours mean. */
export function mapLegend(t, data, f) {
  const size = scales(data);
  const top = 10 ** Math.floor(Math.log10(size.flow));
  const steps = [top / 100, top / 10, top].filter((v) => v >= 1);
  const widths = el("li", { class: "widths" }, steps.map((v) => {
    const w = Math.max(0.6, size.width(v, f));
    return el("span", {}, svg("svg", { width: 26, height: Math.max(4, w), "aria-hidden": "true" },
      svg("rect", { width: 26, height: w.toFixed(1), y: ((Math.max(4, w) - w) / 2).toFixed(1), class: "sample" })),
    t.brief(v));
  }), t.say("corridor.legend.month"));
  const line = (kind) => el("li", {}, el("span", { class: `stroke ${kind}` }), t.say(`corridor.legend.${kind}`));
  return el("ul", { class: "legend map-legend" }, line("north"), line("in"), line("back"), widths,
    el("li", {}, el("span", { class: "sign-ring" }), t.say("corridor.legend.standing")),
    el("li", {}, el("span", { class: "sign-count" }), el("span", { class: "sign-count square" }), t.say("corridor.legend.counted")),
    el("li", {}, el("span", { class: "sign-halo" }), t.say("corridor.legend.halo")));
}
