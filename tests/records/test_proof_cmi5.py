"""A cmi5 package launched by a platform in a real browser, telling a learning record store of another make.

The platform is ours and small: it launches by cmi5 8.1, gives the token once, keeps the State documents, and
hands each statement on to Ralph, which takes only what xAPI allows. It lies at another address than the
package's.
"""

from __future__ import annotations

import base64
import http.server
import io
import json
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from autograder.records.export import cmi5
from tests.conftest import free_port
from tests.records.install import alone, run
from tests.records.test_export_scorm import QUIZ, site
from tests.waiting import until

__all__ = ["site"]
pytestmark = [pytest.mark.proof, pytest.mark.browser, pytest.mark.timeout(900)]
HERE = Path(__file__).parent / "platform"
VERBS = "http://adlnet.gov/expapi/verbs/"
CMI5 = "https://w3id.org/xapi/cmi5/context"
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example.org", "name": "1625378"}}
SECRET = base64.b64encode(b"platform:secret").decode()


@pytest.fixture(scope="module")
def ralph(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Ralph's address; it is installed away from this environment and keeps statements in a file."""
    cache = root / "_build" / "foreign" / "ralph-5.1.0"
    with alone(cache):
        if not (cache / "installed").exists():
            run(sys.executable, "-m", "venv", cache / "venv")
            run(cache / "venv" / "bin" / "pip", "install", "-q", "-r", HERE / "requirements.txt")
            (cache / "installed").touch()
    port, folder = free_port(), tmp_path_factory.mktemp("ralph")
    words = [str(cache / "venv" / "bin" / "python"), str(HERE / "lrs.py"), str(port), str(folder)]
    log = folder / "log"
    with log.open("w") as said:
        process = subprocess.Popen(words, stdout=said, stderr=said)
    address = f"http://127.0.0.1:{port}/xAPI/statements"
    try:
        until(lambda: process.poll() is not None or answers(address), "Ralph answers")
        assert process.poll() is None, log.read_text()
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def answers(address: str) -> bool:
    try:
        ask(address)
    except OSError:
        return False
    return True


def ask(address: str, body: bytes | None = None) -> Any:
    request = urllib.request.Request(address, data=body, method="POST" if body else "GET")
    request.add_header("Authorization", f"Basic {SECRET}")
    request.add_header("X-Experience-API-Version", "1.0.3")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


class Platform:
    """One learner's registration at a platform: what it launches with, and what it was told."""

    def __init__(self, ralph: str, content: dict[str, bytes]) -> None:
        self.ralph, self.content = ralph, content
        self.registration = str(uuid.uuid4())
        self.activity = f"https://lms.example.org/activities/{uuid.uuid4()}"
        self.tokens: dict[str, bool] = {}
        self.documents: dict[str, bytes] = {}
        self.asked_for_preferences = 0
        self.down = False
        self.refused: list[str] = []
        self.home = self.lrs = ""

    def launch(self, **data: Any) -> str:
        """The address of a new session (cmi5 8.1), after its launch data were written (cmi5 10)."""
        ticket = uuid.uuid4().hex
        self.tokens[ticket] = False
        self.documents["LMS.LaunchData"] = json.dumps(
            {
                "contextTemplate": {
                    "extensions": {f"{CMI5}/extensions/sessionid": ticket},
                    "contextActivities": {"grouping": [{"id": "urn:open-by-default:m:unit"}]},
                },
                "launchMode": "Normal",
                "moveOn": "CompletedAndPassed",
                "masteryScore": 0.8,
                **data,
            }
        ).encode()
        asked = {
            "endpoint": f"{self.lrs}/xapi",
            "fetch": f"{self.lrs}/token?k={ticket}",
            "actor": json.dumps(ACTOR),
            "registration": self.registration,
            "activityId": self.activity,
        }
        return f"{self.home}/package/index.html?{urlencode(asked)}"

    def told(self) -> list[dict[str, Any]]:
        """What Ralph keeps of this registration, oldest first."""
        found = ask(f"{self.ralph}?{urlencode({'registration': self.registration, 'limit': 100})}")
        return sorted(found["statements"], key=lambda one: str(one["timestamp"]))

    def verbs(self) -> list[str]:
        return [str(one["verb"]["id"]).removeprefix(VERBS) for one in self.told()]


class Handler(http.server.BaseHTTPRequestHandler):
    """Package, token, documents and statements; every answer may be read from another address."""

    platform: Platform

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def give(self, code: int, body: bytes = b"", kind: str = "application/json") -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header(
            "Access-Control-Allow-Headers", "authorization,content-type,x-experience-api-version"
        )
        self.send_header("Access-Control-Allow-Methods", "GET,POST,PUT")
        self.end_headers()
        self.wfile.write(body)

    def do_OPTIONS(self) -> None:
        self.give(204)

    def do_GET(self) -> None:
        path, query = self.split()
        if path.startswith("/package/"):
            body = self.platform.content.get(path.removeprefix("/package/"))
            kinds = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
            return (
                self.give(200, body, kinds.get(path.rpartition(".")[2], "font/woff2"))
                if body
                else self.give(404)
            )
        if path == "/back":
            return self.give(200, b"<title>Back at the platform</title>", "text/html")
        if path == "/xapi/agents/profile":
            self.platform.asked_for_preferences += 1
            return self.give(404)
        if path == "/xapi/activities/state" and self.allowed(query):
            body = self.platform.documents.get(query["stateId"])
            return self.give(200, body) if body else self.give(404)
        return self.give(404)

    def do_PUT(self) -> None:
        path, query = self.split()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.platform.down or path != "/xapi/activities/state" or not self.allowed(query):
            return self.give(503)
        assert query["stateId"] != "LMS.LaunchData"
        self.platform.documents[query["stateId"]] = body
        return self.give(204)

    def do_POST(self) -> None:
        path, query = self.split()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if path == "/token":
            used, self.platform.tokens[query["k"]] = self.platform.tokens[query["k"]], True
            told = {"error-code": "1", "error-text": "used"} if used else {"auth-token": query["k"]}
            return self.give(200, json.dumps(told).encode())
        if self.platform.down or path != "/xapi/statements" or not self.allowed():
            return self.give(503)
        try:
            return self.give(200, json.dumps(ask(self.platform.ralph, body)).encode())
        except urllib.error.HTTPError as error:
            self.platform.refused.append(error.read().decode())
            return self.give(error.code)

    def split(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

    def allowed(self, query: dict[str, str] | None = None) -> bool:
        """The token of a session, the version, and for a document whose it is."""
        token = str(self.headers["Authorization"]).removeprefix("Basic ")
        mine = query is None or (
            query["registration"] == self.platform.registration
            and query["activityId"] == self.platform.activity
            and json.loads(query["agent"]) == ACTOR
        )
        return mine and token in self.platform.tokens and self.headers["X-Experience-API-Version"] == "1.0.3"


@contextmanager
def served(platform: Platform) -> Iterator[str]:
    handler = type("One", (Handler,), {"platform": platform})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def platform(ralph: str, site: Path) -> Iterator[Platform]:
    with zipfile.ZipFile(io.BytesIO(cmi5.pack(cmi5.Package(site, "modules/m")))) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    one = Platform(ralph, content)
    with ExitStack() as stack:
        one.home, one.lrs = (stack.enter_context(served(one)) for _ in range(2))
        yield one
    assert one.refused == []


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def enter(tab: Page, platform: Platform, **data: Any) -> None:
    tab.goto(platform.launch(**data))
    expect(tab.locator("#list button[aria-current]")).to_have_count(1)
    expect(tab.locator("#alone")).to_be_hidden()


def read_all(tab: Page) -> None:
    buttons = tab.locator("#list button")
    for at in range(buttons.count()):
        buttons.nth(at).click()
        expect(buttons.nth(at)).to_have_attribute("aria-current", "page")


def answer(tab: Page, *choices: Any) -> None:
    """Finish the quiz as its page does: its progress in the browser, written by the page in the frame."""
    done = {
        "case": "q",
        "case_digest": QUIZ["digest"],
        "choices": choices,
        "finished": "2026-11-30T10:00:00Z",
    }
    frame = next(one for one in tab.frames if "/content/" in one.url)
    frame.evaluate("(done) => localStorage.setItem('open-by-default:q', JSON.stringify(done))", done)


def leave(tab: Page, platform: Platform, sessions: int) -> None:
    """Close the window as an impatient learner does, and wait until the end was told."""
    tab.goto("about:blank")
    until(lambda: platform.verbs().count("terminated") == sessions, "the end of the session is told")


def assert_by_the_rules(statements: list[dict[str, Any]], platform: Platform) -> None:
    """What cmi5 asks of each statement of a unit (9.1 to 9.7), and of their order in a session."""
    sessions: dict[str, list[str]] = {}
    for one in statements:
        verb, context, result = one["verb"]["id"], one["context"], one.get("result", {})
        uuid.UUID(one["id"])
        assert one["actor"] == ACTOR and one["object"]["id"] == platform.activity
        assert context["registration"] == platform.registration
        assert str(one["timestamp"]).endswith("Z")
        assert context["contextActivities"]["grouping"] == [{"id": "urn:open-by-default:m:unit"}]
        categories = {part["id"] for part in context["contextActivities"]["category"]}
        judged = "success" in result or "completion" in result
        assert f"{CMI5}/categories/cmi5" in categories
        assert (f"{CMI5}/categories/moveon" in categories) == judged
        assert ("duration" in result) == (verb != f"{VERBS}initialized")
        assert re.fullmatch(r"PT\d+(\.\d+)?S", result.get("duration", "PT0S"))
        assert ("score" in result) == (verb in (f"{VERBS}passed", f"{VERBS}failed"))
        assert (f"{CMI5}/extensions/masteryscore" in context["extensions"]) == ("success" in result)
        sessions.setdefault(context["extensions"][f"{CMI5}/extensions/sessionid"], []).append(verb)
    for verbs in sessions.values():
        assert verbs[0] == f"{VERBS}initialized" and verbs[-1] == f"{VERBS}terminated"
        assert len(verbs) == len(set(verbs)) and not {f"{VERBS}passed", f"{VERBS}failed"} <= set(verbs)


def test_who_does_everything_has_completed_and_passed(tab, platform):
    enter(tab, platform, returnURL=f"{platform.home}/back")
    read_all(tab)
    answer(tab, [1], [1, 2])
    expect(tab.locator("#state")).to_contain_text("quiz 100 % at the first go: passed.")
    until(lambda: "passed" in platform.verbs(), "passed is told")
    tab.get_by_role("button", name="Leave").click()
    expect(tab).to_have_title("Back at the platform")

    until(lambda: "terminated" in platform.verbs(), "the end is told")
    told = platform.told()
    assert sorted(platform.verbs()) == ["completed", "initialized", "passed", "terminated"]
    assert_by_the_rules(told, platform)
    (passed,) = [one for one in told if one["verb"]["id"] == f"{VERBS}passed"]
    assert passed["result"]["score"] == {"scaled": 1, "raw": 100, "min": 0, "max": 100}
    assert platform.asked_for_preferences == 1


def test_who_fails_may_pass_another_day_at_another_desk(chromium, platform):
    first, second = chromium.new_context().new_page(), chromium.new_context().new_page()
    enter(first, platform)
    read_all(first)
    answer(first, [2], [1])
    expect(first.locator("#state")).to_contain_text("quiz 0 % at the first go")
    leave(first, platform, 1)
    assert sorted(platform.verbs()) == ["completed", "failed", "initialized", "terminated"]

    enter(second, platform)
    expect(second.locator("#state")).to_contain_text("3 of 3 pages")
    expect(second.locator("#list button[aria-current]")).to_contain_text("Alone")
    answer(second, [1], [1, 2])
    expect(second.locator("#state")).to_contain_text("passed.")
    leave(second, platform, 2)
    assert platform.verbs().count("completed") == platform.verbs().count("passed") == 1
    assert_by_the_rules(platform.told(), platform)
    for page in (first, second):
        page.context.close()


def test_the_platforms_own_mark_decides(tab, platform):
    """Half of the questions right: not enough for the package's 80 %, enough for this platform."""
    enter(tab, platform, masteryScore=0.5)
    read_all(tab)
    answer(tab, [1], [1])
    expect(tab.locator("#state")).to_contain_text("quiz 50 % at the first go: passed.")
    leave(tab, platform, 1)
    assert "passed" in platform.verbs()
    assert_by_the_rules(platform.told(), platform)


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_nothing_is_judged_of_somebody_who_only_looks(tab, platform, mode):
    enter(tab, platform, launchMode=mode)
    read_all(tab)
    answer(tab, [1], [1, 2])
    expect(tab.locator("#state")).to_contain_text("passed.")
    leave(tab, platform, 1)
    assert sorted(platform.verbs()) == ["initialized", "terminated"]


def test_what_a_platform_does_not_take_is_told_and_sent_again(tab, platform):
    enter(tab, platform)
    platform.down = True
    read_all(tab)
    answer(tab, [1], [1, 2])
    expect(tab.get_by_role("alert")).to_contain_text("did not take the last report")
    platform.down = False
    tab.get_by_role("button", name="Back").click()
    expect(tab.locator("#lost")).to_be_hidden()
    leave(tab, platform, 1)
    assert sorted(platform.verbs()) == ["completed", "initialized", "passed", "terminated"]


def test_a_window_without_a_platform_or_with_a_used_token_says_so(tab, platform):
    for address in (f"{platform.home}/package/index.html", platform.launch()):
        tab.goto(address)
        expect(tab.locator("#list button[aria-current]")).to_have_count(1)
    expect(tab.locator("#alone")).to_be_hidden()
    leave(tab, platform, 1)
    tab.go_back()
    expect(tab.locator("#list button[aria-current]")).to_have_count(1)
    expect(tab.get_by_text("This window belongs to no learning platform")).to_be_visible()
