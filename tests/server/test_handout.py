"""The learner's copies: five rules, and none of them loses a word that the learner wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coursebook.server.handout import (
    Outcome,
    fingerprint,
    hand_out_file,
    hand_out_folder,
    hand_out_notebook,
    with_base,
    write_whole,
)

NAME = Path("labs/unit/lab-a.ipynb")


def notebook(*sources: str, outputs: bool = False) -> bytes:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {},
            "source": source,
            "execution_count": 3 if outputs else None,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "42\n"}] if outputs else [],
        }
        for n, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def course(tmp_path: Path) -> tuple[Path, Path]:
    source = tmp_path / "lab.ipynb"
    source.write_bytes(notebook("first"))
    return source, tmp_path / "workspace"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and ".given" not in path.parts)


def test_what_is_missing_is_written(course):
    source, workspace = course
    assert hand_out_notebook(source, workspace, NAME) is Outcome.NEW
    assert (workspace / NAME).read_bytes() == source.read_bytes()


def test_deleting_starts_afresh(course):
    source, workspace = course
    hand_out_notebook(source, workspace, NAME)
    (workspace / NAME).write_bytes(notebook("mine"))
    (workspace / NAME).unlink()
    assert hand_out_notebook(source, workspace, NAME) is Outcome.NEW
    assert (workspace / NAME).read_bytes() == notebook("first")


def test_what_is_current_is_left_alone_with_its_outputs(course):
    source, workspace = course
    hand_out_notebook(source, workspace, NAME)
    ran = notebook("first", outputs=True)
    (workspace / NAME).write_bytes(ran)
    assert hand_out_notebook(source, workspace, NAME) is Outcome.CURRENT
    assert (workspace / NAME).read_bytes() == ran


def test_an_unchanged_copy_is_renewed_even_after_running_it(course):
    source, workspace = course
    hand_out_notebook(source, workspace, NAME)
    (workspace / NAME).write_bytes(notebook("first", outputs=True))
    source.write_bytes(notebook("second"))
    assert hand_out_notebook(source, workspace, NAME) is Outcome.RENEWED
    assert (workspace / NAME).read_bytes() == notebook("second")


def test_a_changed_copy_is_kept(course):
    source, workspace = course
    hand_out_notebook(source, workspace, NAME)
    (workspace / NAME).write_bytes(notebook("mine"))
    assert hand_out_notebook(source, workspace, NAME) is Outcome.KEPT
    assert (workspace / NAME).read_bytes() == notebook("mine")
    assert names(workspace) == ["lab-a.ipynb"]


def test_a_changed_copy_is_kept_and_a_newer_version_lies_beside_it_once(course):
    source, workspace = course
    hand_out_notebook(source, workspace, NAME)
    (workspace / NAME).write_bytes(notebook("mine"))
    source.write_bytes(notebook("second"))
    assert hand_out_notebook(source, workspace, NAME) is Outcome.BESIDE
    assert (workspace / NAME).read_bytes() == notebook("mine")
    (beside,) = (workspace / NAME).parent.glob("lab-a-new-*.ipynb")
    assert beside.read_bytes() == notebook("second")
    beside.unlink()  # no, thank you
    assert hand_out_notebook(source, workspace, NAME) is Outcome.KEPT
    assert names(workspace) == ["lab-a.ipynb"]


def test_a_file_that_the_course_never_handed_out_is_kept(course):
    source, workspace = course
    write_whole(workspace / NAME, notebook("brought from elsewhere"))
    assert hand_out_notebook(source, workspace, NAME) is Outcome.BESIDE
    assert (workspace / NAME).read_bytes() == notebook("brought from elsewhere")


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [1]}', b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "cut", "list", "number", "no cell", "bytes", "deep"],
)
def test_a_damaged_copy_is_the_learners_and_is_kept(course, damaged):
    source, workspace = course
    hand_out_notebook(source, workspace, NAME)
    (workspace / NAME).write_bytes(damaged)
    assert hand_out_notebook(source, workspace, NAME) is Outcome.KEPT
    assert (workspace / NAME).read_bytes() == damaged


def test_a_folder_is_handed_out_file_by_file(tmp_path):
    release, workspace = tmp_path / "release", tmp_path / "workspace"
    (release / "data").mkdir(parents=True)
    (release / "exercise.ipynb").write_bytes(notebook("solve"))
    (release / "data" / "counts.csv").write_text("a,b\n")
    (release / "link").symlink_to("/etc/passwd")
    outcomes = hand_out_folder(release, workspace, Path("exercises/x"))
    assert outcomes == {"data/counts.csv": Outcome.NEW, "exercise.ipynb": Outcome.NEW}
    (workspace / "exercises/x/data/counts.csv").write_text("mine\n")
    (release / "data" / "counts.csv").write_text("a,b\n1,2\n")
    (release / "exercise.ipynb").write_bytes(notebook("solve this"))
    outcomes = hand_out_folder(release, workspace, Path("exercises/x"))
    assert outcomes == {"data/counts.csv": Outcome.BESIDE, "exercise.ipynb": Outcome.RENEWED}
    assert (workspace / "exercises/x/data/counts.csv").read_text() == "mine\n"


def test_a_notebook_counts_by_its_cells_and_a_file_by_its_bytes():
    assert fingerprint(notebook("a", outputs=True), ".ipynb") == fingerprint(notebook("a"), ".ipynb")
    assert fingerprint(notebook("a", "b"), ".ipynb") != fingerprint(notebook("b", "a"), ".ipynb")
    assert fingerprint(notebook("a", outputs=True), ".txt") != fingerprint(notebook("a"), ".txt")


def test_links_to_the_book_follow_the_servers_base():
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["[a](/m/a.html) and ", "[b](http://x/)"]}
    code = {"cell_type": "code", "metadata": {}, "source": "f[0](/x)", "outputs": []}
    text = json.dumps({"cells": [cell, code]}).encode()
    moved = json.loads(with_base(text, "/u/ada/"))["cells"]
    assert moved[0]["source"] == "[a](/u/ada/m/a.html) and [b](http://x/)"
    assert moved[1]["source"] == "f[0](/x)"
    assert with_base(text, "/") == text


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def full(self, target):
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert target.read_text() == "old"


def test_what_cannot_be_a_copy_is_kept(tmp_path):
    (tmp_path / "a.txt").mkdir()
    assert hand_out_file(b"x", tmp_path / "a.txt", tmp_path / "record") is Outcome.BESIDE
    assert (tmp_path / "a.txt").is_dir()
