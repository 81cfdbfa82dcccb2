"""ES modules and vendored libraries → one classic script, without any build tool.

Browsers refuse modules from disk, so the frozen page needs one plain script. The page's modules
keep to a small part of the language that joins by text alone:

    import { a, b } from "./other.js";     one line each, at the top, named imports only
    export function f() {}                  or class, const; named exports only

Each module becomes a function that returns its exports; they run in the order of need. Anything
else that starts with `import` or `export` is refused, so a module that works in a browser and
would break here cannot slip through. Same files in, same bytes out.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from caudal.errors import CaudalError
from caudal.report.strings import WEB

_IMPORT = re.compile(r'^import \{ ([\w$, ]+) \} from "\./([\w-]+)\.js";$')
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) ([\w$]+)")


def bundle(folder: Path, entry: str = "report") -> str:
    """Join the modules of `folder` that `entry` needs into one script.

    Raises CaudalError for a missing module, a circle of imports, a name that a module does not
    export, or an import or export in another form than the module's docstring allows.
    """
    order: list[str] = []
    parsed: dict[str, tuple[list[tuple[str, list[str]]], list[str], str]] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise CaudalError(f"{name}.js", f"imports in a circle: {' → '.join((*path, name))}")
        if name in parsed:
            return
        imports, exports, body = _parse(folder / f"{name}.js")
        for other, names in imports:
            visit(other, (*path, name))
            unknown = sorted(set(names) - set(parsed[other][1]))
            if unknown:
                raise CaudalError(
                    f"{name}.js",
                    f"{', '.join(unknown)} not exported by {other}.js",
                    ", ".join(parsed[other][1]),
                )
        parsed[name] = (imports, exports, body)
        order.append(name)

    visit(entry, ())
    parts = ['(() => {\n"use strict";']
    for name in order:
        imports, exports, body = parsed[name]
        uses = "".join(
            f"const {{ {', '.join(names)} }} = {_variable(other)};\n" for other, names in imports
        )
        gives = f"return {{ {', '.join(exports)} }};"
        parts.append(f"const {_variable(name)} = (() => {{\n{uses}{body}\n{gives}\n}})();")
    parts.append("})();")
    return "\n".join(parts)


def _variable(module: str) -> str:
    return "module_" + module.replace("-", "_")


def _parse(path: Path) -> tuple[list[tuple[str, list[str]]], list[str], str]:
    """A module's imports, exports, and body with both words taken away."""
    if not path.is_file():
        raise CaudalError(str(path.name), "no such module", "a file beside the one that imports it")
    imports: list[tuple[str, list[str]]] = []
    exports: list[str] = []
    body: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if match := _IMPORT.match(line):
            imports.append((match[2], [n.strip() for n in match[1].split(",") if n.strip()]))
            continue
        if match := _EXPORT.match(line):
            exports.append(match[2])
        elif re.match(r"(import|export)\b", line):
            raise CaudalError(
                f"{path.name}:{number}",
                line.strip()[:60],
                'import { a } from "./b.js"; or export function, class, const',
            )
        body.append(line.removeprefix("export "))
    return imports, exports, "\n".join(body)


def vendored() -> str:
    """The chart libraries as one script, in their order; a file that was changed is refused."""
    folder = WEB / "vendor"
    parts = []
    for library in json.loads((folder / "vendor.json").read_text(encoding="utf-8"))["libraries"]:
        raw = (folder / library["file"]).read_bytes()
        if hashlib.sha256(raw).hexdigest() != library["sha256"]:
            raise CaudalError(
                f"web/vendor/{library['file']}",
                "not the recorded file",
                f"{library['package']} {library['version']}, as scripts/vendor.sh fetches it",
            )
        parts.append(raw.decode("utf-8").strip())
    return "\n".join(parts)
