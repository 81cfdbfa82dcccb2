"""The project's own promises: set-up, lock, command line, changelog, docs, examples that run."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tomllib
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from caudal.cli import VERBS, guarded, main
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
HEAVY = ("jax", "numpy", "pandas", "xarray", "scipy", "numba")


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- set-up --------------------------------------------------------------------------------------


def _name(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement)[0].lower().replace("_", "-")


def test_lock_pins_everything_the_project_asks_for() -> None:
    locked = {match[1].lower() for match in re.finditer(r"^([\w.-]+)==", LOCK, re.MULTILINE)}
    asked = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["science"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]
    assert {_name(requirement) for requirement in asked} - {"caudal"} <= locked


def test_lock_has_a_hash_for_every_package_and_names_no_host() -> None:
    entries = re.split(r"\n(?=[\w.-]+==)", LOCK)[1:]
    assert len(entries) > 40
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?://|file:|--(index|extra-index|find-links)", LOCK)


def test_makefile_has_the_targets_that_the_readme_and_ci_use() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in ["setup", "run", "test", "check", "gate", "bench", "data", "fit"]:
        assert re.search(rf"^{target}: ", text, re.MULTILINE), target
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)


def test_gate_reads_what_pytest_reports(tmp_path: Path) -> None:
    junit = tmp_path / "gate.xml"
    junit.write_text(
        '<testsuite><testcase classname="tests.unit.test_a.TestB" name="test_x[1]" time="1.25"/>'
        '<testcase classname="tests.ui.test_page" name="test_y" time="2">'
        '<skipped message="no browser"/></testcase>'
        '<testcase classname="tests.unit.test_a" name="test_z" time="0">'
        '<failure message="first line&#10;second"/></testcase></testsuite>'
    )
    rows = [list(row.values()) for row in _script("gate").rows(junit)]
    assert rows == [
        ["tests/unit/test_a.py::TestB::test_x[1]", "unit", "passed", "1.2", ""],
        ["tests/ui/test_page.py::test_y", "ui", "skipped", "2.0", "no browser"],
        ["tests/unit/test_a.py::test_z", "unit", "failed", "0.0", "first line"],
    ]


def test_version_and_licence_are_told_the_same_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {PROJECT['project']['version']}\n" in citation
    assert f"license: {PROJECT['project']['license']}\n" in citation
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")[:200]


def test_no_tracked_file_names_a_folder_of_one_machine() -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git, which lists the tracked files")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip(f"git lists no tracked files here: {listed.stderr.strip()}")
    path_of_a_machine = re.compile(rb"(^|[^A-Za-z0-9._-])/(work|home|root|tmp)/[A-Za-z.]")
    guilty = []
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if not file.is_file():
            continue
        if path_of_a_machine.search(file.read_bytes()) and file.suffix not in {".gz", ".npz"}:
            guilty.append(name)
    assert guilty == []


# --- command line --------------------------------------------------------------------------------


def test_help_lists_every_verb_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from caudal.cli import main; status = main(['--help']);"
        f"print([m for m in {HEAVY} if m in sys.modules]); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SOURCE
    )
    assert done.stdout.rstrip().endswith("[]")
    for verb, told in VERBS.items():
        assert re.search(rf"^  {verb} +{re.escape(told.help)}$", done.stdout, re.MULTILINE)


def test_help_takes_half_a_second_of_work() -> None:
    resource = pytest.importorskip("resource", reason="needs a system that counts processor time")

    def spent() -> float:
        mine = resource.getrusage(resource.RUSAGE_CHILDREN)
        return mine.ru_utime + mine.ru_stime

    took = []
    for _ in range(5):
        start = spent()
        code = "from caudal.cli import main; main(['--help'])"
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=SOURCE)
        took.append(spent() - start)
    # Processor time, and the least of five: what other processes take is not ours to answer for.
    assert min(took) < 0.5, f"median {statistics.median(took):.2f} s"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_loads_and_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    assert f"Usage: caudal {verb}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["rum"], "caudal: unknown command 'rum' (did you mean 'run'?); allowed: run, data"),
        (["--nonsense"], "caudal: No such option: --nonsense"),
        (["articles", "--jason"], "caudal: No such option: --jason"),
        (["articles", "--article"], "caudal: Option '--article' requires an argument"),
        (["articles", "2"], "caudal: Got unexpected extra argument"),
    ],
)
def test_a_wrong_line_is_told_in_one_line_with_status_2(
    words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(line)
    assert printed.err.count("\n") == 1


def _raise(problem: BaseException) -> None:
    raise problem


@pytest.mark.parametrize(
    ("problem", "status", "line"),
    [
        (
            CaudalError("run.yaml:3 field 'dates'", "end before start", "an end after the start"),
            2,
            "caudal: run.yaml:3 field 'dates': end before start; allowed: an end after the start\n",
        ),
        (
            PermissionError(13, "Permission denied", "results.nc"),
            2,
            "caudal: results.nc: Permission denied\n",
        ),
        (KeyboardInterrupt(), 130, "caudal: interrupted\n"),
        (
            KeyError("a\nb"),
            1,
            "caudal: unexpected KeyError: 'a\\nb'; this is a fault of Caudal's: --debug shows "
            "where\n",
        ),
    ],
)
def test_what_is_raised_becomes_one_line_and_a_status(
    problem: BaseException, status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(lambda: _raise(problem)) == status
    assert capsys.readouterr().err == line


def test_debug_lets_the_traceback_through() -> None:
    with pytest.raises(CaudalError):
        main(["--debug", "articles", "--article", "9"])


def test_an_interrupted_command_ends_with_130() -> None:
    code = (
        "import sys, time, caudal.cli as cli\n"
        "def wait():\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(30)\n"
        "sys.exit(cli.guarded(wait))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=SOURCE
    )
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=20)
    assert child.returncode == 130
    assert told == b"caudal: interrupted\n"


def test_the_one_error_survives_a_with_block() -> None:
    # contextlib hands an exception its traceback anew, which a frozen exception refuses.
    @contextmanager
    def block():
        yield

    with pytest.raises(CaudalError), block():
        raise CaudalError("a", "b", "c")


# --- docs and changelog --------------------------------------------------------------------------


def test_fragments_are_as_their_readme_says() -> None:
    changelog = _script("changelog")
    faults = [changelog.fault(path) for path in changelog.fragments(ROOT / "changes")]
    assert [told for told in faults if told] == []


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.added.md", "Something new.", None),
        ("a.regression.md", "Why.\n\n| result | before | now |\n|---|---|---|\n", None),
        ("a.regression.md", "Numbers moved.", "no table"),
        ("a.new.md", "Something new.", "not <short-name>.<kind>.md"),
        ("A b.added.md", "Something new.", "not <short-name>.<kind>.md"),
        ("a.fixed.md", " \n", "empty"),
    ],
)
def test_a_bad_fragment_is_told(tmp_path: Path, name: str, text: str, told: str | None) -> None:
    path = tmp_path / name
    path.write_text(text)
    fault = _script("changelog").fault(path)
    assert (fault is None) if told is None else (fault is not None and told in fault)


def test_changelog_section_groups_by_kind(tmp_path: Path) -> None:
    changelog = _script("changelog")
    for name in ("b.fixed.md", "a.fixed.md", "c.added.md"):
        (tmp_path / name).write_text(f"About {name[0]}.\n")
    text = changelog.section("1.0", "2026-11-21", changelog.fragments(tmp_path))
    assert text == (
        "## 1.0 · 2026-11-21\n\n### Added\n\nAbout c.\n\n### Fixed\n\nAbout a.\n\nAbout b.\n"
    )


def test_decisions_have_every_part_of_the_template() -> None:
    folder = ROOT / "docs" / "decisions"
    parts = re.findall(r"^## .*$", (folder / "0000-template.md").read_text("utf-8"), re.MULTILINE)
    records = sorted(folder.glob("[0-9]*.md"))
    assert len(records) > 1
    for record in records:
        text = record.read_text("utf-8")
        assert text.startswith(f"# {record.name[:4]} · "), record.name
        assert re.findall(r"^## .*$", text, re.MULTILINE) == parts, record.name


def test_glossary_is_whole_in_both_languages() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    words = {row[0].strip() for row in rows}
    needed = (
        "group place stock flow gate signal lever law policy driver parameter mechanism scenario "
        "member run observable claim"
    )
    assert set(needed.split()) <= words
    for row in rows:
        assert len(row) == 4
        assert all(cell.strip() for cell in row), row


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for document in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "changes/README.md",
    ]:
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
            if "://" in target or target.startswith(("#", "mailto:")):
                continue
            if not (document.parent / target.partition("#")[0]).exists():
                broken.append(f"{document.relative_to(ROOT)}: {target}")
    assert broken == []


# --- examples ------------------------------------------------------------------------------------

WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for path in (SOURCE / "caudal").rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_in_docstrings_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.attempted > 0
    assert result.failed == 0
