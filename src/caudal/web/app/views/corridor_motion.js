// Dots that travel along the arcs while the months play: their number is the flow.

import { along } from "./corridor_map.js";

const WAY = 2600; // milliseconds from one end of an arc to the other

/**
 * A canvas over the map. `start()` and `stop()` the dots; `set(i)` the month; `fit(map)` to a drawing.
 * @param {any} data
 */
export function motion(data) {
  const canvas = document.createElement("canvas");
  canvas.className = "dots";
  canvas.setAttribute("aria-hidden", "true");
  const busiest = Math.max(...data.months.map((_, i) => data.flows.reduce((sum, flow) => sum + flow.median[i], 0)));
  let map = null;
  let colours = {};
  let month = 0;
  let frame = 0;
  let people = 1;

  const draw = (now) => {
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const r = 1.5 * Math.min(1.2, map.f) * devicePixelRatio;
    for (const flow of data.flows) {
      const n = flow.median[month] / people;
      if (n < 0.02) continue;
      const curve = map.curves.get(flow.id);
      pen.fillStyle = colours[flow.kind];
      const gap = 1 / n;
      for (let s = (now / WAY) % gap; s < 1; s += gap) {
        const { x, y, angle } = along(curve, s);
        // Spread over the arc's width, each dot on a lane of its own.
        const lane = (((Math.round((now / WAY - s) / gap) * 0.618) % 1) - 0.5) * Math.min(12, n);
        pen.beginPath();
        pen.arc((x - Math.sin(angle) * lane) * devicePixelRatio, (y + Math.cos(angle) * lane) * devicePixelRatio, r, 0, 7);
        pen.fill();
      }
    }
    frame = requestAnimationFrame(draw);
  };
  return {
    canvas,
    set: (i) => { month = i; },
    fit: (drawn, width) => {
      map = drawn;
      canvas.width = width * devicePixelRatio;
      canvas.height = drawn.height * devicePixelRatio;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${drawn.height}px`;
      people = Math.max(1, busiest / (width < 560 ? 260 : 620));
    },
    start: () => {
      if (frame || !map || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      const style = getComputedStyle(document.documentElement);
      const ink = style.getPropertyValue("--paper").trim() || "#fff";
      colours = { north: ink, in: ink, back: ink };
      frame = requestAnimationFrame(draw);
    },
    stop: () => {
      cancelAnimationFrame(frame);
      frame = 0;
      canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    },
  };
}
