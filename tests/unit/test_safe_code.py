"""Nothing in the package runs what it reads: no pickle, no unsafe YAML, no eval, no shell."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from caudal.cli import main
from caudal.service.tables import engine

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "caudal"
MODULES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib"}
WITHIN = {"compute/engines/work.py"}
"""Hands work to processes of its own; the test below holds what else it may do."""
CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.load_all",
    "yaml.unsafe_load", "yaml.full_load", "yaml.unsafe_load_all", "yaml.full_load_all",
    "pd.read_pickle", "pandas.read_pickle", "np.fromregex", "tempfile.mktemp",
}  # fmt: skip
LOADERS = {"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"}


def faults(text: str, name: str) -> Iterator[str]:
    """What in a module runs, or may run, what it is given."""
    for node in ast.walk(ast.parse(text)):
        at = f"{name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            names = [a.name.partition(".")[0] for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "").partition(".")[0]]
        else:
            names = []
        if (MODULES & set(names)) and name not in WITHIN:
            yield f"{at} imports {', '.join(MODULES & set(names))}"
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in CALLS:
                yield f"{at} calls {called}"
            for word in node.keywords:
                value = ast.unparse(word.value)
                if (word.arg, value) in (("shell", "True"), ("allow_pickle", "True")):
                    yield f"{at} {called}({word.arg}=True)"
            if called in ("np.load", "numpy.load") and "allow_pickle" not in {
                w.arg for w in node.keywords
            }:
                yield f"{at} {called} without allow_pickle=False"
        if isinstance(node, ast.ClassDef) and any("Loader" in ast.unparse(b) for b in node.bases):
            bases = {ast.unparse(b).rpartition(".")[2] for b in node.bases}
            if not bases <= LOADERS and not all(b.startswith("_") for b in bases):
                yield f"{at} a YAML loader made of {', '.join(bases)}"


def test_the_scan_finds_each_kind() -> None:
    bad = (
        "import pickle\nfrom joblib import load\nyaml.load(x)\neval(x)\nnp.load(p)\n"
        "np.load(p, allow_pickle=True)\nsubprocess.run(x, shell=True)\n"
        "class L(yaml.UnsafeLoader): pass\n"
    )
    assert len(list(faults(bad, "bad.py"))) == 8
    assert list(faults("yaml.safe_load(x)\nnp.load(p, allow_pickle=False)", "good.py")) == []


def test_no_module_runs_what_it_reads() -> None:
    files = [p for room in (SOURCE, ROOT / "scripts") for p in sorted(room.rglob("*.py"))]
    assert len(files) > 300
    found = [
        told
        for path in files
        for told in faults(
            path.read_text("utf-8"),
            str(path.relative_to(SOURCE if SOURCE in path.parents else ROOT)),
        )
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(WITHIN))
def test_where_work_is_packed_nothing_is_read_from_a_file(name: str) -> None:
    text = (SOURCE / name).read_text("utf-8")
    assert not re.search(r"pickle\.load\(|Unpickler|\bopen\(|read_bytes|recv\(|urlopen", text)


def test_a_databases_password_is_never_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    secret = "horse-battery-staple"
    assert secret not in repr(engine(f"postgresql+psycopg://me:{secret}@127.0.0.1:1/none"))
    with caplog.at_level(logging.DEBUG):
        store = f"postgresql://me:{secret}@127.0.0.1:1/none"
        try:
            status = main(["serve", "--port", "0", "--workers", "0", "--store", store])
        except SystemExit as left:  # the server's own way out
            status = int(left.code or 0)
    printed = capsys.readouterr()
    assert status != 0, "there is no such database"
    assert secret not in printed.out + printed.err + caplog.text


def test_every_locked_package_is_listed_with_licence_and_reason() -> None:
    import dependencies

    there = dependencies.rows(dependencies.TABLE.read_text("utf-8"))
    made = dependencies.locked(dependencies.LOCK.read_text("utf-8"))
    assert {n: r[1] for n, r in there.items()} == {name: version for name, version, _ in made}, (
        "run: python scripts/dependencies.py"
    )
    assert [name for name, row in there.items() if not row[2] or not row[3]] == []
