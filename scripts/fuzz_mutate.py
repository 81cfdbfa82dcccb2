"""How inputs are spoilt: bytes, the words and lines of a text, the members of an archive.

A mutation keeps most of a real document, so that it gets past the first check and reaches the reader's
inner ones: a value becomes another value of the document or a hostile one, lines change places, a
member of an archive is spoilt and packed again with a right checksum.
"""

from __future__ import annotations

import io
import random
import re
import zipfile

HOSTILE = (
    "", "0", "-1", "1e309", "-1e309", "nan", "NaN", "inf", "null", "~", "true", "no", "off", "on",
    "9" * 40, "9" * 400, "1" + "0" * 5000, "0x10", "1_000", "1:30:00", "12:61", ".5", "1.", "--1",
    "2024-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2024-13", "2024-1",
    "1500-01", "2262-05", "1677-01", "2024-01-01T00:00:00Z", "2024-01-01 25:00:00", "FY0",
    "FY99999", "FY2021", "2021..2020", "2021-01..2021-13", "..", "Q1", "2021-W01", "enero", "JAN",
    "29 February 2023", "&a", "*a", "&a [*a]", "!!python/object:os.system x", "!!binary x",
    "!!timestamp x", "!!int x", "!!float x", "!!set {a}", "<<: *a", "<<", "? x", "- ", ": ", "# ",
    "|", ">", "%YAML 9.9", "---", "...", "{", "}", "[", "]", "[" * 300, "{a: " * 200, '"', "'",
    "\\", "\\u0000", "\x00", "\t", "\r", "\n\n", ",", ";", "\ufeff", "\u202e", "\u2028", "\ud7ff",
    "é", "ñ", "’", "½", "٣", "²", "𝟗", "漢" * 50, "a" * 3000, "../../x", "/etc/passwd", "%00",
    "%s%n", "{0}", "{x}", "${x}", "<script>", "' OR 1=1", "__class__", "nan nan", "=1+1",
    "1,000,000", "1.000,5", "12.5 %", "$3bn", "mil millones", "dozens", "one million and a half",
)  # fmt: skip
"""Words that have broken readers before: numbers beyond reach, days that are none, words of YAML."""
_WORD = re.compile(r"[\w.+:/%-]+")
_HEADS = (
    (b"(", b"(9"), (b"(", b"(-"), (b"(", b"(1000000000000, "), (b"<f4", b"|O "), (b"<f4", b"<c8"),
    (b"<f4", b"<U4"), (b"<f4", b"<f8"), (b"False", b"True "), (b"'shape'", b"'shape "),
    (b", }", b"  ,"),
)  # fmt: skip
"""How the head of a NumPy array is spoilt: its shape, its type, its own form."""
KINDS = ("text", "archive", "bytes", "line")


def mutate(data: bytes, kind: str, rng: random.Random, other: bytes = b"") -> bytes:
    """One spoilt input.

    kind   text (words and lines), line (a short text), archive (npz, xlsx, zip), bytes
    other  another seed of the same reader, to take parts from
    """
    if kind == "archive":
        return _archive(data, rng)
    if kind == "bytes" or (kind == "text" and rng.random() < 0.1):
        return _bytes(data, rng)
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        text = _line(text, rng) if kind == "line" else _text(text, rng, other)
    return text.encode("utf-8", "surrogatepass")


def _bytes(data: bytes, rng: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if not held:
            return bytes(rng.randbytes(8))
        at, size = rng.randrange(len(held)), rng.choice((1, 1, 2, 8, 64))
        way = rng.randrange(6)
        if way == 0:
            held[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            held[at] = rng.randrange(256)
        elif way == 2:
            del held[at : at + size]
        elif way == 3:
            held[at:at] = rng.randbytes(size)
        elif way == 4:
            held[at : at + size] = held[:size]
        else:
            del held[at:]
    return bytes(held)


def _text(text: str, rng: random.Random, other: bytes) -> str:
    way = rng.randrange(10)
    if way <= 4:  # a word becomes another one
        found = list(_WORD.finditer(text))
        if not found:
            return rng.choice(HOSTILE)
        here = rng.choice(found)
        word = rng.choice(HOSTILE) if rng.random() < 0.6 else rng.choice(found)[0]
        return text[: here.start()] + word + text[here.end() :]
    if way == 5:
        return _line(text, rng)
    lines = text.splitlines(keepends=True)
    if not lines:
        return rng.choice(HOSTILE)
    at = rng.randrange(len(lines))
    if way == 6:
        lines[at], lines[-1 - at] = lines[-1 - at], lines[at]
    elif way == 7:
        if rng.random() < 0.5:
            del lines[at : at + rng.choice((1, 1, 5, 500))]
        else:
            lines[at:at] = lines[at : at + rng.choice((1, 5))] * rng.choice((1, 1, 3))
    elif way == 8:
        lines[at] = "  " + lines[at] if rng.random() < 0.5 else lines[at].removeprefix("  ")
    else:
        theirs = other.decode("utf-8", "replace").splitlines(keepends=True) or lines
        start = rng.randrange(len(theirs))
        lines[at:at] = theirs[start : start + rng.choice((1, 3, 20))]
    return "".join(lines)


def _line(text: str, rng: random.Random) -> str:
    at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
    way = rng.randrange(5)
    if way == 0:
        return text[:at] + rng.choice(HOSTILE) + text[at:]
    if way == 1:
        return text[:at] + rng.choice(HOSTILE) + text[min(to, at + 12) :]
    if way == 2:
        return text[:at] + text[min(to, at + 8) :]
    if way == 3:
        letter = chr(
            rng.choice((rng.randrange(32, 127), rng.randrange(0x250), rng.randrange(0xD000)))
        )
        return text[:at] + letter + text[at + 1 :]
    return text[:at] + text[at : min(to, at + 16)] * 2 + text[at:]


def _archive(data: bytes, rng: random.Random) -> bytes:
    """Spoil the archive's own bytes, or one member, which then has a right checksum."""
    if rng.random() < 0.4:
        return _bytes(data, rng)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = {name: file.read(name) for name in file.namelist()}
    except Exception:
        return _bytes(data, rng)
    if not members:
        return data
    name = rng.choice(list(members))
    way = rng.randrange(6)
    if way == 0:
        del members[name]
    elif way == 1:
        members[rng.choice(HOSTILE)[:60].replace("\0", "") or "x"] = members.pop(name)
    elif way == 2 and members[name][:6] == b"\x93NUMPY":
        head = members[name][:128].replace(*rng.choice(_HEADS))
        members[name] = head + members[name][128:]
    elif way in (2, 3) and name.endswith((".xml", ".json", ".rels")):
        text = members[name].decode("utf-8", "replace")
        members[name] = _text(text, rng, b"").encode("utf-8", "surrogatepass")
    elif way == 4 and len(members) > 1:
        members[name] = members[rng.choice(list(members))]
    else:
        members[name] = _bytes(members[name], rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for each, content in members.items():
            file.writestr(each, content)
    return out.getvalue()
