"""`autograder doctor` says what really holds, and what is lacking."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

from click.testing import CliRunner

from autograder import doctor
from autograder.cli import main
from autograder.rooms import Finding, selftest

_SPEC = importlib.util.spec_from_file_location("rooms_bare", Path(__file__).with_name("bare.py"))
assert _SPEC and _SPEC.loader
bare = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(bare)


def test_it_tries_every_wall_and_says_what_kind_of_isolation_there_is():
    done = CliRunner().invoke(main, ["doctor", "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["able"] is told["in_use"] is True
    assert told["isolation"] == ("root" if os.geteuid() == 0 else "user namespace")
    held = {one["wall"] for one in told["walls"] if one["ok"] and one["needed"]}
    assert held == {*selftest.WALLS, *selftest.MORE}


def test_it_says_what_is_weaker_without_root_and_where_the_kernel_bounds_no_memory():
    stands = Finding("rooms", True, True, "")
    root, user = Finding("root", True, False, ""), Finding("root", False, False, "")
    group = Finding("control group", False, False, "")
    assert doctor.isolation([root, stands]) == "root"
    assert doctor.isolation([user, stands]) == "user namespace"
    assert doctor.isolation([root, Finding("rooms", False, True, "")]) is None
    assert doctor.weaker([root, stands]) == []
    assert doctor.weaker([user, stands]) == list(doctor.WEAKER)
    assert len(doctor.weaker([root, stands, group])) == 1
    assert doctor.weaker([root, Finding("rooms", False, True, ""), group]) == []


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
    assert "This machine cannot isolate learner code" in told[1]
