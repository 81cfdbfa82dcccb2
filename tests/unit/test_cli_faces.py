"""The command line as a shell and a plain terminal meet it: completion, bare families, pipes."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from caudal.cli import VERBS, complete, main
from caudal.policy.marks import nearest

pytestmark = pytest.mark.unit


def offered(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> set:
    """What bash would be offered at the end of `line`."""
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    monkeypatch.setenv("_CAUDAL_COMPLETE", "complete_bash")
    with pytest.raises(SystemExit):
        main([])
    return set(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("caudal comp", {"compare"}),
        ("caudal run title-42-e", {"title-42-ends-2022-05"}),
        ("caudal compare baseline no-hur", {"no-hurricanes"}),
        ("caudal policies show us-title-42", {"us-title-42"}),
        ("caudal data show us.gota", {"us.gotaways.known"}),
        ("caudal model ablate cara", {"caravan"}),
        ("caudal run --mem", {"--members"}),
    ],
)
def test_a_tab_offers_names(
    line: str,
    expected: set[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert offered(line, monkeypatch, capsys) == expected


def test_a_tab_after_caudal_offers_every_verb_and_imports_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("caudal.cli.load", lambda name: pytest.fail(f"{name} was imported"))
    assert offered("caudal ", monkeypatch, capsys) == set(VERBS)


def test_names_offered_are_those_that_are_taken() -> None:
    from caudal.ask.claims import ledger
    from caudal.corridor import corridor
    from caudal.data.store import list_series

    here = corridor()
    assert set(complete.scenarios("")) == {p.stem for p in complete.HERE.glob("scenarios/*.yaml")}
    assert set(complete.policies("")) == {d.id for d in here.law.documents}
    assert set(complete.mechanisms("")) == {m.name for m in here.model.mechanisms}
    assert set(complete.series("")) <= set(list_series())
    assert set(complete.claims("")) == {entry.claim.id for entry in ledger(here, [])}


@pytest.mark.parametrize("family", ["data", "policies", "model", "claims"])
def test_a_family_alone_prints_its_help(family: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([family]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith(f"Usage: caudal {family}")
    assert "\nCommands:\n" in printed.out


def test_a_terminal_without_the_letters_gets_the_table_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", plain)
    assert main(["policies", "list", "--lang", "es", "--kind", "election"]) == 0
    plain.flush()
    printed = plain.buffer.getvalue().decode("ascii")  # type: ignore[attr-defined]
    assert "?" in printed
    assert "us-election-2024" in printed


def test_nothing_is_coloured_in_a_pipe() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from caudal.cli import main; main(['policies', 'list'])"],
        capture_output=True, check=True, env={"FORCE_COLOR": "", "PATH": "", "HOME": str(Path.home())},
    ).stdout  # fmt: skip
    assert b"us-title-42" in said
    assert b"\x1b" not in said


def test_a_store_that_cannot_be_had_is_told_before_anything_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    nobody = "postgresql://nobody@127.0.0.1:1/nothing"
    for store, told in ((str(in_the_way / "store"), str(in_the_way)), (nobody, "--store: ")):
        assert main(["serve", "--port", "0", "--store", store]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith(f"caudal: {told}")
        assert len(printed.err.splitlines()) == 1


def test_an_unknown_name_is_told_those_that_hold_it() -> None:
    many = ["title-42-ends-2022-05", "title-42-stays-a-year", *(f"x{n}" for n in range(60))]
    assert nearest("title-42", many) == "title-42-ends-2022-05, title-42-stays-a-year"
    assert nearest("title-42-ends", many) == "'title-42-ends-2022-05' is the nearest name"
    assert nearest("wholly", many).endswith("(62 in all)")
    assert nearest("zzz", ["a", "b"]) == "a, b"


def families() -> list[str]:
    return [name for name, verb in VERBS.items() if verb.target.endswith(":app")]


@pytest.mark.parametrize("name", ["", *families()])
def test_no_summary_of_a_command_is_cut_on_a_narrow_terminal(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    assert main([*name.split(), "--help"]) == 0
    listed = capsys.readouterr().out.partition("Commands:")[2]
    assert listed
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


def test_every_shipped_scenario_is_listed_with_both_titles(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for language in ("en", "es"):
        assert main(["scenarios", "list", "--lang", language]) == 0
        assert set(complete.scenarios("")) <= set(capsys.readouterr().out.split())
    assert main(["scenarios", "list", "--lang", "fr"]) == 2


def test_a_shown_scenario_is_a_document_that_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenarios", "show", "no-hurricanes"]) == 0
    document = capsys.readouterr().out
    assert document.startswith("# Hurricanes Eta and Iota do not strike")
    mine = tmp_path / "mine.yaml"
    mine.write_text(document, "utf-8")
    assert main(["policies", "diff", "no-hurricanes", str(mine)]) == 0
    assert capsys.readouterr().out.strip() == "No difference in law."
