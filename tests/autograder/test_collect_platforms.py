"""What platforms really deliver: each layout, names as people have them, and what only a person can settle.

The layouts are those of research on public scripts and of real downloads; all people are made up.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from pathlib import Path

import pytest

from autograder import roster, secret, tokens
from autograder.roster import Learner

PEOPLE = [
    Learner("s0101", "Ada Example", "ada@u.example", lms_id="11", login="aex"),
    Learner("s0102", "Ben de Vries", "ben@u.example", lms_id="12", login="octocat"),
    Learner("s0103", "María García López", "maria@u.example", sortable="García López, María"),
    Learner("s0104", "Zoë van den Berg"),
    Learner("s0105", "Jürgen O’Neill", lms_id="15"),
    Learner("s0106", "王小明"),
    Learner("s0109", "Lan Nguyen", "lan.a@u.example"),
    Learner("s0110", "Lan Nguyen", "lan.b@u.example", lms_id="20"),
]
EXERCISES = {"counts": ["total", "check-total"], "noise": ["bound", "check-bound", "letter"]}


def notebook(exercise: str, token: str | None, note: str = "") -> bytes:
    """Make a notebook as a learner saves it."""
    source = f'TOKEN = "{token}"\nimport math' if token is not None else "import math"
    cells = [{"cell_type": "code", "id": "cell-001", "metadata": {}, "source": source}]
    cells += [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {"nbgrader": {"grade_id": name}},
            "source": f"x = 1 {note}",
        }
        for name in EXERCISES[exercise]
    ]
    data = {"cells": [{"outputs": [], "execution_count": 1, **one} for one in cells]}
    return json.dumps(
        data | {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False
    ).encode()


@pytest.fixture
def course(tmp_path) -> Path:
    root = tmp_path / "course/nbgrader"
    for exercise in EXERCISES:
        (root / "source" / exercise).mkdir(parents=True)
        (root / "source" / exercise / "exercise.ipynb").write_bytes(notebook(exercise, "practice: your name"))
    roster.write(root, PEOPLE)
    secret.create(root.parent)
    return root


class Inbox:
    """A folder of downloads."""

    def __init__(self, root: Path, course: Path) -> None:
        self.root, self.course = root, course

    def token(self, learner: str, exercise: str = "counts") -> str:
        return tokens.make(secret.load(self.course.parent), exercise, learner)

    def own(self, learner: str, exercise: str = "counts", note: str = "") -> bytes:
        return notebook(exercise, self.token(learner, exercise), note)

    def put(self, name: str, data: bytes) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_bytes(data)

    def pack(self, name: str, files: dict[str, bytes]) -> None:
        self.put(name, packed(files))


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def inbox(tmp_path, course) -> Inbox:
    (tmp_path / "inbox").mkdir()
    return Inbox(tmp_path / "inbox", course)


@pytest.fixture
def collect(run, inbox, course):
    def collecting(*options: object) -> dict:
        words = options or (inbox.root,)
        ended = run("collect", *words, "--course", course, "--json")
        assert ended.code in (0, 1), ended.said
        return json.loads(ended.out)

    return collecting


def submitted(course: Path) -> set[str]:
    root = course / "submitted"
    return {"/".join(path.relative_to(root).parts[:2]) for path in root.rglob("*.ipynb")}


GRADESCOPE = """\
submission_1001:
  :submitters:
  - :name: María García López
    :sid: ''
    :email: maria@u.example
  :created_at: 2026-11-30 05:00:00.000000000 Z
  :score: 0.0
  :results:
    name: Ben de Vries
submission_1002:
  :submitters:
  - :name: "Lan Nguyen"
    :sid: s0110
    :email: other@u.example
  :created_at: 2026-11-30 05:00:00.000000000 Z
"""
# Each with learners by name of the file; `own` says that the learner's token stands in the notebook.
LAYOUTS = {
    "Canvas": {
        "garcíalópezmaría_12349_67894_exercise.ipynb": "s0103",
        "vandenbergzoë_LATE_12350_67895_exercise-1.ipynb": "s0104",
        "nguyenlan_12354_67899_exercise-1.ipynb": "s0109",
        "nguyenlan_20_67898_exercise.ipynb": "s0110",
        "oneilljürgen_15_67897_exercise (1).ipynb": "s0105",
    },
    "Canvas, anonymous": {
        "anon_ab12c_67890_exercise.ipynb": "s0101",
        "LATE_anon_xy34z_67891_exercise-2.ipynb": "s0102",
    },
    "Moodle": {
        "小明 王_12_assignsubmission_file/exercise.ipynb": "s0106",
        "Lan Nguyen_13_assignsubmission_file/exercise.ipynb": "s0110",
        "Lan Nguyen_14_assignsubmission_file_/exercise.ipynb": "s0109",
        "Zoë van den Berg_15_assignsubmission_file_exercise.ipynb": "s0104",
    },
    "Moodle, blind": {
        "Participant_4_assignsubmission_file/exercise.ipynb": "s0101",
        "Participant_5_assignsubmission_file/exercise.ipynb.json": "s0103",
        "Teilnehmer 6_7_assignsubmission_file/exercise.ipynb": "s0105",
    },
    "Brightspace": {
        "index.html": "",
        "397063-2557369 - Ada Example - Nov 30, 2026 926 PM/exercise.ipynb": "s0101",
        "397064-2557369 - Jürgen O’Neill - Nov 30, 2026 926 PM/exercise.ipynb": "s0105",
    },
    "Blackboard": {
        "Counts and more_aex_attempt_2026-11-30-10-00-00_exercise.ipynb": "s0101",
        "Counts and more_aex_attempt_2026-11-30-10-00-00.txt": "",
        "Counts and more_s0104_attempt_2026-11-30-10-00-00_exercise.ipynb": "s0104",
        "Counts and more_unknown_login_attempt_2026-11-30-10-00-00_exercise.ipynb": "s0109",
    },
    "Gradescope": {
        "assignment_7_export/submission_metadata.yml": "",
        "assignment_7_export/submission_1001/exercise.ipynb": "s0103",
        "assignment_7_export/submission_1002/exercise.ipynb": "s0110",
    },
    "GitHub Classroom": {
        "counts-submissions/counts-octocat/exercise.ipynb": "s0102",
        "counts-submissions/counts-somebody/exercise.ipynb": "s0105",
    },
    "Teams": {
        "Submitted files/Ada Example/Week 1/Version 1/exercise.ipynb": "s0101",
        "Submitted files/Garcia Lopez, Maria/Week 1/Version 1/exercise.ipynb": "s0103",
        "Working files/Ben de Vries/Week 1/exercise.ipynb": "",
    },
    "folders": {
        "S0101/exercise.ipynb": "s0101",
        "s0110/nguyenlan_12354_67899_exercise-1.ipynb": "s0110",
        "s0104.zip/exercise (2).ipynb": "s0104",
        "Ben de Vries/my work.ipynb": "s0102",
    },
    "anything": {"downloads/exercise.ipynb": "s0101", "downloads/exercise (1).ipynb": "s0102"},
}  # fmt: skip


def laid(inbox: Inbox, layout: str, how: str) -> set[str]:
    """Lay a layout into the inbox: as files, as one zip, or as macOS or an old Windows packs it."""
    files = {}
    for number, (name, learner) in enumerate(LAYOUTS[layout].items()):
        exercise = list(EXERCISES)[number % 2] if "ounts" not in name else "counts"
        data = inbox.own(learner, exercise) if learner else b"text"
        files[name] = GRADESCOPE.encode() if name.endswith(".yml") else data
    # A zip of a learner's cannot stand for a folder on a disk.
    if how == "files":
        for name, data in files.items():
            inbox.put(name.replace(".zip/", "/"), data)
    elif how == "zip":
        inbox.pack("Download (3).zip", files)
    elif how == "macOS":
        inbox.pack("download.zip", {unicodedata.normalize("NFD", name): data for name, data in files.items()})
    else:
        inbox.pack("download.zip", {name.replace("/", "\\"): data for name, data in files.items()})
    return {learner for learner in LAYOUTS[layout].values() if learner}


@pytest.mark.parametrize("how", ["files", "zip", "macOS", "old Windows"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_taken_without_being_told_the_exercise(collect, inbox, course, layout, how):
    expected = laid(inbox, layout, how)
    said = collect()
    assert said["refused"] == said["unsettled"] == said["remarks"] == []
    assert {name.partition("/")[0] for name in submitted(course)} == expected
    assert len(said["taken"]) == len(expected)
    for path in (course / "submitted").rglob("*.ipynb"):
        learner, exercise = path.relative_to(course / "submitted").parts[:2]
        assert path.read_bytes() == inbox.own(learner, exercise)
    again = collect()
    assert again["taken"] == [] and len(again["known"]) == len(expected)


def test_a_token_is_read_however_it_was_copied(collect, inbox, course):
    forms = {
        "s0101": 'TOKEN = "{}"'.format(inbox.token("s0101").lower().replace("-", " ")),
        "s0102": "TOKEN = “{}”".format(inbox.token("s0102").replace("-", "–")),
        "s0103": "TOKEN = {}  # from the mail".format(inbox.token("s0103")),
        "s0104": "TOKEN = '{}".format(inbox.token("s0104")),
        "s0105": '"""Later."""\nx = (1,\nTOKEN = "{}"'.format(inbox.token("s0105")),
        "s0106": 'LEARNER = TOKEN = "x"\nTOKEN = "{}"'.format(inbox.token("s0106").replace("0", "O")),
    }
    for number, (learner, text) in enumerate(forms.items()):
        data = json.loads(inbox.own(learner))
        data["cells"][0]["source"] = text
        inbox.put(f"anon_aaaa{number}_1_exercise.ipynb", json.dumps(data).encode())
    said = collect()
    assert said["unsettled"] == [] and submitted(course) == {f"{learner}/counts" for learner in forms}


def test_the_name_decides_and_anothers_token_is_said(collect, inbox, course):
    inbox.put("exampleada_11_1_exercise.ipynb", inbox.own("s0102"))
    inbox.put("Ben de Vries_2_assignsubmission_file/exercise.ipynb", inbox.own("s0101"))
    inbox.put("s0104/exercise.ipynb", notebook("counts", inbox.token("s0104", "noise")))
    other = tokens.make(b"of another course", "counts", "s0105")
    inbox.put("s0105/exercise.ipynb", notebook("counts", other))
    inbox.put("s0106/exercise.ipynb", notebook("counts", "practice: your name"))
    said = collect()
    assert said["refused"] == said["unsettled"] == []
    assert submitted(course) == {f"s010{n}/counts" for n in (1, 2, 4, 5, 6)}
    assert {item["file"].partition("/")[0]: item["remark"] for item in said["remarks"]} == {
        "exampleada_11_1_exercise.ipynb": (
            "handed in by 's0101', and the token in the notebook is that of 's0102'"
        ),
        "Ben de Vries_2_assignsubmission_file": (
            "handed in by 's0102', and the token in the notebook is that of 's0101'"
        ),
        "s0104": "the token in the notebook is that of 's0104' for 'noise'",
        "s0105": "handed in by 's0105', and it has a token of nobody on the roster",
        "s0106": "handed in by 's0106', and it has a token for practice",
    }


TWO = "several learners are called so (s0109, s0110)"
STRANGER = "it was handed in by 'Otto Stranger', whom the roster does not know"
NOBODY = "no name tells whose it is"
UNSETTLED = {
    "anon_aaaa1_1_exercise.ipynb": ("counts", None, "no name tells whose it is, and it has no token", ""),
    "anon_aaaa2_1_exercise.ipynb": (
        "noise", "practice: García López María", f"{NOBODY}, and it has a token for practice", "s0103",
    ),
    "nguyenlan_9_1_exercise.ipynb": (
        "counts", None, f"{TWO}, and it has no token", "s0109 or s0110",
    ),
    "nguyenlan_8_1_exercise.ipynb": (
        "counts", "of s0101",
        f"{TWO}, and its token is that of 's0101'",
        "s0109 or s0110 or s0101",
    ),
    "Otto Stranger_3_assignsubmission_file/exercise.ipynb": (
        "counts", "of s0102",
        f"{STRANGER}, with the token of 's0102'", "s0102",
    ),
    "Otto Stranger_4_assignsubmission_file/exercise.ipynb": (
        "noise", None, "the roster has nobody called 'Otto Stranger', and it has no token", "",
    ),
    "anon_aaaa3_1_ben.ipynb": (
        "counts", "mistyped s0105", f"{NOBODY}, and it has a token with a typing error", "s0105",
    ),
    "noise/s0104/exercise.ipynb": (
        "counts", "of s0104", "it is the notebook of 'counts' and was handed in as 'noise'", "s0104",
    ),
}  # fmt: skip


def test_what_cannot_be_told_is_one_list_that_a_person_settles(collect, run, inbox, course):
    def token(told: str | None) -> str | None:
        if told is None or told.startswith("practice"):
            return told
        found = inbox.token(told[-5:])
        return (
            found if told.startswith("of") else found[:-4] + ("2" if found[-4] != "2" else "3") + found[-3:]
        )

    for name, (exercise, told, _, _) in UNSETTLED.items():
        inbox.put(name, notebook(exercise, token(told), f"# {name}"))
    inbox.put("s0101/exercise.ipynb", inbox.own("s0101"))
    said = collect(inbox.root, "--received", "2026-11-30T10:00Z")
    assert said["taken"] == ["s0101/exercise.ipynb"] and said["refused"] == []
    assert {item["file"]: item["reason"] for item in said["unsettled"]} == {
        name: reason for name, (_, _, reason, _) in UNSETTLED.items()
    }
    table = course / "unsettled.csv"
    rows = {row["file"]: row for row in csv.DictReader(table.read_text().splitlines())}
    assert {name: (row["exercise"], row["perhaps"]) for name, row in rows.items()} == {
        name: (exercise, perhaps) for name, (exercise, _, _, perhaps) in UNSETTLED.items()
    }

    # Half of it is filled in; a second collection does not undo that, and does not ask twice.
    rows["nguyenlan_9_1_exercise.ipynb"]["learner"] = "S0110"
    rows["noise/s0104/exercise.ipynb"]["learner"] = "s0104"
    rows["Otto Stranger_3_assignsubmission_file/exercise.ipynb"]["learner"] = "-"
    write(table, rows)
    again = collect()
    assert len(again["unsettled"]) == len(UNSETTLED)
    assert "S0110" in table.read_text()

    ended = run("collect", "--settle", table, "--course", course)
    assert ended.code == 1 and "2 taken, 0 known, 0 refused, 5 wait for you" in ended.out, ended.said
    assert submitted(course) == {"s0101/counts", "s0110/counts", "s0104/counts"}
    stamp = (course / "submitted/s0110/counts/timestamp.txt").read_text()
    assert stamp.startswith("2026-11-30 10:00:00")  # when it came, and not when it was settled
    assert "S0110" not in table.read_text() and "Otto Stranger_3" not in table.read_text()
    third = collect()
    assert third["taken"] == [] and len(third["unsettled"]) == 5 and len(third["known"]) == 4


def write(table: Path, rows: dict[str, dict[str, str]]) -> None:
    """Save a table as a German spreadsheet does."""
    text = io.StringIO()
    into = csv.DictWriter(text, next(iter(rows.values())).keys(), delimiter=";")
    into.writeheader()
    into.writerows(rows.values())
    table.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())


def test_a_faulty_table_settles_nothing_and_says_every_line(collect, run, inbox, course):
    for number in range(4):
        inbox.put(f"anon_aaaa{number}_1_exercise.ipynb", notebook("counts", None, f"# {number}"))
    collect()
    table = course / "unsettled.csv"
    rows = {row["file"]: row for row in csv.DictReader(table.read_text().splitlines())}
    fill = (
        {"learner": "s0101"},
        {"learner": "nobody"},
        {"learner": "s0102", "exercise": "x"},
        {"learner": "-", "key": "u1"},
    )
    for row, change in zip(rows.values(), fill, strict=True):
        row |= change
    write(table, rows)
    ended = run("collect", "--settle", table, "--course", course)
    assert ended.code == 2 and len(ended.err.splitlines()) == 3, ended.said
    for number, said in (
        (3, "has no learner 'nobody'"),
        (4, "no exercise 'x'"),
        (5, "nothing waits under the key 'u1'"),
    ):
        assert f"unsettled.csv:{number}: " in ended.err and said in ended.err
    assert submitted(course) == set()
    for words in ((), (inbox.root, "--settle", table)):
        assert run("collect", *words, "--course", course).code == 2


def test_two_senders_with_one_token_are_left_to_a_person(collect, inbox, course):
    inbox.put("anon_aaaa1_1_exercise.ipynb", inbox.own("s0101"))
    inbox.put("anon_bbbb2_2_exercise.ipynb", inbox.own("s0101", note="# copied"))
    for code in ("cccc1", "dddd2"):
        inbox.put(f"anon_{code}_1_exercise.ipynb", inbox.own("s0105"))
    inbox.put("s0102/exercise.ipynb", inbox.own("s0102"))
    inbox.put("other/exercise.ipynb", inbox.own("s0102", note="# copied"))
    said = collect()
    assert said["taken"] == ["s0102/exercise.ipynb"]
    assert {item["file"] for item in said["unsettled"]} == {
        "anon_aaaa1_1_exercise.ipynb", "anon_bbbb2_2_exercise.ipynb", "other/exercise.ipynb",
        "anon_cccc1_1_exercise.ipynb", "anon_dddd2_1_exercise.ipynb",
    }  # fmt: skip
    assert "for whom another came from 'anon bbbb2'" in said["unsettled"][0]["reason"]


def test_one_sender_may_hand_in_again_and_a_second_sender_later_is_seen(collect, inbox, course):
    inbox.put("anon_aaaa1_1_exercise.ipynb", inbox.own("s0101"))
    collect()
    inbox.put("anon_aaaa1_2_exercise-1.ipynb", inbox.own("s0101", note="# better"))
    said = collect()
    assert said["taken"] == ["anon_aaaa1_2_exercise-1.ipynb"]
    inbox.put("anon_bbbb2_3_exercise.ipynb", inbox.own("s0101", note="# copied"))
    assert [item["file"] for item in collect()["unsettled"]] == ["anon_bbbb2_3_exercise.ipynb"]
    kept = (course / "submitted/s0101/counts/exercise.ipynb").read_bytes()
    assert kept == inbox.own("s0101", note="# better")


def test_a_list_in_a_learners_own_archive_tells_nothing(collect, inbox, course):
    forged = GRADESCOPE.replace("maria@u.example", "ben@u.example").encode()
    deep = b"submission_1001:\n" + b"[" * 10**6
    for number, text in enumerate((forged, deep)):
        inner = {"submission_metadata.yml": text, "submission_1001/exercise.ipynb": inbox.own("s0101")}
        inbox.pack(f"exampleada_11_{number}_work.zip", inner)
    said = collect()
    assert said["refused"] == said["unsettled"] == [] and submitted(course) == {"s0101/counts"}


def test_a_strangers_archive_cannot_fill_the_list(collect, inbox, course):
    many = {f"{number}.ipynb": notebook("counts", None, f"# {number}") for number in range(60)}
    inbox.pack("download.zip", {"anon_aaaa1_1_many.zip": packed(many)})
    said = collect()
    assert len(said["unsettled"]) == 50 and len(said["refused"]) == 10


def test_four_thousand_notebooks_each_find_their_owner(course):
    """None of a large class goes to somebody else, whatever stands around it; the time is a benchmark's."""
    from autograder.collecting.content import Contents, Token
    from autograder.course import Course

    people = [f"p{number:04}" for number in range(1000)]
    key = secret.load(course.parent)
    contents = Contents(Course(course), key, people, list(EXERCISES))
    for exercise in EXERCISES:
        for learner in people[::7]:
            inside = contents.of(notebook(exercise, tokens.make(key, exercise, learner).lower()))
            assert (inside.token, inside.learner, inside.exercise, inside.cells) == (
                Token.KNOWN, learner, exercise, exercise,
            )  # fmt: skip
    assert contents.of(notebook("counts", tokens.make(b"other", "counts", "p0001"))).token is Token.UNKNOWN
