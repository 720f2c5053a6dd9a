"""What the tests of the engine share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import coursefacts
import pytest
from coursefacts import FactBook

from scenarios.engine import Case, loads

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
CASES = sorted(REPOSITORY.glob("scenarios/cases/*/case.md"))
SAMPLES = sorted(REPOSITORY.glob("tests/sample_course/scenarios/cases/*/case.md"))


@pytest.fixture(scope="session")
def facts() -> FactBook:
    """The facts of the course."""
    return coursefacts.load()


@pytest.fixture(scope="session")
def base_text() -> str:
    """A small case with all of the grammar in it."""
    return (HERE / "base.md").read_text(encoding="utf-8")


@pytest.fixture
def base(base_text: str) -> Case:
    """The small case, read."""
    return loads(base_text)


@pytest.fixture
def edited(base_text: str) -> Callable[..., Case]:
    """The small case with some text replaced."""

    def edit(*changes: tuple[str, str]) -> Case:
        text = base_text
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return loads(text)

    return edit
