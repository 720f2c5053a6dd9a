"""Marking from the first sample to the record's evidence, by keyboard, in a real Chromium.

The class is really graded; the page is served by the real command; what is in the gradebook is read from its
file. Right, lazy and unlucky persons.
"""

from __future__ import annotations

import csv
import http.client
import itertools
import json
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.autograder.marking import Keys, grades, lines_of, marking, rows

pytestmark = [pytest.mark.slow, pytest.mark.browser]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def person(chromium):
    """Open a page in a browser of its own, of which nothing may complain and nothing may leave."""
    contexts, troubles = [], []

    def open_page(address: str, **options: object) -> Page:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        base = address.partition("/?")[0]
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request", lambda one: None if one.url.startswith((base, "data:")) else troubles.append(one.url)
        )
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def mark_samples(page: Page, keys: Keys) -> None:
    """Mark both samples; the authors' points come after one's own."""
    keys.enter()
    for label, points in (("good", ("2", "1")), ("poor", ("0", "0"))):
        expect(page.locator("h1")).to_contain_text("Sample")
        assert f"The authors call it {label}" not in page.content()
        keys.press(*points)
        keys.enter()
        expect(page.locator("main")).to_contain_text(f"The authors call it {label}")
        keys.enter()


def left(page: Page) -> int:
    return int(page.locator("header nav").inner_text().split()[0])


def test_a_class_is_marked_by_keyboard_twice_settled_and_certified(graded_copy, tmp_path, person, run):
    waiting = {learner for learner, (_, waits, _) in grades(graded_copy).items() if waits}
    assert len(waiting) > 8
    with marking(graded_copy) as served:
        page = person(served.address)
        keys = Keys(page)
        mark_samples(page, keys)
        assert grades(graded_copy) == grades(graded_copy) and {row["role"] for row in rows(graded_copy)} == {
            "sample"
        }
        count = left(page)
        assert count == len(waiting)
        # The first comment is written, and then it is a key.
        keys.press("w")
        keys.type("Say what a whole is.")
        keys.press("Escape", "2", "1")
        keys.enter()
        for at in range(1, count):
            before = keys.count
            expect(page.locator("header nav")).to_contain_text(f"{count - at} left")
            keys.press("1", "1", *("a" if at % 2 else ()))
            keys.enter()
            assert keys.count - before <= 8
        expect(page.locator("main")).to_contain_text("Nothing is left for you.")
    told = grades(graded_copy)
    assert all(told[learner][:2] in {(2.0, False), (3.0, False)} for learner in waiting)
    assert sum(told[learner][2] == "Say what a whole is." for learner in waiting) == 1 + count // 2
    marks = [row for row in rows(graded_copy) if row["role"] == "first"]
    assert {row["learner"] for row in marks} == waiting
    assert {row["marker"] for row in marks} == {"Ada"} and all(
        row["marked_at"].endswith("Z") for row in marks
    )
    assert json.loads(marks[0]["parts"]) == {"Halves and wholes": 2.0, "One sentence": 1.0}

    with marking(graded_copy, "--apart", 1, marker="Ben") as served:
        page = person(served.address)
        keys = Keys(page)
        mark_samples(page, keys)
        # Nothing is left to mark, so the way leads back; Ada's points are not told before Ben has given his.
        expect(page.locator("main")).to_contain_text("Mark a second time")
        assert page.locator("td.number").all_inner_texts().count("2") == 0
        keys.enter()
        assert "Ada" not in page.locator("main").inner_text()
        keys.press("2", "1")
        keys.enter()
        expect(page.locator("main")).to_contain_text("the first mark stands")
        keys.enter()
        keys.press("0", "0")
        keys.enter()
        expect(page.locator("main")).to_contain_text("waits until somebody settles it")
        apart = [
            learner for learner, (_, waits, _) in grades(graded_copy).items() if learner in waiting and waits
        ]
        assert len(apart) == 1
        with page.expect_navigation():
            page.get_by_role("link", name="settle it now").click()
        expect(page.locator("table")).to_contain_text("Ada")
        keys.press("1", "0")
        keys.enter()
        assert grades(graded_copy)[apart[0]][:2] == (1.0, False)

    table = tmp_path / "marks.csv"
    assert run("mark", "greeting", "--course", graded_copy, "--out", table).code == 0
    lines = lines_of(table)
    mine = next(line for line in lines if line["learner"] == "right")
    assert mine["letter"] == "Because two halves make one whole."
    mine["part: Halves and wholes"], mine["part: One sentence"], mine["score"] = "1,5", "1", ""
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, lines[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    ended = run("mark", "greeting", "--course", graded_copy, "--as", "Cem", "--in", table)
    assert ended.code == 0 and ended.out.startswith("1 marks taken"), ended.said
    assert grades(graded_copy)["right"][:2] == (2.5, False)
    assert rows(graded_copy)[-1]["marker"] == "Cem"

    ended = run("evidence", "--course", graded_copy)
    assert ended.code == 1 and "5 blocked by a fault" in ended.said, ended.said  # others' hand-ins are held
    own = next(one for one in json.loads(ended.out)["learners"] if one["learner"] == "right")
    assert own["blocked"] == [] and own["evidence"][0]["assurance"] == "marked by a person"
    assert own["evidence"][0]["certifiable"] and own["evidence"][0]["manual"]["score"] == 2.5


@pytest.mark.proof
def test_who_looks_at_everything_and_marks_nothing_settles_nothing(graded_copy, person):
    before = grades(graded_copy)
    waiting = sum(waits for _, waits, _ in before.values())
    with marking(graded_copy, "--among", "Ada,Ben") as served:
        page = person(served.address)
        assert f"{served.base}/next/letter" in page.locator("main a").evaluate_all(
            "all => all.map((a) => a.href)"
        )
        page.goto(f"{served.base}/next/letter")
        assert 0 < left(page) < waiting
        keys = Keys(page)
        for _ in range(4):
            with page.expect_navigation():
                keys.press("s")
        # Half a rubric is no mark.
        keys.press("1")
        keys.press("Enter")
        expect(page.locator("#told")).to_contain_text("“One sentence” has no points yet")
        with page.expect_navigation():
            keys.press("o")
    assert grades(graded_copy) == before and rows(graded_copy) == []


@pytest.mark.proof
def test_nothing_is_lost_when_the_server_dies(graded_copy, person):
    with marking(graded_copy) as served:
        page = person(served.address)
        page.goto(f"{served.base}/next/letter")
        keys = Keys(page)
        keys.press("2", "1")
        keys.enter()
        # What the page has said to be saved is there, however the server ends.
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait()
        assert [row["score"] for row in rows(graded_copy)] == [3.0]
        assert sum(score == 3.0 for score, _, _ in grades(graded_copy).values()) == 1
        keys.press("1", "0", "w")
        keys.type("Still here.")
        keys.press("Control+Enter")
        expect(page.locator("#told")).to_contain_text("Not saved: the server does not answer")
        place = urlsplit(page.url).path
    with marking(graded_copy, "--port", served.port) as again:
        page.goto(again.address)
        page.goto(f"{again.base}{place}")
        expect(page.locator("#told")).to_contain_text("not saved yet")
        expect(page.locator("textarea")).to_have_value("Still here.")
        keys.enter()
    assert [(row["score"], row["comment"]) for row in rows(graded_copy)] == [(3.0, ""), (1.0, "Still here.")]


@pytest.mark.proof
def test_two_markers_at_once_and_a_gradebook_in_use_lose_no_mark(graded_copy, person):
    with marking(graded_copy, "--names") as one, marking(graded_copy, marker="Ben") as two:
        ada, ben = person(one.address), person(two.address)
        ada.goto(f"{one.base}/next/letter")
        ben.goto(f"{two.base}{urlsplit(ada.url).path}")
        first, second = Keys(ada), Keys(ben)
        first.press("2", "1")
        first.enter()
        second.press("1", "0", "Enter")
        expect(ben.locator("#told")).to_contain_text("marked meanwhile by Ada, 3 points")
        assert [row["marker"] for row in rows(graded_copy)] == ["Ada"]
        with ben.expect_navigation():
            ben.get_by_role("button", name="Save mine over it").click()
        assert [(row["marker"], row["score"]) for row in rows(graded_copy)] == [("Ada", 3.0), ("Ben", 1.0)]
        with closing(sqlite3.connect(graded_copy / "gradebook.db", isolation_level=None)) as held:
            held.execute("begin exclusive")
            first.press("1", "1", "Enter")
            expect(ada.locator("#told")).to_contain_text("the gradebook (sqlite) cannot be used")
            expect(ada.locator("#told")).to_contain_text("close what else has it open")
            held.execute("rollback")
        first.enter()
    assert [row["marker"] for row in rows(graded_copy)] == ["Ada", "Ben", "Ada"]


def test_the_page_is_accessible_narrow_and_prints(graded_copy, person):
    with marking(graded_copy) as served:
        page = person(served.address, bypass_csp=True, viewport={"width": 390, "height": 800})
        for path, scheme in itertools.product(("/", "/sample/1", "/next/letter"), ("light", "dark")):
            page.emulate_media(color_scheme=scheme)
            page.goto(served.base + path)
            page.add_script_tag(content=AXE)
            found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
            assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        page.emulate_media(media="print")
        assert page.locator("button[type=submit]").is_hidden() and page.locator(".letter").is_visible()


def test_the_address_signs_in_once_and_only_our_pages_change_anything(graded_copy):
    with marking(graded_copy) as served:

        def ask(
            method: str, path: str, headers: dict[str, str] | None = None, body: str = ""
        ) -> tuple[int, str]:
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
            try:
                connection.request(method, path, body=body, headers=headers or {})
                answer = connection.getresponse()
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                return answer.status, answer.headers.get("Set-Cookie") or answer.read().decode()
            finally:
                connection.close()

        once = served.address.partition("127.0.0.1")[2].partition("/")[2]
        assert ask("GET", "/")[0] == 403
        assert ask("GET", "/?once=guess")[0] == 403
        status, cookie = ask("GET", f"/{once}")
        assert status == 302 and "HttpOnly" in cookie and "SameSite=Strict" in cookie
        status, said = ask("GET", f"/{once}")
        assert status == 403 and "signs in once" in said
        signed = {"Cookie": cookie.partition(";")[0]}
        assert ask("GET", "/", signed)[0] == 200
        assert ask("GET", "/", signed | {"Host": "evil.example"})[0] == 403
        _, page = ask("GET", "/sample/1", signed)
        word = page.partition('name="word" value="')[2].partition('"')[0]
        form = {"Content-Type": "application/x-www-form-urlencoded", **signed}
        assert ask("POST", "/sample/1", form, "p0=1&p1=1")[0] == 403
        assert (
            ask("POST", "/sample/1", form | {"Origin": "http://127.0.0.1:1"}, f"word={word}&p0=1&p1=1")[0]
            == 403
        )
        assert rows(graded_copy) == []
        assert ask("POST", "/sample/1", form | {"Origin": served.base}, f"word={word}&p0=1&p1=1")[0] == 303
        assert [row["role"] for row in rows(graded_copy)] == ["sample"]
