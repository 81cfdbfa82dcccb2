"""A kept result, whatever file it is in: the command that made it, what it rests on, its numbers.

    folder   of a run, a comparison, a forecast, or of a job of the service
    .nc      a run, a comparison, an attribution
    .json    what `--json` prints, and what `caudal forecast --out` writes
    .html    a frozen report
    .parquet a table of a run that the API gave, with its recipe in the file's metadata

A command in a file is only text: of it, what `ALLOWED` lists is taken, and nothing that names a place
to write.
"""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from caudal.errors import CaudalError

ALLOWED: Mapping[str, frozenset[str]] = {
    "run": frozenset({"--members", "--seed", "--sampler", "--from", "--to"}),
    "compare": frozenset({"--members", "--seed", "--sampler", "--from", "--to", "--weather",
                          "--independent", "--outcome"}),
    "forecast": frozenset({"--months", "--members", "--seed", "--scenario"}),
    "attribute": frozenset({"--outcome", "--from", "--to", "--factors", "--members", "--seed"}),
}  # fmt: skip
"""Verbs whose results can be made again, and the options that their recipes may hold."""
HEADS = ("run", "comparison", "forecast", "attribution")
"""Fields under which a JSON document tells how it was made."""
NAMES = (
    "id",
    "target",
    "cell",
    "scenario",
    "weather",
    "outcome",
    "parts",
    "month",
    "kind",
    "where",
)
"""Fields that tell one row from another; rows without any are told apart by their order."""
FOLDER_FILES = ("results.nc", "summary.parquet", "forecast.json", "result.json", "report.html")
MOST_BYTES = 4_000_000_000

Numbers = dict[str, dict[tuple[Any, ...], Any]]
"""Variable → labels → value."""


@dataclass(frozen=True)
class Kept:
    """A result as it was kept.

    path      the file that holds its numbers; form: its ending
    words     the command that made it, without `caudal`
    code_version, data_vintage, run_id   what it says of itself; "" where it does not
    document  the file of the scenarios that are not shipped ones, None where none is there
    corridor  address of another corridor than the package's own, "" for that
    """

    path: Path
    form: str
    words: tuple[str, ...]
    code_version: str
    data_vintage: str
    run_id: str = ""
    document: Path | None = None
    corridor: str = ""

    @property
    def verb(self) -> str:
        """The command's first word."""
        return self.words[0]

    @property
    def command(self) -> str:
        """The command as one would type it."""
        other = ("--corridor", self.corridor) if self.corridor else ()
        return shlex.join(("caudal", *other, *self.words))


def kept(result: Path) -> Kept:
    """Read how a result was made. Raises CaudalError for a file or folder that does not say."""
    if not result.exists():
        raise CaudalError(str(result), "no such file or folder", "a result that Caudal wrote")
    path = _file(result)
    if path.suffix not in _HOW:
        raise CaudalError(str(path), f"'{path.suffix}' tells no recipe", ", ".join(sorted(_HOW)))
    if path.stat().st_size > MOST_BYTES:
        raise CaudalError(str(path), f"{path.stat().st_size} bytes", f"up to {MOST_BYTES}")
    try:
        how = _HOW[path.suffix](path)
    except CaudalError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as broken:
        found = f"not readable ({' '.join(str(broken).split())[:120]})"
        raise CaudalError(str(path), found, "a result that Caudal wrote") from broken
    beside = path.parent / "scenario.yaml"
    words, other = _words(str(path), how["command"])
    return Kept(
        path, path.suffix, words, how["code_version"], how["data_vintage"], how.get("run_id", ""),
        beside if beside.is_file() else None, other,
    )  # fmt: skip


def with_documents(of: Kept, place: Path) -> Kept:
    """The same with own scenarios named by files that are here, written to `place` where needed.

    Raises CaudalError where a scenario's document is not beside the result nor where it was.
    """
    words = list(of.words)
    for number, i in enumerate(_scenarios(of)):
        if words[i].endswith((".yaml", ".yml")):
            words[i] = str(_document(of, words[i], number, place))
    return replace(of, words=tuple(words))


def _scenarios(of: Kept) -> list[int]:
    """Places of the words that name scenarios."""
    options = [i for i, word in enumerate(of.words) if word.startswith("--")] or [len(of.words)]
    if of.verb == "forecast":
        return [i + 1 for i in options if of.words[i : i + 1] == ("--scenario",)]
    return list(range(1, options[0])) if of.verb in ("run", "compare") else []


def _document(of: Kept, named: str, number: int, place: Path) -> Path:
    import yaml

    if of.document is not None:
        parts = list(yaml.safe_load_all(of.document.read_text(encoding="utf-8")))
        if number < len(parts):
            made = place / f"scenario-{number}.yaml"
            text = yaml.safe_dump(parts[number], sort_keys=False, allow_unicode=True)
            made.write_text(text, encoding="utf-8")
            return made
    if Path(named).is_file():
        return Path(named)
    raise CaudalError(
        str(of.path), f"its scenario {named} is not here", "the result's folder, with scenario.yaml"
    )


def _file(result: Path) -> Path:
    if not result.is_dir():
        return result
    for name in FOLDER_FILES:
        if (result / name).is_file():
            return result / name
    found = "a folder without a result"
    raise CaudalError(str(result), found, "one that holds " + " or ".join(FOLDER_FILES))


def _words(where: str, command: str) -> tuple[tuple[str, ...], str]:
    """The command's words without `caudal`, and the corridor that it names."""
    try:
        words = shlex.split(command)
    except ValueError as broken:
        raise CaudalError(where, f"a recipe that is no command ({broken})", "caudal …") from broken
    other = ""
    if words[1:2] == ["--corridor"]:
        other = "".join(words[2:3])
        words[1:3] = []
    if len(words) < 2 or words[0] != "caudal" or words[1] not in ALLOWED:
        told = " ".join(words[:2])[:80]
        raise CaudalError(where, f"a recipe that begins with {told!r}",
                          "a result of caudal " + ", ".join(ALLOWED))  # fmt: skip
    for word in words[2:]:
        name = word.partition("=")[0]
        if word.startswith("-") and name not in ALLOWED[words[1]]:
            raise CaudalError(where, f"a recipe with {name[:80]!r}",
                              ", ".join(sorted(ALLOWED[words[1]])))  # fmt: skip
    return tuple(words[1:]), other


# --- how each form tells its recipe --------------------------------------------------------------


def _netcdf(path: Path) -> dict[str, str]:
    import xarray as xr

    with xr.open_dataset(path, engine="h5netcdf") as ds:
        a = dict(ds.attrs)
    if "recipe_command" not in a:
        raise CaudalError(str(path), "no attribute 'recipe_command'", "a result that Caudal wrote")
    names = {"command": "recipe_command", "code_version": "code_version",
             "data_vintage": "data_vintage"}  # fmt: skip
    return {k: str(a[v]) for k, v in names.items()} | {"run_id": str(a.get("run_id", ""))}


def _json(path: Path) -> dict[str, str]:
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise CaudalError(str(path), "no JSON object", "a result that Caudal wrote")
    about = next((document[h] for h in HEADS if h in document), document)
    return _about(str(path), about)


def _about(where: str, about: Mapping[str, Any]) -> dict[str, str]:
    command = about.get("command", about.get("recipe_command"))
    if not isinstance(command, str):
        raise CaudalError(where, "no field 'command'", "a result that Caudal wrote")
    return {
        "command": command, "code_version": str(about["code_version"]),
        "data_vintage": str(about["data_vintage"]),
        "run_id": str(about.get("run_id", about.get("id", ""))),
    }  # fmt: skip


def _html(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    if (payload := _payload(text)) is not None:
        return _about(str(path), payload["recipe"])
    lines = [html.unescape(re.sub(r"<[^>]*>", "", p)).strip()
             for p in re.findall(r"<p[^>]*>(.*?)</p>", text, re.DOTALL)]  # fmt: skip
    commands = [line for line in lines if line.startswith("caudal ")]
    facts = [line for line in lines if re.search(r"\+[0-9a-f]{8}\b", line) and " · " in line]
    if not commands or not facts:
        raise CaudalError(str(path), "a page without a recipe", "a report that Caudal froze")
    parts = facts[0].split(" · ")
    code = next(p for p in parts if re.search(r"\+[0-9a-f]{8}$", p))
    hashes = [p for p in parts if re.fullmatch(r"[0-9a-f]{12}", p)]
    return {"command": commands[0], "code_version": code, "data_vintage": hashes[0],
            "run_id": hashes[1] if len(hashes) > 1 else ""}  # fmt: skip


def _payload(text: str) -> dict[str, Any] | None:
    found = re.search(
        r'<script type="application/json" id="caudal-data">(.*?)</script>', text, re.S
    )
    return None if found is None else json.loads(found[1])


def _parquet(path: Path) -> dict[str, str]:
    import pyarrow.parquet as pq

    said = (pq.read_schema(path).metadata or {}).get(b"caudal")
    if said is None:
        raise CaudalError(str(path), "no recipe in its metadata", "a table that the API gave")
    about = json.loads(said)
    if about.get("narrowed"):
        found = "a table narrowed to some groups or places"
        raise CaudalError(str(path), found, "the run itself: its folder, id or results.nc")
    return _about(str(path), about)


_HOW = {".nc": _netcdf, ".json": _json, ".html": _html, ".parquet": _parquet}


# --- what it says --------------------------------------------------------------------------------


def numbers(path: Path) -> Numbers:
    """Every number of a JSON document, a table or a page, by variable and label."""
    out: Numbers = {}
    if path.suffix == ".parquet":
        import pandas as pd

        frame = pd.read_parquet(path)
        keys = [c for c in ("outcome", "month") if c in frame]
        labels = [tuple(map(str, row)) for row in frame[keys].itertuples(index=False)]
        for column in frame.select_dtypes("number"):
            out[str(column)] = dict(zip(labels, frame[column].tolist(), strict=True))
        return out
    text = path.read_text(encoding="utf-8")
    document = json.loads(text) if path.suffix == ".json" else _payload(text)
    if document is None:
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", text, re.DOTALL)
        plain = [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in cells]
        return {"cells of the tables": {(i,): cell for i, cell in enumerate(plain)}}
    for variable, label, value in _walk(document, "", ()):
        out.setdefault(variable, {})[label] = value
    return out


def _walk(
    value: Any, at: str, label: tuple[Any, ...]
) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, f"{at}.{key}" if at else str(key), label)
    elif isinstance(value, list):
        for i, (mark, inner) in enumerate(zip(_marks(value), value, strict=True)):
            yield from _walk(inner, f"{at}[]", (*label, i if mark is None else mark))
    elif value is None or isinstance(value, (int, float)):
        yield at, label, value


def _marks(rows: Sequence[Any]) -> list[tuple[Any, ...] | None]:
    """What tells each row from the others, None where only its order does."""
    marks = [
        tuple(row[n] for n in NAMES if isinstance(row.get(n), str)) or None
        if isinstance(row, Mapping) else None
        for row in rows
    ]  # fmt: skip
    return marks if len(set(marks)) == len(marks) else [None] * len(rows)
