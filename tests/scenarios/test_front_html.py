"""The game book: sound HTML that holds all of the case, and logic without a word of it."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from coursefacts.errors import InputFault

from scenarios.engine import frontend, load, loads
from scenarios.engine.compile import compile_case
from scenarios.engine.html import Words, pieces, render
from scenarios.engine.htmlprose import HtmlProse
from scenarios.engine.model import Case
from tests.front_page import SAMPLE_CASE, SAMPLE_QUIZ

ROOT = Path(__file__).resolve().parents[2]
REAL = sorted([*ROOT.glob("scenarios/cases/*/case.md"), *ROOT.glob("tests/sample_course/**/case.md")])
ALL = [SAMPLE_CASE, SAMPLE_QUIZ, *REAL]
VOID = {"br", "img", "hr", "input", "meta", "link"}
BLOCKS = {"p", "div", "section", "ol", "ul", "li", "details", "h2", "h3", "h4", "h5", "table", "blockquote"}
NO_BLOCKS_IN = {"p", "summary", "h2", "h3", "h4", "h5", "a", "span"}


class Checked(HTMLParser):
    """Reads HTML and complains where a browser would have to repair it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> stays open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if len(found) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag in BLOCKS and (inside := NO_BLOCKS_IN & set(self.open)):
            self.faults.append(f"<{tag}> inside {inside}")
        self.attributes |= set(found)
        self.ids += [str(found["id"])] if "id" in found else []
        self.links += [str(found["href"])] if str(found.get("href", "")).startswith("#") else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing that is open last")


def book(case: Case, **options: object) -> str:
    return render(case, prose=HtmlProse(), **options)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parent.name + "/" + path.stem)
def test_game_book_is_sound_html(path: Path) -> None:
    case = load(path)
    found = Checked(book(case))
    assert found.faults == []
    assert [one for one, times in Counter(found.ids).items() if times > 1] == []
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert not {name for name in found.attributes if name.startswith("on") or name == "style"}


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parent.name + "/" + path.stem)
def test_headings_follow_the_page(path: Path) -> None:
    case = load(path)
    levels = [2, *Checked(book(case, heading_level=3)).headings]
    assert levels[1] == 3
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parent.name + "/" + path.stem)
def test_every_word_of_the_author_is_there_once(path: Path) -> None:
    case = load(path)
    words = [piece for piece in pieces(case) if isinstance(piece, Words) and not piece.inline]
    stands = [
        *(block.source for block in (*case.intro, *case.notes)),
        *(
            block.source
            for scene in case.scenes
            for words_of in (scene, *scene.forms)
            for block in (
                *words_of.prose,
                *(each for choice in words_of.choices for each in choice.feedback),
            )
        ),
        *(block.source for scene in case.scenes for block in (*scene.debrief, *scene.notes)),
    ]
    assert Counter(piece.source for piece in words) == Counter(stands)
    lines = path.read_text(encoding="utf-8").splitlines()
    for piece in words:
        # A leading condition stands in front of the words on their line.
        assert piece.source.splitlines()[0].strip() in lines[piece.line - 1]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parent.name + "/" + path.stem)
def test_logic_holds_no_prose(path: Path) -> None:
    case = load(path)
    text = re.search(r'class="case-logic">(.*?)</script>', book(case), re.DOTALL)
    assert text is not None
    data = json.loads(text[1])
    assert data["logic"] == compile_case(case)["logic"]
    assert data["digest"] == case.digest
    assert " " not in text[1], "only ids and numbers"


def test_compiled_case_renders_as_the_case_does() -> None:
    case = load(SAMPLE_CASE)
    through_json = json.loads(json.dumps(compile_case(case)))
    assert book(through_json) == book(case)


def test_prefix_keeps_two_books_on_a_page_apart() -> None:
    case = load(SAMPLE_CASE)
    found = Checked(book(case, id_prefix="a") + book(case, id_prefix="b"))
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links} <= set(found.ids)


def test_paper_reader_learns_conditions_effects_and_what_to_note() -> None:
    text = re.sub(r"<[^>]+>", "", book(load(SAMPLE_CASE)))
    assert "You: a doctoral student with a parcel" in text
    assert "If the parcel is packed and it is not so that you asked the export office:" in text
    assert "If the time used is at least 4 hours:" in text
    assert "Only if the parcel is packed:" in text
    assert "You can do this once. Note down: you asked the export office." in text
    assert "Strike out: the parcel is packed." in text
    assert "Security +1, Openness \N{MINUS SIGN}2" in text
    assert "When more have gone, the deadline has passed: go on at The courier is gone, once." in text


def test_hostile_words_stay_words() -> None:
    text = SAMPLE_CASE.read_text(encoding="utf-8")
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    case = loads(
        text.replace("True, and on the form as well.", evil)
        .replace("you asked the export office", f"'{evil}'")
        .replace("label: Security", "label: '<b>Security'")
    )
    found = Checked(book(case))
    assert found.faults == []
    assert not {"onerror", "src"} & found.attributes
    assert book(case).count("<script") == 1


def test_notebook_prose_resolves_roles_and_formulas() -> None:
    prose = HtmlProse()
    shown = prose(Words("See {term}`deemed export <deemed-export>`, {cite}`nas-2020-report` and $n>1$.", 1))
    assert "See deemed export, [nas-2020-report] and " in shown
    assert "<math" in shown
    assert "$" not in shown
    assert "<p>" not in prose(Words("A *label*", 1, inline=True))
    with pytest.raises(InputFault, match="cannot be converted"):
        prose(Words(r"$x_1_2$", 1))


@pytest.mark.parametrize("entry", frontend.ENTRIES)
def test_front_end_is_small_and_asks_nobody_else(entry: str) -> None:
    texts = (frontend.script(entry), frontend.sheet())
    assert sum(len(gzip.compress(text.encode(), mtime=0)) for text in texts) <= 25_000
    for text in texts:
        asked = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//[a-z]+\.|@import|\burl\(", asked)
    code = frontend.script(entry)
    assert not re.search(
        r"^import |import\(|\beval\(|new Function|document\.write|setAttribute\(\"on", code, re.MULTILINE
    )
    # The one place where markup is taken in is the notebook, where Python's own game book arrives.
    assert code.count("innerHTML") == (entry == "case.js")


def test_sources_are_small_and_all_of_them_are_sent() -> None:
    sources = sorted(frontend.ASSETS.glob("*.js"))
    sent = "".join(frontend.script(entry) for entry in frontend.ENTRIES)
    for file in sources:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 400
        assert lines[0] in sent, file.name


def test_an_address_changes_with_what_lies_there() -> None:
    name, _, digest = frontend.address("case.js").partition("?v=")
    assert name == "case.js"
    assert re.fullmatch("[0-9a-f]{10}", digest)
    digests = {frontend.address(each).partition("=")[2] for each in frontend.files()}
    assert len(digests) == len(frontend.files())


def test_speaker_notes_are_folded_up() -> None:
    text = book(load(SAMPLE_CASE))
    found = re.findall(
        r'<details class="case-speaker"><summary>[^<]*</summary>(.*?)</details>', text, re.DOTALL
    )
    assert [re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in found] == [
        "Ask who has sent a sample without papers.",
        "Vote before you say how long the office takes.",
    ]


def test_no_two_scripts_of_a_page_call_something_by_one_name():
    """The book puts them into one module, and a second `const` of one name stops them all."""
    files = [*ROOT.glob("scenarios/engine/front/*.js"), *ROOT.glob("book/_ext/coursebook/front/*.js")]
    top = re.compile(
        r"^(?:export )?(?:async )?(?:const|let|class|function)\*? +(\[[^]]*\]|\w+)", re.MULTILINE
    )
    names = [
        name
        for file in files
        for found in top.findall(file.read_text())
        for name in re.findall(r"\w+", found)
    ]
    assert len(names) > 100
    assert [name for name, times in Counter(names).items() if times > 1] == []
