"""The frozen page: one HTML file with its script, style and data inside, that opens from disk."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from caudal.errors import CaudalError
from caudal.report.bundle import bundle, vendored
from caudal.report.head import head
from caudal.report.head import policy as allowing
from caudal.report.strings import WEB, translator

_BODY = """<body>
<noscript>{noscript}</noscript>
<div id="caudal"></div>
<script type="application/json" id="caudal-data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def page(payload: Mapping[str, Any]) -> str:
    """One self-contained HTML document of a run; `payload` comes from `make_payload`.

    It asks for nothing over the network: no file, font, image or frame. Its content policy allows
    the one script (by its hash) and nothing that would load. Data stand in the document as JSON in
    which `<` is escaped, so no text of a scenario can end the element or become markup.
    Same payload in, same bytes out. Raises CaudalError for a payload of another format or with a
    number that JSON lacks.
    """
    if payload.get("format") != 1:
        raise CaudalError("report payload field 'format'", repr(payload.get("format")), "1")
    script, style = _script(), (WEB / "app" / "style.css").read_text(encoding="utf-8")
    title = payload["title"]
    own = title if isinstance(title, str) else title["en"]
    return head(own, style, policy()) + _BODY.format(
        noscript=" ".join(html.escape(translator(lang)("page.noscript")) for lang in ("en", "es")),
        data=_json(payload),
        script=script,
    )


@cache
def policy() -> str:
    """The page's content policy: its one script, by hash, and nothing that would load."""
    digest = base64.b64encode(hashlib.sha256(_script().encode("utf-8")).digest()).decode("ascii")
    return allowing(f"'sha256-{digest}'")


def _json(payload: Mapping[str, Any]) -> str:
    try:
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CaudalError(
            "report payload", str(error), "plain JSON values, null if missing"
        ) from error
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _script() -> str:
    script = f"{vendored()}\n{bundle(WEB / 'app')}"
    for end in ("</script", "<!--"):
        if end in script.lower():
            raise CaudalError("page script", f"contains {end!r}", "a script that can stand inline")
    return script
