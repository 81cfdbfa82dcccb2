"""Results as files: whole or not there, once each, read when they are used; a killed run goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from caudal.compute.stored import Stored
from caudal.errors import CaudalError
from caudal.report.files import BLOCK, write_netcdf

pytestmark = pytest.mark.unit

PARTS = [np.arange(0, 16), np.arange(16, 32), np.arange(32, 37)]


def chunk(part: np.ndarray, months: int = 3) -> xr.Dataset:
    """Numbers that tell their member and month."""
    when = np.datetime64("2025-01", "M") + np.arange(months)
    values = part[:, None] + np.arange(months) / 10
    wide = values[..., None] * np.array([1.0, -1.0])
    return xr.Dataset(
        {"a": (("member", "month"), values.astype(np.float32), {"units": "people"}),
         "b": (("member", "month", "side"), wide, {"units": "events"})},
        {"member": part, "month": when.astype("datetime64[ns]"), "side": ["in", "out"]},
        {"title": "made up"},
    )  # fmt: skip


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    made = Stored(tmp_path / ".run.chunks", PARTS)
    for index in (2, 0, 1):  # in the order in which they are done
        made.put(index, chunk(PARTS[index]))
    return made


def test_chunks_are_one_dataset(stored: Stored):
    whole = xr.concat([chunk(part) for part in PARTS], "member")
    found = stored.dataset()
    xr.testing.assert_identical(found.load(), whole)


def test_only_what_is_asked_for_is_read(stored: Stored, monkeypatch: pytest.MonkeyPatch):
    read: list[tuple[int, str]] = []
    real = Stored.read
    monkeypatch.setattr(
        Stored, "read", lambda self, i, name: read.append((i, name)) or real(self, i, name)
    )
    found = stored.dataset()
    assert read == []
    some = found["b"].isel(member=slice(14, 18), month=1)
    assert read == []
    assert some.sel(side="out").values.tolist() == pytest.approx([-14.1, -15.1, -16.1, -17.1])
    assert read == [(0, "b"), (1, "b")]
    assert float(found["a"].isel(member=35, month=2)) == pytest.approx(35.2)


def test_months_before_come_by_draw(stored: Stored):
    before = chunk(np.arange(2), months=2)
    before["month"] = np.array(["2024-11", "2024-12"], "datetime64[ns]")
    draws = np.concatenate(PARTS) % 2
    found = stored.dataset(before, draws)
    assert found.sizes == {"member": 37, "month": 5, "side": 2}
    np.testing.assert_array_equal(found["a"].values[:, :2], before["a"].values[draws])
    np.testing.assert_array_equal(found["a"].values[20, 2:], chunk(PARTS[1])["a"].values[4])


@pytest.mark.parametrize(
    "months", [3, 0, -1, slice(1, 4), slice(0, 2), slice(3, None), slice(None, None, -1)]
)
@pytest.mark.parametrize("members", [20, slice(10, 34, 5), [36, 0, 17]])
@pytest.mark.parametrize("side", [1, slice(None), [1, 0]])
def test_any_part_is_that_part_of_the_whole(stored: Stored, members, months, side):
    before = chunk(np.arange(2), months=2)
    before["month"] = np.array(["2024-11", "2024-12"], "datetime64[ns]")
    draws = np.concatenate(PARTS) % 2
    whole = stored.dataset(before, draws).load()
    part = {"member": members, "month": months, "side": side}
    found = stored.dataset(before, draws)["b"].isel(part)
    xr.testing.assert_identical(found.load(), whole["b"].isel(part))


def test_a_run_that_was_killed_goes_on(tmp_path: Path):
    made = Stored(tmp_path / ".run.chunks", PARTS)
    assert made.missing() == [0, 1, 2]
    made.put(1, chunk(PARTS[1]))
    (made.folder / "members-0000032-0000036.npz").write_bytes(b"half of")  # the disk was full
    (made.folder / ".members-0000000-0000015.npz.1").write_bytes(b"half of")  # killed in writing
    again = Stored(made.folder, PARTS)
    assert again.missing() == [0, 2]
    for index in again.missing():
        again.put(index, chunk(PARTS[index]))
    again.put(1, chunk(PARTS[1]))  # done twice
    assert again.missing() == []
    assert again.dataset().sizes["member"] == 37
    assert len(list(made.folder.glob("members-*"))) == 3
    again.clear()
    assert not made.folder.exists()


def test_a_spoilt_file_is_one_error(stored: Stored):
    path = next(stored.folder.glob("members-0000016*"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CaudalError, match=r"not readable .* the same run again"):
        stored.dataset()["a"].load()


def test_a_large_ensemble_is_written_block_by_block(tmp_path: Path):
    parts = [np.arange(i, min(i + 16, BLOCK + 40)) for i in range(0, BLOCK + 40, 16)]
    made = Stored(tmp_path / ".run.chunks", parts)
    for index, part in enumerate(parts):
        made.put(index, chunk(part))
    write_netcdf(made.dataset(), tmp_path / "results.nc")
    with xr.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as found:
        xr.testing.assert_equal(found.load(), chunk(np.arange(BLOCK + 40)))
        assert found["a"].attrs["units"] == "1"  # people, as CF writes them


@pytest.mark.parametrize("name", ["members-0000000-0000015.npz", "variables.nc"])
@pytest.mark.parametrize("cut", [False, True])
def test_what_a_killed_run_left_and_was_spoilt_is_made_anew(stored: Stored, name: str, cut: bool):
    whole = stored.dataset().load()
    path = stored.folder / name
    data = path.read_bytes()
    for at in range(3, len(data), len(data) // 20):
        path.write_bytes(data[:at] if cut else data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        left = stored.missing()
        assert left == ([0] if name.startswith("members") else [0, 1, 2])
        for index in left:
            stored.put(index, chunk(PARTS[index]))
        xr.testing.assert_identical(stored.dataset().load(), whole)
