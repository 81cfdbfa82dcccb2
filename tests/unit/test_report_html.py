"""The frozen page: self-contained, safe with hostile words, complete in both languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from caudal.errors import CaudalError
from caudal.report import page
from caudal.report.bundle import bundle
from caudal.report.payload import make_payload, number
from caudal.report.strings import WEB, strings
from report_sample import sample_payload

pytestmark = pytest.mark.unit

HOSTILE = "</script><script>alert(1)</script><!--\u2028<img src=x onerror=alert(2)>"


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text of each script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")
            self.inside = True

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        self.inside = False


@pytest.fixture(scope="module")
def payload():
    return sample_payload(members=4)


@pytest.fixture(scope="module")
def html(payload):
    return page(payload)


def test_nothing_loads(html):
    elements = Elements(html)
    for tag, attributes in elements.tags:
        assert tag not in {"iframe", "object", "embed", "base", "img", "video", "form"}
        assert "src" not in attributes, (tag, attributes)
        if tag == "link":
            assert attributes == {"rel": "icon", "href": "data:,"}
    css = re.search(r"<style>(.*?)</style>", html, re.S)
    assert css is not None
    assert "url(" not in css[1]
    assert "@import" not in css[1]
    for call in (r"\bfetch\(\"http", r"XMLHttpRequest\(\)\.open", r"import\(\s*[\"']http"):
        assert not re.search(call, html)


def test_the_policy_allows_the_one_script_and_no_connection(html):
    elements = Elements(html)
    policy = next(a["content"] for t, a in elements.tags if a.get("http-equiv"))
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    digest = base64.b64encode(hashlib.sha256(elements.scripts[1].encode()).digest()).decode()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert "connect-src" not in rules


def test_data_stand_in_the_page_as_given(html, payload):
    assert json.loads(Elements(html).scripts[0]) == json.loads(json.dumps(payload))


def test_hostile_words_stay_words(payload):
    hostile = sample_payload(members=4, scenario=HOSTILE)
    hostile["title"] = {"en": HOSTILE, "es": HOSTILE}
    text = page(hostile)
    elements = Elements(text)
    plain = Elements(page(payload))
    assert [t for t, _ in elements.tags] == [t for t, _ in plain.tags]
    assert json.loads(elements.scripts[0])["scenario"]["name"] == HOSTILE
    assert "\u2028" not in text.split("</head>")[1].split("</script>")[0]
    assert elements.scripts[1] == plain.scripts[1]


def test_same_payload_same_bytes_and_small_enough(html, payload):
    assert page(payload) == html
    assert len(html.encode()) < 3_000_000


def test_refuses_what_it_cannot_show(payload):
    with pytest.raises(CaudalError, match=r"'format'.*2; allowed: 1"):
        page({**payload, "format": 2})
    with pytest.raises(CaudalError, match="null if missing"):
        page({**payload, "months": [float("nan")]})


def test_only_series_in_use_and_every_policy(payload):
    assert {s["series"] for s in payload["sources"]} == {
        "us.encounters.area", "mx.events", "pa.darien", "us.children", "us.gotaways.known",
    }  # fmt: skip
    assert payload["actors"]["mexico/tamaulipas"] == {
        "en": "Mexico, Tamaulipas", "es": "México, Tamaulipas",
    }  # fmt: skip
    assert len(payload["policies"]) == 9
    by_id = {o["id"]: o for o in payload["outcomes"]}
    assert by_id["stock.court"]["observed"] is None
    assert {len(o[k]) for o in payload["outcomes"] for k in ("median", "hi90")} == {113}
    assert payload["months"].index(payload["forecast"]) == 101


def test_sources_in_both_languages_where_the_words_are_known():
    args = _minimal()
    outcome = args["outcomes"][0]
    args["outcomes"] = [type(outcome)("a", "A", "A", "people", "a", series="s")]
    args["sources"] = [
        {"series": "s", "publisher": "P", "grain": "fiscal_year × area", "definition": "One event",
         "licence": "public domain", "issues": [{"name": "missing", "meaning": "None"}]}
    ]  # fmt: skip
    source = make_payload(**args, spanish={"One event": "Un evento"})["sources"][0]
    assert source["grain"] == {"en": "fiscal year × area", "es": "año fiscal × lugar"}
    assert source["definition"] == {"en": "One event", "es": "Un evento"}
    assert source["licence"]["es"] == "dominio público"
    assert source["publisher"] == "P"
    assert source["issues"] == ["None"]


def test_text_in_one_language_only_is_refused():
    with pytest.raises(CaudalError, match="no words in es"):
        make_payload(**_minimal(title={"en": "Only English"}))
    with pytest.raises(CaudalError, match=r"outcome a field 'unit': 'bananas'; allowed: .*people"):
        make_payload(**_minimal(unit="bananas"))
    assert make_payload(**_minimal())["outcomes"][0]["median"] == [2, 3.5]


def _minimal(title="T", unit="people"):
    import pandas as pd

    from caudal.report import Outcome

    months = pd.to_datetime(["2025-01-01", "2025-02-01"])
    summary = pd.DataFrame(
        {"outcome": "a", "month": months, "phase": ["history", "forecast"], "observed": [1, None],
         "median": [2, 3.5], "lo50": 1, "hi50": 4, "lo90": 0, "hi90": 9}
    )  # fmt: skip
    return {
        "summary": summary, "outcomes": [Outcome("a", "A", "A", unit, "a")], "title": title,
        "scenario": {"name": "s"}, "timeline": [], "sources": [], "limits": [], "recipe": {},
    }  # fmt: skip


def test_numbers_keep_three_digits_or_whole():
    assert [number(v) for v in (1234.5, 99.96, 0.01234, -0.5)] == [1234, 100, 0.0123, -0.5]


def test_both_languages_say_everything():
    words = strings()
    assert set(words) == {"en", "es"}
    assert words["en"].keys() == words["es"].keys()
    for key, english in words["en"].items():
        spanish = words["es"][key]
        assert english.strip(), key
        assert spanish.strip(), key
        places = re.findall(r"\{(\w+)\}", english)
        assert sorted(places) == sorted(re.findall(r"\{(\w+)\}", spanish)), key


def test_the_page_uses_only_words_that_exist():
    code = "\n".join(p.read_text(encoding="utf-8") for p in (WEB / "app").glob("*.js"))
    rooms = (
        "page|intro|head|charts?|panel|table|policy|side|skill|stocks|sources|limits|recipe|value"
    )
    used = set(re.findall(rf'"((?:{rooms})\.[\w.]+)"', code))
    assert len(used) > 80
    assert used <= strings()["en"].keys()
    built = (
        "word.",
        "unit.",
        "actor.",
        "attribute.",
        "cli.",
        "panel.",
        "group.",
        "recipe.",
        "charts.range.",
        "page.theme.",
        "baseline.",
        "skill.of.",
        "skill.mode.",
        "skill.read.",
        "skill.against.",
        "claims.",
        "asof.",
        "compare.",
        "language.",
        "picture.",
    )
    unused = {k for k in strings()["en"] if k not in used and not k.startswith(built)}
    assert unused == {"page.noscript"}  # in the template itself
    everywhere = "\n".join(p.read_text(encoding="utf-8") for p in (WEB / "app").rglob("*.js"))
    pictures = {k for k in strings()["en"] if k.startswith("picture.")}  # of the views, too
    assert {k for k in pictures if f'"{k}"' not in everywhere} == set()


def test_no_markup_is_made_from_text():
    code = "\n".join(p.read_text(encoding="utf-8") for p in (WEB / "app").glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", code)


def test_vendored_files_are_the_recorded_ones(monkeypatch, tmp_path):
    libraries = json.loads((WEB / "vendor" / "vendor.json").read_text())["libraries"]
    for library in libraries:
        raw = (WEB / "vendor" / library["file"]).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == library["sha256"]
        assert (WEB / "vendor" / library["licence_file"]).read_text().startswith("Copyright")
    from caudal.report import bundle as module

    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "vendor.json").write_text(json.dumps({"libraries": libraries}))
    for library in libraries:
        (tmp_path / "vendor" / library["file"]).write_text("changed")
    monkeypatch.setattr(module, "WEB", tmp_path)
    with pytest.raises(CaudalError, match="not the recorded file"):
        module.vendored()


def modules(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_bundle_joins_in_order_of_need(tmp_path):
    script = bundle(
        modules(
            tmp_path,
            main='import { twice } from "./b.js";\nimport { ONE } from "./a.js";\nrun(twice(ONE));',
            b='import { ONE } from "./a.js";\nexport function twice(x) { return 2 * x * ONE; }',
            a="export const ONE = 1;",
        ),
        "main",
    )
    assert script.index("module_a =") < script.index("module_b =") < script.index("module_main =")
    assert not re.search(r"^(import|export)\b", script, re.M)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"main": 'import x from "./a.js";', "a": ""}, "main.js:1: import x from"),
        ({"main": "const a = 1;\nexport default a;"}, "main.js:2: export default a"),
        ({"main": 'import { b } from "./a.js";', "a": "const b = 1;"}, "b not exported by a"),
        ({"main": 'import { b } from "./none.js";'}, "none.js: no such module"),
        (
            {"main": 'import { b } from "./a.js";\nexport const c = 1;',
             "a": 'import { c } from "./main.js";\nexport const b = 1;'},
            "circle: main → a → main",
        ),
    ],
)  # fmt: skip
def test_bundle_refuses_what_it_would_break(tmp_path, texts, words):
    with pytest.raises(CaudalError, match=re.escape(words)):
        bundle(modules(tmp_path, **texts), "main")
