"""What every test may ask for: the repository, a real Chromium, and the learner's server."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

# pytest finds these hooks by their names.
from tests.grouping import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.machine import MachineFault
from tests.summary import pytest_runtest_makereport, pytest_terminal_summary

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
    "pytest_xdist_make_scheduler",
]

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# No test is to fail because the machine was busy.
hypothesis.settings.register_profile(
    "course", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("course")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless; its absence is a failure and never a skip."""
    from playwright.sync_api import expect, sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise MachineFault("Chromium is missing; run: apt-get install -y chromium")
    expect.set_options(timeout=60_000)  # Playwright's own five seconds are few on a busy machine
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server, with a place for a database's name."""
    from tests.postgres import server

    with server() as address:
        yield address


@pytest.fixture
def db(postgres: str, request: pytest.FixtureRequest) -> str:
    """An empty database for one test."""
    from tests.postgres import new_database

    return new_database(postgres, f"test{abs(hash(request.node.nodeid)) % 10**9}")


@pytest.fixture(scope="session")
def built_book(root: Path) -> Path:
    """The pages of the real book, built by start.py's own function; parallel workers take turns."""
    from coursebook.build import build

    return build(root)


@dataclass
class Served:
    """A running learner's server."""

    root: Path
    port: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    reader: threading.Thread | None = None

    @property
    def printed(self) -> str:
        """The address that the server printed, with its token."""
        return next(m.group() for line in self.lines if (m := re.search(r"http://\S+", line)))

    @property
    def address(self) -> str:
        """The same address without the token."""
        return self.printed.partition("?")[0]

    @property
    def token(self) -> str:
        """The token."""
        return self.printed.partition("token=")[2]

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request exactly as written (no client tidies the path); status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            names = {
                name.lower(): value for name, value in answer.getheaders() if name.lower() != "set-cookie"
            }
            names["set-cookie"] = "\n".join(answer.headers.get_all("Set-Cookie") or [])
            return answer.status, names, answer.read()
        finally:
            connection.close()

    def sign_in(self, base_url: str = "/") -> dict[str, str]:
        """Come with the token once; answer the headers of a signed-in page (cookies and XSRF token)."""
        cookies = {}
        for path, headers in ((f"{base_url}?token={self.token}", {}), (f"{base_url}course/status", cookies)):
            joined = (
                {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())} if headers is cookies else {}
            )
            _, answer, _ = self.ask(path, headers=joined)
            cookies |= dict(re.findall(r"(?m)^([^=;\s]+)=([^;\n]*)", answer["set-cookie"]))
        line = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {"Cookie": line, "X-XSRFToken": cookies["_xsrf"]}

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop the server as a terminal or a service manager would, and answer its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        if self.reader is not None and self.process.stdout is not None:
            self.reader.join(60)
            self.process.stdout.close()
        return code


def free_port() -> int:
    """Name a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Served]]:
    """Start learner's servers on course folders; they are stopped at the end."""
    running: list[Served] = []

    def start(folder: Path, *options: str) -> Served:
        port = free_port()
        words = [
            "-m",
            "coursebook.server",
            "--root",
            str(folder),
            "--port",
            str(port),
            "--no-browser",
            *options,
        ]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        process = subprocess.Popen(
            [sys.executable, *words],
            env=os.environ | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A process that a shell put into the background ignores Ctrl-C; the server's must not.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        served = Served(folder, port, process)
        ready = threading.Event()

        def read() -> None:
            for line in process.stdout or ():
                served.lines.append(line)
                if "The course is ready" in line:
                    ready.set()
            ready.set()  # it ended; the lines say why

        served.reader = threading.Thread(target=read, daemon=True)
        served.reader.start()
        running.append(served)
        if not ready.wait(120) or process.poll() is not None:
            pytest.fail("the server did not start:\n" + "".join(served.lines))
        return served

    yield start
    for served in running:
        served.stop()
