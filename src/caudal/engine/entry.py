"""Where XLA enters the compiled step. Numba compiles it as this is imported, or takes what it kept."""

from __future__ import annotations

import numpy as np

from caudal.engine import native
from caudal.engine.kernel import step
from caudal.engine.machine import called_from_outside


@called_from_outside(native.SIGNATURE)
def handle(address):
    """A step: from the address of XLA's structure to a status, 0 for all well."""
    ins, outs = native.buffers(address)
    if ins == 0:
        return 0
    room = np.empty((ins + outs, native.WORDS), np.int64)
    # without Numba's count of who uses it, which each part taken of an array would change
    calls = native.words(room.ctypes.data, room.size).reshape(room.shape)
    native.read(address, calls)
    step(calls, ins)
    room[0, 0] = 0  # a use of it after all others: it was kept until here
    return 0
