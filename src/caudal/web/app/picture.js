// A chart as a file for print: the drawing as it stands, its title and unit above, its sources below.

import { el } from "./dom.js";

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "color",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "display", "visibility",
];
const SPACE = "http://www.w3.org/2000/svg";
const EDGE = 16;
const SHARP = 3; // pixels of a PNG for each of the screen's
const LETTER = 6.2; // about the width of a letter of the source lines

/**
 * Buttons that save the drawing of a figure as SVG or PNG; `more`: lines below its source.
 * @param {any} t
 * @param {HTMLElement} figure with figcaption, svg and .source
 * @param {string} name of the file
 * @param {() => string[]} more
 */
export function pictures(t, figure, name, more = () => []) {
  const said = el("span", { role: "status" });
  const button = (key, save) => el("button", {
    type: "button", class: "plain",
    onclick: async () => {
      said.textContent = "";
      try {
        await save(drawing(figure, more()));
      } catch (error) {
        console.error(error);
        said.textContent = t.say("picture.failed");
      }
    },
  }, t.say(key));
  return el("p", { class: "actions pictures" }, el("span", { class: "note" }, t.say("picture.lead")),
    button("picture.svg", (svg) => give(new Blob([written(svg)], { type: "image/svg+xml" }), `${name}.svg`)),
    button("picture.png", async (svg) => give(await png(svg), `${name}.png`)), said);
}

/** The drawing with its words, as one SVG that needs no style sheet. */
function drawing(figure, more) {
  const shown = figure.querySelector(".frame svg") ?? figure.querySelector("svg");
  const { width, height } = shown.getBoundingClientRect();
  const colours = getComputedStyle(figure);
  const ground = getComputedStyle(document.body).backgroundColor;
  const copy = styled(shown);
  const lines = [...figure.querySelectorAll(".source")].map((p) => p.textContent.trim()).concat(more)
    .flatMap((line) => wrapped(line, Math.floor(width / LETTER)));
  const title = figure.querySelector("figcaption h3, figcaption h4")?.textContent ?? "";
  const unit = figure.querySelector(".unit")?.textContent ?? "";
  const top = EDGE + 48;
  const whole = node("svg", { xmlns: SPACE, width: width + 2 * EDGE, height: top + height + 14 + 16 * lines.length + EDGE });
  whole.setAttribute("viewBox", `0 0 ${width + 2 * EDGE} ${top + height + 14 + 16 * lines.length + EDGE}`);
  const text = (words, y, size, weight = "normal") => {
    const one = node("text", { x: EDGE, y, fill: colours.color, "font-size": size, "font-weight": weight, "font-family": "sans-serif" });
    one.textContent = words;
    return one;
  };
  for (const [key, value] of Object.entries({ x: EDGE, y: top, width, height })) copy.setAttribute(key, String(value));
  whole.append(
    node("rect", { width: "100%", height: "100%", fill: ground === "rgba(0, 0, 0, 0)" ? "white" : ground }),
    text(title, EDGE + 16, 17, "bold"), text(unit, EDGE + 36, 13), copy,
    ...lines.map((line, i) => text(line, top + height + 22 + 16 * i, 12)));
  return whole;
}

function node(name, attributes) {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** A copy of a drawing in which each part bears the style that it is seen with. */
function styled(shown) {
  const copy = shown.cloneNode(true);
  const parts = [copy, ...copy.querySelectorAll("*")];
  [shown, ...shown.querySelectorAll("*")].forEach((one, i) => {
    if (["style", "title", "desc", "defs"].includes(one.localName)) return;
    const seen = getComputedStyle(one);
    for (const key of STYLES) parts[i].style.setProperty(key, seen.getPropertyValue(key));
  });
  for (const sheet of copy.querySelectorAll("style")) sheet.remove();
  return copy;
}

/** Lines of at most so many letters, broken between words. */
function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > most && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

const written = (svg) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;

async function png(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(svg))}`;
  await image.decode();
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", {
    width: Math.round(SHARP * image.width), height: Math.round(SHARP * image.height),
  }));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

function give(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
