"""The package of a module: what is in it, what its manifest says, and that nothing in it leads nowhere."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner

from autograder.records.cli import main
from autograder.records.errors import Fault
from autograder.records.export import scorm
from autograder.records.export.module import pages
from autograder.records.export.scorm import manifest
from scenarios.engine import frontend

CP = f"{{{manifest.CP}}}"
ADL = f"{{{manifest.ADL}}}"
FORMS = [{"asks": "choice", "options": 2, "correct": correct} for correct in ([1], [1, 2])]
QUIZ = {
    "digest": "d" * 64,
    "logic": {"id": "q", "items": [{"id": "a", "forms": FORMS[:1]}, {"id": "b", "forms": FORMS[1:]}]},
    "until": {"b": "2027-04-01"},
}
PAGE = """<!DOCTYPE html><html lang="en"><head><title>x</title>
{onward}<link rel="stylesheet" href="../../_static/book.css"></head>
<body><header class="top"><form action="../../search.html"></form></header>
<h1>{title}<a class="headerlink" href="#x" title="Link">¶</a></h1>{body}</body></html>"""


def page(title, body="", onward=""):
    link = f'<link rel="next" href="{onward}">' if onward else ""
    return PAGE.format(title=title, body=body, onward=link)


@pytest.fixture
def site(tmp_path) -> Path:
    """A small book with one module of three pages, one of which no other leads to."""
    module = tmp_path / "site" / "modules" / "m"
    module.mkdir(parents=True)
    static = tmp_path / "site" / "_static" / "fonts"
    static.mkdir(parents=True)
    (static.parent / "book.css").write_text("body { color: black }")
    (static / "serif.woff2").write_bytes(b"font")
    (static.parent / "case.js").write_text(frontend.script("case.js"))
    links = (
        '<a class="a" href="quiz.html#q">here</a> <a href="../n/index.html">there</a>'
        '<a href="../../reference/glossary.html#qubit" title="t">word</a> <a href="#x">up</a>'
        '<a href="https://example.org/?a=1&amp;b=2">out</a> <a href="../../_static/book.css">style</a>'
        '<a href="mailto:a@example.org">mail</a>'
    )
    logic = f'<script type="application/json" class="case-logic">{json.dumps(QUIZ)}</script>'
    (module / "index.html").write_text(page("M &amp; <em>more</em>", links, "quiz.html"))
    (module / "quiz.html").write_text(
        page(
            "Quiz", f'<div class="case-root" data-case="q" data-kind="quiz">{logic}</div>', "../n/index.html"
        )
    )
    (module / "alone.html").write_text(page("Alone"))
    return tmp_path / "site"


def unpacked(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(site, **other):
    return unpacked(scorm.pack(scorm.Package(site, "modules/m", **other)))


def told(content):
    found = re.search(rb'<script id="told" type="application/json">(.*?)</script>', content["index.html"])
    return json.loads(found.group(1))


def test_it_holds_the_pages_what_they_need_and_the_shell(site):
    content = packed(site)
    assert next(iter(content)) == "imsmanifest.xml"
    assert sorted(content) == [
        "content/_static/book.css",
        "content/_static/case.js",
        "content/_static/fonts/serif.woff2",
        "content/inside.css",
        "content/modules/m/alone.html",
        "content/modules/m/index.html",
        "content/modules/m/quiz.html",
        "imsmanifest.xml",
        "index.html",
        "scorm.js",
        "shell.css",
        "shell.js",
    ]


def test_pages_come_in_the_order_of_the_book(site):
    knows = told(packed(site))
    assert [one["title"] for one in knows["pages"]] == ["M & more", "Quiz", "Alone"]
    assert knows["pages"][1]["cases"] == [
        {
            "id": "q",
            "kind": "quiz",
            "digest": "d" * 64,
            "items": QUIZ["logic"]["items"],
            "until": [None, "2027-04-01"],
        }
    ]
    assert knows["passMark"] == 80 and knows["title"] == "M & more"


def test_no_link_leads_nowhere(site):
    text = packed(site)["content/modules/m/index.html"].decode()
    behind = 'title="This page is in the course book and not in this package."'
    assert '<a class="a" href="quiz.html#q">here</a>' in text and '<a href="#x">up</a>' in text
    assert f"<a {behind}>there</a>" in text and f'<a {behind} title="t">word</a>' in text
    out = 'href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"'
    assert f"<a {out}>out</a>" in text and '<a href="../../_static/book.css">style</a>' in text
    assert '<link rel="stylesheet" href="../../inside.css">\n</head>' in text


def test_the_manifest_names_every_file_and_one_unit(site):
    content = packed(site)
    root = ET.fromstring(content["imsmanifest.xml"])
    unit = root.find(f"{CP}resources/{CP}resource")
    item = root.find(f"{CP}organizations/{CP}organization/{CP}item")

    assert root.findtext(f"{CP}metadata/{CP}schemaversion") == "1.2"
    assert {one.get("href") for one in unit.iter(f"{CP}file")} == set(content) - {"imsmanifest.xml"}
    assert unit.get("href") == "index.html" and unit.get(f"{ADL}scormtype") == "sco"
    assert item.get("identifierref") == unit.get("identifier")
    assert root.find(f"{CP}organizations").get("default") == "course"
    assert item.findtext(f"{ADL}masteryscore") == "80" and item.findtext(f"{CP}title") == "M & more"


def test_a_module_without_a_quiz_has_no_pass_mark(site):
    (site / "modules/m/quiz.html").write_text(page("No quiz"))
    assert b"masteryscore" not in packed(site)["imsmanifest.xml"]


def test_the_same_module_makes_the_same_package(site):
    wanted = scorm.Package(site, "modules/m")
    assert scorm.pack(wanted) == scorm.pack(wanted)


def test_names_in_the_zip_stay_in_it(site):
    for name in packed(site):
        path = PurePosixPath(name)
        assert not path.is_absolute() and ".." not in path.parts and "\\" not in name


def test_a_title_is_only_words(site):
    evil = "&lt;/script&gt;&lt;script&gt;{{told}}"
    (site / "modules/m/index.html").write_text(page(evil))
    content = packed(site)
    assert content["index.html"].count(b"<script") == 3
    assert told(content)["title"] == "</script><script>{{told}}"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: (m / "index.html").unlink(), "is not a module of a built book"),
        (lambda m: (m / "alone.html").write_bytes(b"\xff"), "cannot be read as a page"),
        (
            lambda m: (m / "quiz.html").write_text('data-case="q" data-kind="quiz"'),
            "a case without its logic",
        ),
        (
            lambda m: (m / "quiz.html").write_text(
                'data-case="q" data-kind="quiz"><script class="case-logic">{</script>'
            ),
            "logic cannot be read",
        ),
        (lambda m: [(m / f"{n}.html").write_text("x") for n in range(201)], "more than 200 pages"),
        (lambda m: (m.parents[1] / "_static/case.js").unlink(), "has a quiz and no content/_static/case.js"),
    ],
)
def test_a_folder_that_is_no_module(site, change, words):
    change(site / "modules" / "m")
    with pytest.raises(Fault, match=words):
        packed(site)


@pytest.mark.parametrize("module", ["modules/nothing", "modules", "modules/m/../../..", ""])
def test_a_module_that_is_not_there(site, module):
    with pytest.raises(Fault, match="is not a module"):
        pages.find(site, module)


def test_the_command(site, tmp_path):
    words = ["export", "--format", "scorm12", "--html", str(site), "--module", "modules/m/"]
    out = tmp_path / "m.zip"
    done = CliRunner().invoke(main, [*words, "--pass-mark", "60", "--out", str(out)])
    assert done.exit_code == 0 and done.stdout == f"{out}\n"
    assert out.read_bytes() == scorm.pack(scorm.Package(site, "modules/m", pass_mark=60))
    assert told(unpacked(out.read_bytes()))["passMark"] == 60
