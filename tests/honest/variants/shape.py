"""Learners whose notebooks have another shape than the one they were given: cells, ids, files, formats."""

from __future__ import annotations

import copy
import json
from typing import Any

from nbformat import v4

from tests.honest.variant import Hand, Variant, variant

_CODE_HERE = "# YOUR CODE HERE\nraise NotImplementedError()"
_HELPER = "def half(x):\n    return x / 2"
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def _around(hand: Hand) -> None:
    hand.first(_HELPER)
    hand.add("assert half(3) == 1.5", before="mean-test")
    hand.add("half(mean([1, 2]))", after="mean-test")
    hand.add("done = True")


def _empty_cells(hand: Hand) -> None:
    for place in (0, 3, len(hand.cells)):
        hand.cells.insert(place, v4.new_code_cell(""))
        hand.cells.insert(place, v4.new_markdown_cell("   "))
    hand.cells.append(v4.new_raw_cell("raw text"))


def _picture(hand: Hand) -> None:
    cell = v4.new_markdown_cell("![](attachment:set-up.png)")
    cell["attachments"] = {"set-up.png": {"image/png": _PIXEL}}
    hand.cells.append(cell)


def _earlier(hand: Hand) -> None:
    hand.move("evens", 2)
    hand.move("roots", 2)


def _test_first(hand: Hand) -> None:
    hand.move("mean-test", hand.at("mean"))


def _elsewhere(hand: Hand) -> None:
    hand.add(hand.cell("words").source, before="words")
    hand.answer("words", "# see the cell above")


def _merged(hand: Hand) -> None:
    hand.answer("mean", hand.cell("mean").source + "\n\n" + hand.cell("normalised").source)
    hand.answer("normalised", "# done above, together with the mean")


def _again_later(hand: Hand) -> None:
    hand.add(hand.cell("mean").source.replace("sum(", "0 + sum("), after="load-test")


def _helper_after(hand: Hand) -> None:
    hand.answer("mean", "def mean(numbers):\n    return helper(numbers)")
    hand.add(
        "def helper(numbers):\n    return sum(numbers) / len(numbers) if numbers else 0", before="mean-test"
    )


def _draft(hand: Hand) -> None:
    place = hand.at("mean")
    draft = copy.deepcopy(hand.cells[place])
    draft.source = "def mean(numbers):\n    raise NotImplementedError()"
    hand.cells.insert(place, draft)


def _test_twice(hand: Hand) -> None:
    place = hand.at("mean-test")
    hand.cells.insert(place, copy.deepcopy(hand.cells[place]))


def _given_more(hand: Hand) -> None:
    given = next(cell for cell in hand.cells if cell.source.startswith("import math"))
    given.source += "\nimport itertools, collections\nEXTRA = 1"


def _given_gone(hand: Hand) -> None:
    hand.cells[:] = [cell for cell in hand.cells if not cell.source.startswith("import math")]


def _test_edited(hand: Hand) -> None:
    hand.cell("mean-test").source += "\nprint('passed')"


def _decorated(hand: Hand) -> None:
    hand.notebook.metadata["kernelspec"] = {
        "name": "my-env", "display_name": "My env", "language": "python"}  # fmt: skip
    hand.notebook.metadata["language_info"] = {"name": "python", "version": "3.8.1"}
    hand.notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    hand.notebook.metadata["colab"] = {"provenance": []}
    for cell in hand.cells:
        cell.metadata.update(tags=["mine"], collapsed=True, jupyter={"source_hidden": True}, scrolled=True)


def _changed(change: Any) -> Any:
    """Make a change to the file's JSON."""

    def raw(body: bytes) -> bytes:
        data = json.loads(body)
        change(data)
        return json.dumps(data).encode()

    return raw


def _without_ids(data: dict[str, Any]) -> None:
    data["nbformat_minor"] = 4
    for cell in data["cells"]:
        cell.pop("id", None)


def _other_ids(data: dict[str, Any]) -> None:
    for number, cell in enumerate(data["cells"]):
        cell["id"] = f"fresh-{number}"


def _oldest_fourth(data: dict[str, Any]) -> None:
    _without_ids(data)
    data["nbformat_minor"] = 0


def _lines(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _windows(data: dict[str, Any]) -> None:
    for cell in data["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def _third(data: dict[str, Any]) -> None:
    """Turn it into what Jupyter wrote until 2015."""
    for cell in data["cells"]:
        cell.pop("id", None)
        if cell["cell_type"] == "code":
            cell.update(input=cell.pop("source"), language="python", collapsed=False, outputs=[])
            cell["prompt_number"] = cell.pop("execution_count") or 1
    data["worksheets"] = [{"cells": data.pop("cells"), "metadata": {}}]
    data.update(nbformat=3, nbformat_minor=0, metadata={"name": ""})


def _file(name: str, reason: str, raw: Any) -> Variant:
    return Variant(name, reason, raw=raw)


VARIANTS = [
    variant("helper-cells-all-around", "Cells added before, between and after.", _around),
    variant("uses-a-helper-cell", "An answer rests on an added cell.",
            lambda hand: hand.add(_HELPER, before="mean"),
            mean="def mean(numbers):\n    return half(2 * sum(numbers)) / len(numbers) if numbers else 0"),
    variant("helper-after-its-use", "Defined after the function that calls it, but before the test.",
            _helper_after),
    variant("empty-cells", "Empty, blank and raw cells.", _empty_cells),
    variant("picture-in-a-cell", "A photograph of the set-up.", _picture),
    variant("cells-moved-up", "Answers stand earlier than they were given.", _earlier),
    variant("test-above-its-answer", "A test was dragged above the answer.", _test_first),
    variant("answer-in-another-cell", "The answer's own cell holds a comment alone.", _elsewhere),
    variant("two-answers-in-one-cell", "Cells were merged.", _merged),
    variant("defined-again-later", "A second definition after the test, as right as the first.",
            _again_later),
    variant("draft-above-the-answer", "The cell was copied, with its name, to keep a draft.", _draft),
    variant("test-stands-twice", "A test was copied, with its name.", _test_twice),
    variant("given-cell-extended", "More imports in the cell that was given.", _given_more),
    variant("given-cell-deleted", "The cell of imports got lost.", _given_gone),
    variant("test-edited", "A print was added to a test.", _test_edited),
    variant("test-deleted", "A test got lost.", lambda hand: hand.drop("evens-test")),
    variant("written-answer-deleted", "The cell for the written answer got lost.",
            lambda hand: hand.drop("why")),
    variant("answers-left-as-given", "Plan and reasons were not written.",
            lambda hand: (hand.answer("plan", _CODE_HERE), hand.answer("why", "YOUR ANSWER HERE"))[0]),
    variant("metadata-of-other-tools", "Another kernel, tags, folded cells, widgets, Colab.", _decorated),
    _file("ids-lost", "A tool that knows no cell ids has saved it.", _changed(_without_ids)),
    _file("ids-new", "A tool has given every cell a new id.", _changed(_other_ids)),
    _file("format-4.0", "The oldest form of format 4.", _changed(_oldest_fourth)),
    _file("format-3", "Saved in the format of 2014.", _changed(_third)),
    _file("source-as-lines", "Each cell's text as a list of lines.", _changed(_lines)),
    _file("windows-line-ends", "Every line of every cell ends as on Windows.", _changed(_windows)),
    _file("windows-file", "The file itself has Windows line ends.",
          lambda body: body.replace(b"\n", b"\r\n")),
    _file("byte-order-mark", "An editor has put a mark before the first brace.",
          lambda body: b"\xef\xbb\xbf" + body),
    _file("compact-json", "No blanks between anything, and ASCII alone.", _changed(lambda data: None)),
    Variant("renamed-by-the-browser", "Downloaded twice.", saved_as="signals (1)"),
    Variant("renamed-by-hand", "Carries the learner's name.", saved_as="signals_Ada_final"),
    Variant("checkpoint-beside-it", "Other files lie beside the notebook.",
            files={"notes.txt": "remember", "readings.csv": "time,volts\n0,99\n"}),
    Variant("own-module-beside-it", "A module of one's own was handed in with it.",
            files={"mytools.py": "def add(a, b):\n    return a + b\n"},
            answers={"mean": "import mytools\ndef mean(numbers):\n    total = 0\n    for n in numbers:\n"
                             "        total = mytools.add(total, n)\n"
                             "    return total / (len(numbers) or 1)"}),
]  # fmt: skip
