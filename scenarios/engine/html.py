"""Write a case or a quiz as a game book: plain linked sections that read, play and print without a script.

One walk over the compiled case yields `pieces`: strings of HTML (structure, ours) and `Words` (prose, the
author's), because whoever shows the case has its own way to render prose: the book parses it with its roles,
citations and cross-references, the notebook turns it into HTML by itself.

    for piece in pieces(case, heading_level=2, id_prefix="case-visitor-and-chip"):
        show(piece) if isinstance(piece, str) else parse_and_show(piece)

Single strings are not balanced, the whole is.
The scripts in `front/` turn the result into a player by showing one scene of it at a time; they bring no
words of the case. What they rely on, and what a restyled page must keep:

- `div.case-root[data-case][data-kind]` around all, with `script.case-logic` (JSON, no prose) at its end;
  its `scores` says whether figures are shown always or at the end;
  its `until` says up to which day a question of a quiz is graded;
- `.case-intro`, `.case-people`, and `[data-axis]` with the name that a learner sees;
- `section[data-scene]` with a `.case-title` each, `.case-debrief` in an ending;
- in a quiz `div.case-variant[data-form]` (number from 1) in it for each form, with `.case-stem` and the
  options, of which `.case-typed` holds an answer that is typed;
- `[data-when]` (a condition as JSON) on text that depends on the play;
- `[data-deadline]` with what a learner is told when that deadline was missed;
- `div.prompt-root[data-prompts]` around one question that stands by itself, with `script.prompt-logic`;
- `details.case-speaker`: notes for whoever leads a discussion, shown in class mode alone;
- `ol.case-choices > li[data-choice]` (number from 1) with `details > summary`, `.case-effects` and
  `.case-feedback`; `.case-gain` holds the figures of the effects, without the time.

`.case-paper` marks what only a reader without the script needs: what to note down, when a choice is open.
Ids begin with `id_prefix`. Headings are plain HTML, so a page's table of contents gives no ending away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

from coursefacts.values import day

from scenarios.engine.model import (
    Axis,
    Case,
    Choice,
    ChoiceLogic,
    Condition,
    DeadlineLogic,
    Form,
    FormLogic,
    Prose,
    Scene,
)

MINUS = "\N{MINUS SIGN}"
NEVER: Mapping[str, str] = MappingProxyType({})
THAN = {"<=": "at most ", "<": "below ", "=": "", ">=": "at least ", ">": "above ", "!=": "not "}
UNITS = {"min": ("minute", "minutes"), "h": ("hour", "hours"), "d": ("day", "days")}


@dataclass(frozen=True)
class Words:
    """A stretch of the author's prose that stands at this place.

    source: MyST text.
    line: its first line in the case file, for messages.
    inline: give its inline content only, without a paragraph around it (labels and titles).
    """

    source: str
    line: int
    inline: bool = False


Piece = str | Words


def render(
    compiled: Case | Mapping[str, Any],
    *,
    prose: Callable[[Words], str],
    heading_level: int = 2,
    id_prefix: str | None = None,
    until: Mapping[str, str] = NEVER,
) -> str:
    """Write the whole game book as one string; `prose` gives the HTML of each stretch of words."""
    walk = pieces(compiled, heading_level=heading_level, id_prefix=id_prefix, until=until)
    return "".join(piece if isinstance(piece, str) else prose(piece) for piece in walk)


def pieces(
    compiled: Case | Mapping[str, Any],
    *,
    heading_level: int = 2,
    id_prefix: str | None = None,
    until: Mapping[str, str] = NEVER,
) -> Iterator[Piece]:
    """Yield structure and words in reading order.

    heading_level: level of a scene's heading: one below the heading that the case stands under.
    id_prefix: beginning of every id; unlike any other on the page. Default: `case-<id>`.
    until: the last day of grading of questions that have one, from `dated.graded_until`.
    """
    case = compiled if isinstance(compiled, Case) else Case.model_validate(dict(compiled))
    yield from _Book(case, heading_level, id_prefix or f"case-{case.id}", until).whole()


def single(
    case: Case, item: str, *, heading_level: int = 3, until: Mapping[str, str] = NEVER
) -> Iterator[Piece]:
    """Yield one question of a quiz, to stand by itself in a text; as in `pieces`, its answers are folded."""
    book = _Book(case, heading_level, f"case-{case.id}", until)
    logic = next(one for one in case.logic.items if one.id == item).plain()
    data = logic | ({"until": until[item]} if item in until else {})
    yield f'<div class="prompt-root" data-prompts="{escape(case.id)}">'
    yield from book.item(case.scene(item))
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    yield f'<script type="application/json" class="prompt-logic">{text}</script></div>'


def signed(number: int) -> str:
    """Write a number with its sign, as print does."""
    return f"+{number}" if number > 0 else f"{MINUS}{-number}" if number else "0"


def span(number: int, unit: str) -> str:
    """Write a length of time: `1 hour`, `4 hours`."""
    return f"{number} {UNITS[unit][number != 1]}"


@dataclass(frozen=True)
class _Book:
    """One case on its way into HTML."""

    case: Case
    level: int
    prefix: str
    until: Mapping[str, str]

    def whole(self) -> Iterator[Piece]:
        case = self.case
        yield (
            f'<div class="case-root case-{case.kind}" id="{escape(self.prefix)}"'
            f' data-case="{escape(case.id)}" data-kind="{case.kind}">'
        )
        yield from self.intro()
        for scene in case.scenes:
            yield from self.item(scene) if scene.kind == "item" else self.scene(scene)
        yield f'<script type="application/json" class="case-logic">{self.logic()}</script></div>'

    def logic(self) -> str:
        case = self.case
        data = {
            "digest": case.digest,
            "parts": case.parts,
            "scores": case.scores,
            "bounds": {axis.name: [axis.low, axis.high] for axis in case.axes},
            "logic": case.logic.plain(),
            "until": dict(self.until),
        }
        # A "</script>" or "<!--" inside a string would end the element early.
        return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")

    def intro(self) -> Iterator[Piece]:
        yield '<div class="case-intro">'
        yield from self.blocks(self.case.intro)
        yield from self.notes(self.case.notes)
        yield "</div>"
        yield from self.people()
        if self.case.kind == "case":
            yield from self.rules()

    def people(self) -> Iterator[Piece]:
        """Introduce who acts, folded open; the player keeps it at hand."""
        if self.case.roles:
            yield '<details class="case-people" open><summary>Who is who</summary><ul>'
            for role in self.case.roles:
                yield f"<li><strong>{escape(role.name)}</strong>: {escape(role.label)}</li>"
            yield "</ul></details>"

    def rules(self) -> Iterator[Piece]:
        """Tell a reader with pencil and paper how to keep count."""
        clock = self.case.logic.clock
        yield '<div class="case-paper case-rules"><p>Read a scene, decide, open your choice and follow its '
        yield "link. Keep count as you go:</p><ul>"
        for axis in self.case.axes:
            yield from _axis(axis)
        if clock is not None:
            for deadline in clock.deadlines:
                yield from self.deadline(deadline, clock.unit)
        yield "</ul></div>"

    def deadline(self, deadline: DeadlineLogic, unit: str) -> Iterator[Piece]:
        """Tell a reader on paper when a deadline fires and what that does."""
        label = next(each.label for each in self.case.deadlines if each.name == deadline.name)
        unless = f", unless {self.say(deadline.unless)}" if deadline.unless else ""
        yield f"<li>Time: {span(deadline.at, unit)}. When more have gone{escape(unless)}, "
        said = f'<span data-deadline="{escape(deadline.name)}">{escape(label)}</span>'
        if deadline.to is None:
            yield f"note down: {said}.</li>"
        else:
            yield f"{said}: go on at "
            yield from self.link(deadline.to)
            yield ", once.</li>"

    def address(self, scene: str) -> str:
        return escape(f"{self.prefix}-{scene}")

    def link(self, scene: str) -> Iterator[Piece]:
        target = self.case.scene(scene)
        yield f'<a href="#{self.address(scene)}">'
        yield from self.title(target)
        yield "</a>"

    def title(self, scene: Scene) -> Iterator[Piece]:
        if scene.kind == "ending":
            yield "Ending: "
        yield Words(scene.title, scene.line, inline=True)

    def open(self, scene: Scene) -> Iterator[Piece]:
        at, tag = self.address(scene.id), f"h{self.level}"
        ending = " case-ending" if scene.kind == "ending" else ""
        yield (
            f'<section class="case-scene{ending}" id="{at}" data-scene="{escape(scene.id)}"'
            f' aria-labelledby="{at}-h"><{tag} class="case-title" id="{at}-h">'
        )
        yield from self.title(scene)
        yield f"</{tag}>"

    def scene(self, scene: Scene) -> Iterator[Piece]:
        yield from self.open(scene)
        yield from self.blocks(scene.prose)
        if scene.debrief:
            tag = f"h{self.level + 1}"
            yield f'<div class="case-debrief"><{tag} class="case-debrief-title">Debrief</{tag}>'
            yield from self.blocks(scene.debrief)
            yield "</div>"
        if scene.choices:
            rules = next(one for one in self.case.logic.scenes if one.id == scene.id).choices
            yield '<ol class="case-choices">'
            for number, (choice, rule) in enumerate(zip(scene.choices, rules, strict=True), start=1):
                yield from self.choice(number, choice, rule)
            yield "</ol>"
        yield from self.notes(scene.notes)
        yield "</section>"

    def notes(self, notes: Sequence[Prose]) -> Iterator[Piece]:
        """Fold up what is meant for whoever leads a discussion."""
        if notes:
            yield '<details class="case-speaker"><summary>Speaker’s notes</summary>'
            yield from self.blocks(notes)
            yield "</details>"

    def choice(self, number: int, choice: Choice, rule: ChoiceLogic) -> Iterator[Piece]:
        yield f'<li data-choice="{number}">'
        if rule.when is not None:
            # Outside the fold: one has to know it before choosing.
            yield f'<p class="case-paper case-rule">Only if {escape(self.say(rule.when))}:</p>'
        yield "<details><summary>"
        yield Words(choice.label, choice.line, inline=True)
        yield "</summary>"
        paper = self.paper(rule)
        if paper:
            yield f'<p class="case-paper case-rule">{escape(paper)}</p>'
        effects = self.effects(rule)
        if effects:
            yield f'<p class="case-effects">{effects}</p>'
        yield '<div class="case-feedback">'
        yield from self.blocks(choice.feedback)
        yield '</div><p class="case-go">'
        if rule.to is None:
            yield "Go on to the scene that you were on your way to"
        else:
            yield "Go to "
            yield from self.link(rule.to)
        yield "</p></details></li>"

    def item(self, scene: Scene) -> Iterator[Piece]:
        """Write a question of a quiz, each form of it: every option folds open to its explanation."""
        yield from self.open(scene)
        if scene.id in self.until:
            last = day(self.until[scene.id])
            yield '<p class="case-paper case-rule">What this asks about may change. '
            yield f"The answers hold as its facts were read, and these are to be read again by {last}.</p>"
        item = next(one for one in self.case.logic.items if one.id == scene.id)
        for number, (form, logic) in enumerate(zip(scene.forms, item.forms, strict=True), start=1):
            yield from self.form(scene, number, form, logic)
        yield from self.notes(scene.notes)
        yield "</section>"

    def form(self, scene: Scene, number: int, form: Form, logic: FormLogic) -> Iterator[Piece]:
        """Write a form of a question; what is to be typed is folded away with its explanation."""
        yield f'<div class="case-variant" data-form="{number}">'
        if number > 1:
            tag = f"h{self.level + 1}"
            yield f'<{tag} class="case-paper case-another">The same, asked in another way</{tag}>'
        yield f'<div class="case-stem" id="{self.address(scene.id)}-s{number}">'
        yield from self.blocks(form.prose)
        yield '</div><ol class="case-choices">'
        for at, choice in enumerate(form.choices, start=1):
            verdict = "Right." if choice.correct else "Not right."
            yield f'<li data-choice="{at}"><details>'
            if logic.asks == "choice":
                yield "<summary>"
                yield Words(choice.label, choice.line, inline=True)
                yield f'</summary><p class="case-paper case-rule">{verdict}</p>'
            else:
                yield f"<summary>{'The answer' if choice.correct else 'A likely slip'}</summary>"
                yield f'<p class="case-typed">{escape(choice.label)}</p>'
            yield '<div class="case-feedback">'
            yield from self.blocks(choice.feedback)
            yield "</div></details></li>"
        yield "</ol></div>"

    def blocks(self, blocks: Sequence[Prose]) -> Iterator[Piece]:
        for block in blocks:
            if block.when is None:
                yield Words(block.source, block.line)
                continue
            data = escape(json.dumps(block.plain()["if"], separators=(",", ":")))
            yield f'<div class="case-when" data-when="{data}"><p class="case-paper case-rule">'
            yield f"If {escape(self.say(block.when))}:</p>"
            yield Words(block.source, block.line)
            yield "</div>"

    def say(self, condition: Condition) -> str:
        """Put a condition in words: alternatives are told apart by a comma."""
        return ", or ".join(" and ".join(self.term(*term) for term in terms) for terms in condition)

    def term(self, name: str, sign: str, value: int) -> str:
        truths = {each.name: each.label for each in (*self.case.flags, *self.case.deadlines)}
        if name in truths:
            return truths[name] if (value == 1) == (sign == "=") else f"it is not so that {truths[name]}"
        clock = self.case.logic.clock
        if clock is not None and name == "clock":
            return f"the time used is {THAN[sign]}{span(value, clock.unit)}"
        labels = {axis.name: axis.label for axis in self.case.axes}
        return f"{labels[name]} is {THAN[sign]}{signed(value)}"

    def paper(self, rule: ChoiceLogic) -> str:
        """Say what a reader without the script has to remember and to note down."""
        labels = {flag.name: flag.label for flag in self.case.flags}
        words = ["You can do this once."] if rule.once else []
        words += [f"Note down: {labels[flag]}." for flag in rule.set]
        words += [f"Strike out: {labels[flag]}." for flag in rule.clear]
        return " ".join(words)

    def effects(self, rule: ChoiceLogic) -> str:
        """Say what a choice adds to each axis and how long it takes, as HTML."""
        gains = ", ".join(
            f"{axis.label} {signed(rule.effects[axis.name])}"
            for axis in self.case.axes
            if rule.effects.get(axis.name)
        )
        timed = rule.takes and self.case.logic.clock is not None
        time = span(rule.takes, self.case.logic.clock.unit) if timed and self.case.logic.clock else ""
        # The player takes the gains away while the play goes on, and the comma with them.
        gain = f'<span class="case-gain">{escape(gains)}{", " if time else ""}</span>' if gains else ""
        return gain + escape(time)


def _axis(axis: Axis) -> Iterator[Piece]:
    yield f'<li><span data-axis="{escape(axis.name)}">{escape(axis.label)}</span>'
    yield f" (from {signed(axis.low)} to {signed(axis.high)})</li>"
