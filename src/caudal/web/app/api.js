// The service's answers. Reading is remembered for the visit; a job is asked for and watched.

import { MARK } from "./sheet.js";

// Beside the page, wherever a proxy has put that: at the root, or under a path.
const BASE = new URL("api/v1", document.baseURI).pathname;
const KEY = "caudal-token";
const kept = new Map();

/** What the service refused: where, what it found, what is allowed; `status` of HTTP. */
export class Refused extends Error {
  /** @param {number} status @param {{where: string, found: string, allowed?: string}} error */
  constructor(status, error) {
    super(`${error.where}: ${error.found}${error.allowed ? ` (${error.allowed})` : ""}`);
    this.status = status;
    this.error = error;
  }
}

/** Keep the token for this visit; null forgets it. @param {string | null} token */
export function useToken(token) {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
  kept.clear();
}

/** @param {Record<string, string>} more */
function headers(more = {}) {
  const token = sessionStorage.getItem(KEY);
  return token ? { ...more, authorization: `Bearer ${token}` } : more;
}

/** @param {Response} response */
async function refusal(response) {
  let error = { where: response.url.replace(location.origin, ""), found: response.statusText };
  try {
    error = (await response.json()).error ?? error;
  } catch {
    // Not JSON: the status line has to do.
  }
  return new Refused(response.status, error);
}

/**
 * The address of a resource. @param {string} path
 * @param {Record<string, any>} [params] empty ones are left out; arrays are repeated
 */
export function addressFor(path, params = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    for (const one of [value].flat()) {
      if (one !== null && one !== undefined && one !== "") query.append(key, String(one));
    }
  }
  const text = query.toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

/**
 * The answer to a reading, as JSON; the same address is asked once a visit.
 * @param {string} path @param {Record<string, any>} [params]
 * @param {{fresh?: boolean, signal?: AbortSignal}} [options]
 */
export function get(path, params = {}, { fresh = false, signal } = {}) {
  const address = addressFor(path, params);
  if (!fresh && kept.has(address)) return kept.get(address);
  const asked = fetch(address, { headers: headers(), signal }).then(async (response) => {
    if (!response.ok) throw await refusal(response);
    return response.json();
  });
  if (!fresh) {
    kept.set(address, asked);
    asked.catch(() => kept.delete(address));
  }
  return asked;
}

/**
 * A file of the service as a Blob (with the token, which a plain link could not carry). A CSV without
 * hashtags is marked for spreadsheets.
 * @param {string} path @param {Record<string, any>} [params]
 */
export async function file(path, params = {}) {
  const response = await fetch(addressFor(path, params), { headers: headers() });
  if (!response.ok) throw await refusal(response);
  const held = await response.blob();
  return params.format === "csv" && !params.hxl ? new Blob([MARK, held], { type: held.type }) : held;
}

/**
 * What the service says to a body: JSON, or YAML where `body` is a text.
 * @param {string} path @param {any} body @param {AbortSignal} [signal]
 */
export async function post(path, body, signal) {
  const text = typeof body === "string";
  const response = await fetch(`${BASE}${path}`, {
    method: "POST", signal,
    headers: headers({ "content-type": text ? "application/yaml" : "application/json" }),
    body: text ? body : JSON.stringify(body),
  });
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/** Ask that a job be stopped. @param {string} id */
export async function cancel(id) {
  const response = await fetch(`${BASE}/jobs/${id}`, { method: "DELETE", headers: headers() });
  if (!response.ok && response.status !== 409) throw await refusal(response);
}

const ENDED = ["done", "failed", "cancelled"];

/**
 * Ask for a job and wait for its end; resolves with the job once it is done.
 * @param {string} path "/runs", "/compare", …
 * @param {any} body
 * @param {{progress?: (job: any) => void, signal?: AbortSignal}} [options] progress is told of each change;
 *   an aborted signal leaves the job to itself (it may be wanted again), `cancel` stops it
 */
export async function job(path, body, { progress, signal } = {}) {
  let mine = await post(path, body, signal);
  progress?.(mine);
  let pause = 150;
  while (!ENDED.includes(mine.status)) {
    mine = await watch(mine, progress, signal).catch(async (error) => {
      if (signal?.aborted) throw error;
      await new Promise((wake) => setTimeout(wake, pause));
      pause = Math.min(2 * pause, 3000);
      return get(`/jobs/${mine.id}`, {}, { fresh: true, signal });
    });
    progress?.(mine);
  }
  if (mine.status === "failed") {
    throw new Refused(200, mine.error ?? { where: path, found: "failed" });
  }
  if (mine.status === "cancelled") throw new DOMException("cancelled", "AbortError");
  return mine;
}

/** Follow a job's events (server-sent, read by fetch so that the token goes along) to their end. */
async function watch(mine, progress, signal) {
  const response = await fetch(`${BASE}/jobs/${mine.id}/events`, { headers: headers(), signal });
  if (!response.ok) throw await refusal(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let last = mine;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return last.status === mine.status ? Promise.reject(new Error("no end told")) : last;
    const events = (rest + value).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = event.split(/\r?\n/).filter((l) => l.startsWith("data:")).map((l) => l.slice(5)).join("");
      if (!data) continue;
      last = { ...last, ...JSON.parse(data) };
      progress?.(last);
      if (ENDED.includes(last.status)) return last;
    }
  }
}
