"""Compare docs/contract.json with the code, or bring its mechanical parts up to date.

    python scripts/contract.py           print every difference; exit 1 if there is one
    python scripts/contract.py --write   rewrite arguments, options and signatures of what is
                                         available (never which things are, nor the JSON fields)

The same functions serve tests/unit/test_contract.py.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = ROOT / "docs" / "contract.json"


def read() -> dict[str, Any]:
    """The contract as data."""
    return json.loads(CONTRACT.read_text(encoding="utf-8"))


def family(verb: str) -> Any | None:
    """The click command or group of a listed verb, or None where it has no code."""
    from caudal.cli import VERBS, load

    if verb not in VERBS:
        return None
    try:
        return load(verb)
    except ModuleNotFoundError as missing:
        if missing.name == f"caudal.cli.{VERBS[verb].target.partition(':')[0]}":
            return None
        raise


def command(words: str) -> Any | None:
    """The click command that `caudal WORDS` calls, or None where there is none."""
    first, *rest = words.split()
    found = family(first)
    for word in rest:
        found = getattr(found, "commands", {}).get(word)
        if found is None:
            return None
    return found


def commands() -> list[str]:
    """Every command of the command line in full words; families are listed by their verbs."""
    from caudal.cli import VERBS

    listed = []
    for first in VERBS:
        members = getattr(family(first), "commands", None)
        listed += [first] if members is None else [f"{first} {verb}" for verb in members]
    return listed


def usage(found: Any) -> dict[str, list[str]]:
    """Arguments (by metavar name) and options of a command, as a user types them."""
    arguments, options = [], []
    for parameter in found.params:
        if parameter.param_type_name == "argument":
            arguments.append(parameter.name.upper())
        else:
            options += [o for o in (*parameter.opts, *parameter.secondary_opts) if o != "--help"]
    return {"arguments": arguments, "options": sorted(options)}


def signature(name: str) -> str | None:
    """Signature of a public name `caudal.….x` without annotations, or None where there is none.

    Annotations are left out because their spelling is no promise; names, order, kinds and
    defaults are.
    """
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part, None)
        break
    if found is None or inspect.ismodule(found):
        return None
    plain = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in inspect.signature(found).parameters.values()
    ]
    return str(inspect.Signature(plain))


def differences(contract: dict[str, Any]) -> list[str]:
    """What the contract says and the code does not do, and the other way round; one line each."""
    from caudal.cli import VERBS

    told = [f"caudal {verb}: listed, but has no code" for verb in VERBS if family(verb) is None]
    for words, entry in contract["commands"].items():
        found = command(words)
        if entry["state"] == "planned":
            if found is not None:
                told.append(f"caudal {words}: exists, but the contract says planned")
        elif found is None:
            told.append(f"caudal {words}: does not exist, but the contract says available")
        else:
            has = usage(found)
            told += [
                f"caudal {words}: {part} are {has[part]}, the contract says {entry[part]}"
                for part in ("arguments", "options")
                if has[part] != entry[part]
            ]
    told += [
        f"caudal {words}: not in the contract"
        for words in commands()
        if words not in contract["commands"] and family(words.split()[0]) is not None
    ]
    for name, entry in contract["python"].items():
        has_signature = signature(name)
        if entry["state"] == "planned":
            if has_signature is not None:
                told.append(f"{name}: exists, but the contract says planned")
        elif has_signature != entry["signature"]:
            told.append(f"{name}: is {has_signature}, the contract says {entry['signature']}")
    return told


def updated(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract with arguments, options and signatures of what is available, as in the code."""
    for words, entry in contract["commands"].items():
        found = command(words)
        if entry["state"] == "available" and found is not None:
            entry.update(usage(found))
    for name, entry in contract["python"].items():
        has_signature = signature(name)
        if entry["state"] == "available" and has_signature is not None:
            entry["signature"] = has_signature
    return contract


def written(contract: dict[str, Any]) -> str:
    """The contract as the file holds it: indented, with each list of words on one line."""
    text = json.dumps(contract, ensure_ascii=False, indent=2)
    one_line = re.sub(r"\[\n([^\[\]{}]*)\]", lambda m: "[" + " ".join(m[1].split()) + "]", text)
    return one_line + "\n"


def main(arguments: list[str]) -> int:
    """Print the differences; with --write, mend what is mechanical first."""
    contract = read()
    if "--write" in arguments:
        CONTRACT.write_text(written(updated(contract)), encoding="utf-8")
    told = differences(contract)
    print("\n".join(told) or "docs/contract.json agrees with the code")
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
