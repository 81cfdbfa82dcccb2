"""Where machine code is kept: another folder when any of the sources changes, none that cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from caudal.engine import machine

pytestmark = pytest.mark.unit

HERE = Path(machine.__file__).parent
FOLDER = machine.folder.__wrapped__


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources, which may be changed."""
    for name in machine.SOURCES:
        shutil.copy(HERE / f"{name}.py", tmp_path)
    monkeypatch.setattr(machine, "__file__", str(tmp_path / "machine.py"))
    return tmp_path


@pytest.mark.parametrize("changed", machine.SOURCES)
def test_code_is_kept_until_any_of_its_sources_changes(sources: Path, changed: str):
    before = FOLDER("")
    assert FOLDER("") == before
    assert Path(before).parent == sources / "__pycache__"
    (sources / f"{changed}.py").open("a").write("\n")
    assert FOLDER("") != before


def test_every_file_with_compiled_functions_is_a_source():
    marks = ("@compiled(", "@called_from_outside(", "njit(")
    having = {p.stem for p in HERE.glob("*.py") if any(m in p.read_text() for m in marks)}
    assert having == set(machine.SOURCES)


def test_a_folder_that_is_given_is_used_and_one_that_cannot_be_is_left_to_numba(tmp_path: Path):
    assert Path(FOLDER(str(tmp_path / "mine"))).parent == tmp_path / "mine"
    (tmp_path / "file").write_text("")
    assert FOLDER(str(tmp_path / "file")) == str(tmp_path / "file")


def test_where_nothing_can_be_kept_a_function_is_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
):
    real = machine.njit

    def nowhere(**options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function 'twice': no locator available")
        return real(**options)

    monkeypatch.setattr(machine, "njit", nowhere)

    @machine.compiled()
    def twice(x):
        return 2 * x

    assert twice(21) == 42
