"""A small book through the real build: what pages hold, what makes them stale, which faults are named."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from coursebook import search
from coursebook.build import BuildFailed, build
from coursebook.csp import meta_policy
from coursefacts.errors import InputFault

SAMPLE = Path(__file__).parent / "sample_book"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample book, built once; tests that change it build it again."""
    home = tmp_path_factory.mktemp("book")
    shutil.copytree(SAMPLE, home, dirs_exist_ok=True)
    shutil.copy(root / "_config.yml", home)
    build(home)
    return home


def page(home: Path, name: str) -> str:
    return (home / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")


def changed(path: Path, old: str, new: str) -> str:
    """Change a file and return what it was."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text


def test_a_fact_is_quoted_with_its_source_at_the_foot(home: Path) -> None:
    text = page(home, "lessons/lesson")
    assert "is listed from 34\xa0qubits on when its error is at most 10⁻⁴" in text
    assert 'href="#fact-xx-machine" aria-describedby="fact-xx-machine-source"' in text
    assert '<li id="fact-xx-machine" data-review-by="2027-05-22"' in text
    assert '<a href="https://list.example/entry-1">The sample country&#x27;s list, entry 1</a>' in text
    assert "training, not legal advice" in text


def test_what_is_only_reported_or_old_says_so_where_it_stands(home: Path) -> None:
    text = page(home, "lessons/lesson").partition("<table")[0]  # the table of sources has labels of its own
    assert text.count("(as reported by A law firm&#x27;s note)") == 1  # in full at the first use
    assert text.count("(reported)") == 1
    assert "(not verified since 8 June 2024, as of 22 November 2026)" in text


def test_an_erratum_says_what_is_right_and_leads_to_its_facts(home: Path) -> None:
    text = page(home, "lessons/lesson")
    assert '<dt id="erratum-e2027-01">The list begins later' in text
    assert "e2027-01 · found 10 January 2027 · mended in version 0.2.0" in text
    assert "The list begins &lt;early&gt;." in text and "The list begins at its first entry." in text
    assert 'href="#fact-xx-machine"><code' in text
    assert text.count("None so far.") == 1


def test_a_page_without_law_gives_no_advice(home: Path) -> None:
    assert "legal advice" not in page(home, "index")


def test_above_the_title_stands_what_kind_of_page_it_is(home: Path) -> None:
    assert '<p class="eyebrow">Lesson · 7 minutes · outcomes E1, E2</p>' in page(home, "lessons/lesson")


def test_formulas_are_mathml_and_numbers_lead_to_them(home: Path) -> None:
    text = page(home, "lessons/lesson")
    assert '<div class="math" id="equation-eq-first"><span class="eqno">(1)</span><math' in text
    assert 'href="#equation-eq-first"' in text
    assert not re.search(r"\\[a-z]+", re.sub(r"<[^>]*>", "", text.partition("<article>")[2]))


def test_every_page_has_the_policy_and_no_inline_script(home: Path) -> None:
    pages = list((home / "_build" / "html").rglob("*.html"))
    assert len(pages) >= 5
    for path in pages:
        text = path.read_text(encoding="utf-8")
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        assert policy and policy[1].replace("&#39;", "'") == meta_policy()
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S):
            assert not body.strip() or "application/json" in attributes
        assert not re.search(r"<[^>]+\son[a-z]+=", text)
        assert not re.search(r'<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?//', text)


def test_nothing_is_left_in_the_output_that_no_page_asks_for(home: Path) -> None:
    static = home / "_build" / "html" / "_static"
    assert not [path.name for path in static.rglob("*") if path.suffix in {".map", ".ttf"}]
    assert not list(static.glob("mystnb*"))


def test_a_case_is_parsed_with_its_roles_and_notes_its_facts(home: Path) -> None:
    text = page(home, "lessons/quiz")
    assert 'class="case-root' in text
    assert 'data-fact="xx.machine"' in text and '<li id="fact-xx-machine"' in text
    assert 'href="lesson.html#term-widget"' in text
    assert "<math" in text
    assert "_static/case.js?v=" in text and "_static/case.js" not in page(home, "lessons/lesson")
    assert 'href="../guides/review.html"' in text


def test_the_review_knows_every_quiz_and_where_it_stands(home: Path) -> None:
    text = page(home, "guides/review")
    assert '<li><a href="../lessons/quiz.html">The badge</a> (1 question)</li>' in text
    assert "_static/review.js?v=" in text and "_static/case.js" not in text
    assert "From how many qubits" not in text, "a question's words stay on its own page"
    first = page(home, "index")
    assert '<p class="review-line note" hidden><a href="guides/review.html">' in first
    assert "_static/due.js?v=" in first and "_static/case.css" not in first
    quiz, lesson = json.loads(re.search(r'class="review-quizzes">(.*?)</script>', text)[1])
    (item,) = quiz["items"]
    assert (item["id"], [form["correct"] for form in item["forms"]]) == ("the-list", [[1]])
    assert (lesson["id"], lesson["url"]) == ("lesson-prompts", "../lessons/lesson.html")
    assert [item["id"] for item in lesson["items"]] == ["forty-of-them"]
    assert f'"digest":"{quiz["digest"]}"' in page(home, "lessons/quiz")


def test_a_question_stands_in_a_lesson_with_its_answers_folded(home: Path) -> None:
    text = page(home, "lessons/lesson")
    assert "_static/prompt.js?v=" in text and "_static/case.css?v=" in text
    question = text.partition('<div class="prompt-root" data-prompts="lesson-prompts">')[2].partition(
        "prompt-logic"
    )[0]
    assert "Is a machine with forty qubits a" in question and 'href="#term-widget"' in question
    assert question.count("<details><summary>") == 2
    assert 'data-fact="xx.machine"' in question


def test_a_widget_is_the_whole_player_where_there_is_no_kernel(home: Path) -> None:
    text = page(home, "lessons/lab")
    assert 'class="case-root' in text and "From how many qubits" in text
    assert "_static/case.js?v=" in text and "_static/case.css?v=" in text
    assert "widget-view+json" not in text and "require" not in text.partition("<article>")[0]


def test_a_picture_of_a_case_is_copied_from_its_folder_with_its_words(home: Path) -> None:
    text = page(home, "lessons/door")
    image = re.search(r'<img[^>]*alt="A door with a brass handle, and a note[^>]*>', text)
    assert image is not None
    file = re.search(r'src="([^"]+door\.svg)"', image.group(0))
    assert file is not None
    assert (home / "_build/html/lessons" / file.group(1)).is_file()


def test_what_is_proved_of_a_case_is_worked_out_at_the_build(home: Path) -> None:
    text = page(home, "lessons/door")
    assert "1 scene with 1 decision; 3 states and 2 paths, all of them looked at." in text
    assert "Ajar (best)" in text
    drawn = re.search(r'<svg[^>]*class="case-graph".*?</svg>', text, re.DOTALL)
    assert drawn is not None
    assert "Open it" in "".join(ElementTree.fromstring(drawn.group(0)).itertext())
    assert "The graph in words" in text


def known(home: Path) -> dict:
    return json.loads(re.search(r'id="search-data">(.*?)</script>', page(home, "search"))[1])


def test_the_search_page_knows_the_usual_names_and_what_each_page_belongs_to(home: Path) -> None:
    told = known(home)
    names = {"names": ["gadget", "the thing"], "pages": ["lessons/lesson", "lessons/lab"]}
    assert told["synonyms"] == [names]
    assert told["pages"]["guides/review"][0] == "Guides"
    assert told["pages"]["lessons/lesson"][1] > told["pages"]["guides/review"][1]


def test_the_exercise_card_says_what_it_is_worth(home: Path) -> None:
    text = page(home, "index")
    assert "A sample exercise" in text and "about 60 minutes" in text
    assert 'data-live="course/open/exercises/sample"' in text
    assert 'id="am-i-right"' in text and 'data-practice="sample"' in text
    assert 'id="hand-in"' in text and 'data-hand-in="sample"' in text
    for words in ("make practice EXERCISE=sample", "make handin EXERCISE=sample LEARNER=you", "practice: "):
        assert re.search(rf"<code[^>]*>(<[^>]*>)*{words.replace(' ', '(<[^>]*>| )*')}", text), words
    assert re.search(r'<script src="[^"]*_static/exercise.js[^"]*" type="module">', text)


def test_a_table_of_facts_is_a_table_with_links(home: Path) -> None:
    text = page(home, "lessons/lesson")
    assert '<div class="scroll"><table class="fact-table' in text
    assert 'href="https://gazette.example/">gazette.example</a>' in text


def test_the_live_notebook_holds_resolved_prose_and_all_code(home: Path) -> None:
    path = home / "_build" / "live" / "lessons" / "lab.ipynb"
    made = nbformat.reads(path.read_text(encoding="utf-8"), 4)
    nbformat.validate(made)
    kinds = [cell.cell_type for cell in made.cells]
    assert kinds == ["markdown", "code", "code", "markdown", "code"]
    prose = made.cells[0].source
    assert "begins at 34\xa0qubits" in prose and "{fact}" not in prose
    assert "[the lesson](/lessons/lesson.html)" in prose
    assert "[widget](/lessons/lesson.html#term-widget)" in prose
    assert "> Look at $x^2$ closely." in prose
    assert made.cells[1].source == "secret = 3"  # hidden on the page, needed by the next cell
    assert all(not cell.get("outputs") for cell in made.cells)
    assert len({cell.id for cell in made.cells}) == 5
    assert not (home / "_build" / "live" / "lessons" / "lesson.ipynb").exists()


@pytest.mark.proof
def test_a_build_that_was_killed_is_healed_by_the_next(home: Path, tmp_path: Path) -> None:
    copy, gate = tmp_path / "copy", tmp_path / "gate"
    build(home)
    shutil.copytree(home, copy)
    lab = copy / "book" / "lessons" / "lab.md"
    held = f"secret = 3; import pathlib, time; pathlib.Path({str(gate)!r}).touch(); time.sleep(600)"
    was = changed(lab, "secret = 3", held)
    words = [sys.executable, "-m", "coursebook.build", "--root", str(copy)]
    building = subprocess.Popen(words, start_new_session=True, stdout=-3, stderr=-3)
    while not gate.exists():
        assert building.poll() is None, "the build ended before its lab ran"
        time.sleep(0.05)
    os.killpg(building.pid, signal.SIGKILL)
    building.wait(60)
    lab.write_text(was, encoding="utf-8")
    # What such a kill may leave: a page without its end that is newer than its source, and a notebook that
    # the cache knows and cannot read.
    (copy / "_build" / "html" / "lessons" / "lesson.html").write_text("<!DOCTYPE html>\n<html")
    torn = list((copy / "_build" / ".jupyter_cache").rglob("base.ipynb"))
    assert torn
    for number, path in enumerate(torn):
        path.write_text("{") if number else shutil.rmtree(path.parent)
    build(copy)
    for name in ("index", "lessons/lesson", "lessons/lab", "lessons/quiz"):
        assert page(copy, name) == page(home, name)
    assert not (copy / "_build" / ".book.unfinished").exists()


FACT = "book/facts/control-list/xx.machine.yml"
ERRATUM = "book/errata/e2027-01.yml"
#: What its owner changes between two builds: (file, old, new).
CHANGES = [
    (FACT, "value: 34", "value: 35"),
    ("scenarios/cases/the-badge/case.md", "- [ ] None", "- [x] None"),
    ("book/synonyms.yml", "gadget", "gizmo"),
]


def ids_of_cells(home: Path) -> list[str]:
    live = home / "_build" / "live" / "lessons" / "lab.ipynb"
    return [cell["id"] for cell in json.loads(live.read_text(encoding="utf-8"))["cells"]]


def meaning(home: Path) -> str:
    """What the card of the word `widget` says on a page that uses it."""
    pattern = r'<div id="words" hidden><p id="word-term-widget"><strong>widget</strong>: (.*?)</p>'
    found = re.search(pattern, page(home, "lessons/quiz"))
    assert found is not None
    return found[1]


def test_each_change_reaches_every_page_that_depends_on_it_and_goes_again(home: Path) -> None:
    ids, word = ids_of_cells(home), meaning(home)
    assert 'id="words"' not in page(home, "index")
    changes = [*CHANGES, ("book/lessons/lesson.md", word, "Quite another thing.")]
    was = {file: changed(home / file, old, new) for file, old, new in changes}
    second = home / ERRATUM.replace("01", "02")
    second.write_text(
        (home / ERRATUM).read_text(encoding="utf-8").replace("e2027-01", "e2027-02"), encoding="utf-8"
    )
    try:
        build(home)
        assert "from 35\xa0qubits on" in page(home, "lessons/lesson")
        assert "35\xa0qubits" in page(home, "lessons/quiz")
        # The code cell did not change: it ran again.
        assert "qubits: 35\xa0qubits 3" in page(home, "lessons/lab")
        after = ids_of_cells(home)
        assert after[1:] == ids[1:] and after[0] != ids[0]
        assert '"correct":[1,2]' in page(home, "guides/review")
        assert known(home)["synonyms"][0]["names"][0] == "gizmo"
        assert meaning(home) == "Quite another thing."
        assert '<dt id="erratum-e2027-02">' in page(home, "lessons/lesson")
    finally:
        second.unlink()
        for file, text in was.items():
            (home / file).write_text(text, encoding="utf-8")
    caches = home / "_build" / ".jupyter_cache"
    before = {path.name for path in caches.iterdir()}
    # A new version of a library runs the code cells again, whatever else changed.
    (home / "constraints.txt").write_text("qiskit==9.9.9\n", encoding="utf-8")
    build(home)
    assert {path.name for path in caches.iterdir()} - before
    assert "qubits: 34\xa0qubits 3" in page(home, "lessons/lab")
    assert '"correct":[1]' in page(home, "guides/review")
    assert meaning(home) == word and "e2027-02" not in page(home, "lessons/lesson")
    written = (home / "_build" / "html" / "lessons" / "lesson.html").stat().st_mtime_ns
    build(home)
    assert (home / "_build" / "html" / "lessons" / "lesson.html").stat().st_mtime_ns == written


LESSON = "book/lessons/lesson.md"
FAULTS = [
    (LESSON, "{fact}`xx.old:qubits_min`", "{fact}`xx.odl:qubits_min`", "lesson.md:12", "xx.old"),
    (LESSON, "{fact}`xx.machine`", "{fact}`xx.machine:qubit_min`", "lesson.md:11", "qubits_min"),
    (LESSON, "{fact-table} sources", "{fact-table} source", "lesson.md:24", "sources"),
    (LESSON, "# A lesson", "# A lesson of {fact}`xx.old:qubits_min`", "lesson.md:9", "heading"),
    (LESSON, "minutes: 7", "minuets: 7", "lesson.md", "minuets"),
    (LESSON, r"\langle \psi |", r"\SI{3}{K} |", "lesson.md:16", r"\SI"),
    (LESSON, "{term}`widget`", "{term}`gadget`", "lesson.md:14", "gadget"),
    ("book/lessons/quiz.md", "# A quiz", "# A quiz\n\n```{case} the-badger\n```", "quiz.md:7", "the-badge"),
    ("book/index.md", "{exercise-card} sample", "{exercise-card} simple", "index.md:5", "sample"),
    ("scenarios/cases/the-badge/case.md", "statement says so: {fact}`xx.machine`",
     "statement says so: {fact}`xx.machin`", "the-badge/case.md:21", "xx.machine"),
    ("book/lessons/lab.md", "secret = 3", "secret = 1 / 0", "lab.md", "ZeroDivisionError"),
    ("book/synonyms.yml", "lessons/lab]", "lessons/lap]", "synonyms.yml:2", "lessons/lab"),
    ("book/synonyms.yml", "the thing]", "Gadget]", "synonyms.yml:1", "twice"),
    (ERRATUM, "xx.machine", "xx.machin", "e2027-01.yml:6", "no fact 'xx.machin'; did you mean 'xx.machine'?"),
]  # fmt: skip


def test_every_slip_fails_the_build_with_file_and_line_also_the_second_time(home: Path) -> None:
    was = {file: (home / file).read_text(encoding="utf-8") for file, *_ in FAULTS}
    for file, old, new, *_ in FAULTS:
        changed(home / file, old, new)
    try:
        for _ in range(2):  # a page that Sphinx has read already must not pass unread
            with pytest.raises(BuildFailed) as failed:
                build(home)
            told = str(failed.value).splitlines()
            for *_, where, said in FAULTS:
                assert any(where in line and said in line for line in told), f"{where} {said}\n{failed.value}"
            assert not any("Traceback" in line for line in told)
    finally:
        for file, text in was.items():
            (home / file).write_text(text, encoding="utf-8")


def test_names_that_are_no_list_are_told_with_their_line(tmp_path: Path) -> None:
    listing = tmp_path / "synonyms.yml"
    listing.write_text("- names: gizmo\n", encoding="utf-8")
    with pytest.raises(InputFault, match=r"synonyms\.yml:1: .*list.*each entry has"):
        search.read(listing)


def command(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coursebook.build", "--root", str(home)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_ends_with_1_and_the_fault_2_and_the_fact_0_and_the_place(home: Path) -> None:
    fact = home / "book" / "facts" / "control-list" / "xx.old.yml"
    was = changed(fact, "confidence: seen", "confidence: guessed")
    try:
        done = command(home)
        assert done.returncode == 2
        assert re.search(r"xx\.old\.yml:\d+: ", done.stderr) and "Traceback" not in done.stderr
    finally:
        fact.write_text(was, encoding="utf-8")
    was = changed(home / "book" / "index.md", "lessons/lesson.md", "lessons/lessen.md")
    try:
        done = command(home)
        assert done.returncode == 1 and "book/index.md:3: WARNING" in done.stderr
    finally:
        (home / "book" / "index.md").write_text(was, encoding="utf-8")
    done = command(home)
    assert done.returncode == 0, done.stderr
    assert "_build/html" in done.stdout


def test_a_folder_without_a_book_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(InputFault, match="no book here"):
        build(tmp_path)
    done = command(tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
