"""Parameters: an unknown constant with a prior and a source.

Forms: normal [mean, sd], lognormal [median, sd of the log], logitnormal [median, sd of the logit],
fixed value, derived name with sd (a centre computed elsewhere; `as` one of the forms above). Draws
are keyed by (seed, parameter), so adding one parameter leaves the others' draws as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import yaml

from caudal.errors import CaudalError

FORMS = ("normal", "lognormal", "logitnormal", "fixed")


@dataclass(frozen=True)
class Prior:
    """One parameter: where it is centred and how far it may lie, on its own unbounded scale.

    centre is on the working scale of `form` (log for lognormal, logit for logitnormal), any shape.
    """

    name: str
    form: str
    centre: np.ndarray
    sd: float
    unit: str
    source: str
    dims: tuple[str, ...] = ()
    assumed: bool = False
    known_on: date = date(2018, 1, 1)
    wide: Prior | None = None
    mechanism: str = field(default="", compare=False)

    def as_known(self, day: date) -> Prior:
        """This prior, or its wide default where its source could not be known on `day`."""
        return self.wide if self.wide is not None and day < self.known_on else self

    def at(self, z: np.ndarray) -> np.ndarray:
        """The parameter at standard-normal positions z, shape (member, *dims): float32."""
        return self.value(self.centre + self.sd * z)

    def value(self, working: np.ndarray) -> np.ndarray:
        """From the working scale to the parameter's own."""
        if self.form == "lognormal":
            return np.exp(working).astype(np.float32)
        if self.form == "logitnormal":
            return (1 / (1 + np.exp(-working))).astype(np.float32)
        return np.asarray(working, np.float32)

    def positions(self, members: int, seed: int) -> np.ndarray:
        """Standard-normal positions of the members, keyed by (seed, name)."""
        rng = np.random.Generator(np.random.Philox(key=[seed, crc32(self.name.encode())]))
        return rng.standard_normal((members, *self.centre.shape))


def load(path: Path, derived: Mapping[str, np.ndarray]) -> dict[str, Prior]:
    """Read a priors file, or every one of a folder: mechanism → parameter → entry.

    Derived centres are given by name. Raises CaudalError naming file, parameter and field.
    """
    out: dict[str, Prior] = {}
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
        try:
            read = yaml.safe_load(file.read_text("utf-8"))
        except (yaml.YAMLError, ValueError, ArithmeticError, RecursionError, TypeError,
                AttributeError) as broken:  # fmt: skip
            first = " ".join(str(broken).split())
            raise CaudalError(file.name, f"not readable as YAML ({first})", "see docs") from broken
        for mechanism, entries in _mapping(file.name, read).items():
            for name, entry in _mapping(f"{file.name} {mechanism}", entries).items():
                where = f"{file.name} {mechanism}.{name}"
                if name in out:
                    raise CaudalError(where, "declared twice", "one entry a parameter")
                try:
                    out[name] = _prior(where, mechanism, name, _mapping(where, entry), derived)
                except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as bad:
                    found = f"not readable as a prior ({' '.join(str(bad).split())[:120]})"
                    raise CaudalError(where, found, "prior: {FORM: [centre, sd]}") from bad
    return out


def _mapping(where: str, read: object) -> Mapping[str, Any]:
    if not isinstance(read, Mapping):
        raise CaudalError(where, "not a mapping", "mechanism → parameter → entry")
    return read


def _prior(
    where: str, mechanism: str, name: str, entry: Mapping[str, Any], derived: Mapping[str, Any]
) -> Prior:
    for needed in ("prior", "unit", "source"):
        if not entry.get(needed):
            raise CaudalError(f"{where} field {needed!r}", "missing", "a value")
    form, centre, sd = _form(where, entry["prior"], derived)
    common = {
        "name": name, "unit": entry["unit"], "source": entry["source"],
        "dims": tuple(entry.get("dims", ())), "assumed": bool(entry.get("assumed", False)),
        "known_on": entry.get("known_on", date(2018, 1, 1)), "mechanism": mechanism,
    }  # fmt: skip
    wide = None
    if "wide" in entry:
        form_w, centre_w, sd_w = _form(where, entry["wide"], derived)
        wide = Prior(form=form_w, centre=centre_w, sd=sd_w, **common)
    return Prior(form=form, centre=centre, sd=sd, wide=wide, **common)


def _form(
    where: str, given: Mapping[str, Any], derived: Mapping[str, Any]
) -> tuple[str, np.ndarray, float]:
    if "derived" in given:
        name = given["derived"]
        if name not in derived:
            raise CaudalError(f"{where} field 'derived'", f"unknown {name!r}", ", ".join(derived))
        form = given.get("as", "normal")
        centre = np.asarray(derived[name], np.float64)
        return form, np.log(centre) if form == "lognormal" else centre, float(given["sd"])
    form = next(iter(_mapping(f"{where} field 'prior'", given)), None)
    if form not in FORMS:
        raise CaudalError(f"{where} field 'prior'", f"unknown form {form!r}", ", ".join(FORMS))
    if form == "fixed":
        return "normal", np.asarray(given[form], np.float64), 0.0
    centre, sd = np.asarray(given[form][0], np.float64), float(given[form][1])
    if form == "lognormal":
        centre = np.log(centre)
    elif form == "logitnormal":
        centre = np.log(centre / (1 - centre))
    return form, centre, sd
