"""Three browsers under one small interface: Chromium by Playwright, Firefox and WebKit as Debian ships them.

Playwright's own Firefox and WebKit are patched builds and no learner's. Debian's Firefox is asked through
Marionette, which it brings along (length, colon, JSON); Debian's WebKitGTK through WebKitWebDriver (W3C
WebDriver over HTTP), which needs a display. Both return elements in the form of the WebDriver standard.
"""

from __future__ import annotations

import base64
import contextlib
import io
import itertools
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

PATIENCE = 120
"""Seconds until something that should come counts as missing; only a failing test waits so long."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver, 12.1: the key of a web element
FIRST_SEEN = """
const found = [...document.querySelectorAll(arguments[0])].find((one) => one.getClientRects().length) ?? null;
found?.scrollIntoView({block: "center", behavior: "instant"});
return found;
"""
FIREFOX_PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "ui.systemUsesDarkTheme": 0,
}
FIREFOX_CONSOLE = """
const said = Services.console.getMessageArray()
  .filter((one) => one instanceof Ci.nsIScriptError && one.sourceName.startsWith(arguments[0]))
  .map((one) => one.toString());
const storage = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage);
const called = storage.getEvents()
  .filter((one) => ["error", "warn"].includes(one.level) && one.filename.startsWith(arguments[0]))
  .map((one) => `${one.level}: ${one.arguments.join(" ")}`);
return [...said, ...called];
"""


WEBKIT = "webkit2gtk-driver xvfb"


def missing(program: str, packages: str) -> str:
    """Say what to run where a browser is not there: its absence is a failure and never a skip."""
    return f"{program} is missing; run: apt-get install -y {packages}"


class Engine(ABC):
    """What a test does with a browser."""

    @abstractmethod
    def go(self, url: str) -> None:
        """Load a page."""

    @abstractmethod
    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page and return its result."""

    @abstractmethod
    def press(self, selector: str) -> None:
        """Click the first shown element of a selector, as a person would."""

    @abstractmethod
    def seen(self) -> Image.Image:
        """Return what the window shows."""

    def complaints(self, site: str) -> list[str]:
        """Return what the console said of the pages of a site: errors and warnings.

        WebKit's automated sessions are private, and private sessions write no console: `webkit_said` asks a
        plain one.
        """
        return []

    def until(self, script: str, *arguments: Any) -> Any:
        """Wait until a script's result is true, and return it."""
        end = time.monotonic() + PATIENCE
        while not (result := self.run(script, *arguments)):
            assert time.monotonic() < end, f"this never came true: {script}"
            time.sleep(0.1)
        return result

    def shows(self, words: str) -> None:
        """Wait until the page shows some words."""
        self.until("return document.body.innerText.includes(arguments[0]);", words)


class Playwrights(Engine):
    """Chromium."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page()
        self.said: list[str] = []
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on(
            "console", lambda one: self.said.append(one.text) if one.type in ("error", "warning") else None
        )

    def go(self, url: str) -> None:
        """Load a page."""
        self.page.goto(url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page and return its result."""
        # Not by `new Function`, which the page's policy refuses.
        return self.page.evaluate(
            f"(given) => (function () {{ {script} }}).apply(null, given)", list(arguments)
        )

    def press(self, selector: str) -> None:
        """Click the first shown element of a selector."""
        self.page.locator(f"{selector}:visible").first.click()

    def seen(self) -> Image.Image:
        """Return what the window shows."""
        return Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")

    def complaints(self, site: str) -> list[str]:
        """Return what the console said; this page has seen no other site."""
        return self.said


class Driven(Engine):
    """A browser that is asked in the words of the WebDriver standard, whatever carries them."""

    @abstractmethod
    def ask(self, command: str, **given: Any) -> Any:
        """Send one command and return its result."""

    def go(self, url: str) -> None:
        """Load a page."""
        self.ask("Navigate", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page and return its result."""
        return self.ask("ExecuteScript", script=script, args=list(arguments))

    def press(self, selector: str) -> None:
        """Click the first shown element of a selector."""
        found = self.until(FIRST_SEEN, selector)
        self.ask("ElementClick", id=found[ELEMENT])

    def seen(self) -> Image.Image:
        """Return what the window shows."""
        picture = base64.b64decode(self.ask("TakeScreenshot"))
        return Image.open(io.BytesIO(picture)).convert("RGB")


class Firefox(Driven):
    """Debian's firefox-esr, asked by Marionette."""

    def __init__(self, port: int) -> None:
        self.socket = connected(port)
        self.rest = b""
        self.numbers = itertools.count(1)
        self._read()  # who is there
        self._send("WebDriver:NewSession", {"capabilities": {}})

    def _read(self) -> Any:
        while b":" not in self.rest:
            self.rest += self._more()
        length, _, rest = self.rest.partition(b":")
        while len(rest) < int(length):
            rest += self._more()
        self.rest = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _more(self) -> bytes:
        got = self.socket.recv(1 << 16)
        assert got, "Firefox has closed the connection"
        return got

    def _send(self, command: str, given: dict[str, Any]) -> Any:
        message = json.dumps([0, next(self.numbers), command, given]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        assert not error, f"{command}: {error}"
        return result.get("value") if isinstance(result, dict) else result

    def ask(self, command: str, **given: Any) -> Any:
        """Send one command and return its result."""
        return self._send(f"WebDriver:{command}", given)

    def complaints(self, site: str) -> list[str]:
        """Return what the console said; the browser's own side keeps it, refusals of the policy included."""
        self._send("Marionette:SetContext", {"value": "chrome"})
        try:
            return list(self.run(FIREFOX_CONSOLE, site))
        finally:
            self._send("Marionette:SetContext", {"value": "content"})


class WebKit(Driven):
    """Debian's WebKitGTK in its MiniBrowser, asked by WebKitWebDriver."""

    paths: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {  # noqa: RUF012
        "Navigate": lambda _: ("POST", "/url"),
        "ExecuteScript": lambda _: ("POST", "/execute/sync"),
        "ElementClick": lambda given: ("POST", f"/element/{given.pop('id')}/click"),
        "TakeScreenshot": lambda _: ("GET", "/screenshot"),
        "DeleteSession": lambda _: ("DELETE", ""),
    }

    def __init__(self, port: int, browser: str) -> None:
        connected(port).close()
        self.address = f"http://127.0.0.1:{port}/session"
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.address += "/" + self._send("POST", "", wanted)["sessionId"]

    def _send(self, method: str, path: str, given: dict[str, Any] | None) -> Any:
        data = None if method != "POST" else json.dumps(given or {}).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{path}: {refused.read().decode()}") from None

    def ask(self, command: str, **given: Any) -> Any:
        """Send one command and return its result."""
        method, path = self.paths[command](given)
        return self._send(method, path, given)


def connected(port: int) -> socket.socket:
    """Connect to a program that is just starting."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            assert time.monotonic() < end, f"nobody listens on port {port}"
            time.sleep(0.1)


@contextlib.contextmanager
def program(*words: str, env: dict[str, str] | None = None, output: Any = None) -> Iterator[Any]:
    """Run a program of a browser; it is gone afterwards."""
    process = subprocess.Popen(words, env=env, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def firefox(home: Path, port: int) -> Iterator[Firefox]:
    """Start Firefox with a profile of its own and no window."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    assert found, missing("Firefox", "firefox-esr")
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in (FIREFOX_PREFERENCES | {"marionette.port": port}).items()
    ]
    (home / "user.js").write_text("\n".join(lines), encoding="utf-8")
    words = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
    words += ["--profile", str(home)]
    with (
        (home / "said.txt").open("wb") as said,
        program(found, *words, env=os.environ | {"HOME": str(home), "MOZ_HEADLESS": "1"}, output=said),
    ):
        engine = Firefox(port)
        with engine.socket:
            yield engine


def minibrowser() -> str:
    """Find WebKitGTK's own small browser, which lies out of the PATH."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    assert found, missing("WebKitGTK's MiniBrowser", WEBKIT)
    return str(found[-1])


@contextlib.contextmanager
def screen(home: Path) -> Iterator[dict[str, str]]:
    """Give a display that nobody sees, as the environment of a program that needs one."""
    assert shutil.which("Xvfb"), missing("Xvfb", WEBKIT)
    words = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        display = f":{server.stdout.readline().decode().strip()}"
        env = os.environ | {"HOME": str(home), "DISPLAY": display, "XDG_RUNTIME_DIR": str(home)}
        try:
            yield env | {"NO_AT_BRIDGE": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
        finally:
            server.terminate()


@contextlib.contextmanager
def webkit(home: Path, port: int) -> Iterator[WebKit]:
    """Start WebKitGTK's driver on a display of its own; the driver starts the browser."""
    assert shutil.which("WebKitWebDriver"), missing("WebKitWebDriver", WEBKIT)
    with (
        screen(home) as env,
        (home / "said.txt").open("wb") as said,
        program("WebKitWebDriver", f"--port={port}", env=env, output=said),
    ):
        engine = WebKit(port, minibrowser())
        yield engine
        engine.ask("DeleteSession")


def webkit_said(home: Path, url: str, last: str) -> list[str]:
    """Open a page in a plain WebKitGTK, and return the lines of its console until one holds `last`."""
    words = [minibrowser(), "--enable-write-console-messages-to-stdout=true", url]
    file = home / "said.txt"
    with screen(home) as env, file.open("wb") as said, program(*words, env=env, output=said):
        end = time.monotonic() + PATIENCE
        while last not in (text := file.read_text(encoding="utf-8", errors="replace")):
            assert time.monotonic() < end, f"WebKit never said {last!r}, but: {text}"
            time.sleep(0.1)
    return [line for line in text.splitlines() if "CONSOLE" in line]
