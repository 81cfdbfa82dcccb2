// How good past forecasts were.

import { get } from "../api.js";
import { openRun } from "../run.js";
import { skill } from "../skill.js";

/** @param {import("../shell.js").Context} ctx */
export async function show({ t, signal }) {
  const now = await get("/now", {}, { signal });
  return skill(t, openRun({ ...now, months: [], outcomes: [], forecast: now.through }));
}
