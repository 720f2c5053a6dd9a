"""The zips that `autograder handin` makes: they say what they are, and that is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.collecting.archive import HANDIN, Refused, manifest, open_zip
from autograder.collecting.content import Inside
from autograder.collecting.decide import Unsure
from autograder.collecting.names import Names, Outer
from autograder.collecting.unsettled import Doubt
from autograder.files import iso, now, sha256
from autograder.strangers import moment, shown

__all__ = ["HandedIn", "check_exercise", "read_hand_in", "read_manifest", "whose"]


@dataclass(eq=False)
class HandedIn:
    """A submission that may be taken.

    notebook: its bytes.
    origin: how to call it to a person.
    changed: when the file was last changed, as the platform or the disk says.
    created: when its maker says that it was made.
    learner, exercise: whose and what it is, once that is decided.
    files: what came with it, by path.
    sender: what tells this sender from another.
    by_token: whether its token alone tells whose it is.
    remark: what a person should know of it.
    key: of what was kept for a person, when this was.
    came: when the platform says that it came; late: whether it calls it late. None where it says nothing.
    """

    notebook: bytes
    origin: str
    changed: datetime
    created: str
    learner: str = ""
    exercise: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    sender: str = ""
    by_token: bool = False
    remark: str = ""
    key: str = ""
    came: datetime | None = None
    late: bool | None = None

    @cached_property
    def content(self) -> str:
        """A digest of all that was handed in."""
        return sha256("".join(sorted(map(sha256, [self.notebook, *self.files.values()]))).encode())

    @classmethod
    def kept(cls, doubt: Doubt, learner: str, exercise: str) -> HandedIn:
        """Make a submission of what was kept, as a person settled it."""
        files = dict(doubt.files)
        notebook = files.pop("")
        changed = datetime.fromisoformat(doubt.about["changed"])
        one = cls(notebook, doubt.origin, changed, doubt.about["created"], learner, exercise, files)
        one.key, one.sender = doubt.key, f"settled {doubt.key}"
        return one


def read_manifest(data: bytes) -> dict[str, Any] | None:
    """Read manifest.json of a hand-in; None when the archive has none at its root."""
    found = manifest(data)
    if found is None:
        return None
    files = found.get("files") if isinstance(found, dict) else None
    texts = isinstance(found, dict) and all(
        isinstance(found.get(key), str) for key in ("exercise", "learner", "created")
    )
    token = found.get("token") if isinstance(found, dict) else None
    listed = isinstance(files, list) and all(
        isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get("sha256"), str)
        for item in files
    )
    if not (
        texts and listed and found.get("schema") == "handin/1" and (token is None or isinstance(token, str))
    ):
        raise Refused("its manifest is not handin/1")
    return dict(found)


def read_hand_in(data: bytes, told: dict[str, Any], names: Names, one: HandedIn) -> HandedIn:
    """Check a hand-in against its manifest, and fill in what it holds."""
    files = {name: data for name, _, data in open_zip(data, HANDIN)}
    listed = {item["name"]: item["sha256"] for item in told["files"]}
    if {name: sha256(data) for name, data in files.items() if name != "manifest.json"} != listed:
        raise Refused("the files are not those that the manifest lists")
    one.exercise = names.known_exercise(told["exercise"])
    notebook = files.get(f"{one.exercise}.ipynb")
    if notebook is None:
        raise Refused(f"it holds no {one.exercise}.ipynb")
    one.notebook = notebook
    one.files = {
        name: data
        for name, data in files.items()
        if name.startswith("transcripts/") and name.endswith(".json") and name.count("/") == 1
    }
    # Its maker's word, which only puts their own hand-ins into order; none was made in the future.
    one.created = iso(min(moment(told["created"]) or one.changed, now()))
    return one


def whose(told: dict[str, Any], exercise: str, names: Names, outer: Outer, secret: bytes) -> str:
    """Decide whose hand-in it is: the folder or LMS says so, else the token does, else nobody knows."""
    named = names.admitted(told["learner"])
    if outer.learner is not None:
        if names.admitted(outer.learner) != named:
            raise Refused(f"it was handed in by '{outer.learner}' and says that it is '{named}'s")
        return named
    if outer.several and named not in outer.several:
        who = "' or '".join(sorted(outer.several))
        raise Refused(f"it was handed in by '{who}' and says that it is '{named}'s")
    if secret == tokens.PRACTICE and not outer.several and not outer.called:
        return named
    try:
        token = tokens.normal(told["token"] or "")
    except InputFault:
        what = "a token that cannot be right" if told["token"] else "no token"
        raise Unsure(f"it says that it is '{named}'s, and has {what}", (named,), exercise) from None
    if token != tokens.make(secret, exercise, named):
        raise Refused(f"its token is not that of '{named}'")
    if outer.called and not names.people.related(outer.called, named):
        raise Unsure(
            f"it was handed in by '{shown(outer.called, 60)}', whom the roster does not know, and says that "
            f"it is '{named}'s, with their token",
            (named,),
            exercise,
        )
    return named


def check_exercise(one: HandedIn, inside: Inside) -> None:
    """Leave to a person what was packed as another exercise than its cells are of."""
    if inside.cells is not None and inside.cells != one.exercise:
        raise Unsure(
            f"it is the notebook of '{inside.cells}' and was handed in as '{one.exercise}'",
            (one.learner,),
            inside.cells,
        )
