"""Where compiled code is kept, and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import jax
import pytest

import caudal
from caudal.compute import cache

pytestmark = pytest.mark.unit

SETTING = "jax_compilation_cache_dir"


@pytest.fixture
def restored() -> Iterator[None]:
    before = getattr(jax.config, SETTING)
    yield
    jax.config.update(SETTING, before)


@pytest.mark.usefixtures("restored")
def test_the_folder_of_the_environment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAUDAL_CACHE", str(tmp_path / "mine"))
    assert cache.folder() == tmp_path / "mine"
    assert cache.enable.__wrapped__()
    assert getattr(jax.config, SETTING) == str(tmp_path / "mine" / "jax")
    assert (tmp_path / "mine").is_dir()


@pytest.mark.usefixtures("restored")
def test_a_folder_that_cannot_be_made_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CAUDAL_CACHE", str(tmp_path / "file" / "cache"))
    before = getattr(jax.config, SETTING)
    assert not cache.enable.__wrapped__()
    assert getattr(jax.config, SETTING) == before


def test_importing_the_package_loads_no_array_library() -> None:
    code = (
        "import sys, caudal; print(sorted({'numpy', 'jax', 'pandas', 'xarray'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_the_installed_one() -> None:
    assert caudal.__version__ == metadata.version("caudal")
