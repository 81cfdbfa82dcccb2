"""Compiled code kept between processes, so that only the first run of a version has to compile.

The folder is $CAUDAL_CACHE, or the user's cache directory. Losing it costs time, never a result.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

VARIABLE = "CAUDAL_CACHE"


def folder() -> Path:
    """Where compiled code is kept."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("caudal"))


@cache
def enable() -> bool:
    """Tell JAX (and Numba, where it cannot write beside the code) to use the folder.

    Returns False where the folder cannot be written: then everything compiles anew, no more.
    Call it before the engine is imported, which is when Numba reads its setting.
    """
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    if not os.access(place, os.W_OK):
        return False
    package = Path(__file__).resolve().parent.parent
    if not os.access(package / "engine", os.W_OK):
        os.environ.setdefault("NUMBA_CACHE_DIR", str(place / "numba"))
    import jax

    jax.config.update("jax_compilation_cache_dir", str(place / "jax"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return True
