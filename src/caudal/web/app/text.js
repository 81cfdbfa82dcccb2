// Words, numbers and dates in the reader's language. Spanish writes numbers as Mexico does.

const LOCALES = { en: "en-US", es: "es-MX" };

/** Functions that speak `lang`: say, text, number, about, brief, month, monthShort, day. */
export function speaker(strings, lang) {
  const locale = LOCALES[lang];
  const table = strings[lang];
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3, useGrouping: "always" });
  const utc = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const long = utc({ year: "numeric", month: "long" });
  const middle = utc({ year: "numeric", month: "short" });
  const full = utc({ year: "numeric", month: "long", day: "numeric" });

  const say = (key, values = {}) => {
    const pattern = table[key];
    if (pattern === undefined) throw new Error(`no words for ${key}`);
    return pattern.replace(/\{(\w+)\}/g, (_, name) => String(values[name])).replace(/(\d) %/g, "$1\u00a0%");
  };
  const missing = table["value.missing"];
  return {
    lang,
    say,
    has: (key) => table[key] !== undefined,
    /** A text of the payload: a plain string, or one for each language. */
    text: (value) => (value && typeof value === "object" ? value[lang] : (value ?? "")),
    number: (v) => (v === null ? missing : (Math.abs(v) < 10 ? fine : whole).format(v)),
    /** A model's number: three digits, for more would promise more than it knows. */
    about: (v) => (v === null ? missing : fine.format(v)),
    brief: (v) => compact.format(v),
    month: (date) => long.format(date),
    monthShort: (date) => middle.format(date),
    day: (iso) => full.format(new Date(`${iso}T00:00:00Z`)),
  };
}

/** "2025-03" → the first of that month, as a Date in UTC. */
export function toDate(month) {
  return new Date(`${month}-01T00:00:00Z`);
}

/** Lower case without accents: a search finds "quédate" by "quedate". */
export function plain(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}
