"""A whole notebook through both rooms, told in three texts."""

from __future__ import annotations

import ast
import re

from autograder.rooms import WarmParent
from autograder.rooms.pair import EXAMINER, LEARNER, Pair

SECONDS = 120.0  # far above what a busy machine takes for a cell


def parent(*imports):
    """The warm parent of both rooms."""
    return WarmParent(imports=imports, mains=[LEARNER, EXAMINER])


def bound(source):
    """Names that a text binds at its top."""
    return {
        one.id if isinstance(one, ast.Name) else one.name
        for one in ast.walk(ast.parse(source))
        if (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
        or isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def classes(source):
    """Names of classes that a text defines."""
    return {one.name for one in ast.walk(ast.parse(source)) if isinstance(one, ast.ClassDef)}


class Notebook:
    """Given cells, solution cells and test cells in the order in which they are told."""

    def __init__(self, pair, *, own=None, solution_classes=(), given_classes=(), seconds=SECONDS):
        self.pair = pair
        self.seconds = seconds
        self.names = set()
        self.pair.examiner.begin(own=own, classes=solution_classes, given_classes=given_classes)

    def given(self, source):
        ran = self.pair.learner.run(source, seconds=self.seconds)
        assert ran.error is None, ran.error
        told = self.pair.examiner.given(source, [], SECONDS)
        assert told.error is None, told.error

    def solved(self, source, names=None):
        ran = self.pair.learner.run(source, seconds=self.seconds)
        self.pair.examiner.learned(source)
        self.names |= set(names) if names is not None else bound(source)
        return ran

    def test(self, source, seconds=SECONDS):
        everything = re.search(r"globals\(|locals\(|vars\(", source)
        words = set(re.findall(r"\w+", source))
        return self.pair.examiner.test(source, self.names if everything else self.names & words, seconds)


def through(parent, given, solution, test, *, names=None, own=None):
    """One of each, and how the test ended."""
    with Pair(parent) as pair:
        book = Notebook(pair, own=own, solution_classes=classes(solution), given_classes=classes(given))
        if given:
            book.given(given)
        ran = book.solved(solution, names)
        assert ran.error is None, ran.error
        return book.test(test)
