"""A Numba function called from inside a compiled JAX function, without Python in between.

XLA's foreign function interface hands a handler one structure of pointers (xla/ffi/api/c_api.h, as
shipped with jaxlib under `jax.ffi.include_dir()`). All its fields used here are eight bytes wide, so
the structure is read as an array of 64-bit words. A handler is a function of its address
(`SIGNATURE`), at the top of a module, so that Numba keeps it compiled; `buffers` and `read` tell it
what it is called with: one row an operand, then one a result, of four words each, the address and the
first three dimensions.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import jax
import numpy as np
from numba import carray, types  # type: ignore[attr-defined]
from numba.extending import intrinsic

from caudal.engine.machine import compiled

WORDS = 4
"""Words of a row of `calls`: address, three dimensions (1 where there are fewer)."""

# Words of XLA_FFI_CallFrame, of its arguments and results, of a buffer, of the metadata.
_EXTENSION, _API, _STAGE, _ARGS, _RETS = 1, 2, 4, 5, 10
_SIZE, _LIST = 2, 4
_DATA, _RANK, _DIMS = 3, 4, 5
_API_VERSION, _METADATA, _VERSION = 4, 3, 3
_EXECUTE = 3


@intrinsic
def _pointer(typingctx: Any, address: Any, of: Any) -> Any:
    """An address as a pointer to elements of a NumPy dtype."""

    def make(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], context.get_value_type(signature.return_type))

    return types.CPointer(of.dtype)(types.intp, of), make


@compiled(inline="always")
def words(address, n):
    """Memory as n 64-bit words."""
    return carray(_pointer(address, np.int64), n)  # type: ignore[call-arg]


@compiled(inline="always")
def floats(address, n):
    """Memory as n single-precision numbers."""
    return carray(_pointer(address, np.float32), n)  # type: ignore[call-arg]


@compiled(inline="always")
def integers(address, n):
    """Memory as n 32-bit integers."""
    return carray(_pointer(address, np.int32), n)  # type: ignore[call-arg]


@compiled()
def _told_version(frame):
    """Where XLA asks for a handler's version, tell it its own; whether it asked."""
    if frame[_EXTENSION] == 0:
        return False
    asked = words(frame[_EXTENSION], _METADATA + 1)
    if integers(frame[_EXTENSION] + 8, 1)[0] != 1:
        return False
    words(asked[_METADATA], _VERSION + 1)[_VERSION] = words(frame[_API], _API_VERSION + 1)[
        _API_VERSION
    ]
    return True


@compiled()
def _rows(listed, n, calls):
    """Address and dimensions of n buffers."""
    buffers = words(listed, n)
    for i in range(n):
        buffer = words(buffers[i], _DIMS + 1)
        calls[i, 0] = buffer[_DATA]
        calls[i, 1:] = 1
        dims = words(buffer[_DIMS], max(buffer[_RANK], 1))
        for d in range(min(buffer[_RANK], WORDS - 1)):
            calls[i, 1 + d] = dims[d]


@cache
def options() -> dict[str, str] | None:
    """How XLA is to compile for processors: sums in its own loops, each in one piece.

    Handed to a library, as jaxlib 0.10 does by itself, a sum over 9 × 66 × 16 numbers takes 40 µs in
    place of 3; cut up in windows first, the sums of a day take a third longer. None where jaxlib
    knows no such settings.
    """
    asked = {
        "xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_DOT",
        "xla_disable_hlo_passes": "tree_reduction_rewriter",
    }
    try:
        jax.jit(lambda: 0, compiler_options=asked)()
    except jax.errors.JaxRuntimeError:
        return None
    return asked


SIGNATURE = types.intp(types.intp)
"""Of what XLA calls: the address of its structure to a status, 0 for all well."""


@compiled()
def buffers(address):
    """How many operands and results a call has; none where XLA asks for something else."""
    frame = words(address, _RETS + 5)
    if _told_version(frame) or integers(address + 8 * _STAGE, 1)[0] != _EXECUTE:
        return 0, 0
    return frame[_ARGS + _SIZE], frame[_RETS + _SIZE]


@compiled()
def read(address, calls):
    """The rows of a call's operands and results."""
    frame = words(address, _RETS + 5)
    ins, outs = frame[_ARGS + _SIZE], frame[_RETS + _SIZE]
    _rows(frame[_ARGS + _LIST], ins, calls)
    _rows(frame[_RETS + _LIST], outs, calls[ins:])


def register(name: str, handle: Any) -> None:
    """Make a handler known to XLA on this machine's processor under a name."""
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = (
        ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p),
    )  # fmt: skip
    jax.ffi.register_ffi_target(name, capsule(handle.address, None, None), platform="cpu")
