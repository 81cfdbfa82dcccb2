"""The one error a user sees: what was wrong, where, and what is allowed.

Every room may raise it; the command line prints it on one line and exits with status 2. It carries
its parts so that the API can show them as fields.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class CaudalError(Exception):
    """A problem in what the user gave, told in one line.

    where    file and line, field, option or series; "" where it cannot be told
    found    what was found there
    allowed  what is allowed instead, or the remedy

    >>> str(CaudalError("run.yaml:3 field 'dates'", "end before start", "an end after 2018-01-01"))
    "run.yaml:3 field 'dates': end before start; allowed: an end after 2018-01-01"
    """

    where: str
    found: str
    allowed: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        tail = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{head}{self.found}{tail}"
