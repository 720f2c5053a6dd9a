"""`autograder doctor` says what really holds, and what is lacking."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from click.testing import CliRunner

from autograder.cli import main
from autograder.rooms import selftest

_SPEC = importlib.util.spec_from_file_location("rooms_bare", Path(__file__).with_name("bare.py"))
assert _SPEC and _SPEC.loader
bare = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(bare)


def test_it_tries_every_wall_and_promises_nothing_for_grading():
    done = CliRunner().invoke(main, ["doctor", "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["able"] is True
    assert told["in_use"] is False
    held = {one["wall"] for one in told["walls"] if one["ok"] and one["needed"]}
    assert held == {*selftest.WALLS, "fresh rooms", "the end"}


def test_it_names_what_is_refused_and_what_would_mend_it():
    told = bare.run(
        "from click.testing import CliRunner\n"
        "from autograder.cli import main\n"
        "done = CliRunner().invoke(main, ['doctor'])\n"
        "print(json.dumps([done.exit_code, done.stdout]))",
        front=("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"),
        path=("book/_ext",),
    )
    assert told[0] == 3
    assert "NO   rooms" in told[1]
    assert "refused: mount, pid, network, ipc" in told[1]
    assert "--cap-add SYS_ADMIN" in told[1]
    assert "This machine could not isolate learner code." in told[1]
