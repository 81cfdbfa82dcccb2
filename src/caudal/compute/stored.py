"""Results of an ensemble as files: a chunk of members each, written as they come, read when needed.

A file is written whole or not at all and bears the numbers of its members, in a folder that bears the
run's id. So a chunk that is done twice is there once, and a run that was killed goes on from what is
there. Read again, the chunks are one Dataset whose variables are read from the files, and only those
members that are asked for: memory holds one variable at a time, however large the ensemble.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

from caudal.compute.files import Unreadable, read_arrays
from caudal.compute.store import file_hash
from caudal.errors import CaudalError

VARIABLES = "variables.nc"
"""The first chunk that came, for what is the same in all: names, dimensions, units, labels."""
SUM = "variables.sha256"
"""Its checksum, which takes its place first: NetCDF has none of its own."""


class Stored:
    """The chunks of one run.

    folder  of this run alone; made when the first chunk comes
    parts   the members of each chunk, which follow one another
    """

    def __init__(self, folder: Path, parts: Sequence[np.ndarray]) -> None:
        self.folder, self.parts = folder, parts

    def missing(self) -> list[int]:
        """Numbers of the chunks that are not there, or whose bytes are not as they were written."""
        like = self.folder / VARIABLES
        if not like.is_file() or not self._as_written(like):
            like.unlink(missing_ok=True)  # the next chunk brings it again
            return list(range(len(self.parts)))
        return [i for i in range(len(self.parts)) if not self._is_there(i)]

    def put(self, index: int, ds: xr.Dataset) -> None:
        """Keep a chunk, in place of the same one if it is there. Raises CaudalError where it cannot."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            like = self.folder / VARIABLES
            if not like.exists():
                # in memory first: HDF5 ends the process where a disk is full
                data = bytes(ds.to_netcdf(engine="h5netcdf", format="NETCDF4"))
                told = hashlib.sha256(data).hexdigest()
                self._whole(self.folder / SUM, lambda at: at.write_text(told))
                self._whole(like, lambda at: at.write_bytes(data))
            arrays: dict[str, Any] = {str(k): v.values for k, v in ds.data_vars.items()}

            def write(at: Path) -> None:
                with at.open("wb") as file:
                    np.savez(file, **arrays)

            self._whole(self._path(index), write)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise CaudalError(f"results in {self.folder}", reason, "a writable place") from error

    def read(self, index: int, name: str) -> np.ndarray:
        """A variable of a chunk. Raises CaudalError where the file has gone or is spoilt."""
        try:
            return read_arrays(self._path(index), lambda _: [name])[name]
        except (OSError, Unreadable) as error:
            where = f"results in {self._path(index)}"
            raise CaudalError(where, f"not readable ({error})", "the same run again") from error

    def dataset(self, before: xr.Dataset | None = None, draws: np.ndarray | None = None) -> Any:
        """All chunks as one Dataset that is read when it is used.

        before  results of the months that come first, by draw; draws: each member's place in it
        """
        with xr.open_dataset(self.folder / VARIABLES, engine="h5netcdf") as like:
            like.load()
        members = np.concatenate(self.parts)
        months = like["month"].values
        if before is not None:
            months = np.concatenate([before["month"].values, months])
        coords = {k: v for k, v in like.coords.items() if not {"member", "month"} & set(v.dims)}
        coords |= {
            "member": xr.Variable("member", members, like["member"].attrs),
            "month": xr.Variable("month", months, like["month"].attrs),
        }
        variables = {}
        for name, of in like.data_vars.items():
            past = None if before is None else before[name].values
            shape = (len(members), len(months), *of.shape[2:])
            lazy = indexing.LazilyIndexedArray(_Joined(self, str(name), of, shape, past, draws))
            variables[name] = xr.Variable(of.dims, lazy, of.attrs)
        return xr.Dataset(variables, coords, like.attrs)

    def clear(self) -> None:
        """Remove the files: the results are elsewhere."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, index: int) -> Path:
        part = self.parts[index]
        return self.folder / f"members-{part[0]:07d}-{part[-1]:07d}.npz"

    def _is_there(self, index: int) -> bool:
        try:
            return bool(read_arrays(self._path(index)))
        except (OSError, Unreadable):
            return False

    def _as_written(self, like: Path) -> bool:
        try:
            return (self.folder / SUM).read_text() == file_hash(like)
        except (OSError, ValueError):
            return False

    def _whole(self, path: Path, write: Any) -> None:
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            write(beside)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)


class _Joined(BackendArray):
    """A variable (member, month, …) over all chunks, and the months before them by draw."""

    def __init__(
        self, of: Stored, name: str, like: xr.DataArray, shape: tuple[int, ...],
        before: np.ndarray | None, draws: np.ndarray | None,
    ) -> None:  # fmt: skip
        self._of, self._name, self._before, self._draws = of, name, before, draws
        self.shape, self.dtype = shape, like.dtype
        self._firsts = np.cumsum([0, *(len(part) for part in of.parts)])

    def __getitem__(self, key: Any) -> Any:
        basic = indexing.IndexingSupport.BASIC
        return indexing.explicit_indexing_adapter(key, self.shape, basic, self._read)

    def _read(self, key: tuple[Any, ...]) -> np.ndarray:
        """Some members, months and cells; only the files that hold them are opened.

        Cells are picked before months are joined: the counted months of all members, written out,
        would be many times the draws' that they are.
        """
        members, months, cells = key[0], key[1], key[2:]
        wanted = np.atleast_1d(np.arange(self.shape[0])[members])
        at = np.atleast_1d(np.arange(self.shape[1])[months])
        counted = 0 if self._before is None else self._before.shape[1]
        early, parts = at < counted, []
        if self._before is not None and self._draws is not None and early.any():
            picked = self._before[(slice(None), slice(None), *cells)][:, at[early]]
            parts.append(picked[self._draws[wanted]])
        if not early.all():
            parts.append(self._ahead(wanted, at[~early] - counted, cells))
        values = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
        if (np.diff(at) < 0).any():  # asked for from the last month back
            where = np.concatenate([np.flatnonzero(early), np.flatnonzero(~early)])
            values = values[:, np.argsort(where)]
        values = values if isinstance(months, slice) else values[:, 0]
        return values if isinstance(members, slice) else values[0]

    def _ahead(self, wanted: np.ndarray, at: np.ndarray, cells: tuple[Any, ...]) -> np.ndarray:
        """Months of the chunks, by member."""
        in_chunk = np.searchsorted(self._firsts, wanted, side="right") - 1
        parts = []
        for i in dict.fromkeys(in_chunk.tolist()):
            picked = self._of.read(int(i), self._name)[(slice(None), slice(None), *cells)]
            parts.append(picked[wanted[in_chunk == i] - self._firsts[i]][:, at])
        like = np.empty((0, len(at), *self.shape[2:]), self.dtype)
        return np.concatenate(parts) if parts else like[(slice(None), slice(None), *cells)]
