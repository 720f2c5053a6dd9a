"""What is left out of imports for speed is there for whoever asks, and changes nothing that is made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_SPARING = "import json, sys\nfrom autograder.light import lighten, sparingly\nlighten()\nsparingly()\n"


def told(source, *, before=_SPARING):
    done = subprocess.run([sys.executable, "-c", before + source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_no_grammar_of_addresses_is_built_by_whoever_reads_a_notebook():
    # constraints.txt holds jsonschema at the last version that does without: with it, each start of nbgrader,
    # JupyterLab or a kernel manager took three seconds of processor time more.
    assert (
        told(
            "import nbformat\nprint(json.dumps('rfc3987_syntax' in sys.modules))", before="import json, sys\n"
        )
        is False
    )


def test_what_nobody_asks_for_is_not_imported():
    absent = ["bs4", "nbconvert.exporters.html", "jupyter_server", "requests", "setuptools", "arrow"]
    found = told(
        "from nbgrader.converters import GenerateAssignment\n"
        "from nbgrader.preprocessors import ClearHiddenTests, SaveCells\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    assert "nbgrader.preprocessors.savecells" in found
    assert not set(absent) & set(found)


@pytest.mark.parametrize(
    "source",
    [
        "from nbconvert import HTMLExporter as found",
        "from nbconvert.exporters import export as found",
        "import nbconvert.filters.markdown\nfound = nbconvert.filters.markdown2html",
        "from nbconvert import filters\nfound = filters.ansi2html",
        "from nbconvert.preprocessors import ExecutePreprocessor as found",
        "from nbgrader.preprocessors import *\nfound = ClearSolutions",
        "from nbgrader.auth import JupyterHubAuthPlugin as found",
        "import nbgrader\nfound = nbgrader._jupyter_server_extension_points",
        "import nbgrader.apps\nfound = nbgrader.apps.NbGraderApp",
        "from setuptools.archive_util import unpack_archive as found",
    ],
)
def test_what_is_asked_for_is_there(source):
    assert told(f"{source}\nprint(json.dumps(callable(found)))")


def test_what_is_put_off_is_the_function_itself_when_it_is_called(tmp_path):
    source = (
        "import zipfile\n"
        f"zipfile.ZipFile({str(tmp_path / 'a.zip')!r}, 'w').writestr('x.txt', 'inside')\n"
        "import nbgrader.utils\n"
        f"nbgrader.utils.unpack_archive({str(tmp_path / 'a.zip')!r}, {str(tmp_path / 'out')!r})\n"
        f"print(json.dumps(open({str(tmp_path / 'out' / 'x.txt')!r}).read()))"
    )
    assert told(source) == "inside"


def test_a_name_that_is_nowhere_is_an_ordinary_error():
    source = (
        "import nbgrader.preprocessors as place\n"
        "try:\n    place.Nothing\nexcept AttributeError as problem:\n    print(json.dumps(str(problem)))"
    )
    assert told(source) == "module 'nbgrader.preprocessors' has no attribute 'Nothing'"


def test_the_chain_makes_the_same_masters_as_without(course):
    order = json.dumps({"root": str(course), "db": None, "exercise": "greeting"})
    plain = (
        "import json, sys\nfrom pathlib import Path\nfrom autograder.course import Course\n"
        "from autograder.grading.chain import make\n"
        f"print(json.dumps(make(Course(Path({str(course)!r})), 'greeting')))"
    )
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    run = {"capture_output": True, "text": True, "env": environment, "check": True}
    by_chain = subprocess.run([sys.executable, "-m", "autograder.grading.chain"], input=order, **run)
    by_hand = subprocess.run([sys.executable, "-c", plain], **run)
    assert json.loads(by_chain.stdout)["masters"] == json.loads(by_hand.stdout)
