"""The learner's server as it runs: what it gives to whom, and what it refuses."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest
from coursebook.csp import policy_for

from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

# A page that would allow itself more than the book allows.
PAGE = '<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src *"><p>the book'
LAB = {
    "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "[book](/index.html)"}],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
WALK = {
    "schema": "transcript/1",
    "case": "visitor-and-chip",
    "case_digest": "0123456789abcdef",
    "choices": [1, [1, 2]],
    "started": "2026-11-22T10:00:00Z",
    "finished": "2026-11-22T10:20:00Z",
}


def make_course(folder: Path) -> Path:
    """A course with a small book, one lab and one exercise; its path holds a space on purpose."""
    texts = {
        "_build/html/index.html": PAGE,
        "_build/html/modules/a/lesson.html": PAGE,
        "_build/html/_static/a.js": "1",
        "_build/html/_images/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "_build/live/modules/a/lab-a.ipynb": json.dumps(LAB),
        "_build/practice/nbgrader/release/ex/exercise.ipynb": json.dumps(LAB),
        "_build/practice/nbgrader/release/ex/counts.csv": "a,b\n",
        "secret.txt": "secret",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def server(serve, tmp_path_factory):
    return serve(make_course(tmp_path_factory.mktemp("a course")))


@pytest.fixture(scope="module")
def signed_in(server):
    return server.sign_in()


def test_the_book_needs_no_token_and_states_its_policy(server):
    for path in ("/", "/index.html", "/modules/a/lesson.html"):
        status, headers, body = server.ask(path)
        assert (status, body.decode()) == (200, PAGE)
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert headers["content-security-policy"] == policy_for(PAGE)
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-cache"
        assert "access-control-allow-origin" not in headers
        assert "course_live=1" in headers["set-cookie"]
        assert "username" not in headers["set-cookie"]


def test_scripts_and_pictures_have_their_types_and_a_picture_runs_nothing(server):
    assert server.ask("/_static/a.js")[1]["content-type"] == "text/javascript; charset=utf-8"
    _, headers, _ = server.ask("/_images/a.svg")
    assert headers["content-type"] == "image/svg+xml"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "sandbox" in headers["content-security-policy"]


def test_a_page_is_sent_once_until_it_is_built_anew(server):
    page = server.root / "_build/html/modules/a/again.html"
    page.write_text("first")
    etag = server.ask("/modules/a/again.html")[1]["etag"]
    assert server.ask("/modules/a/again.html", headers={"If-None-Match": etag})[0] == 304
    page.write_text("other")
    assert server.ask("/modules/a/again.html", headers={"If-None-Match": etag})[::2] == (200, b"other")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/%2e%2e/secret.txt",
        "/..%2f..%2fsecret.txt",
        "/_static/..%2f..%2f..%2fsecret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..%5c..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/index.html%00",
        "/course/open/..%2f..%2fsecret",
        "/course/open/../../secret",
        "/course/open/exercises/..%2f..%2fsecret",
        "/course/transcripts/..%2f..%2fsecret",
    ],
)
@pytest.mark.parametrize("known", [False, True], ids=["stranger", "learner"])
def test_no_address_leads_out_of_the_book(server, signed_in, path, known):
    status, _, body = server.ask(path, headers=signed_in if known else {})
    assert status in (302, 400, 403, 404, 405)
    assert b"secret" not in body or b"secret.txt" in body  # the refused address may be named
    assert b"root:" not in body


def test_a_page_that_is_missing_is_not_found_and_no_sign_in_form(server):
    assert server.ask("/modules/a/nothing.html")[0] == 404


@pytest.mark.parametrize("path", ["/", "/index.html", "/course/status", "/lab", "/api/status", "/login"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8888", "127.0.0.1.evil.example", "192.0.2.7"])
def test_a_foreign_host_is_refused_everywhere(server, signed_in, path, host):
    for known in ({}, {"Cookie": signed_in["Cookie"]}):
        assert server.ask(path, headers={**known, "Host": host})[0] == 403


@pytest.mark.parametrize(
    "path", ["/lab", "/tree", "/course/open/modules/a/lab-a", "/course/open/exercises/ex"]
)
def test_what_runs_code_or_writes_asks_for_the_sign_in(server, path):
    status, headers, _ = server.ask(path)
    assert status == 302
    assert headers["location"].startswith("/login?next=")


@pytest.mark.parametrize("path", ["/api/contents", "/api/kernels", "/api/terminals", "/api/sessions"])
def test_jupyters_own_addresses_keep_their_token(server, path):
    assert server.ask(path)[0] == 403
    assert server.ask(path, headers={"Authorization": "token wrong"})[0] == 403
    assert server.ask(path, headers={"Authorization": "token "})[0] == 403
    assert server.ask(path, headers={"Authorization": f"token {server.token}"})[0] == 200


def test_the_printed_address_signs_in_and_hides_its_token(server):
    status, headers, _ = server.ask(f"/?token={server.token}")
    assert (status, headers["location"]) == (302, "/")
    assert "HttpOnly" in headers["set-cookie"]
    assert "SameSite=Strict" in headers["set-cookie"]
    assert len(server.token) >= 32
    status, headers, _ = server.ask("/?token=wrong")
    assert (status, headers["location"]) == (302, "/")
    assert "username" not in headers["set-cookie"]


def test_status_tells_whether_the_reader_is_signed_in(server, signed_in):
    stranger = json.loads(server.ask("/course/status")[2])
    learner = json.loads(server.ask("/course/status", headers=signed_in)[2])
    assert (stranger["course"], stranger["signed_in"]) == (True, False)
    assert learner == {**stranger, "signed_in": True}
    assert stranger["mark"] not in ("", server.token)
    assert str(server.root) not in json.dumps(stranger)


def test_the_sign_in_page_speaks_of_the_course_and_takes_its_token(server):
    status, headers, body = server.ask("/login?next=%2Flab")
    page = body.decode()
    assert status == 200
    assert "make start" in page
    assert not re.search(r"jupyter server list|Setup a Password|new_password|https?://", page)
    cookies = "; ".join(re.findall(r"(?m)^([^=;\s]+=[^;\n]*)", headers["set-cookie"]))
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page)[1]

    def sign_in(token: str) -> tuple[int, dict[str, str], bytes]:
        form = urlencode({"_xsrf": xsrf, "password": token, "new_password": "mine"}).encode()
        kind = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        return server.ask("/login?next=%2Flab", "POST", kind, form)

    status, _, body = sign_in("wrong")
    assert status == 401
    assert "not the token of the course that runs now" in body.decode()
    status, headers, _ = sign_in(server.token)
    assert (status, headers["location"]) == (302, "/lab")
    assert not list((server.root / "_build/jupyter/config").glob("jupyter_server_config.json"))


def test_opening_a_lab_hands_it_out_and_goes_there(server, signed_in):
    status, headers, _ = server.ask("/course/open/modules/a/lab-a", headers=signed_in)
    assert (status, headers["location"]) == (302, "/lab/tree/labs/a/lab-a.ipynb")
    copy = server.root / "workspace/labs/a/lab-a.ipynb"
    assert json.loads(copy.read_text()) == LAB
    edited = {**LAB, "cells": [{**LAB["cells"][0], "source": "mine"}]}
    copy.write_text(json.dumps(edited))
    status, headers, _ = server.ask("/course/open/modules/a/lab-a?in=notebook", headers=signed_in)
    assert (status, headers["location"]) == (302, "/notebooks/labs/a/lab-a.ipynb")
    assert json.loads(copy.read_text()) == edited


def test_opening_an_exercise_hands_out_its_whole_folder(server, signed_in):
    status, headers, _ = server.ask("/course/open/exercises/ex", headers=signed_in)
    assert (status, headers["location"]) == (302, "/lab/tree/exercises/ex/exercise.ipynb")
    assert (server.root / "workspace/exercises/ex/counts.csv").read_text() == "a,b\n"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/course/open/modules/a/nothing", 404),
        ("/course/open/exercises/nothing", 404),
        ("/course/open/modules/a/lab-a?in=elsewhere", 400),
    ],
)
def test_what_cannot_be_opened_is_said_and_nothing_is_written(server, signed_in, path, expected):
    before = sorted((server.root / "workspace").rglob("*"))
    assert server.ask(path, headers=signed_in)[0] == expected
    assert sorted((server.root / "workspace").rglob("*")) == before


def put(server, headers, body, case="visitor-and-chip"):
    sent = {"Content-Type": "application/json", **headers}
    status, _, answer = server.ask(f"/course/transcripts/{case}", "PUT", sent, body)
    return status, json.loads(answer)


def test_a_finished_case_is_saved(server, signed_in):
    answer = put(server, signed_in, json.dumps(WALK).encode())
    assert answer == (200, {"saved": "transcripts/visitor-and-chip.json"})
    assert json.loads((server.root / "workspace/transcripts/visitor-and-chip.json").read_text()) == WALK


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<script>alert(1)</script>", 400),
        (b'{"a":' * 20_000, 413),
        (b'{"a":' * 10_000, 400),
        (b"x" * 5_000_000, 413),
        (json.dumps({**WALK, "score": 99}).encode(), 400),
        (json.dumps({**WALK, "case": "../../evil"}).encode(), 400),
        (json.dumps(WALK).encode().replace(b'{"schema"', b'{"case": "x", "schema"'), 400),
    ],
    ids=["script", "deep and large", "deep", "large", "score", "path", "key twice"],
)
def test_an_evil_progress_file_is_refused_and_nothing_is_written(server, signed_in, body, expected):
    before = {path: path.stat().st_mtime_ns for path in (server.root / "workspace/transcripts").iterdir()}
    status, answer = put(server, signed_in, body, case="visitor-and-chip")
    assert status == expected
    assert answer["message"]
    assert {
        path: path.stat().st_mtime_ns for path in (server.root / "workspace/transcripts").iterdir()
    } == before


def test_another_content_type_is_refused(server, signed_in):
    assert put(server, {**signed_in, "Content-Type": "text/plain"}, json.dumps(WALK).encode())[0] == 415


@pytest.mark.parametrize("drop", ["Cookie", "X-XSRFToken"])
def test_saving_without_sign_in_or_without_xsrf_token_is_refused(server, signed_in, drop):
    headers = {name: value for name, value in signed_in.items() if name != drop}
    assert put(server, headers, json.dumps(WALK).encode())[0] == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_a_request_from_another_origin_changes_nothing(server, signed_in, origin):
    forged = {"Cookie": signed_in["Cookie"], "Origin": origin}
    assert put(server, forged, json.dumps(WALK).encode())[0] in (403, 404)
    for path in ("/api/kernels", "/api/terminals", "/api/contents"):
        assert server.ask(path, "POST", forged, b"{}")[0] in (403, 404)
    # Even a stolen XSRF token does not make another origin ours.
    assert put(server, {**signed_in, "Origin": origin}, json.dumps(WALK).encode())[0] in (403, 404)


def test_jupyterlab_is_told_to_show_figures_for_its_dark_theme(server, signed_in):
    status, _, body = server.ask("/custom/custom.css", headers=signed_in)
    assert (status, "color-scheme: dark" in body.decode()) == (200, True)
    status, _, body = server.ask("/lab", headers=signed_in)
    assert (status, "custom/custom.css" in body.decode()) == (200, True)


def test_nothing_is_written_into_the_learners_own_jupyter_folders(server):
    assert (server.root / "_build/jupyter/config/labconfig/page_config.json").is_file()
    (info,) = (server.root / "_build/jupyter/runtime").glob("jpserver-*.json")
    assert info.stat().st_mode & 0o077 == 0
    assert info.parent.stat().st_mode & 0o077 == 0


def test_another_base_address_works_throughout(serve, tmp_path):
    server = serve(make_course(tmp_path), "--base-url", "/u/ada")
    assert server.address.endswith("/u/ada/")
    known = server.sign_in("/u/ada/")
    assert server.ask("/u/ada/")[2].decode() == PAGE
    assert server.ask("/u/ada/modules/a/lesson.html")[0] == 200
    status, headers, _ = server.ask("/u/ada/course/open/modules/a/lab-a", headers=known)
    assert (status, headers["location"]) == (302, "/u/ada/lab/tree/labs/a/lab-a.ipynb")
    handed = json.loads((tmp_path / "workspace/labs/a/lab-a.ipynb").read_text())
    assert handed["cells"][0]["source"] == "[book](/u/ada/index.html)"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_it_cleanly(serve, tmp_path, how):
    server = serve(make_course(tmp_path))
    assert server.stop(how) == 0
    assert "Traceback" not in "".join(server.lines)


def test_a_signal_stops_it_while_a_page_waits_for_an_answer(serve, tmp_path):
    server = serve(make_course(tmp_path))
    known = {"Cookie": server.sign_in()["Cookie"]}
    many = tmp_path / "workspace/many"
    many.mkdir(parents=True)
    for number in range(5_000):  # each file is looked at in a thread of the server
        (many / str(number)).touch()
    asked, dropped = threading.Barrier(4), []

    def ask() -> None:
        server.ask("/api/contents/labs", headers=known)
        asked.wait(PATIENCE)
        try:
            while True:  # whenever the signal comes, answers are under way
                server.ask("/api/contents/many", headers=known)
        except (OSError, http.client.HTTPException) as how:
            dropped.append(how)

    waiting = [threading.Thread(target=ask) for _ in range(3)]
    for each in waiting:
        each.start()
    asked.wait(PATIENCE)
    assert server.stop() == 0
    for each in waiting:
        each.join(PATIENCE)
    # Who asks after the end is refused; who had asked before it loses the connection.
    assert [how for how in dropped if not isinstance(how, ConnectionRefusedError)]
    assert "api/contents" not in "".join(server.lines)


def test_a_token_from_the_environment_does_not_open_it(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_TOKEN", "")
    monkeypatch.setenv("JUPYTER_SERVER_ALLOW_UNAUTHENTICATED_ACCESS", "true")
    server = serve(make_course(tmp_path))
    assert len(server.token) >= 32
    assert server.ask("/api/contents")[0] == 403


def configure(folder: Path, text: str) -> None:
    for name in ("jupyter_server_config.py", "jupyter_lab_config.py"):
        file = folder / "_build/jupyter/config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_a_configuration_file_does_not_change_who_may_come_in(serve, tmp_path):
    configure(
        make_course(tmp_path),
        "c.ServerApp.ip = '0.0.0.0'\nc.IdentityProvider.token = ''\nc.ServerApp.allow_origin = '*'\n"
        "c.ServerApp.allow_remote_access = True\nc.ServerApp.disable_check_xsrf = True\n",
    )
    server = serve(tmp_path)
    assert len(server.token) >= 32
    assert server.ask("/api/contents")[0] == 403
    assert server.ask("/", headers={"Host": "evil.example"})[0] == 403
    assert (
        "access-control-allow-origin" not in server.ask("/course/status", headers={"Origin": "http://x"})[1]
    )
    known = {"Cookie": server.sign_in()["Cookie"]}
    assert put(server, known, json.dumps(WALK).encode())[0] == 403


def test_a_configuration_file_that_opens_it_all_the_same_keeps_it_shut(tmp_path):
    configure(make_course(tmp_path), "c.ServerApp.allow_origin_pat = '.*'\n")
    words = ["-m", "coursebook.server", "--root", str(tmp_path), "--port", str(9), "--no-browser"]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "configuration file of this machine opens the server" in done.stderr
    assert "ready" not in done.stdout
