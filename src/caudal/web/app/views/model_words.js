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
