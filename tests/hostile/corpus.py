"""The corpus: one text file for each attack, named for what it tries.

    # Why: one sentence, on the first line.
    # core: yes                       part of the quick class too
    # aims: list text                 wrong answers besides; `all` for all of them
    # scores: test-list=0-2 *=0-max   what may be earned, where not 0 for attacks, all for honest work
    # loose: yes                      the attack spoils its own room, so its honest parts may earn less
    # raises: number                  cells that may end in an error; all others must run to their end
    # status: held                    how the result stands, where it matters; `|` between several
    # twist: edited_checks            a function in notebooks.py that changes the notebook itself
    # file: name=content              a file beside the notebook
    # %% number                       the text of an answer; other answers are the right ones
    # %% added after test-number      a cell of the learner's own

`@COURSE@` and the like stand for what the attacker is told about the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.exercise import MOST, SOLUTIONS, TESTED_BY

__all__ = ["CORPUS", "Attack", "attacks", "read"]

CORPUS = Path(__file__).with_name("attacks")
_HEAD = re.compile(r"# ([a-z]+): (.*)")
_CELL = re.compile(r"# %% (?:(added) after )?([a-z-]+)")
Span = tuple[float, float]


@dataclass
class Attack:
    """One hostile submission, and what may come of it."""

    name: str
    why: str
    heads: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    added: list[tuple[str, str]] = field(default_factory=list)

    @property
    def learner(self) -> str:
        """The id under which it is handed in."""
        return self.name.replace("/", ".")

    @property
    def core(self) -> bool:
        """Whether it is in the quick class."""
        return "core" in self.heads

    @property
    def twist(self) -> str | None:
        """What happens to the notebook as a whole."""
        return self.heads.get("twist", [None])[0]

    @property
    def files(self) -> dict[str, str]:
        """What lies beside the notebook."""
        pairs = (one.partition("=") for one in self.heads.get("file", []))
        return {
            name: content or "raise SystemExit('a file of the learner ran')\n" for name, _, content in pairs
        }

    @property
    def statuses(self) -> list[str]:
        """How the result may stand."""
        return self.heads.get("status", ["graded|needs-review"])[0].split("|")

    @property
    def may_raise(self) -> set[str]:
        """Answers that may end in an error when they are run."""
        return set(" ".join(self.heads.get("raises", [])).split())

    @property
    def aims(self) -> set[str]:
        """Answers that are wrong, and for which the attack wants marks all the same."""
        aims = set(" ".join(self.heads.get("aims", [])).split())
        return set(SOLUTIONS) if "all" in aims else aims

    @property
    def hands(self) -> dict[str, float | None]:
        """What the parts that a person marks get from the program: nothing, where something was handed in."""
        named = dict(one.split("=") for one in " ".join(self.heads.get("scores", [])).split())
        return {name: float(named[name]) if name in named else None for name in ("why", "drawing")}

    @property
    def earns(self) -> dict[str, Span]:
        """The least and the most that each check may give."""
        spans = {}
        for answer, check in TESTED_BY.items():
            honest = answer not in self.answers and answer not in self.aims
            most = MOST[check] if honest else 0.0
            spans[check] = (0.0 if "loose" in self.heads else most, most)
        for one in " ".join(self.heads.get("scores", [])).split():
            check, _, text = one.partition("=")
            if check == "*":
                spans = {name: (0.0, most) for name, (_, most) in spans.items()}
            elif check in spans:
                low, _, high = text.partition("-")
                spans[check] = (float(low), float(high or low))
        return spans


def read(path: Path) -> Attack:
    """Read one file of the corpus."""
    lines = path.read_text(encoding="utf-8").splitlines()
    name = path.relative_to(CORPUS).with_suffix("").as_posix()
    attack = Attack(name, lines[0].removeprefix("# "))
    cells: list[tuple[bool, str, list[str]]] = []
    for line in lines[1:]:
        if begun := _CELL.fullmatch(line):
            cells.append((begun[1] is not None, begun[2], []))
        elif cells:
            cells[-1][2].append(line)
        elif head := _HEAD.fullmatch(line):
            attack.heads.setdefault(head[1], []).append(head[2])
        elif line.strip():
            raise ValueError(f"{path}: what is {line!r}?")
    for added, cell, text in cells:
        if added:
            attack.added.append((cell, "\n".join(text)))
        else:
            attack.answers[cell] = "\n".join(text)
    return attack


def attacks() -> list[Attack]:
    """Read the whole corpus, in the order of its names."""
    return [read(path) for path in sorted(CORPUS.rglob("*.txt"))]
