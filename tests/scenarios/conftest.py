"""What the tests of the engine share."""

from __future__ import annotations

from pathlib import Path

import coursefacts
import pytest
from coursefacts import FactBook


@pytest.fixture(scope="session")
def facts() -> FactBook:
    """The facts of the course."""
    return coursefacts.load()


@pytest.fixture(scope="session")
def base_text() -> str:
    """A small case with all of the grammar in it."""
    return (Path(__file__).resolve().parent / "base.md").read_text(encoding="utf-8")
