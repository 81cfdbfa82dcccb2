"""What long work keeps: stages, states, learned draws, movements."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzz_readers.common import Reader, by_file, place

KEY = {"a": "key"}


def arrays() -> Iterator[Reader]:
    """Stages and states that long work keeps, learned draws, the map's movements."""
    import numpy as np

    from caudal.ask import movements
    from caudal.compute import posterior
    from caudal.compute.files import read_arrays
    from caudal.compute.store import kept, state_arrays, state_from
    from caudal.engine.state import Carry, State
    from caudal.errors import CaudalError

    def stage(path: Path) -> Any:
        made = kept(path.parent, "round", KEY, lambda: {"made": np.zeros(1)})
        path.unlink(missing_ok=True)
        return made

    def stand(path: Path) -> Any:
        try:
            return state_from(read_arrays(path))
        except (ValueError, KeyError, TypeError):  # which `Shelf.load` takes for none
            raise CaudalError("state", "none") from None

    work = place()
    kept(work, "round", KEY, lambda: {"mean": np.arange(6.0), "names": np.array(["a", "b"])})
    (whole,) = work.glob("round-*.npz")
    state, draws = io.BytesIO(), io.BytesIO()
    small = np.ones((2, 3), np.float32)
    parts = {**dict.fromkeys(Carry._fields, small), "signals": {"a": small}}
    np.savez(state, **state_arrays(State(Carry(**parts), small, 3)))
    np.savez_compressed(
        draws, **{"z/a": small, "weather/b": small, "mean/b": small, "sd/b": small},
        seed=np.int64(1), months=np.int64(3), about=np.frombuffer(b'{"a": 1}', np.uint8),
    )  # fmt: skip
    found = movements.Movements(("all",), ("x",), ("2020-01", "2020-02"),
                                np.ones((1, 1, 2, 5), np.float32), {"a": 1})  # fmt: skip
    movements.write(found, work / "map.zip", ())
    yield Reader("kept stages", "archive", [whole.read_bytes()], by_file(whole.name, stage), 25)
    yield Reader("states of runs", "archive", [state.getvalue()],
                 by_file("s.npz", stand), 25)  # fmt: skip
    yield Reader("learned draws", "archive", [draws.getvalue()],
                 by_file("d.npz", posterior.load), 25)  # fmt: skip
    yield Reader("map movements", "archive", [(work / "map.zip").read_bytes()],
                 by_file("m.zip", movements.read), 15)  # fmt: skip
