"""A case or a quiz in the terminal: text, numbered choices, back, quit; also when its input is a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from coursefacts import FactBook

from scenarios.engine import answers, dated, order
from scenarios.engine.answers import Answer
from scenarios.engine.conditions import holds
from scenarios.engine.model import Case, Choice, Form, FormLogic, Prose, Scene
from scenarios.engine.plain_text import plain
from scenarios.engine.replay import mark
from scenarios.engine.state import Machine, State
from scenarios.engine.terminal import heading, signed, width, wrap

Asker = Callable[[str], str | None]
"""Gives the reader's next line after a prompt, or None when there is no more."""


class Quit(Exception):
    """The reader stops."""


class Player:
    """What playing a case and answering a quiz have in common.

    seed: the order in which choices are shown; None is the order of the file.
    """

    def __init__(
        self, case: Case, facts: FactBook, say: Callable[[str], None], ask: Asker, seed: str | None = None
    ) -> None:
        self.case = case
        self.facts = facts
        self.say = say
        self.ask = ask
        self.seed = seed
        self.choices: list[Answer] = []
        self.mended: list[int] = []

    def _places(self, numbers: Sequence[int], where: str) -> dict[int, int]:
        """Give the number of the file behind each number that is shown; without a seed they are the same."""
        if self.seed is None:
            return {number: number for number in numbers}
        return dict(enumerate(order.shown(numbers, self.seed, where), 1))

    def _text(self, source: str, indent: str = "") -> str:
        return wrap(plain(source, self.facts), width(), indent)

    def _open(self) -> None:
        self.say(heading(self.case.title) + "\n")
        for prose in self.case.intro:
            self.say(self._text(prose.source) + "\n")
        for role in self.case.roles:
            self.say(wrap(f"- {role.name}: {role.label}", width()))
        self.say("")

    def _line(self, prompt: str) -> str:
        answer = self.ask(prompt)
        if answer is None or answer.strip().lower() in ("q", "quit", "exit"):
            raise Quit
        return answer.strip().lower()


class CasePlayer(Player):
    """Plays a case; `choices` holds what was chosen, also after an interruption."""

    def __init__(
        self, case: Case, facts: FactBook, say: Callable[[str], None], ask: Asker, seed: str | None = None
    ) -> None:
        super().__init__(case, facts, say, ask, seed)
        self.machine = Machine(case.logic)
        self.states: list[State] = [self.machine.start]

    def run(self) -> str | None:
        """Play until an ending or until the reader stops; give the ending's id, or None."""
        self._open()
        try:
            while not self.machine.ended(self.states[-1]):
                self._decide()
        except Quit:
            self.say("\nYou stopped before an ending.")
            return None
        self._close()
        return self.machine.scene(self.states[-1])

    def _scene(self) -> Scene:
        return self.case.scene(self.machine.scene(self.states[-1]))

    def _shown(self, proses: Iterable[Prose], indent: str = "") -> None:
        values = self.machine.values(self.states[-1])
        for prose in proses:
            if holds(prose.when, values):
                self.say(self._text(prose.source, indent) + "\n")

    def _status(self) -> str:
        values = self.machine.values(self.states[-1])
        told = self.case.scores == "always" or self.machine.ended(self.states[-1])
        parts = [f"{axis.label} {signed(values[axis.name])}" for axis in self.case.axes if told]
        clock = self.case.logic.clock
        if clock is not None:
            missed = [each.label for each in self.case.deadlines if values[each.name]]
            pending = [each.at for each in clock.deadlines if each.at >= values["clock"]]
            of = min(pending, default=clock.deadlines[-1].at)
            time = f"Clock {values['clock']} of {of} {clock.unit}"
            parts.append(", ".join([time, *missed]))
        return " · ".join(parts)

    def _decide(self) -> None:
        scene = self._scene()
        self.say(heading(scene.title) + "\n")
        self._shown(scene.prose)
        places = self._places(self.machine.offered(self.states[-1]), scene.id)
        for place, number in places.items():
            self.say(self._text(f"{place}. {scene.choices[number - 1].label}"))
        self.say("\n" + wrap(self._status(), width()))
        answer = self._number(list(places))
        if answer is None:
            self._back()
        else:
            self._take(scene, places[answer])

    def _number(self, offered: list[int]) -> int | None:
        """Ask until the answer is an open choice; None is a step back."""
        shown = ", ".join(map(str, offered))
        while True:
            answer = self._line(f"Your choice ({shown}; b back, q quit): ")
            if answer in ("b", "back"):
                return None
            if answer.isdecimal() and len(answer) < 4 and int(answer) in offered:
                return int(answer)
            self.say(f"Type one of {shown}, or b, or q.")

    def _take(self, scene: Scene, number: int) -> None:
        before = self.states[-1]
        after = self.machine.take(before, number)
        self.states.append(after)
        self.choices.append(number)
        self.say("")
        self._shown(scene.choices[number - 1].feedback, indent="  │ ")
        earlier, values = self.machine.values(before), self.machine.values(after)
        for deadline in self.case.deadlines:
            if values[deadline.name] > earlier[deadline.name]:
                said = deadline.label[:1].upper() + deadline.label[1:]
                self.say(wrap(f"{said}.", width(), "  │ ") + "\n")

    def _back(self) -> None:
        if not self.choices:
            self.say("You are at the beginning.\n")
            return
        self.choices.pop()
        self.states.pop()
        self.say("Back one choice.\n")

    def _close(self) -> None:
        scene = self._scene()
        self.say(heading(f"Ending: {scene.title}") + "\n")
        self._shown(scene.prose)
        self.say(heading("Debrief") + "\n")
        self._shown(scene.debrief)
        self.say(wrap(self._status(), width()))


class QuizPlayer(Player):
    """Asks the questions of a quiz one after the other; one whose facts may be out of date is not graded."""

    def _graded(self, position: int) -> bool:
        return dated.graded(self._until(position), dated.today())

    def _until(self, position: int) -> str | None:
        return dated.graded_until(self.case, self.facts).get(self.case.scenes[position].id)

    def run(self) -> str | None:
        """Ask until the end or until the reader stops; give a line of result, or None."""
        self._open()
        try:
            for position in range(len(self.case.scenes)):
                self.choices.append(self._item(position))
        except Quit:
            self.say("\nYou stopped before the last question.")
            return None
        # Along a walk or a pipe, which have no seed, nothing comes back.
        if self.seed is not None:
            self._come_back()
        marked = mark(self.case, self.choices, self.seed)
        graded = [right for at, right in enumerate(marked) if self._graded(at)]
        rest = len(self.case.scenes) - len(graded)
        self.say(f"{sum(graded)} of {len(graded)} right{f'; {rest} not graded' if rest else ''}.")
        return f"{sum(graded)} of {len(graded)}"

    def _wrong(self) -> list[int]:
        """The positions of the items that are graded and were never answered rightly."""
        first = enumerate(mark(self.case, self.choices, self.seed))
        return [at for at, right in first if not right and self._graded(at) and at + 1 not in self.mended]

    def _come_back(self) -> None:
        """Ask again what was wrong, until all is right or the reader stops."""
        tries = 0
        try:
            while wrong := self._wrong():
                tries += 1
                self.say(f"{len(wrong)} to come back to.\n")
                for at in wrong:
                    answer, item = self._item(at, tries), self.case.logic.items[at]
                    if answers.right(item.forms[answers.drawn(item, self.seed, tries) - 1], answer):
                        self.mended = sorted([*self.mended, at + 1])
        except Quit:
            self.say("\nWhat was not answered rightly yet can be answered in another play.")

    def _item(self, position: int, tries: int = 0) -> Answer:
        """Ask one item, in another form at each further try, explain every option, and give the answer."""
        scene, item = self.case.scenes[position], self.case.logic.items[position]
        number = answers.drawn(item, self.seed, tries)
        form, logic = self.case.form(position, number)
        self.say(heading(f"{position + 1}. {scene.title}") + "\n")
        for prose in form.prose:
            self.say(self._text(prose.source) + "\n")
        places = self._places(range(1, logic.options + 1), f"{item.id}#{number}")
        answer = self._chosen(form, logic, places) if logic.asks == "choice" else self._typed(logic)
        graded, until = self._graded(position), self._until(position)
        verdict = "Right." if answers.right(logic, answer) else "Not quite."
        self.say("\n" + wrap(verdict if graded else dated.why_not(until or ""), width()) + "\n")
        for place, chosen in places.items():
            choice = form.choices[chosen - 1]
            self._explained(place, choice, graded, "" if logic.asks == "choice" else f"{choice.label}: ")
        self.say("")
        return answer

    def _explained(self, place: int, choice: Choice, graded: bool, label: str) -> None:
        word = ("" if graded else "was ") + ("right" if choice.correct else "wrong")
        self.say(self._text(f"{place}. ({word}) {label}{choice.feedback[0].source}", "  │ "))
        for prose in choice.feedback[1:]:
            self.say(self._text(prose.source, "  │    "))

    def _chosen(self, form: Form, logic: FormLogic, places: dict[int, int]) -> Answer:
        """Ask for options."""
        for place, number in places.items():
            self.say(self._text(f"{place}. {form.choices[number - 1].label}"))
        hint = "all that apply, such as 1,3" if logic.multiple else f"1 to {logic.options}"
        while True:
            text = self._line(f"\nYour answer ({hint}; q quit): ")
            parts = [part.strip() for part in text.split(",")]
            numbers = sorted({int(part) for part in parts if part.isdecimal() and len(part) < 4})
            sane = len(numbers) == len(parts) and all(1 <= each <= logic.options for each in numbers)
            if sane and (logic.multiple or len(numbers) == 1):
                chosen = tuple(sorted(places[each] for each in numbers))
                return chosen if logic.multiple else chosen[0]
            self.say(f"Type {hint}, or q.")

    def _typed(self, logic: FormLogic) -> str:
        """Ask for a number or some words."""
        unit = f" in {logic.unit}" if logic.unit else ""
        hint = f"a number{unit}, such as 12.5" if logic.asks == "number" else "one or a few words"
        while True:
            text = self._line(f"\nYour answer ({hint}; q quit): ")[: answers.LONGEST]
            if answers.readable(logic, text):
                return text
            self.say(f"Type {hint}, or q.")


def player(
    case: Case, facts: FactBook, say: Callable[[str], None], ask: Asker, seed: str | None = None
) -> CasePlayer | QuizPlayer:
    """Choose the player for a case or a quiz."""
    kind = QuizPlayer if case.kind == "quiz" else CasePlayer
    return kind(case, facts, say, ask, seed)
