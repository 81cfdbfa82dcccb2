"""What strangers may send: refused in one shape, or escaped, and the service goes on."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time

import pytest
import uvicorn

from caudal.errors import CaudalError
from caudal.service import create_app
from caudal.service.guards import Bucket
from caudal.service.server import protocol
from caudal.service.settings import Limits, Settings, token_hash
from caudal.service.tokens import Doorkeeper
from caudal.service.watch import Lines
from service_apps import TOKEN, client, refused

pytestmark = pytest.mark.unit
YAML = {"content-type": "application/yaml"}
GOOD = """name: mine
title: {en: Mine, es: Mío}
extends: baseline
policies:
  us-title-42: {ended: 2024-05-12, known_on: 2023-04-01}
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with client(tmp_path_factory.mktemp("store"), body_bytes=200_000, writes_per_s=1000) as made:
        yield made


def _validate(api, text):
    return api.post("/api/v1/scenarios/validate", content=text, headers=YAML)


def test_a_good_document_is_told_in_words_as_yaml_and_as_json(api):
    by_yaml = _validate(api, GOOD).json()
    document = {
        "name": "mine", "title": {"en": "Mine", "es": "Mío"}, "extends": "baseline",
        "policies": {"us-title-42": {"ended": "2024-05-12", "known_on": "2023-04-01"}},
    }  # fmt: skip
    by_json = api.post("/api/v1/scenarios/validate", json=document).json()
    assert by_yaml == by_json
    assert any("Title 42" in d["words"]["en"] for d in by_yaml["differences"])
    assert _validate(api, by_yaml["yaml"]).json()["scenario"]["id"] == by_yaml["scenario"]["id"]


def test_a_stored_document_is_found_by_its_id_and_is_the_same_for_the_same_content(api):
    first = api.post("/api/v1/scenarios", content=GOOD, headers=YAML)
    assert first.status_code == 201
    name = first.json()["scenario"]["id"]
    assert api.post("/api/v1/scenarios", content=GOOD, headers=YAML).json() == first.json()
    assert api.get(f"/api/v1/scenarios/by-id/{name}").json() == first.json()
    listed = api.get("/api/v1/scenarios").json()["scenarios"]
    assert [r["name"] for r in listed if r["id"] == name] == ["mine"]


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)
BAD = {
    "laughs": LAUGHS,
    "one alias": GOOD.replace("Mine", "&x Mine"),
    "deep": "[" * 5_000,
    "deep mappings": "name: " + "{a: " * 200 + "}" * 200,
    "indented": "\n".join(" " * i + f"k{i}:" for i in range(300)),
    "many": "name: x\nl: [" + "1," * 20_000 + "1]",
    "tag": "name: !!python/object/apply:os.system [echo]\n",
    "file to extend": GOOD.replace("extends: baseline", "extends: /etc/passwd.yaml"),
    "file beside": GOOD.replace("extends: baseline", "extends: ../baseline.yaml"),
    "no policy": GOOD.replace("us-title-42", "us-title-43"),
    "not UTF-8": b"name: \xff\xfe",
    "NUL": "name: a\0b",
    "empty": "",
    "a list": "- 1\n",
    "twice": GOOD + "name: other\n",
    "no date": GOOD.replace("2024-05-12", "2024-02-31"),
    "HTML in the name": GOOD.replace("name: mine", "name: <script>alert(1)</script>"),
    "long": "name: " + "x" * 100_000,
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_bad_documents_are_refused_quickly(api, text):
    began = time.process_time()
    answer = _validate(api, text)
    told = refused(answer, answer.status_code)
    assert 400 <= answer.status_code < 500
    assert told["where"].startswith(("scenario", "body"))
    assert time.process_time() - began < 5
    assert api.get("/healthz").status_code == 200


def test_html_in_titles_is_data_and_never_a_page(api):
    text = GOOD.replace("en: Mine", "en: <img src=x onerror=alert(1)>")
    answer = _validate(api, text)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_html_in_a_text_to_be_read_is_data(api):
    text = "On 3 May 2023 officials said <script>alert(1)</script> 9,000 people crossed a day."
    answer = api.post("/api/v1/claims/read", json={"text": text, "lang": "en", "on": "2023-05-04"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["figures"]


def test_a_number_to_be_read_stands_beside_the_published_count(api):
    text = "En marzo de 2021 hubo 170 mil encuentros en la frontera suroeste. Habrá 3 en marzo de 2090."
    answer = api.post("/api/v1/claims/read", json={"text": text, "lang": "es", "on": "2021-04-12"})
    first, *rest = answer.json()["figures"]
    assert first["counted"]["value"] == 173277  # CBP, March 2021
    assert all(r["counted"] is None or r["counted"]["missing"] for r in rest)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"scenario": "\\ud800"}',
        b'{"scenario": "x\\u0000"}',
        b'{"members": NaN}',
        b'{"members": 1e999}',
        b'{"members": -1}',
        b'{"members": true}',
        b'{"members": "2"}',
        b'{"members": 100000}',
        b'{"seed": 99999999999999999999}',
        b'{"from": "2018-13"}',
        b'{"to": "2099-01"}',
        b'{"scenario": "../../../etc/passwd"}',
        b'{"scenario": "../baseline.yaml"}',
        b'{"scenario": "/etc/hosts.yaml"}',
        b'{"scenario": {"name": "x"}}',
        b'{"scenario": 3}',
        b'{"unknown": 1}',
        b"\xff\xfe",
        b"",
        b"null",
    ],
)
def test_bad_requests_for_a_run_are_refused_and_nothing_is_queued(api, body):
    answer = api.post("/api/v1/runs", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    refused(answer, answer.status_code)
    assert api.get("/api/v1/jobs").json() == {"jobs": []}


@pytest.mark.parametrize("path", ["runs", "journeys", "compare", "attribute"])
@pytest.mark.parametrize("month", ["0000-01", "9999-12", "2023-00", "2023-13", "20230-1"])
def test_months_of_no_calendar_are_refused(api, path, month):
    body = {"from": month}
    if path in ("runs", "compare", "attribute"):
        body["to"] = "2024-01"
    if path == "compare":
        body["scenarios"] = ["title-42-stays-a-year"]
    refused(api.post(f"/api/v1/{path}", json=body), 422)


def test_an_oversized_body_is_refused_whether_it_says_so_or_not(api):
    big = b"x" * 300_000
    assert "300000" in refused(_validate(api, big), 413)["found"]
    told = refused(api.post("/api/v1/scenarios/validate", content=iter([big]), headers=YAML), 413)
    assert told["where"] == "body"
    answer = api.post(
        "/api/v1/claims/read", content=iter([big]), headers={"content-type": "application/json"}
    )
    refused(answer, 413)


def test_another_kind_of_body_is_refused(api):
    answer = api.post(
        "/api/v1/scenarios/validate", content="x", headers={"content-type": "text/html"}
    )
    refused(answer, 415)


def test_another_sites_page_cannot_write_nor_read_under_its_own_name(api):
    evil = {"origin": "https://evil.example", **YAML}
    refused(api.post("/api/v1/scenarios", content=GOOD, headers=evil), 403)
    refused(api.get("/api/v1/now", headers={"host": "evil.example"}), 400)
    answer = api.options(
        "/api/v1/runs",
        headers={"origin": "https://evil.example", "access-control-request-method": "POST"},
    )
    assert "access-control-allow-origin" not in answer.headers


def test_with_a_token_nothing_is_told_without_it(tmp_path):
    with client(tmp_path, token=TOKEN, wrong_tokens=3) as api:
        assert api.get("/healthz").status_code == 200
        for path in ("/api/v1/levers", "/metrics", "/openapi.json"):
            answer = api.get(path)
            refused(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
        right = {"authorization": f"Bearer {TOKEN}"}
        assert api.get("/api/v1/levers", headers=right).status_code == 200
        for _ in range(3):
            refused(api.get("/api/v1/levers", headers={"authorization": "Bearer no"}), 401)
        refused(api.get("/api/v1/levers", headers={"authorization": "Bearer no"}), 429)


def test_tokens_are_kept_as_hashes_and_short_ones_refused(tmp_path):
    settings = Settings(token=token_hash(TOKEN), folder=tmp_path)
    assert TOKEN not in repr(settings)
    assert settings.token not in repr(settings)
    door = Doorkeeper(settings.folder, settings.token)
    assert door.scope(TOKEN) == "admin"
    assert door.scope(TOKEN + "x") is None
    assert token_hash(f"sha256:{token_hash(TOKEN)}") == token_hash(TOKEN)
    for bad in ("short", "a" * 60):
        with pytest.raises(CaudalError):
            token_hash(bad)


def test_open_to_others_only_with_a_token(tmp_path):
    with pytest.raises(CaudalError):
        Settings(host="0.0.0.0", folder=tmp_path)
    made = Settings(host="0.0.0.0", token=token_hash(TOKEN), folder=tmp_path)
    assert made.host == "0.0.0.0"


def test_writes_are_limited_by_address(tmp_path):
    with client(tmp_path, writes_per_s=0.2) as api:
        answers = [_validate(api, "- 1\n").status_code for _ in range(4)]
    assert answers == [422, 422, 429, 429]


def test_a_bucket_fills_again(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    bucket = Bucket(rate=1.0, most=2.0)
    assert [bucket.take("a") for _ in range(3)] == [True, True, False]
    assert bucket.take("b")
    now[0] = 1.5
    assert [bucket.take("a") for _ in range(2)] == [True, False]


def test_logs_hold_no_query_no_body_and_no_token(tmp_path, caplog):
    with caplog.at_level(logging.INFO), client(tmp_path, token=TOKEN) as api:
        api.get("/api/v1/levers?secret=1", headers={"authorization": f"Bearer {TOKEN}"})
    ours = [record for record in caplog.records if record.name.startswith("caudal")]
    lines = [Lines().format(record) for record in ours]
    assert any(json.loads(line).get("path") == "/api/v1/levers" for line in lines)
    assert not any("secret" in line or TOKEN in line for line in lines)
    assert {json.loads(line).get("token") for line in lines if '"path"' in line} == {"CAUDAL_TOKEN"}


@pytest.fixture
def server(tmp_path):
    """A real server with short patience; gives its port."""
    limits = Limits(headers_seconds=1.0, body_seconds=1.0)
    app = create_app(Settings(workers=0, folder=tmp_path, limits=limits))
    config = uvicorn.Config(
        app, port=0, http=protocol(1.0), ws="none", log_config=None, access_log=False
    )
    made = uvicorn.Server(config)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not made.started and time.monotonic() < until:
        time.sleep(0.05)
    yield made.servers[0].sockets[0].getsockname()[1]
    made.should_exit = True
    thread.join(10)


def _ask(port: int, *parts: bytes, wait: float = 20.0) -> bytes:
    """Send parts, then read until the other side closes; b"" where it closes without a word."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as line:
        for part in parts:
            line.sendall(part)
        got = b""
        try:
            while more := line.recv(4096):
                got += more
        except ConnectionResetError:
            pass
        return got


@pytest.mark.slow
def test_clients_that_never_finish_are_let_go_and_others_served(server):
    assert _ask(server, b"GET /healthz HT") == b""  # the head never ends
    assert _ask(server, b"") == b""  # nothing is ever said
    head = b"POST /api/v1/scenarios HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += b"Content-Type: application/yaml\r\nContent-Length: 100\r\n\r\n"
    assert b" 408 " in _ask(server, head, b"name: x").split(b"\r\n")[0]
    good = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert b" 200 " in _ask(server, good).split(b"\r\n")[0]
