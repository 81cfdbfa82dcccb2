"""A ledger to fill in: every field, what it means, and one claim of each kind as an example."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from caudal.errors import CaudalError
from caudal.policy.documents import SLUG

TEMPLATE = """# A ledger of claims: who said what, and how it is judged (docs/claims.md).
# Fill it in, delete what you do not need, then:  caudal claims check --ledger FILE
# Fix every test before you look at what comes out.
document:
  id: {id}                        # the ids of its claims begin so
  outlet: Name of the outlet
  published: {day}            # the day it appeared
  dated: printed                  # printed in the document, or inferred
  stance:                         # where the outlet stands, in neutral words
    en: not told
    es: no se dice
  told_by: our reading            # itself, others (then with source: {{title, url}}), our reading
claims:
  - id: {id}-a-figure
    said_by: {{who: Name of who said it, role: {{en: spokesman, es: portavoz}}}}
    on: {day}                 # YYYY, YYYY-MM or YYYY-MM-DD
    text:                         # in your own words, no quotation
      en: About 101,000 encounters at the southwest border in February 2021.
      es: Cerca de 101.000 encuentros en la frontera suroeste en febrero de 2021.
    kind: figure                  # figure trend timing forecast cause definition opinion
    test:
      # a series (caudal data list), its columns and labels (caudal data show SERIES)
      quantity: {{of: us.encounters.area, reduce: sum, where: {{}}}}
      period: 2021-02             # YYYY, FYYYYY, YYYY-MM, a day, or [first, last]
      says: {{is: about, value: 101000}}   # about at_least at_most equals, or between: [low, high]
    would_change:
      en: A revision of the count by more than a tenth.
      es: Una revisión del recuento de más de una décima parte.
  - id: {id}-a-trend
    said_by: {{who: Name of who said it}}
    on: {day}
    text:
      en: Encounters rose after January 2021.
      es: Los encuentros subieron después de enero de 2021.
    kind: trend
    test:
      quantity: {{of: us.encounters.area, reduce: sum}}
      before: [2020-11, 2021-01]
      after: [2021-02, 2021-04]
      says: {{direction: up, by: 0.1}}     # up, down or flat
    would_change:
      en: Counts that moved less than a tenth.
      es: Recuentos que cambiaran menos de una décima parte.
  - id: {id}-a-cause
    said_by: {{who: Name of who said it}}
    on: {day}
    text:
      en: The hurricanes of November 2020 made more people set out.
      es: Los huracanes de noviembre de 2020 hicieron que más personas emprendieran el viaje.
    kind: cause
    test:
      without: no-hurricanes      # a scenario that takes the cause out, shipped or a file of yours
      outcome: {{of: departures, reduce: sum}}
      period: [2020-12, 2021-11]
      says: {{direction: more, share: 0.05}}
      constants: [hurricane_push]      # on which the effect rests (caudal model check)
    would_change:
      en: Draws in which the hurricanes matter less.
      es: Sorteos en que los huracanes pesen menos.
  - id: {id}-an-opinion
    said_by: {{who: Name of who said it}}
    on: {day}
    text:
      en: The measures were unfair.
      es: Las medidas fueron injustas.
    kind: opinion
    untestable:
      en: What is fair is not counted.
      es: Lo que es justo no se cuenta.
"""


def new_ledger(path: Path, day: date) -> Path:
    """Write a ledger to fill in; whole or not at all, and never over a file that is there.

    The document's id is the file's name. Raises CaudalError where that cannot be done.
    """
    option = f"FILE {path}"
    if path.suffix not in (".yaml", ".yml"):
        raise CaudalError(option, "no YAML file", "a name that ends in .yaml")
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    if not re.fullmatch(SLUG, name):
        raise CaudalError(option, f"'{path.stem}' makes no id", "a name with letters or digits")
    if path.exists():
        raise CaudalError(option, "is there already", "a new name")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(TEMPLATE.format(id=name, day=day), encoding="utf-8")
        os.link(beside, path)  # unlike a rename, this never takes the place of another file
    except FileExistsError:
        raise CaudalError(option, "is there already", "a new name") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CaudalError(option, reason, "a writable folder that is there") from error
    finally:
        with suppress(OSError):
            beside.unlink()
    return path
