// Names of the model's parts in the reader's language; what has none is shown as the code names it.

/** A mechanism's name. @param {any} t @param {string} name */
export function title(t, name) {
  return t.has(`model.m.${name}`) ? t.say(`model.m.${name}`) : name.replaceAll("_", " ");
}

/** What a mechanism does, in a line. @param {any} t @param {string} name */
export function summary(t, name) {
  return t.has(`model.s.${name}`) ? t.say(`model.s.${name}`) : "";
}

/** A stock's short name. @param {any} t @param {string} name */
export function stockName(t, name) {
  return t.has(`model.k.${name}`) ? t.say(`model.k.${name}`) : name.replaceAll("_", " ");
}

/** Heights at which the drawing writes the two rows of its key. */
const KEYS = new Set(["62", "89"]);

/**
 * The drawing with its names in the reader's language, a long one on two lines; what has no words
 * (and all of it in English, the code's own names) stays as it was drawn.
 * @param {any} t @param {string} svg
 */
export function drawnIn(t, svg) {
  if (t.lang === "en") return svg;
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml");
  const moved = Object.fromEntries([...KEYS].map((row) => [row, 0]));
  for (const text of drawing.querySelectorAll("text")) {
    const first = text.firstChild;
    if (!(first instanceof Text)) continue;
    const told = named(t, first.data);
    if (told === null) continue;
    const mark = text.previousElementSibling;
    if (KEYS.has(text.getAttribute("y"))) {  // in the key, what follows moves by what a name is longer
      const row = text.getAttribute("y");
      for (const part of [mark, text]) part.setAttribute("transform", `translate(${moved[row].toFixed(0)} 0)`);
      moved[row] += KEY_LETTER * (told.length - first.data.length);
    }
    first.data = told;
    for (const places of text.querySelectorAll("tspan")) {
      places.textContent = t.say("model.drawn.places", { n: parseInt(places.textContent, 10) });
    }
  }
  for (const box of drawing.querySelectorAll("rect + text")) fit(drawing, box);
  return new XMLSerializer().serializeToString(drawing);
}

/** What a name of the drawing is called, or null: a stock, a branch of a gate, a mechanism, a key. */
function named(t, words) {
  const only = words.endsWith(" (signals only)");
  const name = words.replace(" (signals only)", "").replaceAll(" ", "_");
  for (const kind of ["model.drawn", "model.k", "model.m"]) {
    const key = `${kind}.${name}`;
    if (t.has(key)) return only ? t.say("model.drawn.signals", { name: t.say(key) }) : t.say(key);
  }
  return null;
}

const BOX_LETTERS = 13;
const KEY_LETTER = 6.5;

/** Writes a box's name on two lines where one is too long for it. */
function fit(drawing, text) {
  const first = text.firstChild;
  if (text.getAttribute("text-anchor") !== "middle" || first.data.length <= BOX_LETTERS) return;
  const words = first.data.split(" ");
  const lengths = words.map((_, k) => Math.max(words.slice(0, k).join(" ").length, words.slice(k).join(" ").length));
  const at = lengths.indexOf(Math.min(...lengths));
  const line = drawing.createElementNS("http://www.w3.org/2000/svg", "tspan");
  line.setAttribute("x", text.getAttribute("x"));
  line.setAttribute("dy", "11");
  line.textContent = words.slice(at).join(" ");
  first.data = words.slice(0, at).join(" ");
  text.setAttribute("font-size", "10");
  text.setAttribute("y", String(Number(text.getAttribute("y")) - 6));
  first.after(line);
  const places = line.nextElementSibling;
  if (places) places.setAttribute("dy", "11");
}
