"""Names as a user may give them."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: str | Sequence[str]) -> list[str]:
    """Names given as "a, b" or one by one.

    >>> listed("a, b"), listed(["a"])
    (['a', 'b'], ['a'])
    """
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
