"""An exercise's own addresses, and the two commands in a real terminal of the learner's JupyterLab."""

from __future__ import annotations

import asyncio
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.server.test_server_live import make_course

pytestmark = pytest.mark.slow

CELL = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "mine"}
NOTEBOOK = {"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
ADDRESSES = [
    ("GET", "/course/exercises/ex"),
    ("GET", "/course/exercises/ex/feedback"),
    ("POST", "/course/exercises/ex/practice"),
    ("POST", "/course/exercises/ex/hand-in"),
]


@pytest.fixture(scope="module")
def server(serve, tmp_path_factory):
    folder = make_course(tmp_path_factory.mktemp("a course"))
    own = folder / "workspace/exercises/ex/exercise.ipynb"
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(NOTEBOOK))
    return serve(folder)


@pytest.fixture(scope="module")
def signed_in(server):
    return server.sign_in()


def written(server):
    return sorted(path for path in (server.root / "workspace").rglob("*"))


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_a_stranger_gets_none_of_it(server, method, path):
    before = written(server)
    status, headers, _ = server.ask(path, method, {"Content-Type": "application/json"}, b"{}")
    assert status == 403 or (status == 302 and "/login" in headers["location"])
    assert written(server) == before


@pytest.mark.parametrize("path", [path for method, path in ADDRESSES if method == "POST"])
def test_another_page_cannot_press_the_buttons(server, signed_in, path):
    before = written(server)
    cookie = {"Cookie": signed_in["Cookie"]}
    for forged in (cookie, {**signed_in, "Origin": "http://evil.example"}):
        assert server.ask(path, "POST", forged, b"{}")[0] in (403, 404)
    assert server.ask(path, "GET", signed_in)[0] == 405
    assert written(server) == before


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"notebook": "../../../secret.txt"}', "no such notebook"),
        (b'{"notebook": "--help"}', "no such notebook"),
        (b'{"notebook": {}}', "no such notebook"),
        (b"[1]", "send an object"),
        (b"{", "JSON"),
        (b" " * 9_000, "more than a page would ask"),
    ],
)
def test_what_no_page_of_ours_would_ask_is_refused(server, signed_in, body, says):
    before = written(server)
    status, _, answer = server.ask("/course/exercises/ex/hand-in", "POST", signed_in, body)
    assert status in (400, 413) and says in json.loads(answer)["message"]
    assert written(server) == before


def test_a_fault_comes_back_as_its_one_line(server, signed_in):
    status, _, answer = server.ask("/course/exercises/ex/hand-in", "POST", signed_in, b'{"learner": "--x y"}')
    assert status == 400 and "is no learner's id" in json.loads(answer)["message"]
    status, _, answer = server.ask("/course/exercises/ex/practice", "POST", signed_in, b"{}")
    assert status == 400 and "the course has no exercise 'ex'" in json.loads(answer)["message"]


def test_the_feedback_of_a_strange_file_runs_nothing(server, signed_in):
    assert server.ask("/course/exercises/ex/feedback", headers=signed_in)[0] == 404
    file = server.root / "workspace/practice/ex.html"
    file.parent.mkdir()
    file.write_text("<script>alert(1)</script><!-- back -->")
    file.with_suffix(".json").write_text('{"schema": "practice/1", "automatic": 3}')
    status, headers, body = server.ask("/course/exercises/ex/feedback", headers=signed_in)
    assert status == 200 and headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in headers["content-security-policy"] and b"alert" in body
    state = json.loads(server.ask("/course/exercises/ex", headers=signed_in)[2])
    assert state == {"notebooks": ["exercise.ipynb"], "practice": None}


async def typed(server, signed_in, folder, line, until):
    """Type a line into a new terminal, as JupyterLab opens one, and read until some words come."""
    body = json.dumps({"cwd": folder}).encode()
    answer = server.ask("/api/terminals", "POST", {**signed_in, "Content-Type": "application/json"}, body)
    name = json.loads(answer[2])["name"]
    address = f"ws://127.0.0.1:{server.port}/terminals/websocket/{name}"
    socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": signed_in["Cookie"]}))
    await socket.write_message(json.dumps(["stdin", line + "\r"]))
    seen = ""
    while until not in seen:
        message = await asyncio.wait_for(socket.read_message(), 120)
        assert message is not None, seen
        kind, *rest = json.loads(message)
        seen += rest[0] if kind == "stdout" else ""
    socket.close()
    while await asyncio.wait_for(socket.read_message(), 60) is not None:
        pass  # what was on its way; then the other side has closed too
    return seen


def apart(coroutine):
    """Run it in a thread of its own: beside a browser's tests this one already has a loop that runs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize("folder", ["", "exercises/ex", "labs"])
def test_handing_in_works_in_a_terminal_wherever_jupyterlab_opens_it(server, signed_in, folder):
    before = set((server.root / "workspace/hand-in").glob("*.zip"))
    seen = apart(typed(server, signed_in, folder, "handin ex --learner mia --json; echo en''ded", "ended"))
    assert '"learner": "mia"' in seen, seen
    # Within one second the same name is written again, so the last one counts.
    files = sorted((server.root / "workspace/hand-in").glob("mia-ex-*.zip"))
    assert files and set(files) >= before
    with zipfile.ZipFile(files[-1]) as archive:
        assert json.loads(archive.read("ex.ipynb")) == NOTEBOOK


def test_practising_is_understood_in_a_terminal_too(server, signed_in):
    seen = apart(typed(server, signed_in, "labs", "practice ex; echo en''ded", "ended"))
    assert "the course has no exercise 'ex'" in " ".join(seen.split()), seen
