// Small helpers that make elements. Text always enters as text, never as markup.

/** An element with properties, attributes (aria-*, role, …), listeners (onclick …) and children. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== "") node.append(child);
  }
  return node;
}

/** A link that leaves the page; anything but a web address stays text. */
export function link(address, text) {
  if (!/^https?:\/\//i.test(address || "")) return el("span", {}, text || address || "");
  return el("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, text || address);
}

/** A text of the payload; a plain string in a Spanish page is marked as English for screen readers. */
export function inLanguage(t, value) {
  const foreign = typeof value === "string" && t.lang !== "en";
  return el("span", { lang: foreign ? "en" : null }, t.text(value));
}

/** A fold whose content is made when it is first opened. */
export function fold(title, make) {
  const box = el("details", { class: "fold" }, el("summary", {}, title));
  box.addEventListener("toggle", () => {
    if (box.open && box.childElementCount === 1) box.append(make());
  });
  return box;
}

/** Draw as wide as a frame is, now and whenever its width changes. */
export function asWide(frame, draw) {
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(frame.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    draw(width);
  }).observe(frame);
}
