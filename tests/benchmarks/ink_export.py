"""A case's logic as an Ink story, for another program to play: scenes are knots, choices carry numbers."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.engine.model import ChoiceLogic, Condition, DeadlineLogic, Logic


def knot(scene: str) -> str:
    """Name a scene as Ink allows."""
    return "s_" + "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in scene)


def written(when: Condition) -> str:
    """Write a condition."""
    signs = {"=": "==", "!=": "!="}
    terms = [[f"v_{name} {signs.get(sign, sign)} {value}" for name, sign, value in each] for each in when]
    return " || ".join("(" + " && ".join(each) + ")" for each in terms)


def export(logic: Logic) -> str:
    """Write the whole story; every scene prints its id, so that two plays can be compared step by step."""
    return "\n".join(_lines(logic)) + "\n"


def _lines(logic: Logic) -> Iterator[str]:
    cuts = logic.clock.deadlines if logic.clock else ()
    names = (*logic.axes, *logic.flags, *(cut.name for cut in cuts), "clock")
    yield from (f"VAR v_{name} = 0" for name in names)
    yield from ("VAR ending = 0", "VAR has_back = 0", "VAR dest = -> none", "VAR back = -> none")
    yield f"-> {knot(str(logic.start))}"
    yield from ("=== none ===", "-> END")
    endings = {scene.id for scene in logic.scenes if scene.ending}
    for scene in logic.scenes:
        yield from (f"=== {knot(scene.id)} ===", scene.id)
        if scene.ending:
            yield "-> END"
        for number, choice in enumerate(scene.choices, 1):
            yield from _choice(number, choice, endings)
    yield from _fire(cuts)


def _choice(number: int, choice: ChoiceLogic, endings: set[str]) -> Iterator[str]:
    needs = [f"({written(choice.when)})"] if choice.when is not None else []
    needs += ["has_back == 1"] if choice.to is None else []
    condition = f" {{{' && '.join(needs)}}}" if needs else ""
    yield f"{'*' if choice.once else '+'}{condition} [{number}]"
    yield from (f"  ~ v_{axis} = v_{axis} + ({by})" for axis, by in choice.effects.items())
    yield from (f"  ~ v_{flag} = 1" for flag in choice.set)
    yield from (f"  ~ v_{flag} = 0" for flag in choice.clear)
    if choice.to is None:
        yield from ("  ~ dest = back", "  ~ has_back = 0", "  ~ ending = 0")
    else:
        yield from (f"  ~ dest = -> {knot(choice.to)}", f"  ~ ending = {int(choice.to in endings)}")
    yield f"  ~ v_clock = v_clock + {choice.takes}"
    yield "  -> fire" if choice.takes else "  -> dest"


def _fire(cuts: tuple[DeadlineLogic, ...]) -> Iterator[str]:
    """Write what passing time does: all that were missed set flags, the last one sends play elsewhere."""
    yield "=== fire ==="
    for at, cut in enumerate(cuts):
        unless = f" && not ({written(cut.unless)})" if cut.unless else ""
        yield f"~ temp h{at} = v_clock > {cut.at} && v_{cut.name} == 0{unless}"
    for at, cut in enumerate(cuts):
        yield from (f"{{ h{at}:", f"  ~ v_{cut.name} = 1", "}")
    sending = [(at, cut.to) for at, cut in enumerate(cuts) if cut.to is not None]
    if sending:
        some = " || ".join(
            [*(f"h{at}" for at, _ in sending), "false"]
        )  # a name alone in brackets is a list in Ink
        yield from (f"{{ ending == 0 && ({some}):", "  ~ back = dest", "  ~ has_back = 1", "}")
    for at, to in sending:
        yield from (f"{{ ending == 0 && h{at}:", f"  ~ dest = -> {knot(to)}", "}")
    yield "-> dest"
