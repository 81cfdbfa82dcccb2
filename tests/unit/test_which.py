"""Which corridor: by folder, by import, by entry point; what is none is refused in one line."""

from __future__ import annotations

import sys

import pytest

from caudal import which
from caudal.cli import main
from caudal.corridor import corridor as own
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

STRAIT = "examples/strait"


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch, pytestconfig):
    monkeypatch.chdir(pytestconfig.rootpath)
    monkeypatch.delenv(which.VARIABLE, raising=False)


def test_without_a_name_it_is_the_packages_own():
    assert which.corridor() is which.corridor("us-mexico") is own()


@pytest.mark.parametrize("name", [STRAIT, "strait:corridor", "strait:Strait"])
def test_a_folder_or_an_import_names_one(name):
    assert which.corridor(name).name == "strait-of-vara"


def test_one_at_hand_is_given_back():
    assert which.corridor(own()) is own()


def test_the_variable_holds_where_the_command_line_says_nothing(monkeypatch):
    monkeypatch.setenv(which.VARIABLE, STRAIT)
    assert which.corridor().name == "strait-of-vara"
    with which.asked():
        which.ask("us-mexico")
        assert which.corridor() is own()
    assert which.named() == STRAIT


def test_an_installed_package_may_bring_one(tmp_path, monkeypatch):
    about = tmp_path / "vara-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: vara\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[caudal.corridors]\nvara = strait:corridor\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert which.corridor("vara").name == "strait-of-vara"
    with pytest.raises(CaudalError, match="us-mexico, vara"):
        which.corridor("nonsense")


def package(tmp_path, monkeypatch, name: str, text: str) -> str:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(text)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return str(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 / 0", r"cannot be imported \(ZeroDivisionError"),
        ("", "cannot be imported .*'corridor'"),
        ("def corridor():\n    return 1", "is no corridor: it lacks name"),
    ],
)
def test_what_is_no_corridor_is_refused(tmp_path, monkeypatch, text, found):
    name = f"bad_{abs(hash(text))}"
    with pytest.raises(CaudalError, match=found):
        which.corridor(package(tmp_path, monkeypatch, name, text))


def test_a_folder_may_not_bear_another_packages_name(tmp_path, monkeypatch):
    with pytest.raises(CaudalError, match="also the name of"):
        which.corridor(package(tmp_path, monkeypatch, "json", "corridor = 1"))


def test_a_verb_that_knows_one_corridor_refuses_another(capsys):
    assert main(["--corridor", STRAIT, "claims", "check"]) == 2
    assert "claims knows the package's own corridor only" in capsys.readouterr().err
    assert main(["--corridor", STRAIT, "data", "check"]) == 2
    assert "data check knows the package's own corridor only" in capsys.readouterr().err


def test_lists_are_the_other_corridors(capsys):
    assert main(["--corridor", STRAIT, "data", "list"]) == 0
    assert "vara.crossings" in capsys.readouterr().out
    assert main(["--corridor", STRAIT, "policies", "list", "--lang", "es"]) == 0
    assert "Cupo diario de la ventanilla" in capsys.readouterr().out
    assert main(["data", "list"]) == 0  # and the next command line is about the own one again
    assert "vara." not in capsys.readouterr().out


def test_stamps_are_each_corridors_own():
    from caudal.compute.store import code_version, versions
    from caudal.data.store import data_vintage

    here, there = versions(own()), versions(which.corridor(STRAIT))
    assert here == {"data_vintage": data_vintage(), "code_version": code_version()}
    assert here["data_vintage"] != there["data_vintage"]
    assert here["code_version"] != there["code_version"]


def test_labels_of_the_own_corridor_stand_in_array_order():
    from caudal.corridor.observables import coordinates

    labels = {axis: list(names) for axis, names in own().labels().items()}
    assert labels == {axis: values for axis, values in coordinates().items() if axis in labels}
    weather = {d for m in own().model.mechanisms for w in m.weather for d in w.dims}
    assert weather & set(coordinates()) <= set(labels)
