"""Every reader and loader that takes what others wrote, with real documents to spoil.

A reader is a function of bytes. What it may do: give a value, or raise CaudalError (of which the
service makes a 4xx, the command line one line and exit status 2). All else is a fault.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "caudal"
CORRIDOR = PACKAGE / "corridor"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "unit")]


@dataclass(frozen=True)
class Reader:
    """A reader under trial.

    kind   how its inputs are spoilt (`fuzz_mutate.KINDS`); seeds: whole documents
    read   takes the bytes; share: of all inputs, in parts of the sum
    """

    name: str
    kind: str
    seeds: list[bytes]
    read: Callable[[bytes], Any]
    share: float


class Faulty(Exception):
    """An outcome that is none: a 5xx answer, or the command line's "fault of Caudal's"."""


_PLACE: list[Path] = []


def place() -> Path:
    """A folder in memory, of this process."""
    if not _PLACE:
        at = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        _PLACE.append(Path(tempfile.mkdtemp(prefix="caudal-fuzz-", dir=at)))
    return _PLACE[0]


def by_file(name: str, read: Callable[[Path], Any]) -> Callable[[bytes], Any]:
    """A reader of a path as a reader of bytes."""

    def of(data: bytes) -> Any:
        path = place() / name
        path.write_bytes(data)
        return read(path)

    return of


def by_text(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """A reader of text; bytes that are none come as surrogates, as a command line gives them."""
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def _files(folder: Path, pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob(pattern))]


def documents() -> Iterator[Reader]:
    """Policies, scenarios, overlays, ledgers, and the corridor's own documents."""
    from caudal.ask.claims_schema import read_ledger
    from caudal.ask.reading.lexicon import read_lexicon
    from caudal.ask.search_levers import load as read_levers
    from caudal.compute.asked import overrides
    from caudal.corridor import corridor
    from caudal.corridor.policies import law
    from caudal.corridor.scenarios import FOLDER
    from caudal.data.checks import load_checkpoints
    from caudal.engine.priors import load as read_priors
    from caudal.policy.documents import parse_document
    from caudal.policy.marks import parse_yaml
    from caudal.policy.scenario import load_scenario, read_scenario
    from caudal.service import documents as posted

    base = law()

    def used(document: Any) -> Any:
        overrides(document, corridor().priors)
        return document.law(base)

    def overlay(text: str) -> Any:
        data, marks = parse_yaml(text, "overlay.yaml")
        return base.overlaid(data if isinstance(data, dict) else {}, marks)

    policies, scenarios = _files(CORRIDOR / "policies", "*.yaml"), _files(FOLDER, "*.yaml")
    broken = _files(ROOT / "tests" / "fixtures" / "policies", "**/*.yaml")
    scenarios += [*broken[:20], OWN.encode()]
    overlays = [b"\n".join(OWN.encode().splitlines()[4:]).replace(b"\n  ", b"\n").strip()]
    ledgers = [_first(data, b"\n  - id:", 4) for data in _files(CORRIDOR / "claims", "*.yaml")]
    own = (FOLDER,)
    yield Reader("policy documents", "text", policies,
                 by_text(lambda t: parse_document(*parse_yaml(t, "policy.yaml"))), 60)  # fmt: skip
    yield Reader("scenarios by file", "text", scenarios,
                 by_file("own.yaml", lambda p: used(load_scenario(p, own))), 4)  # fmt: skip
    yield Reader("scenarios by text", "text", scenarios,
                 by_text(lambda t: read_scenario(t, own)), 30)  # fmt: skip
    yield Reader("scenarios posted", "text", scenarios,
                 by_text(lambda t: posted.scenario(t, [FOLDER], 64_000)), 20)  # fmt: skip
    yield Reader("overlays", "text", overlays, by_text(overlay), 12)
    yield Reader("claims ledgers", "text", ledgers, by_file("ledger.yaml", read_ledger), 15)
    priors = [_first(data, b"\n  ", 25) for data in _files(CORRIDOR / "priors", "*.yaml")]
    yield Reader("priors", "text", priors, by_file("p.yaml", lambda p: read_priors(p, {})), 8)
    words = (CORRIDOR / "reading.yaml").read_bytes()
    yield Reader("reading words", "text", [words], by_file("r.yaml", read_lexicon), 1)
    levers = (CORRIDOR / "search.yaml").read_bytes()
    yield Reader("search levers", "text", [levers],
                 by_file("s.yaml", lambda p: read_levers(p, base)), 6)  # fmt: skip
    points = _first((CORRIDOR / "sources" / "checkpoints.yaml").read_bytes(), b"\n  - ", 8)
    yield Reader("checkpoints", "text", [points], by_file("c.yaml", load_checkpoints), 0.5)


OWN = """name: mine
title: {en: Mine, es: Mío}
extends: baseline
policies:
  us-title-42: {ended: 2024-05-12, known_on: 2023-04-01}
  us-cbp-one: off
  us-chnv-parole: {shift_days: 60}
  mx-mpp: {scale: 0.5}
drivers:
  us_job_openings: {factor: 0.8, from: 2023-01}
parameters: {inert: 0.5}
dates: {start: 2019-01-01, end: 2025-01-01}
horizon: 6
"""


def _first(data: bytes, mark: bytes, number: int) -> bytes:
    """A document's first parts: what follows repeats them."""
    parts = data.split(mark)
    return mark.join(parts[:number]) + b"\n" if len(parts) > number else data


def texts() -> Iterator[Reader]:
    """Texts whose claims are proposed, and the draft that is written of them."""
    from caudal.ask.reading.drafts import draft_text
    from caudal.ask.reading.known import known_figures
    from caudal.ask.reading.lexicon import read_lexicon
    from caudal.ask.reading.reader import read_source
    from caudal.ask.reading.source import load, parse
    from caudal.ask.reading.told import told
    from caudal.corridor.reading import LEXICON
    from caudal.data.store import open_series

    lexicon = read_lexicon(LEXICON)
    figures = known_figures(open_series("figures").to_dict("records"))

    def propose(text: str) -> Any:
        found = read_source(parse(text.encode("utf-8", "replace").decode()), lexicon, figures)
        told(found)
        return draft_text(found) if found.day and (found.found or found.causes) else None

    seeds = [*SAID, *(s[:1500] for s in _files(ROOT / "tests" / "data" / "reading", "es_*.txt"))]
    yield Reader("texts", "text", seeds, by_text(propose), 4)
    yield Reader("text files", "bytes", seeds, by_file("a.txt", load), 20)


SAID = [
    b"May 15, 2024. In March 2021 there were 170 thousand encounters, up from 100,441 in February, "
    b"officials said on Friday. Nearly two-thirds were single adults; three in five came from Mexico. "
    b"The number fell by 70 % because the policy ended, Mr. Smith said.",
    "12 de abril de 2021. En marzo hubo 170 mil encuentros en la frontera suroeste, un aumento de "
    "71 %, debido a que terminó la medida. Entre 2.000 y 3.500 personas al día, dijo el INM.".encode(),
    b"<html><body><p>On 3 May 2023 officials said <b>9,000</b> people crossed a day.</p></body></html>",
]


def arrays() -> Iterator[Reader]:
    """Stages and states that long work keeps, learned draws, the map's movements."""
    import numpy as np

    from caudal.ask import movements
    from caudal.compute import posterior
    from caudal.compute.store import kept, load_state

    def stage(path: Path) -> Any:
        made = kept(path.parent, "round", KEY, lambda: {"made": np.zeros(1)})
        path.unlink(missing_ok=True)
        return made

    work = place()
    kept(work, "round", KEY, lambda: {"mean": np.arange(6.0), "names": np.array(["a", "b"])})
    (whole,) = work.glob("round-*.npz")
    state, draws = io.BytesIO(), io.BytesIO()
    small = np.ones((2, 3), np.float32)
    np.savez(state, people=small, ended=small, day=np.int64(3), **{"signals/a": small})
    np.savez_compressed(
        draws, **{"z/a": small, "weather/b": small, "mean/b": small, "sd/b": small},
        seed=np.int64(1), months=np.int64(3), about=np.frombuffer(b'{"a": 1}', np.uint8),
    )  # fmt: skip
    found = movements.Movements(("all",), ("x",), ("2020-01", "2020-02"),
                                np.ones((1, 1, 2, 5), np.float32), {"a": 1})  # fmt: skip
    movements.write(found, work / "map.zip", ())
    yield Reader("kept stages", "archive", [whole.read_bytes()], by_file(whole.name, stage), 25)
    yield Reader("states of runs", "archive", [state.getvalue()],
                 by_file("s.npz", load_state), 25)  # fmt: skip
    yield Reader("learned draws", "archive", [draws.getvalue()],
                 by_file("d.npz", posterior.load), 25)  # fmt: skip
    yield Reader("map movements", "archive", [(work / "map.zip").read_bytes()],
                 by_file("m.zip", movements.read), 15)  # fmt: skip


KEY = {"a": "key"}


def tables() -> Iterator[Reader]:
    """Scores, past forecasts, corrections, and the packages of tables."""
    import hashlib

    from caudal.data.package import read_descriptor, read_table
    from caudal.forecast import corrections, past, skill, stress_tables

    shipped = CORRIDOR / "skill"
    heads = {p.name: _first(p.read_bytes(), b"\n", 12) for p in shipped.glob("*.csv")}

    def folder_of(name: str, read: Callable[[Path], Any]) -> Callable[[bytes], Any]:
        folder = place() / f"of-{name}"
        folder.mkdir(exist_ok=True)
        for each, data in heads.items():
            (folder / each).write_bytes(data)

        def of(data: bytes) -> Any:
            (folder / name).write_bytes(data)
            return read(folder)

        return of

    yield Reader("scores", "text", [heads["skill.csv"]], folder_of("skill.csv", skill.read), 3)
    yield Reader("stress scores", "text", [heads["stress_sizes.csv"]],
                 folder_of("stress_sizes.csv", stress_tables.read), 3)  # fmt: skip
    yield Reader("past forecasts", "bytes", [_gz(shipped / "past.csv.gz", 20)],
                 folder_of("past.csv.gz", past.read), 6)  # fmt: skip
    learned = (CORRIDOR / "posterior" / "correction.json").read_bytes()
    yield Reader("corrections", "text", [learned[:600], learned],
                 by_file("c.json", corrections.read), 15)  # fmt: skip
    descriptor = json.loads((CORRIDOR / "series" / "datapackage.json").read_bytes())
    few = [r for r in descriptor["resources"] if r["name"] in ("us.courts", "mx.returns")]
    package = {**descriptor, "resources": few}
    for resource in few:
        data = (CORRIDOR / "series" / resource["path"]).read_bytes()
        (place() / resource["path"]).write_bytes(data)

    def described(path: Path) -> Any:
        return [read_table(path.parent, r) for r in read_descriptor(path.parent)["resources"]]

    def table(data: bytes) -> Any:
        (place() / "t.csv.gz").write_bytes(data)
        told = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return read_table(place(), {**few[0], "path": "t.csv.gz", "hash": told})

    told = json.dumps(package, indent=1).encode()
    yield Reader("package descriptors", "text", [told], by_file("datapackage.json", described), 6)
    yield Reader("package tables", "bytes", [_gz(CORRIDOR / "series" / few[0]["path"], 20)],
                 table, 6)  # fmt: skip


def _gz(path: Path, lines: int) -> bytes:
    import gzip

    return gzip.compress(_first(gzip.decompress(path.read_bytes()), b"\n", lines), 1, mtime=0)


def sources() -> Iterator[Reader]:
    """Publishers' files: the small good ones of the tests, and the shortest real ones of $RAW."""
    from test_sources_malformed import PUBLICATIONS
    from test_sources_ohss import workbook

    from caudal.corridor.sources import geography, ohss
    from caudal.corridor.sources.registry import SERIES

    for number, pub in enumerate(PUBLICATIONS):
        seed = pub.write(place() / "seed.csv").read_bytes()
        reader = by_file(f"{number}.csv", pub.read)
        yield Reader(f"publication: {pub.read.__name__} {number}", "text", [seed], reader, 0.5)
    book = workbook(place() / "seed.xlsx").read_bytes()
    read: Any = ohss.read_monthly_tables
    if hasattr(read, "cache_clear"):  # each input is a file of its own
        cached = read
        read = lambda path: (cached.cache_clear(), cached(path))  # noqa: E731
    yield Reader("publication: OHSS workbook", "archive", [book], by_file("o.xlsx", read), 0.3)
    raw = Path(os.environ.get("RAW", ROOT.parent / "shared" / "data"))
    seen = set()
    for series in SERIES.values():
        path = raw / series.files[0]
        name = getattr(series.read, "__name__", series.id)
        if path.suffix not in (".csv", ".json") or not path.is_file() or name in seen:
            continue
        seen.add(name)
        data = path.read_bytes()
        seed = data if len(data) < 9_000 else _first(data, b"\n", 40)
        reader = by_file(f"raw-{path.name}", series.read)
        yield Reader(f"publication: {series.id}", "text", [seed], reader, 0.5)
    outlines = ROOT / "src" / "caudal" / "corridor" / "series" / "geo.outlines.geojson"
    first = json.loads(outlines.read_bytes())
    first["features"] = first["features"][:2]
    yield Reader("publication: outlines", "text", [json.dumps(first).encode()],
                 by_file("g.json", geography.read_outlines), 2)  # fmt: skip


def words() -> Iterator[Reader]:
    """Days, months, periods, limits and levers as typed; whole command lines of quick verbs."""
    from caudal.ask.attribute_asked import period
    from caudal.ask.claims_time import Period
    from caudal.ask.search import _limit
    from caudal.ask.search_levers import turns
    from caudal.cli import as_of, claims, claims_read, fit, main, policies
    from caudal.compute.asked import _month
    from caudal.corridor.compared import compared
    from caudal.corridor.policies import law
    from caudal.data.checks import bounds
    from caudal.data.listed import between
    from caudal.data.store import open_series
    from caudal.errors import CaudalError
    from caudal.service.settings import token_hash

    def claimed(text: str) -> Any:
        try:
            return Period.parsed(text)
        except ValueError as told:  # pydantic makes a CaudalError of it
            raise CaudalError("period", str(told)) from None

    base, frame = law(), open_series("us.courts")
    levers = CORRIDOR / "search.yaml"
    days = [b"2024-05-12", b"2021-02-28"]
    months = [b"2021-03", b"2021-03-01", b"2020-11..2021-01", b"FY2021", b"2021"]
    each: tuple[tuple[str, list[bytes], Callable[[str], Any]], ...] = (
        ("months", months, lambda t: _month("--from", t)),
        ("days", days, lambda t: as_of._day(t, None)),
        ("days of laws", days, lambda t: policies._day("--on", t)),
        ("days of claims", days, claims._day),
        ("days of texts", days, claims_read._day),
        ("origins", months, lambda t: fit._month("--from", t)),
        ("periods", months, lambda t: period("--from", t)),
        ("periods of claims", [*months, b"2021-03-01..2021-04-01", b"2021-W03"], claimed),
        ("periods of checks", months, bounds),
        ("spans of series", [*months, *days], lambda t: between(frame, "fiscal_year", t, None)),
        ("limits", [b"deaths<=100%", b"encounters >= 12,000"], lambda t: _limit(t, compared())),
        ("tokens", [b"sha256:" + b"0" * 64, b"a-token-of-24-characters!"], token_hash),
    )
    for name, seeds, read in each:
        yield Reader(f"words: {name}", "line", seeds, by_text(read), 65)
    yield Reader("words: levers", "line", [b"mx-effort=0:1:0.1", b"us.title42.expulsion=0:1:0.5"],
                 by_text(lambda t: turns([t], levers, base)), 3)  # fmt: skip

    def typed(text: str) -> Any:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
            status = main(text.split("\n"))
        if status not in (0, 2) or "Traceback" in said.getvalue():
            raise Faulty(said.getvalue()[-300:])
        return status

    lines = (
        "data show us.courts --from 2020 --to 2021 --json", "policies show us-title-42 --on 2022-01-01",
        "policies diff baseline title-42-stays-a-year --from 2021-01-01", "claims list --kind figure",
        "skill --mode blind --target southwest --scale log", "model --help", "run --help",
        "policies list --actor us --lang es", "trace encounters --month 2021-03 --help",
    )  # fmt: skip
    seeds = [line.replace(" ", "\n").encode() for line in lines]
    quick = by_text(lambda t: typed(t) if t.split("\n")[0] in QUICK else None)
    yield Reader("words: command lines", "line", seeds, quick, 0.5)


QUICK = ("data", "policies", "claims", "skill", "model")


def service() -> Iterator[Reader]:
    """Bodies of every kind of job, addresses and queries of every route, in this process."""
    from pydantic import ValidationError

    from caudal.data.store import open_series
    from caudal.errors import CaudalError
    from caudal.service.kinds import KINDS, kind
    from caudal.service.kinds.common import Ask
    from caudal.service.settings import Limits
    from service_apps import client

    ask = Ask(Limits(), lambda name: None)
    bodies = {
        "run": {
            "scenario": "baseline",
            "members": 2,
            "seed": 1,
            "from": "2018-01",
            "to": "2018-03",
        },
        "as-of": {"day": "2021-03-17"},
        "compare": {"scenarios": ["title-42-stays-a-year"], "members": 4, "outcomes": []},
        "attribute": {"from": "2020-11", "to": "2021-03"},
    }
    for name in KINDS:
        module = kind(name)

        def asked(text: str, module: Any = module) -> Any:
            try:
                body = module.Body.model_validate_json(text)
            except (ValidationError, UnicodeEncodeError):
                raise CaudalError("body", "does not fit") from None
            return module.plan(body, ask)

        seed = json.dumps(bodies.get(name, {})).encode()
        yield Reader(f"bodies: {name}", "line", [seed], by_text(asked), 4)
    yield Reader("series by id", "line", [b"us.courts", b"mx.returns"], by_text(open_series), 15)
    opened = client(place() / "served", writes_per_s=1e9, reads_per_s=1e9)
    api = opened.__enter__()
    spec = api.get("/openapi.json").json()["paths"]
    get = [p for p, m in spec.items() if "get" in m and not p.endswith("/events")]
    filled = {"series_id": "us.courts", "name": "baseline", "claim_id": "a000-001"}
    seeds = [p.format_map(_Default(filled)).encode() + QUERY for p in get]

    def address(text: str) -> Any:
        try:
            answer = api.get("/" + text.lstrip("/"))
        except (ValueError, UnicodeError, TypeError):  # the client itself sends no such address
            raise CaudalError("address", "not one") from None
        except Exception as fault:
            if type(fault).__module__.startswith("httpx"):
                raise CaudalError("address", "not one") from None
            raise
        if answer.status_code >= 500:
            raise Faulty(f"{answer.status_code} {answer.text[:200]}")
        return answer.status_code

    yield Reader("addresses", "line", seeds, by_text(address), 1)
    posts = [p for p, m in spec.items() if "post" in m]

    def post(text: str) -> Any:
        path = posts[len(text) % len(posts)]
        head = {"content-type": "application/json"}
        answer = api.post(path, content=text.encode("utf-8", "surrogatepass"), headers=head)
        if answer.status_code >= 500:
            raise Faulty(f"{path} {answer.status_code} {answer.text[:200]}")
        return answer.status_code

    said = {"text": SAID[0].decode(), "lang": "en", "on": "2024-05-15"}
    sent = [json.dumps(b).encode() for b in (*bodies.values(), said, {"name": "a", "horizon": 3})]
    yield Reader("bodies posted", "line", sent, by_text(post), 2)


QUERY = b"?from=2020-01&to=2021-01&format=json&lang=es&target=southwest&where=unit:family"


class _Default(dict):
    def __missing__(self, key: str) -> str:
        return "us-title-42"


GROUPS: dict[str, Callable[[], Iterator[Reader]]] = {
    "words": words, "documents": documents, "texts": texts, "arrays": arrays, "tables": tables,
    "sources": sources, "service": service,
}  # fmt: skip
