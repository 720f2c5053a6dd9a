"""Hand-ins and LMS downloads, and what a stranger may have put into them."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import category

import pytest

from autograder import secret, tokens
from autograder.files import sha256

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course/nbgrader"
    source = root / "source/greeting"
    source.mkdir(parents=True)
    (source / "exercise.ipynb").write_bytes(NOTEBOOK)
    (root / "roster.csv").write_text("learner,name\nada,Ada Example\nben,Ben de Vries\nchloe,Chloé Exemple\n")
    secret.create(root.parent)
    return root


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def token(course, learner):
    return tokens.make(secret.load(course.parent), "greeting", learner)


def hand_in(learner="ada", own_token=None, files=None, /, **changes):
    files = {"greeting.ipynb": NOTEBOOK} if files is None else files
    manifest = {
        "schema": "handin/1", "exercise": "greeting", "learner": learner, "token": own_token,
        "created": "2026-11-20T10:00:00Z", "versions": {},
        "files": [{"name": name, "sha256": sha256(data), "bytes": len(data)} for name, data in files.items()],
    }  # fmt: skip
    return packed({"manifest.json": json.dumps(manifest | changes).encode(), **files})


def packed(files, how=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def put(inbox, name, data=NOTEBOOK):
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def collect(run, inbox, course, *more):
    ended = run("collect", inbox, "--course", course, "--json", *more)
    assert ended.code in (0, 1), ended.said
    said = json.loads(ended.out)
    assert (ended.code == 1) == bool(said["refused"] or said["unsettled"])
    return said


def submitted(course):
    root = course / "submitted"
    return (
        sorted(path.relative_to(root).as_posix() for path in root.rglob("*.ipynb")) if root.exists() else []
    )


@pytest.mark.parametrize(
    ("name", "learner"),
    [
        ("ada/greeting.ipynb", "ada"),
        ("ada/greeting/whatever.ipynb", "ada"),
        ("ada-greeting.ipynb", "ada"),
        ("ada_greeting (2).ipynb", "ada"),
        ("Ada Example_4711_assignsubmission_file_greeting.ipynb", "ada"),
        ("Ben de Vries_4711_assignsubmission_file/greeting.ipynb", "ben"),
        ("Ben de Vries_4711_assignsubmission_file_/greeting.ipynb", "ben"),
        ("vriesbende_LATE_12345_67890_greeting-1.ipynb", "ben"),
        ("exemplechloe_12345_67890_exercise.ipynb", "chloe"),
    ],
)
def test_names_tell_whose_it_is(run, course, inbox, name, learner):
    put(inbox, name)
    said = collect(run, inbox, course)
    assert said["refused"] == []
    assert submitted(course) == [f"{learner}/greeting/exercise.ipynb"]


def test_a_download_is_one_zip_that_holds_hand_ins_and_notebooks(run, course, inbox):
    inner = {
        "Ada Example_1_assignsubmission_file/ada-greeting-20261120T100000Z.zip": hand_in("ada"),
        "Ben de Vries_2_assignsubmission_file/my work.ipynb": NOTEBOOK,
        "__MACOSX/._x.ipynb": b"x",
    }
    put(inbox, "download.zip", packed(inner))
    said = collect(run, inbox, course)
    assert said["refused"] == [] and len(said["taken"]) == 2
    assert submitted(course) == ["ada/greeting/exercise.ipynb", "ben/greeting/exercise.ipynb"]


def test_a_hand_in_brings_its_transcripts_and_our_time(run, course, inbox):
    files = {"greeting.ipynb": NOTEBOOK, "transcripts/case.json": b"{}", "evil.py": b"import os"}
    put(inbox, "a.zip", hand_in("ada", token(course, "ada"), files))
    collect(run, inbox, course, "--received", "2026-11-19T12:00+01:00")
    folder = course / "submitted/ada/greeting"
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert found == ["exercise.ipynb", "timestamp.txt", "transcripts/case.json"]
    assert (folder / "timestamp.txt").read_text().startswith("2026-11-19 11:00:00")
    item = json.loads((course / "collected.json").read_text())["items"][0]
    assert (item["received"], item["created"]) == ("2026-11-19T11:00:00Z", "2026-11-20T10:00:00Z")


def test_taking_it_twice_changes_nothing(run, course, inbox):
    put(inbox, "a.zip", hand_in("ada", token(course, "ada")))
    collect(run, inbox, course)
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    said = collect(run, inbox, course)
    assert said["taken"] == [] and said["known"] == ["a.zip"]
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before


def test_an_old_hand_in_does_not_come_back_over_a_newer_one(run, course, inbox):
    mine = token(course, "ada")
    newer = {"greeting.ipynb": NOTEBOOK + b"\n"}
    put(inbox, "z-old.zip", hand_in("ada", mine))
    put(inbox, "a-new.zip", hand_in("ada", mine, newer, created="2026-11-21T10:00:00Z"))
    for _ in range(2):
        collect(run, inbox, course)
        assert (course / "submitted/ada/greeting/exercise.ipynb").read_bytes() == newer["greeting.ipynb"]


def test_later_transcripts_do_not_make_an_early_notebook_late(run, course, inbox):
    mine = token(course, "ada")
    put(inbox, "a.zip", hand_in("ada", mine))
    collect(run, inbox, course, "--received", "2026-11-19T12:00Z")
    put(inbox, "b.zip", hand_in("ada", mine, {"greeting.ipynb": NOTEBOOK, "transcripts/c.json": b"{}"}))
    collect(run, inbox, course, "--received", "2026-11-25T12:00Z")
    folder = course / "submitted/ada/greeting"
    assert (folder / "transcripts/c.json").exists()
    assert (folder / "timestamp.txt").read_text().startswith("2026-11-19 12:00:00")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"learner": "mallory"}, "not on the roster"),
        ({"learner": "../../etc"}, "cannot be a learner"),
        ({"exercise": "../x"}, "no exercise"),
        ({"schema": "handin/2"}, "not handin/1"),
        ({"files": []}, "not those that the manifest lists"),
        ({"files": "x"}, "not handin/1"),
        ({"token": "0000-0000-0000-0000-00"}, "not that of 'ada'"),
        ({"token": ["x"]}, "not handin/1"),
    ],
)
def test_a_manifest_that_lies_is_refused(run, course, inbox, changes, said):
    put(inbox, "a.zip", hand_in("ada", token(course, "ada"), **changes))
    put(inbox, "ben/greeting.ipynb")
    refused = collect(run, inbox, course)["refused"]
    assert len(refused) == 1 and refused[0]["file"] == "a.zip" and said in refused[0]["reason"]
    assert submitted(course) == ["ben/greeting/exercise.ipynb"]


def test_nobody_hands_in_for_another(run, course, inbox):
    put(inbox, "Ben de Vries_2_assignsubmission_file/x.zip", hand_in("ada", token(course, "ada")))
    put(inbox, "ben-greeting-20261120T100000Z.zip", hand_in("ben", token(course, "ada")))
    refused = collect(run, inbox, course)["refused"]
    assert {item["reason"] for item in refused} == {
        "it was handed in by 'ben' and says that it is 'ada's",
        "its token is not that of 'ben'",
    }
    assert submitted(course) == []


LATER = {"created": "2099-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ben/exampleada_12_34_greeting.ipynb", NOTEBOOK),
        ("ben/ada/greeting.ipynb", NOTEBOOK),
        ("ben/ada-greeting.ipynb", NOTEBOOK),
        ("ben/Ada Example_1_assignsubmission_file/x.zip", hand_in("ada", None, **LATER)),
        ("ben/exampleada_12_34_x.zip", hand_in("ada", None)),
        (
            "ben/outer.zip",
            packed({"Ada Example_1_assignsubmission_file/x.zip": hand_in("ada", None, **LATER)}),
        ),
        ("ben/hw.zip", packed({"Ada Example_1_assignsubmission_file/greeting.ipynb": NOTEBOOK})),
        ("Ben de Vries_2_assignsubmission_file/exampleada_12_34_greeting.ipynb", NOTEBOOK),
        ("vriesbende_12_34_hw.zip", packed({"ada/greeting.ipynb": NOTEBOOK})),
    ],
)
def test_the_outermost_name_decides_and_an_inner_one_of_another_is_refused(run, course, inbox, name, data):
    put(inbox, "ada/greeting.ipynb", NOTEBOOK + b" ")
    collect(run, inbox, course)
    put(inbox, name, data)
    (refused,) = collect(run, inbox, course)["refused"]
    assert refused["reason"] == "it was handed in by 'ben' and says that it is 'ada's"
    assert submitted(course) == ["ada/greeting/exercise.ipynb"]
    assert (course / "submitted/ada/greeting/exercise.ipynb").read_bytes() == NOTEBOOK + b" "


def test_a_folder_named_for_the_learner_goes_before_a_name_that_the_roster_does_not_know(run, course, inbox):
    put(inbox, "ada/exempleadele_12349_67894_greeting.ipynb")
    put(inbox, "ben/my-greeting.ipynb")
    assert collect(run, inbox, course)["refused"] == []
    assert submitted(course) == ["ada/greeting/exercise.ipynb", "ben/greeting/exercise.ipynb"]


def test_one_learner_cannot_keep_a_collection_busy(run, course, inbox):
    many = {f"{number}/greeting.ipynb": NOTEBOOK + b" " * number for number in range(300)}
    put(inbox, "ada/many.zip", packed(many))
    put(inbox, "ben/greeting.ipynb")
    said = collect(run, inbox, course)
    assert len(said["taken"]) == 51 and len(said["refused"]) == 250
    assert {item["reason"] for item in said["refused"]} == {"'ada' handed in 50 newer ones"}
    assert len(json.loads((course / "collected.json").read_text())["items"]) == 51
    # Of equal times the last by name is the newest, and that one lies there.
    newest = course / "submitted/ada/greeting/exercise.ipynb"
    assert newest.read_bytes() == NOTEBOOK + b" " * 99


def test_the_list_holds_what_was_taken_before_a_collection_was_stopped(run, course, inbox, monkeypatch):
    from autograder.collecting import attempts

    put(inbox, "ada/greeting.ipynb")
    put(inbox, "ben/greeting.ipynb")
    make, made = attempts.put_in_place, []

    def stopped(*what):
        made.append(what)
        if len(made) == 2:
            raise KeyboardInterrupt
        make(*what)

    monkeypatch.setattr(attempts, "put_in_place", stopped)
    assert run("collect", inbox, "--course", course).code == 1
    assert [item["learner"] for item in json.loads((course / "collected.json").read_text())["items"]] == [
        "ada"
    ]


def test_the_terminal_is_given_nothing_that_moves_it(run, course, inbox):
    put(inbox, "gree\u202eting\x1b[2J.txt")
    put(inbox, "ada/gree\x1b]0;t\x07ting.ipynb")
    put(inbox, "a.zip", hand_in("\x1b[2J\u202e"))
    put(inbox, "b.zip", hand_in("ada", None, exercise="\x9b2J"))
    ended = run("collect", inbox, "--course", course)
    assert ended.code == 1 and "4 refused" in ended.out
    assert not any(category(symbol) in {"Cc", "Cf", "Cs"} for symbol in ended.said.replace("\n", ""))


def special(kind):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("ada/greeting.ipynb", NOTEBOOK)
        entry = zipfile.ZipInfo("ada/link.ipynb")
        entry.external_attr = (kind | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def bomb():
    return packed({"ada/greeting.ipynb": b"\0" * (30 * 2**20)})


def lying_bomb():
    """Make a bomb whose directory states a small size."""
    data = bytearray(bomb())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def encrypted():
    data = bytearray(packed({"ada/greeting.ipynb": NOTEBOOK}))
    data[6] |= 1
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def spoilt(how, name="manifest.json"):
    """Make an archive whose entry cannot be unpacked."""
    content = hand_in() if how is None else json.dumps({"n": list(range(999))}).encode()
    data = bytearray(packed({name: content}, zipfile.ZIP_DEFLATED if how is None else how))
    at = 30 + len(name)
    data[at : at + 12] = b"\xff" * 12
    return bytes(data)


def twice():
    data = packed({"ada/greeting.ipynb": NOTEBOOK, "ada/greetinG.ipynb": NOTEBOOK})
    return data


ATTACKS = {
    "climbs": packed({"../../../evil.ipynb": NOTEBOOK}),
    "climbs inside": packed({"ada/../../evil.ipynb": NOTEBOOK}),
    "absolute": packed({"/tmp/evil.ipynb": NOTEBOOK}),
    "drive": packed({"C:/evil.ipynb": NOTEBOOK}),
    "backslash": packed({"ada/greeting.ipynb": NOTEBOOK}).replace(b"ada/greeting", b"..\\greeting"),
    "stream": packed({"ada/greeting.ipynb:x": NOTEBOOK}),
    "nul": packed({"ada/greetingX.ipynb": NOTEBOOK}).replace(b"greetingX", b"greeting\0"),
    "control": packed({"ada/gree\nting.ipynb": NOTEBOOK}),
    "right to left": packed({"ada/gree\u202eting.ipynb": NOTEBOOK}),
    "zero width": packed({"a\u200bda/greeting.ipynb": NOTEBOOK}),
    "only dots": packed({"ada/.. ./greeting.ipynb": NOTEBOOK}),
    "link": special(stat.S_IFLNK),
    "device": special(stat.S_IFCHR),
    "bomb": bomb(),
    "lying bomb": lying_bomb(),
    "many files": packed({f"{n}.txt": b"" for n in range(20_001)}),
    "encrypted": encrypted(),
    "twice": twice(),
    "broken deflate in the manifest": spoilt(None),
    "broken deflate": spoilt(None, "ada/greeting.ipynb"),
    "broken LZMA in the manifest": spoilt(zipfile.ZIP_LZMA),
    "broken LZMA": spoilt(zipfile.ZIP_LZMA, "ada/greeting.ipynb"),
    "LZMA": packed({"ada/greeting.ipynb": NOTEBOOK}, zipfile.ZIP_LZMA),
    "half a character as learner": hand_in("\ud800"),
    "half a character as exercise": hand_in(exercise="\ud800"),
    "half a character as file": hand_in(files=[{"name": "\ud800", "sha256": ""}]),
    "half a character as schema": hand_in(schema="\ud800"),
    "a number of 5000 digits": packed({"manifest.json": b"9" * 5000}),
    "cut": packed({"ada/greeting.ipynb": NOTEBOOK})[:-30],
    "not a zip": b"PK\x03\x04 nonsense",
    "empty": b"",
    "long name": packed({"ada/" + "x" * 400 + ".ipynb": NOTEBOOK}),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_archive_that_could_do_harm_is_refused_and_the_others_go_on(run, course, inbox, tmp_path, name):
    outside = {path for path in tmp_path.rglob("*") if course not in path.parents}
    put(inbox, "attack.zip", ATTACKS[name])
    put(inbox, "ben/greeting.ipynb")
    outside |= set(inbox.rglob("*"))
    said = collect(run, inbox, course)
    assert [item["file"].split("/")[0] for item in said["refused"]] == ["attack.zip"], said
    assert "ben/greeting/exercise.ipynb" in submitted(course)
    assert {path for path in tmp_path.rglob("*") if course not in path.parents} == outside
    assert all(path.parent.parent.name in {"ada", "ben"} for path in (course / "submitted").rglob("*.ipynb"))


@pytest.mark.parametrize(
    "created", ["\x00\ud800", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2099"]
)
def test_a_stamp_that_cannot_be_puts_nobody_first_or_last(run, course, inbox, created):
    """A hand-in says when it was made; that orders a learner's own, and is written down."""
    put(inbox, "a.zip", hand_in("ada", token(course, "ada"), created=created))
    put(inbox, "ben/greeting.ipynb")
    assert len(collect(run, inbox, course)["taken"]) == 2
    items = json.loads((course / "collected.json").read_text())["items"]
    assert all(item["created"][:2] == "20" and item["created"] <= item["received"] for item in items)


def test_archives_in_archives_have_a_bottom(run, course, inbox):
    data = packed({"ada/greeting.ipynb": NOTEBOOK})
    for _ in range(6):
        data = packed({"ada/more.zip": data})
    put(inbox, "deep.zip", data)
    assert "too deeply" in collect(run, inbox, course)["refused"][0]["reason"]


def test_links_and_odd_names_on_disk_are_refused(run, course, inbox, tmp_path):
    (tmp_path / "other").mkdir()
    put(tmp_path / "other", "ada-greeting.ipynb")
    (inbox / "ada-greeting.ipynb").symlink_to(tmp_path / "other/ada-greeting.ipynb")
    (inbox / "folder").symlink_to(tmp_path / "other")
    put(inbox, "ben/gree\u202eting.ipynb")
    refused = collect(run, inbox, course)["refused"]
    assert {item["file"] for item in refused} == {"ada-greeting.ipynb", "folder", "ben/gree\u202eting.ipynb"}
    assert submitted(course) == []


def test_a_huge_file_is_refused_without_being_read(run, course, inbox):
    with put(inbox, "ada/greeting.ipynb").open("wb") as stream:
        stream.truncate(200 * 2**20)
    assert "200 MB" in collect(run, inbox, course)["refused"][0]["reason"]


def test_what_belongs_to_nobody_is_kept_for_a_person(run, course, inbox):
    put(inbox, "notebook.ipynb")
    put(inbox, "Zoe Nobody_1_assignsubmission_file_greeting.ipynb")
    put(inbox, "a.zip", hand_in("ada", None))
    put(inbox, "b.zip", hand_in("ben", "\ud800"))
    put(inbox, "readme.txt", b"hello")
    said = collect(run, inbox, course)
    assert said["ignored"] == ["readme.txt"] and said["refused"] == []
    assert {item["file"]: item["reason"] for item in said["unsettled"]} == {
        "notebook.ipynb": "no name tells whose it is, and it has no token",
        "Zoe Nobody_1_assignsubmission_file_greeting.ipynb": (
            "the roster has nobody called 'Zoe Nobody', and it has no token"
        ),
        "a.zip": "it says that it is 'ada's, and has no token",
        "b.zip": "it says that it is 'ben's, and has a token that cannot be right",
    }
    assert submitted(course) == []


def test_two_of_one_name_in_a_download_are_kept_and_nobody_gets_the_others_work(run, course, inbox):
    with (course / "roster.csv").open("a") as roster:
        roster.write("ada2,Ada Example,ada.two@example.edu\n")
    put(inbox, "Ada Example_4711_assignsubmission_file_greeting.ipynb")
    put(inbox, "exampleada_12345_67890_greeting.ipynb")
    put(inbox, "Ben de Vries_4712_assignsubmission_file_greeting.ipynb")
    said = collect(run, inbox, course)
    reasons = {item["reason"] for item in said["unsettled"]}
    assert reasons == {"several learners are called so (ada, ada2), and it has no token"}
    assert submitted(course) == ["ben/greeting/exercise.ipynb"]
    put(inbox, "ada2/greeting.ipynb")  # a folder with the id tells them apart
    collect(run, inbox, course)
    assert submitted(course) == ["ada2/greeting/exercise.ipynb", "ben/greeting/exercise.ipynb"]


def test_a_spoilt_list_of_what_was_collected_is_one_line(run, course, inbox):
    (course / "collected.json").write_text("[]")
    put(inbox, "ada/greeting.ipynb")
    ended = run("collect", inbox, "--course", course)
    assert ended.code == 2 and "collected.json" in ended.err and len(ended.err.splitlines()) == 1
    assert submitted(course) == []


def workspace(tmp_path, source="x = 1"):
    folder = tmp_path / "workspace"
    cells = [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "a"}}, "source": source}]
    put(folder, "exercises/greeting/exercise.ipynb", json.dumps({"cells": cells}).encode())
    put(folder, "transcripts/case.json", b'{"schema": "transcript/1"}')
    return folder


def test_what_is_handed_in_is_what_is_collected(run, course, inbox, tmp_path):
    folder = workspace(tmp_path, f'LEARNER = "ada"\nTOKEN = "{token(course, "ada").lower()}"')
    ended = run("handin", "greeting", "--workspace", folder, "--out", inbox, "--json")
    assert ended.code == 0, ended.said
    made = json.loads(ended.out)
    assert (made["learner"], made["token"], made["transcripts"]) == ("ada", token(course, "ada"), 1)
    assert sha256(Path(made["file"]).read_bytes()) == made["sha256"]
    assert Path(made["file"]).name.startswith("ada-greeting-2")
    assert collect(run, inbox, course)["refused"] == []
    assert (course / "submitted/ada/greeting/transcripts/case.json").exists()


def test_the_noted_name_and_the_command_go_before_the_notebook(run, tmp_path):
    folder = workspace(tmp_path, 'LEARNER = "ada"\nTOKEN = "practice: ada"\nraise NotImplementedError()')
    put(folder, "learner.json", b'{"learner": "ben"}')
    made = json.loads(run("handin", "greeting", "--workspace", folder, "--json").out)
    assert (made["learner"], made["token"], made["untouched"]) == ("ben", None, 1)
    made = json.loads(run("handin", "greeting", "--workspace", folder, "--learner", "eva", "--json").out)
    assert made["learner"] == "eva"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("exercises/greeting/exercise.ipynb", b"{", "not JSON"),
        ("exercises/greeting/exercise.ipynb", b'{"cells": []}', "has no cells"),
        ("transcripts/case.json", b"{", "case.json: is not JSON"),
        ("learner.json", b"{", "learner.json: is not JSON"),
        ("learner.json", b"[]", "not as expected"),
        ("learner.json", b'{"learner": "../x"}', "no learner's id"),
        ("learner.json", b'{"learner": "ada", "tokens": {"greeting": "0000"}}', "a token has 18"),
    ],
)
def test_what_nobody_could_grade_is_refused_while_it_can_be_mended(run, tmp_path, name, data, said):
    folder = workspace(tmp_path, 'LEARNER = "ada"')
    put(folder, name, data)
    ended = run("handin", "greeting", "--workspace", folder)
    assert ended.code == 2 and said in ended.err and len(ended.err.splitlines()) == 1, ended.said
    assert not (folder / "hand-in").exists()


def test_an_exercise_that_was_not_begun_says_where_to_begin(run, tmp_path):
    ended = run("handin", "greeting", "--workspace", tmp_path, "--learner", "ada")
    assert ended.code == 2 and "open the exercise from its page first" in ended.err


def stamped(files, when):
    """An archive as a platform makes one, with the local time of each hand-in."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, when), data)
    return buffer.getvalue()


@pytest.fixture
def due(course):
    """The course, with an exercise that was due on 20 November."""
    from autograder.course import Course
    from autograder.gradebook import gradebook, private_jupyter

    with private_jupyter(), gradebook(Course(course)) as book:
        book.update_or_create_assignment("greeting", duedate=datetime(2026, 11, 20, 18))
    return course


def received(course):
    return {
        item["learner"]: item["received"]
        for item in json.loads((course / "collected.json").read_text())["items"]
    }


def test_a_collection_after_the_deadline_makes_nobody_late_by_itself(run, due, inbox):
    for learner, day in (("ada", 19), ("ben", 21)):
        put(inbox, f"{learner}/greeting.ipynb", NOTEBOOK + learner.encode())
        moment = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
        os.utime(inbox / learner / "greeting.ipynb", (moment, moment))
    ended = run("collect", inbox, "--course", due)
    assert ended.code == 2 and len(ended.err.splitlines()) == 1
    assert "2 files would count as late" in ended.err and "(1 of 2 in time)" in ended.err
    assert not (due / "collected.json").exists() and not (due / "submitted").exists()
    collect(run, inbox, due, "--file-times")
    assert received(due) == {"ada": "2026-11-19T12:00:00Z", "ben": "2026-11-21T12:00:00Z"}
    # What lies there already is no question any more.
    assert len(collect(run, inbox, due)["known"]) == 2


def test_what_a_platform_says_of_a_time_is_taken(run, due, inbox):
    moodle = {
        "Ada Example_12_assignsubmission_file/greeting.ipynb": NOTEBOOK + b" ",
        "Ben de Vries_13_assignsubmission_file/greeting.ipynb": NOTEBOOK,
    }
    put(inbox, "Course-greeting-99.zip", stamped(moodle, (2026, 11, 20, 17, 30, 0)))
    put(inbox, "exemplechloe_12_34_greeting.ipynb", NOTEBOOK + b"  ")
    said = collect(run, inbox, due)
    assert len(said["taken"]) == 3, said
    local = datetime(2026, 11, 20, 17, 30).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # Canvas marks what is late, and this is not marked.
    assert received(due) == {"ada": local, "ben": local, "chloe": "2026-11-20T18:00:00Z"}


def test_what_canvas_calls_late_is_late(run, due, inbox):
    put(inbox, "exemplechloe_LATE_12_34_greeting.ipynb")
    collect(run, inbox, due)
    assert received(due)["chloe"] > "2026-11-20T18:00:00Z"


def test_an_earlier_version_that_is_handed_in_again_counts(run, course, inbox):
    for number, text in enumerate((NOTEBOOK, NOTEBOOK + b" ", NOTEBOOK)):
        created = f"2026-11-20T1{number}:00:00Z"
        made = hand_in("ada", token(course, "ada"), {"greeting.ipynb": text}, created=created)
        put(inbox, f"{number}.zip", made)
        assert len(collect(run, inbox, course)["taken"]) == 1
    assert (course / "submitted/ada/greeting/exercise.ipynb").read_bytes() == NOTEBOOK
    # The same files again change nothing.
    assert len(collect(run, inbox, course)["known"]) == 3
    assert (course / "submitted/ada/greeting/exercise.ipynb").read_bytes() == NOTEBOOK
