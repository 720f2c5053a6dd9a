"""What a case is, once read: the same object for every player, and the shape of `scenario/1`.

`Case` is immutable.
Its `logic` holds all that decides what may happen, and nothing else: no prose, no line numbers.
Dumped as JSON it is the compiled case; read back from JSON it is the same object.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Literal["scenario/1"] = "scenario/1"

Stance = Literal["open", "restrict", "escalate", "act"]
STANCES: tuple[Stance, ...] = ("open", "restrict", "escalate", "act")
Verdict = Literal["sound", "wrong", "harmless"]
VERDICTS: tuple[Verdict, ...] = ("sound", "wrong", "harmless")
"""What an author says of a choice: its feedback is not adverse; it is, and the best ending is lost; it is,
and the best ending is not, because no harm is done or it can be made good."""
Edition = Literal[1, 2]
"""The rules that a case or a quiz is held to."""
NEWEST: Edition = 2
Unit = Literal["min", "h", "d"]
Asks = Literal["choice", "number", "text"]
"""What a question asks for: one or several of its options, or something that is typed."""

Operator = Literal["<=", ">=", "<", ">", "=", "!="]
Literal_ = tuple[str, Operator, int]
"""One comparison: a variable, an operator, a whole number. Flags compare with 0 or 1."""
Condition = tuple[tuple[Literal_, ...], ...]
"""Alternatives, each a list of comparisons that must all hold (disjunctive normal form)."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A flag or an axis."""
Amount = Annotated[int, Field(ge=-1_000, le=1_000)]
Slug = Annotated[str, Field(min_length=1)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Frozen(BaseModel):
    """Immutable, and refuses keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    def plain(self) -> dict[str, Any]:
        """Dump to what JSON can hold, under the names of the format."""
        return self.model_dump(mode="json", by_alias=True)


class ChoiceLogic(Frozen):
    """What a choice needs, does and leads to."""

    to: Slug | None = Field(
        description="Scene that follows; null is back to where a deadline cut in, offered only after it did."
    )
    when: Condition | None = Field(
        default=None,
        validation_alias="if",
        serialization_alias="if",
        description="Offered only then; null is always.",
    )
    effects: dict[str, Annotated[int, Field(ge=-1_000, le=1_000)]] = Field(
        default_factory=dict, description="Added to each axis."
    )
    takes: int = Field(default=0, ge=0, le=10_000, description="Clock units that pass.")
    set: tuple[str, ...] = Field(default=(), description="Flags that become 1.")
    clear: tuple[str, ...] = Field(default=(), description="Flags that become 0.")
    once: bool = Field(default=False, description="Not offered again after it was taken.")


class SceneLogic(Frozen):
    """A scene's exits; an ending has none."""

    id: Slug
    ending: bool = False
    choices: tuple[ChoiceLogic, ...] = ()


class FormLogic(Frozen):
    """One form of a quiz item: what it asks for, and which of its options (from 1) are right."""

    asks: Asks = "choice"
    options: int = Field(ge=1)
    correct: tuple[int, ...] = Field(min_length=1)
    multiple: bool = Field(default=False, description="Several options are right: tick all that apply.")
    unit: str = Field(default="", description="Unit of a number that is typed.")
    typed: tuple[tuple[str, ...], ...] = Field(
        default=(),
        description="Of typed answers, for each option: the least and the largest number, or the words.",
    )


class ItemLogic(Frozen):
    """A quiz item and its forms: each asks for the same knowledge, in another situation."""

    id: Slug
    forms: tuple[FormLogic, ...] = Field(min_length=1)


class DeadlineLogic(Frozen):
    """A deadline: a choice that takes time and leaves the clock beyond `at` fires it, once."""

    name: Name = Field(description="A flag of its own: 1 once it has fired.")
    at: int = Field(ge=1, le=1_000_000, description="Missed when the clock is beyond.")
    to: Slug | None = Field(default=None, description="Scene that play is sent to; null is none.")
    unless: Condition | None = Field(
        default=None, description="Does not fire while this holds; null is always ready to."
    )


class ClockLogic(Frozen):
    """The clock and its deadlines, the earliest first."""

    unit: Unit
    deadlines: tuple[DeadlineLogic, ...] = Field(min_length=1)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the deadlines, which conditions read like flags."""
        return tuple(deadline.name for deadline in self.deadlines)


class Logic(Frozen):
    """All that decides what may happen; its digest names the version of a case in a transcript."""

    id: str
    kind: Literal["case", "quiz"] = "case"
    start: Slug | None = Field(default=None, description="First scene; null in a quiz.")
    axes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    clock: ClockLogic | None = None
    scenes: tuple[SceneLogic, ...] = ()
    items: tuple[ItemLogic, ...] = ()


class Prose(Frozen):
    """A run of blocks as MyST source, the line it begins on, and when it is shown."""

    source: str
    line: int = Field(ge=1)
    when: Condition | None = Field(
        default=None,
        validation_alias="if",
        serialization_alias="if",
        description="Shown only then; null is always.",
    )


class Choice(Frozen):
    """The words of a choice or of a quiz option, in the order of the file."""

    label: str = Field(min_length=1, description="Inline MyST.")
    line: int = Field(ge=1)
    stance: Stance | None = None
    verdict: Verdict | None = Field(
        default=None, description="Whether the feedback is adverse, and whether it costs the best ending."
    )
    costs: str | None = Field(default=None, description="Person of the case at whose expense it is.")
    correct: bool | None = Field(default=None, description="Quiz only.")
    feedback: tuple[Prose, ...] = ()


class Form(Frozen):
    """The words of one form of a quiz item: its stem, and its options or the answers that are expected."""

    line: int = Field(ge=1)
    prose: tuple[Prose, ...] = ()
    choices: tuple[Choice, ...] = ()


class Scene(Frozen):
    """The words of a scene, of an ending or of a quiz item."""

    id: Slug
    title: str = Field(description="Inline MyST; an ending's without 'Ending:'.")
    line: int = Field(ge=1)
    kind: Literal["scene", "ending", "item"] = "scene"
    outcomes: tuple[str, ...] = Field(default=(), description="Learning outcomes; quiz items only.")
    prose: tuple[Prose, ...] = ()
    debrief: tuple[Prose, ...] = Field(default=(), description="Endings only.")
    choices: tuple[Choice, ...] = ()
    forms: tuple[Form, ...] = Field(default=(), description="Quiz items only, instead of prose and choices.")
    notes: tuple[Prose, ...] = Field(
        default=(), description="For whoever leads a discussion; not for players."
    )


class Axis(Frozen):
    """A score that is kept but never clamped, and the bounds that it is proved to stay in."""

    name: Name
    label: str
    low: int = Field(validation_alias="from", serialization_alias="from")
    high: int = Field(validation_alias="to", serialization_alias="to")


class Flag(Frozen):
    """Something the play remembers, and how to say it to a reader: 'if …'."""

    name: Name
    label: str


class Figure(Frozen):
    """A picture that lies beside the case file."""

    file: str = Field(description="Its name in the folder of `source`.")
    sha256: Digest


class Role(Frozen):
    """A person of the case."""

    name: str
    label: str


class Minutes(Frozen):
    """How long it takes to play."""

    low: int = Field(validation_alias="from", serialization_alias="from", ge=1)
    high: int = Field(validation_alias="to", serialization_alias="to", ge=1)


class Case(Frozen):
    """A whole case or quiz. Its JSON is the format `scenario/1`."""

    format: Literal["scenario/1"] = Field(
        default=SCHEMA, validation_alias="schema", serialization_alias="schema"
    )
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    kind: Literal["case", "quiz"] = "case"
    title: str
    module: str
    minutes: Minutes
    outcomes: tuple[str, ...]
    facts: tuple[str, ...] = Field(default=(), description="Ids of all facts that the text cites, sorted.")
    roles: tuple[Role, ...] = ()
    axes: tuple[Axis, ...] = ()
    flags: tuple[Flag, ...] = ()
    deadlines: tuple[Flag, ...] = Field(
        default=(), description="How to say that a deadline was missed: 'if …'."
    )
    figures: tuple[Figure, ...] = Field(default=(), description="Pictures that the text shows.")
    rules: Edition = Field(default=1, description="Edition of the rules that the case is held to.")
    scores: Literal["end", "always"] = Field(
        default="end", description="When a player shows the figures of the axes."
    )
    inline: bool = Field(
        default=False,
        description="A quiz whose questions stand one by one in lessons.",
    )
    best: Slug | None = Field(default=None, description="The ending that judgement earns; null in a quiz.")
    source: str = Field(description="Path of the file it was read from, as it was given.")
    lines: dict[str, int] = Field(
        default_factory=dict, description="Lines of the front matter's keys, such as axes.security."
    )
    intro: tuple[Prose, ...] = ()
    notes: tuple[Prose, ...] = Field(default=(), description="Speaker notes on the case as a whole.")
    scenes: tuple[Scene, ...]
    logic: Logic
    digest: Digest = Field(description="SHA-256 of the logic alone: progress and transcripts name it.")
    parts: dict[str, str] = Field(
        description="Short digest of each scene's logic, and of the rest as '#frame': they tell what changed."
    )
    text_digest: Digest = Field(description="SHA-256 of logic and words, without line numbers.")

    def form(self, at: int, number: int) -> tuple[Form, FormLogic]:
        """Give words and logic of a form (from 1) of the question at a position (from 0)."""
        return self.scenes[at].forms[number - 1], self.logic.items[at].forms[number - 1]

    def scene(self, slug: str) -> Scene:
        """Give the words of a scene."""
        return next(scene for scene in self.scenes if scene.id == slug)

    def line_of(self, slug: str) -> int:
        """Give the line of a scene's heading."""
        return self.scene(slug).line

    @property
    def endings(self) -> tuple[str, ...]:
        """Ids of the endings, in the order of the file."""
        return tuple(scene.id for scene in self.scenes if scene.kind == "ending")
