// The scenario's document as the Lab edits it: every choice of the reader is one change of it.
// What may stand in a document is told in docs/policies.md; whether one holds, the service says.

export const OFF = "off";
const NAME = "my-scenario";
const TITLE = { en: "My scenario", es: "Mi escenario" };
const DAY = 86400000;

/** "2022-05-23" → days since 1970, and back. @param {string} iso */
export const dayNumber = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
/** @param {number} days */
export const isoDay = (days) => new Date(days * DAY).toISOString().slice(0, 10);

/** A day so many months later; the 31st becomes the last of a shorter month. @param {string} iso @param {number} months */
export function monthsLater(iso, months) {
  const [y, m, d] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(y, m + months, 0)).getUTCDate();
  return new Date(Date.UTC(y, m - 1 + months, Math.min(d, last))).toISOString().slice(0, 10);
}

/** What a document changes of a policy: "off", a mapping, or a whole document. @returns {any} */
export const changeOf = (doc, id) => doc.policies?.[id] ?? {};

/** Is a change a whole document of its own? */
export const isWhole = (change) => typeof change === "object" && "actor" in change;

/** The document with another change of one policy; nothing left to change takes the entry away. */
export function withChange(doc, id, change) {
  const policies = { ...doc.policies };
  const empty = change === null || (typeof change === "object" && !Object.values(change).some((v) => v !== undefined));
  if (empty) delete policies[id];
  else policies[id] = typeof change === "object"
    ? Object.fromEntries(Object.entries(change).filter(([, v]) => v !== undefined)) : change;
  return { ...doc, policies };
}

/** The document with some fields of a policy's change set anew (undefined takes one away). */
export function withFields(doc, id, fields) {
  const now = changeOf(doc, id);
  return withChange(doc, id, { ...(typeof now === "object" ? now : {}), ...fields });
}

/** What differs between two documents, small enough for an address; null where nothing does. */
export function editsOf(base, doc) {
  const edits = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(doc)])) {
    if (key !== "policies" && JSON.stringify(base[key]) !== JSON.stringify(doc[key])) edits[key] = doc[key] ?? null;
  }
  const [was, now] = [base.policies ?? {}, doc.policies ?? {}];
  const policies = {};
  for (const id of new Set([...Object.keys(was), ...Object.keys(now)])) {
    if (JSON.stringify(was[id]) !== JSON.stringify(now[id])) policies[id] = now[id] ?? null;
  }
  if (Object.keys(policies).length) edits.policies = policies;
  return Object.keys(edits).length ? edits : null;
}

/** `base` with edits that `editsOf` gave. */
export function edited(base, edits) {
  const doc = { ...base };
  for (const [key, value] of Object.entries(edits ?? {})) {
    if (key === "policies") {
      doc.policies = { ...base.policies };
      for (const [id, change] of Object.entries(value)) {
        if (change === null) delete doc.policies[id];
        else doc.policies[id] = change;
      }
    } else if (value === null) delete doc[key];
    else doc[key] = value;
  }
  return doc;
}

/** A document that is a shipped one no more gets a name and a title of its own. */
export function owned(doc, base, shipped) {
  if (!shipped || doc.name !== base.name) return doc;
  const { note, ...rest } = doc;
  const title = JSON.stringify(doc.title) === JSON.stringify(base.title) ? TITLE : doc.title;
  return { ...rest, name: NAME, title };
}

const byDay = (a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0);

/** Stretches of days of a document's own design, as the timeline tells those of the law. */
export function spansOf(design, who = {}) {
  const spans = [];
  for (const [lever, entries] of Object.entries(design ?? {})) {
    const ordered = [...entries].map((e) => ({ ...e, day: e.from ?? e.ended })).sort((a, b) => (a.day < b.day ? -1 : 1));
    ordered.forEach((entry, i) => {
      if (!entry.from || entry.blocked) return;
      const group = JSON.stringify(entry.who ?? {});
      const next = ordered.slice(i + 1).find((e) => e.ended || JSON.stringify(e.who ?? {}) === group);
      const until = entry.until ?? next?.day ?? null;
      spans.push({
        lever, from: entry.from, until, value: entry.value ?? entry.trigger?.value ?? null, trigger: entry.trigger ?? null,
        who: { ...who, ...entry.who }, known_on: entry.known_on ?? entry.from, unverified: !entry.source,
      });
    });
  }
  return spans.sort(byDay);
}

/** The first day of spans, and the first day on which none holds (null: open). */
export function extent(spans) {
  if (!spans.length) return null;
  const from = spans.reduce((first, s) => (s.from < first ? s.from : first), spans[0].from);
  const open = spans.some((s) => s.until === null);
  return { from, until: open ? null : spans.reduce((last, s) => (s.until > last ? s.until : last), "") };
}

/**
 * A policy's stretches after a change, near enough to draw; the law itself is compared by the service.
 * @param {any[]} spans those of the law as it was @param {any} change
 */
export function changedSpans(spans, change) {
  if (change === OFF) return [];
  if (isWhole(change)) return spansOf(change.design, change.who);
  let now = spans;
  if (change.design) {
    now = [...now.filter((s) => !(s.lever in change.design)), ...spansOf(change.design)].sort(byDay);
  }
  const mine = (s) => !change.levers || change.levers.includes(s.lever);
  const by = change.shift_days ?? 0;
  const move = (iso) => (iso === null ? null : isoDay(dayNumber(iso) + by));
  if (by) now = now.map((s) => (mine(s) ? { ...s, from: move(s.from), until: move(s.until) } : s));
  if (change.started) {
    const first = extent(now.filter(mine))?.from;
    const day = change.started;
    now = now.filter((s) => !mine(s) || s.until === null || s.until > day)
      .map((s) => (mine(s) && (s.from < day || s.from === first) ? { ...s, from: day } : s));
  }
  if (change.ended) {
    const last = extent(now.filter(mine))?.until ?? null;
    const day = change.ended;
    now = now.filter((s) => !mine(s) || s.from < day)
      .map((s) => (mine(s) && (s.until === null || s.until > day || s.until === last) ? { ...s, until: day } : s));
  }
  if (change.scale !== undefined) {
    now = now.map((s) => (mine(s) && s.value !== null ? { ...s, value: s.value * change.scale } : s));
  }
  return now;
}

/** Entries that say the same as spans, each value times a factor: for a policy of which one lever is scaled. */
export function scaledEntries(spans, factor) {
  return spans.flatMap((s) => {
    const own = { ...(Object.keys(s.who).length ? { who: s.who } : {}), ...(s.source ? { source: s.source } : {}) };
    const set = s.trigger ? { trigger: { ...s.trigger, value: s.trigger.value * factor } } : { value: s.value * factor };
    const start = { from: s.from, ...set, known_on: s.known_on ?? s.from, ...own };
    if (s.until === null || spans.some((o) => o.from === s.until && JSON.stringify(o.who) === JSON.stringify(s.who))) return [start];
    return [start, { ended: s.until, known_on: s.until_known_on ?? s.until, ...own }];
  });
}

/** A policy of the reader's own: a whole document. */
export function newPolicy({ lever, name, actor, kind, value, from, until, who, supersedes }) {
  const entry = { from, ...(until ? { until } : {}), value, known_on: from };
  return {
    name, actor, kind, instrument: "A decision of the scenario",
    ...(Object.keys(who).length ? { who } : {}),
    ...(supersedes.length ? { supersedes } : {}),
    design: { [lever]: [entry] },
  };
}
