"""Build the notebook that is run: the source's cells, with the learner's words where they may write.

Taken from the submission are the text of solution cells and written answers, and cells that the learner
added, at their place. Tests, metadata, tags, kernel, order and ids come from the source, whatever the
submission says.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.master import Master
from autograder.grading.reading import SubmittedCell

__all__ = ["Rebuilt", "rebuild"]


@dataclass
class Rebuilt:
    """A notebook ready to run.

    notebook: source cells and the learner's, in order.
    reasons: what was moved, missing, doubled or changed.
    review: whether a person should look because the program had to choose.
    answered: grade ids whose text is no longer what was released.
    origin: for each cell its position in the source, or None where the learner added it.
    saved: for each cell a digest of the outputs in the learner's copy.
    """

    notebook: Any
    reasons: list[str] = field(default_factory=list)
    review: bool = False
    answered: set[str] = field(default_factory=set)
    origin: list[int | None] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)


@dataclass
class _Match:
    """Which submitted cells belong to which source cell."""

    chosen: dict[int, int] = field(default_factory=dict)
    at: dict[int, int] = field(default_factory=dict)
    extra: set[int] = field(default_factory=set)


def rebuild(master: Master, cells: list[SubmittedCell]) -> Rebuilt:
    """Rebuild one submission."""
    built = Rebuilt(copy.deepcopy(master.graded))
    match = _match(master, cells, built)
    added = _added(master, cells, match)
    result: list[Any] = [_extra(cell, number) for number, cell in added[-1]]
    built.origin = [None] * len(result)
    built.saved = [cell.shown for _, cell in added[-1]]
    for index, own in enumerate(built.notebook.cells):
        _fill(own, master.released.cells[index], cells, match.chosen.get(index), built)
        result.append(own)
        result += [_extra(cell, number) for number, cell in added[index]]
        built.origin += [index, *[None] * len(added[index])]
        own_copy = match.chosen.get(index)
        built.saved += ["" if own_copy is None else cells[own_copy].shown]
        built.saved += [cell.shown for _, cell in added[index]]
    built.notebook.cells = result
    _tell_order(master, match, built)
    if any(cell.text.strip() for cell in cells):
        _tell_foreign(master, match, built)
    return built


def _name(cell: Any) -> str | None:
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else None


def _is_answer(cell: Any) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _match(master: Master, cells: list[SubmittedCell], built: Rebuilt) -> _Match:
    """Find each source cell's own: by grade id, by cell id, by text; the rest was added."""
    source = master.released.cells
    by_name = {_name(cell): index for index, cell in enumerate(source) if _name(cell)}
    by_id = {cell.get("id"): index for index, cell in enumerate(source) if not _name(cell) and cell.get("id")}
    match = _Match()
    claims: dict[int, list[int]] = defaultdict(list)
    for number, cell in enumerate(cells):
        if cell.grade_id in by_name:
            claims[by_name[cell.grade_id]].append(number)
        elif cell.grade_id is None and cell.cell_id in by_id and by_id[cell.cell_id] not in claims:
            claims[by_id[cell.cell_id]].append(number)
    for index, numbers in claims.items():
        match.chosen[index] = _choose(source[index], cells, numbers, built)
    taken = {number for numbers in claims.values() for number in numbers}
    for number, cell in enumerate(cells):
        if number not in taken:
            same = next(
                (i for i, own in enumerate(source) if i not in match.chosen and _same(own, cell)), None
            )
            if same is not None:
                match.chosen[same] = number
    match.at = {number: index for index, number in match.chosen.items()}
    return match


def _same(own: Any, cell: SubmittedCell) -> bool:
    return not _name(own) and own.cell_type == cell.kind and own.source.strip() == cell.text.strip()


def _choose(own: Any, cells: list[SubmittedCell], numbers: list[int], built: Rebuilt) -> int:
    """Choose among cells that bear one name: the one that was worked on, else the last, as nbgrader does."""
    if len(numbers) == 1:
        return numbers[0]
    changed = [number for number in numbers if cells[number].text.strip() != own.source.strip()]
    built.reasons.append(f"the cell '{_name(own)}' stands {len(numbers)} times; one of them was taken")
    if _is_answer(own) and len({cells[number].text.strip() for number in changed}) > 1:
        built.review = True
    return (changed or numbers)[-1]


def _added(
    master: Master, cells: list[SubmittedCell], match: _Match
) -> dict[int, list[tuple[int, SubmittedCell]]]:
    """Find what the learner added, and after which source cell it stands."""
    added: dict[int, list[tuple[int, SubmittedCell]]] = defaultdict(list)
    anchor = -1
    for number, cell in enumerate(cells):
        if number in match.at:
            anchor = match.at[number]
            own = master.released.cells[anchor]
            plain = not own.metadata.get("nbgrader", {}).get("grade_id")
            # A given cell that may be edited runs as given and then as edited: no given name is lost.
            if plain and cell.kind == "code" and own.source.strip() != cell.text.strip():
                added[anchor].append((number, cell))
        elif cell.text.strip():
            added[anchor].append((number, cell))
    return added


def _extra(cell: SubmittedCell, number: int) -> Any:
    """Make a cell of the learner's own: its text and nothing else."""
    from nbformat import v4

    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}[cell.kind]
    made = make(cell.text)
    made["id"] = f"added-{number}"
    if cell.kind == "markdown" and cell.attachments:
        made["attachments"] = cell.attachments
    return made


def _fill(own: Any, released: Any, cells: list[SubmittedCell], number: int | None, built: Rebuilt) -> None:
    """Put the learner's words into a source cell, if it is one for their words."""
    name = _name(own)
    if name is None:
        return
    if number is None:
        put = "it counts as blank" if _is_answer(own) else "the course's own was put back"
        built.reasons.append(f"the cell '{name}' is missing; {put}")
        return
    cell = cells[number]
    if _is_answer(own):
        own.source = cell.text
        if own.cell_type == "markdown" and cell.attachments:
            own["attachments"] = cell.attachments
        if cell.text.strip() != released.source.strip():
            built.answered.add(name)
    elif cell.text.strip() not in {released.source.strip(), own.source.strip()} or cell.kind != own.cell_type:
        built.reasons.append(f"the locked cell '{name}' was changed; the course's own was used")


def _tell_foreign(master: Master, match: _Match, built: Rebuilt) -> None:
    """Leave to a person what is hardly this notebook, with one reason in place of one for each cell."""
    named = [index for index, cell in enumerate(master.released.cells) if _name(cell)]
    there = sum(index in match.chosen for index in named)
    if named and 2 * there < len(named):
        built.review = True
        built.reasons = [one for one in built.reasons if not one.startswith("the cell '")]
        many = "none" if there == 0 else str(there)
        built.reasons.insert(0, f"it looks like another notebook: {many} of {len(named)} cells are in it")


def _tell_order(master: Master, match: _Match, built: Rebuilt) -> None:
    named = [index for index in match.chosen if _name(master.released.cells[index])]
    order = sorted(named, key=lambda index: match.chosen[index])
    if order != sorted(named):
        built.reasons.append("cells were moved; the course's own order was used")
