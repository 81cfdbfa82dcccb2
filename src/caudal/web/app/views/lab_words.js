// Numbers and names of a comparison's rows, as a reader sees them.

/** A model's number with its sign. */
export function signed(t, v) {
  if (v === null) return t.say("value.missing");
  const text = size(t, Math.abs(v));
  return v > 0 ? `+${text}` : v < 0 ? `−${text}` : text;
}

/** A size; thousands of millions are written short. */
export const size = (t, v) => (v !== null && Math.abs(v) >= 1e7 ? t.brief(v) : t.about(v));
/** A share in percent with its sign. */
export const percent = (t, v) => (v === null ? t.say("value.missing") : `${signed(t, 100 * v)} %`);
/** An interval of the difference: 50 or 90. */
export const range = (t, row, width) => t.say("table.range", { lo: signed(t, row[`lo${width}`]), hi: signed(t, row[`hi${width}`]) });

/** The title of a row of the comparison. */
export const titled = (t, row) => (t.lang === "es" ? row.title_es : row.title);
/** Its unit over the period. */
export const unitOf = (t, row) => (t.lang === "es" ? row.unit_es : row.unit);
