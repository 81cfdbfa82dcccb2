"""What the service is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fuzz_readers.common import Faulty, Reader, by_text, place
from fuzz_readers.texts import SAID

QUERY = b"?from=2020-01&to=2021-01&format=json&lang=es&target=southwest&where=unit:family"


def service() -> Iterator[Reader]:
    """Bodies of every kind of job, addresses and queries of every route, in this process."""
    from pydantic import ValidationError

    from caudal.data.store import open_series
    from caudal.errors import CaudalError
    from caudal.service.kinds import KINDS, kind
    from caudal.service.kinds.common import Ask
    from caudal.service.settings import Limits
    from service_apps import client

    ask = Ask(Limits(), lambda name: None)
    bodies = {
        "run": {
            "scenario": "baseline",
            "members": 2,
            "seed": 1,
            "from": "2018-01",
            "to": "2018-03",
        },
        "as-of": {"day": "2021-03-17"},
        "compare": {"scenarios": ["title-42-stays-a-year"], "members": 4, "outcomes": []},
        "attribute": {"from": "2020-11", "to": "2021-03"},
    }
    for name in KINDS:
        module = kind(name)

        def asked(text: str, module: Any = module) -> Any:
            try:
                body = module.Body.model_validate_json(text)
            except (ValidationError, UnicodeEncodeError):
                raise CaudalError("body", "does not fit") from None
            return module.plan(body, ask)

        seed = json.dumps(bodies.get(name, {})).encode()
        yield Reader(f"bodies: {name}", "line", [seed], by_text(asked), 4)
    yield Reader("series by id", "line", [b"us.courts", b"mx.returns"], by_text(open_series), 15)
    opened = client(place() / "served", writes_per_s=1e9, reads_per_s=1e9)
    api = opened.__enter__()
    spec = api.get("/openapi.json").json()["paths"]
    get = [p for p, m in spec.items() if "get" in m and not p.endswith("/events")]
    filled = {"series_id": "us.courts", "name": "baseline", "claim_id": "a000-001"}
    seeds = [p.format_map(_Default(filled)).encode() + QUERY for p in get]

    def address(text: str) -> Any:
        try:
            answer = api.get("/" + text.lstrip("/"))
        except (ValueError, UnicodeError, TypeError):  # the client itself sends no such address
            raise CaudalError("address", "not one") from None
        except Exception as fault:
            if type(fault).__module__.startswith("httpx"):
                raise CaudalError("address", "not one") from None
            raise
        if answer.status_code >= 500:
            raise Faulty(f"{answer.status_code} {answer.text[:200]}")
        return answer.status_code

    yield Reader("addresses", "line", seeds, by_text(address), 1)
    posts = [p for p, m in spec.items() if "post" in m]

    def post(text: str) -> Any:
        path = posts[len(text) % len(posts)]
        head = {"content-type": "application/json"}
        answer = api.post(path, content=text.encode("utf-8", "surrogatepass"), headers=head)
        if answer.status_code >= 500:
            raise Faulty(f"{path} {answer.status_code} {answer.text[:200]}")
        return answer.status_code

    said = {"text": SAID[0].decode(), "lang": "en", "on": "2024-05-15"}
    sent = [json.dumps(b).encode() for b in (*bodies.values(), said, {"name": "a", "horizon": 3})]
    yield Reader("bodies posted", "line", sent, by_text(post), 2)


class _Default(dict):
    def __missing__(self, key: str) -> str:
        return "us-title-42"
