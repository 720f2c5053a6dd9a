"""What a course imports from outside the interpreter is found without importing it, and no more."""

from __future__ import annotations

import sys
from pathlib import Path

import answersheet
import pytest

from autograder.rooms import WarmParent, packages
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = ROOT / "exercises/source/export-controls/exercise.py"


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """An author's checkout with a course beside the packages, on the import path as `pip install -e` does."""
    tmp_path.chmod(0o755)
    for name in ("tools", "helpers", "course/source/ps1", "course/submitted", "tools/data", "lists"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "course/gradebook.db").touch()
    (tmp_path / "course/source/ps1/ps1.ipynb").touch()
    (tmp_path / "lists/eu.csv").write_text("1")
    (tmp_path / "tools/__init__.py").write_text(
        "from pathlib import Path\n"
        "import tools.late\n"
        "HERE = Path(__file__).resolve().parent\n"
        "ROOT = HERE.parent\n"
        "LISTS = ROOT / 'lists'\n"
        "KEPT = (ROOT / 'lists').joinpath('eu.csv')\n"
        "BOOK = ROOT / 'course' / 'gradebook.db'\n"
        "SOURCE = ROOT / 'course' / 'source'\n"
    )
    (tmp_path / "tools/late.py").write_text("raise RuntimeError('nobody imports me to look')\n")
    (tmp_path / "tools/plots.py").write_text("def f():\n    import json, helpers\n    from . import late\n")
    (tmp_path / "helpers/__init__.py").write_text("import numpy\nWORD = 'helped'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_packages_are_found_with_what_they_import_and_the_data_they_name(workshop):
    found = packages.outside(["import json\n%matplotlib inline\nimport tools.plots as plots\n"])
    assert found == [workshop / "helpers", workshop / "lists", workshop / "tools"]
    assert packages.entries(found) == [str(workshop)]
    assert "tools" not in sys.modules


@pytest.mark.parametrize(
    "source",
    ["import course", "import numpy, json, IPython", "import no_such_thing", "from . import x", "def (", ""],
)
def test_nothing_else_is(workshop, source):
    assert packages.outside([source]) == []


def test_a_course_is_shown_neither_by_an_import_nor_as_data(workshop):
    assert packages.outside(["import tools"], never=[workshop / "tools"]) == []
    shown = [workshop / "helpers", workshop / "tools"]
    assert packages.outside(["import tools"], never=[workshop / "lists"]) == shown
    assert packages.outside(["import helpers"], never=[workshop / "helpers" / "course"]) == []


def test_a_module_without_a_folder_is_shown_alone(workshop):
    (workshop / "single.py").write_text("import helpers\n")
    assert packages.outside(["import single"]) == [workshop / "helpers", workshop / "single.py"]


def test_where_the_grader_was_started_is_no_place_to_import_from(workshop, monkeypatch, tmp_path):
    (workshop / "course/beside.py").touch()
    monkeypatch.chdir(workshop / "course")
    monkeypatch.syspath_prepend(str(workshop / "course"))
    assert packages.outside(["import beside"]) == []


def test_cells_of_a_notebook_are_read_though_they_are_not_all_python():
    cell = (
        "%load_ext x\n!ls\nlen?\nimport a.b, c as d\nfrom e.f import g\nimport_module('h.i')\nif x:\n  !ls\n"
    )
    assert packages.imported(cell) == ["a", "c", "e", "h"]
    assert packages.imported("import a, b as c; print 1\n    from d.e import f\n") == ["a", "b", "d"]


def test_our_own_exercise_needs_its_packages_the_facts_and_its_pool_and_finds_them_in_a_room():
    source = EXERCISE.read_text(encoding="utf-8")
    shown = packages.outside([source], never=[ROOT / "_build"])
    parts = [ROOT / "book/_ext/coursefacts", ROOT / "book/_ext/courselab", ROOT / "book/facts"]
    sealed = answersheet.EXERCISES
    pools = [one for one in EXERCISE.parents[1].glob("*/pool.yml") if one.parent.name not in sealed]
    assert shown == [*parts, *sorted(pools)]
    look = (
        "import importlib.util, pathlib\n"
        "from coursefacts import load\n"
        "from courselab import variants\n"
        "root = pathlib.Path(given)\n"
        "result = [len(variants.EXERCISES) > 0, len(load().digest) > 0,\n"
        "          sorted(x.name for x in root.iterdir()),\n"
        "          sorted(x.name for x in (root / 'book/_ext').iterdir()),\n"
        "          importlib.util.find_spec('answersheet')]"
    )
    with WarmParent(imports=("courselab", "coursefacts"), readable=shown) as parent, parent.open() as room:
        told = room.ask({"source": look, "given": str(ROOT)}, seconds=PATIENCE)
    assert told["error"] is None
    assert told["value"][:2] == [True, True]
    assert set(told["value"][2]) <= {".venv", "book", "exercises"}
    # What draws answers is not there, though it lies beside the two in the same folder.
    assert told["value"][3:] == [["coursefacts", "courselab"], None]
