"""Which tests go to one worker together, so that what is dear to set up is set up once.

pytest-xdist gives a group to one worker as a whole, and a worker takes the next when it is done with one.
A group is a module, or several that share something dear, or one test of a module that shares nothing.
`--dist loadgroup` would read marks instead: pytest-xdist 3.8 cannot write them into the names of pytest 9.2.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from xdist.scheduler import LoadScopeScheduling

# Modules that share a fixture of seconds to minutes, by the name of what they share.
TOGETHER = {
    "the quick hostile class": (
        "tests/hostile/test_hostile_quick.py",
        "tests/hostile/test_hostile_pages.py",
    ),
    "the class of all sorts": (
        "tests/autograder/test_feedback_page.py",
        "tests/autograder/test_grade_class.py",
        "tests/autograder/test_marking_table.py",
        "tests/autograder/test_marking_walk.py",
        "tests/autograder/test_nbgrader_after.py",
        "tests/autograder/test_report_page.py",
    ),
    "the class of hostile letters": (
        "tests/autograder/test_formgrader.py",
        "tests/autograder/test_marking_page.py",
    ),
    "verifiers from other registries": (
        "tests/records/test_records_foreign.py",
        "tests/records/test_proof_carriers.py",
    ),
}
# Modules whose tests share nothing dear but the book, and take long: each test may go to another worker.
SPREAD = (
    "tests/browser/test_book_pages.py",
    "tests/courselab/test_right_answers.py",
    "tests/content/test_exercises.py",
)
# It builds the book, while the other worker does what needs none.
FIRST = "tests/browser/test_book_pages.py::test_every_page_carries_the_policy"
_GROUPS = {module: name for name, modules in TOGETHER.items() for module in modules}


def group_of(nodeid: str) -> str:
    """Name the group of a test."""
    module = nodeid.partition("::")[0]
    return nodeid if module in SPREAD else _GROUPS.get(module, module)


class Grouped(LoadScopeScheduling):
    """Hand out whole groups, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Grouped:
    """Let our groups be handed out."""
    return Grouped(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the groups first that may take longest: none of them is to begin when the other worker is done."""
    longest: dict[str, Weight] = {}
    for item in items:
        group = group_of(item.nodeid)
        longest[group] = max(longest.get(group, NOTHING), weight_of(item))
    items.sort(key=lambda item: longest[group_of(item.nodeid)], reverse=True)


class Weight(NamedTuple):
    """How early a test begins: by what it allows itself, and whether it starts real things."""

    limit: float
    first: bool
    heavy: bool
    bookless: bool


NOTHING = Weight(0.0, first=False, heavy=False, bookless=False)


def weight_of(item: pytest.Item) -> Weight:
    """Weigh a test; those that need the book come later, when it is built."""
    limit = item.get_closest_marker("timeout")
    return Weight(
        limit=float(limit.args[0]) if limit and limit.args[0] > 600 else 0.0,
        first=item.nodeid.startswith(FIRST),
        heavy=any(item.get_closest_marker(name) for name in ("slow", "browser")),
        bookless="built_book" not in getattr(item, "fixturenames", ()),
    )
