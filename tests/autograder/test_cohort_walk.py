"""A cohort from three platforms' rosters to marks: nobody is lost, whatever the platforms do to the files.

All people are made up. Among them: one whose name macOS takes apart, one who never put in the token, one who
hands in a friend's notebook, two of one name, and one who joins late.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest

from autograder import secret, tokens
from autograder.grading.ledger import Ledger

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section
"García López, María",11,s0101,mgarcia,Monday
"van den Berg, Zoë",12,s0102,zberg,Monday
"Nguyen, Lan",13,s0103,lan1,Monday
"""
MOODLE = """\
First name,Last name,ID number,Email address,Groups
Lan,Nguyen,s0104,lan.b@u.example,Tuesday
小明,王,s0105,xm@u.example,Tuesday
"""
LATE = """\
OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator
#s0106,#jon,O'Neill,Jürgen,j@u.example,#
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade
Participant 501,Lan Nguyen,lan.b@u.example,No submission,
Participant 502,小明 王,xm@u.example,No submission,
Participant 503,Otto Stranger,otto@u.example,No submission,
"""
RIGHT = {
    "half": "def half(number):\n    return number / 2",
    "area": "def area(radius):\n    return math.pi * radius**2",
    "why": "Because two halves make one whole.",
}
PEOPLE = [f"s010{number}" for number in range(1, 7)]


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, files: dict[str, bytes]) -> None:
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def text_of(cell: dict) -> str:
    return "".join(cell["source"])


def solved(notebook: bytes, who: str) -> bytes:
    """Work through a notebook as a learner does, each in their own way."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["id"] in RIGHT:
            cell["source"] = (
                f"{RIGHT[cell['id']]}\n# {who}" if cell["cell_type"] == "code" else RIGHT[cell["id"]] + who
            )
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def exercises(sample, tmp_path_factory) -> Path:
    """The sample exercise, and a second one that nobody can tell from it by its name."""
    root = tmp_path_factory.mktemp("two") / "exercises"
    shutil.copytree(sample / "exercises/greeting", root / "greeting")
    shutil.copytree(sample / "exercises/greeting", root / "farewell", ignore=shutil.ignore_patterns("wrong"))
    for path in (root / "farewell").iterdir():
        text = path.read_text()
        for old in ("half", "area", "partial", "why"):
            text = text.replace(f'grade_id": "{old}"', f'grade_id": "{old}-2"')
            text = text.replace(f'grade_id": "test-{old}"', f'grade_id": "test-{old}-2"')
        path.write_text(text.replace("greeting", "farewell").replace("cell: why", "cell: why-2"))
    return root


@pytest.fixture(scope="module")
def course(run, exercises, tmp_path_factory) -> Path:
    """A course of both exercises, with its learners from three platforms."""
    folder = tmp_path_factory.mktemp("cohort")
    for name, text in (("canvas.csv", CANVAS), ("moodle.csv", MOODLE), ("late.csv", LATE)):
        (folder / name).write_text(text)
    root = folder / "course/nbgrader"
    words = ("--source", exercises, "--course", root, "--due", "2099-11-30T18:00Z")
    ended = run("release", "--quick", *words, "--init-secret", "--roster", folder / "canvas.csv")
    assert ended.code == 0 and "3 on the roster, 3 added" in ended.out, ended.said
    for name in ("moodle.csv", "late.csv"):
        ended = run("roster", folder / name, "--course", root)
        assert ended.code == 0, ended.said
    return root


@pytest.fixture(scope="module")
def hand_outs(run, course, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("handed") / "out"
    (out.parent / "worksheet.csv").write_text(WORKSHEET)
    words = ("--out", out, "--for", "moodle", "--like", out.parent / "worksheet.csv")
    ended = run("handout", "--course", course, *words)
    assert ended.code == 0 and "6 hand-outs in" in ended.out and "2 of them in" in ended.out, ended.said
    assert "not in it, for the file names nobody so: s0101, s0102, s0103, s0106" in ended.out
    return out


def own_token(course: Path, learner: str, exercise: str = "greeting") -> str:
    return tokens.make(secret.load(course.parent), exercise, learner)


@pytest.mark.slow
def test_everybody_gets_their_own_token_in_their_own_notebook(course, hand_outs):
    zips = {path.name for path in hand_outs.glob("*.zip")}
    assert zips == {"moodle-upload.zip", *(f"{who}.zip" for who in PEOPLE)}
    every = {own_token(course, who, name) for who in PEOPLE for name in ("greeting", "farewell")}
    for who in PEOPLE:
        files = unpacked((hand_outs / f"{who}.zip").read_bytes())
        for name in ("greeting", "farewell"):
            text = files[f"exercises/{name}/exercise.ipynb"].decode()
            own = own_token(course, who, name)
            cell = next(text_of(one) for one in json.loads(text)["cells"] if "TOKEN" in text_of(one))
            assert f'LEARNER = "{who}"\nTOKEN = "{own}"' in cell
            assert not any(other in text for other in every - {own})
        noted = json.loads(files["learner.json"])
        assert noted == {
            "learner": who,
            "tokens": {name: own_token(course, who, name) for name in noted["tokens"]},
        }
    assert {oct(path.stat().st_mode & 0o777) for path in hand_outs.iterdir()} == {"0o600"}


@pytest.mark.slow
def test_a_mail_merge_knows_names_sections_and_files(course, hand_outs):
    rows = list(csv.DictReader((hand_outs / "mail-merge.csv").read_text().splitlines()))
    zoe = next(row for row in rows if row["learner"] == "s0102")
    assert (zoe["first"], zoe["last"], zoe["section"], zoe["file"]) == (
        "Zoë",
        "van den Berg",
        "Monday",
        "s0102.zip",
    )
    assert zoe["token greeting"] == own_token(course, "s0102") and len(rows) == 6


@pytest.mark.slow
def test_a_platforms_zip_holds_each_one_under_the_number_that_it_knows(course, hand_outs, run, tmp_path):
    files = unpacked((hand_outs / "moodle-upload.zip").read_bytes())
    assert sorted(files) == [
        "Lan Nguyen_501_assignsubmission_file/hand-out.zip", "小明 王_502_assignsubmission_file/hand-out.zip",
    ]  # fmt: skip
    inner = unpacked(files["Lan Nguyen_501_assignsubmission_file/hand-out.zip"])
    assert own_token(course, "s0104") in inner["exercises/greeting/exercise.ipynb"].decode()
    pack(
        tmp_path / "x/submissions.zip",
        {"garcíalópezmaría_11_900_hello.txt": b"", "bergzoëvanden_LATE_12_901_hi.txt": b""},
    )
    words = (
        "--for",
        "canvas",
        "--like",
        tmp_path / "x/submissions.zip",
        "--learner",
        "s0101",
        "--learner",
        "s0102",
    )
    ended = run("handout", "greeting", "--course", course, "--out", tmp_path / "out", *words)
    assert ended.code == 0, ended.said
    assert sorted(unpacked((tmp_path / "out/canvas-upload.zip").read_bytes())) == [
        "bergzoëvanden_LATE_12_901_hand-out.zip", "garcíalópezmaría_11_900_hand-out.zip",
    ]  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "out").glob("s*.zip")) == ["s0101.zip", "s0102.zip"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--section", "Friday"], "the roster has no section 'Friday' (it has: Monday, Tuesday)"),
        (["--learner", "nobody"], "the roster has no learner 'nobody'"),
        (["nosuch"], "the course has no exercise 'nosuch'"),
        (["--for", "moodle"], "--for and --like belong together"),
        (["--for", "moodle", "--like", "nosuch.zip"], "no such file"),
    ],
)
def test_what_cannot_be_handed_out_is_one_line(run, course, tmp_path, words, said):
    ended = run("handout", "--course", course, "--out", tmp_path / "out", *words)
    assert ended.code == 2 and said in ended.err and len(ended.err.splitlines()) == 1, ended.said


@pytest.mark.slow
def test_a_cohort_of_three_platforms_loses_nobody(run, course, hand_outs, tmp_path):
    own = {who: unpacked((hand_outs / f"{who}.zip").read_bytes()) for who in PEOPLE}
    done = {who: solved(own[who]["exercises/greeting/exercise.ipynb"], who) for who in PEOPLE}
    released = (course / "release/greeting/exercise.ipynb").read_bytes()
    lazy = solved(released, "s0103").replace(b'TOKEN = \\"\\"', b'TOKEN = \\"practice: Lan\\"')
    assert b"practice: Lan" in lazy
    friend = done["s0102"].replace(b"s0102", b"s0101")  # the names were made over, and the token forgotten
    assert own_token(course, "s0102").encode() in friend
    inbox = tmp_path / "downloads"
    apart = unicodedata.normalize("NFD", "vandenbergzoë_LATE_12_902_exercise.ipynb")
    pack(inbox / "submissions.zip", {
        "garcíalópezmaría_11_901_exercise.ipynb": friend,
        apart: done["s0102"],
        "nguyenlan_13_903_exercise-1.ipynb": lazy,
        "nguyenlan_88_904_exercise (1).ipynb": lazy.replace(b"# s0103", b"# who?"),
    })  # fmt: skip
    pack(inbox / "Incidents-99.zip", {
        "Participant_7_assignsubmission_file/exercise.ipynb": done["s0104"],
        "Participant_8_assignsubmission_file/exercise.ipynb.json": done["s0105"],
    })  # fmt: skip
    folder = "397063-2557369 - Jürgen O'Neill - Nov 30, 2026 926 PM"
    farewell = own["s0106"]["exercises/farewell/exercise.ipynb"]
    pack(inbox / "Brightspace.zip", {
        f"{folder}\\exercise.ipynb": done["s0106"], f"{folder}\\exercise (2).ipynb": farewell,
        "index.html": b"",
    })  # fmt: skip

    ended = run("collect", inbox, "--course", course, "--received", "2026-11-30T12:00Z", "--json")
    said = json.loads(ended.out)
    assert ended.code == 1 and len(said["taken"]) == 7 and said["refused"] == []
    assert said["ignored"] == ["Brightspace.zip/index.html"]
    assert {item["file"].rpartition("/")[2]: item["remark"] for item in said["remarks"]} == {
        "garcíalópezmaría_11_901_exercise.ipynb": (
            "handed in by 's0101', and the token in the notebook is that of 's0102'"
        ),
        "nguyenlan_13_903_exercise-1.ipynb": "handed in by 's0103', and it has a token for practice",
    }
    (item,) = said["unsettled"]
    assert "several learners are called so (s0103, s0104), and it has a token for practice" in item["reason"]

    status = run("status", "--course", course)
    assert status.code == 0 and "1 collected files are nobody's yet" in status.out, status.said

    table = Path(said["table"])
    (row,) = csv.DictReader(table.read_text().splitlines())
    table.write_text(f"key,learner\n{row['key']},s0103\n")
    ended = run("collect", "--settle", table, "--course", course)
    assert ended.code == 0 and "1 taken" in ended.out and not table.exists(), ended.said

    assert run("grade", "greeting", "--course", course, "--jobs", "2").code == 0
    found = {one.learner: one for one in Ledger(course).latest("greeting").values()}
    assert sorted(found) == PEOPLE and {one.score for one in found.values()} == {7.0}
    assert {who for who, one in found.items() if one.status == "needs-review"} == {"s0101"}
    assert "the token in the notebook is that of 's0102'" in found["s0101"].reasons
    assert (course / "submitted/s0106/farewell/exercise.ipynb").read_bytes() == farewell


@pytest.mark.slow
def test_what_was_handed_out_is_packed_without_a_word_about_who(run, course, hand_outs, tmp_path):
    for name, data in unpacked((hand_outs / "s0105.zip").read_bytes()).items():
        (tmp_path / "workspace" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "workspace" / name).write_bytes(data)
    words = ("--workspace", tmp_path / "workspace", "--course", course, "--out", tmp_path / "in", "--json")
    made = json.loads(run("handin", "farewell", *words).out)
    assert (made["learner"], made["token"]) == ("s0105", own_token(course, "s0105", "farewell"))
    ended = run("collect", tmp_path / "in", "--course", course, "--json")
    assert ended.code == 0, ended.said
    said = json.loads(ended.out)
    assert len(said["taken"]) == 1 and (course / "submitted/s0105/farewell/exercise.ipynb").exists()
