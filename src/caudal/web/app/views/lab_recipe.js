// How to get a comparison's numbers again: the document, the command, the Python.

import { el } from "../dom.js";
import { section } from "../sections.js";
import { csvLink } from "./lab_table.js";

/** The shell's lines: the document is written first, where the scenario is not a shipped one. */
export function shellLines(comparison, documents) {
  const files = Object.entries(documents).filter(([, text]) => text)
    .map(([name, text]) => `cat > ${name}.yaml <<'CAUDAL'\n${text}CAUDAL\n`);
  return `${files.join("")}${comparison.command}\n`;
}

/** The same in Python. */
export function pythonLines(comparison, documents) {
  const quoted = (text) => (/\\|'''/.test(text) ? JSON.stringify(text) : `'''\\\n${text}'''`);
  const files = Object.entries(documents).filter(([, text]) => text)
    .map(([name, text]) => `Path("${name}.yaml").write_text(${quoted(text)}, encoding="utf-8")\n`);
  return `${files.length ? `from pathlib import Path\n\n${files.join("")}\n` : ""}${comparison.python}\n`;
}

/** The section "Reproduce" of a finished comparison. */
export function reproduce(lab, found) {
  const { t } = lab;
  const { comparison, documents } = found;
  const block = (key, text, id) => {
    const code = el("pre", { tabindex: "0", id }, el("code", {}, text));
    const copy = el("button", {
      type: "button", class: "copy", onclick: async () => {
        try {
          await navigator.clipboard.writeText(text);
          copy.textContent = t.say("recipe.copied");
        } catch {
          getSelection().selectAllChildren(code);
        }
      },
    }, t.say("recipe.copy"));
    return el("div", { class: "code" }, el("p", { class: "label" }, t.say(key)), copy, code);
  };
  const files = Object.entries(documents).filter(([, text]) => text);
  const fact = (key, value) => el("div", {}, el("dt", {}, t.say(`recipe.${key}`)), el("dd", {}, el("code", {}, String(value))));
  return section(t, "recipe", "lab.again",
    el("p", { class: "lead" }, t.say("recipe.lead")),
    block("recipe.command", shellLines(comparison, documents), "lab-command"),
    block("recipe.python", pythonLines(comparison, documents), "lab-python"),
    files.length ? el("p", { class: "actions" }, files.map(([name, text]) =>
      csvLink(t, `${name}.yaml`, text, "lab.yaml.file", "application/yaml"))) : null,
    el("dl", { class: "facts" }, ["run_id", "members", "data_vintage", "code_version"].map((key) => fact(key, comparison[key]))));
}
