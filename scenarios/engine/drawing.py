"""The graph of a case as SVG: scenes in rows, ways between them, and how much play each of them sees.

Only attributes, no styles and no script, so that it may stand in any page; it takes the colour of the text.
Nothing is told by colour: figures stand in the boxes, and ways of the best player are drawn dashed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from scenarios.engine.heat import Heat, Pair
from scenarios.engine.model import Case, Scene
from scenarios.engine.plain_text import plain

WIDTH, GAP, ROW = 220, 24, 56
CELL, CELLS, LINE = 50, 4, 15
ABREAST = 2
"""Boxes in a row: what a page of the book shows at full size."""
_MARGIN = 72
_CENTRE = _MARGIN + (ABREAST * WIDTH + (ABREAST - 1) * GAP) / 2
_LETTERS = 30


@dataclass(frozen=True)
class Box:
    """A scene on the drawing."""

    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Where ways enter and leave."""
        return self.x + WIDTH / 2


def ranks(case: Case, heat: Heat) -> dict[str, int]:
    """Put each scene that is met below all that lead to it, loops left out; endings stand in the last row."""
    after: dict[str, list[str]] = {scene.id: [] for scene in case.scenes}
    for source, target in heat.ways:
        after[source].append(target)
    order = _forward(case.scenes[0].id, after)
    place = {scene: at for at, scene in enumerate(order)}
    rank = dict.fromkeys(order, 0)
    for scene in order:
        for target in after[scene]:
            if place[target] > place[scene]:
                rank[target] = max(rank[target], rank[scene] + 1)
    last = max((depth for scene, depth in rank.items() if scene not in case.endings), default=0) + 1
    return {scene: last if scene in case.endings else depth for scene, depth in rank.items()}


def _forward(start: str, after: Mapping[str, list[str]]) -> list[str]:
    """Order scenes so that only ways that close a loop lead upwards."""
    done, seen = list[str](), {start}
    waiting = [(start, iter(after[start]))]
    while waiting:
        scene, targets = waiting[-1]
        target = next((each for each in targets if each not in seen), None)
        if target is None:
            done.append(scene)
            waiting.pop()
        else:
            seen.add(target)
            waiting.append((target, iter(after[target])))
    return done[::-1]


def svg(case: Case, heat: Heat) -> str:
    """Draw a case as one `<svg>` element."""
    boxes = _boxes(case, ranks(case, heat))
    width = ABREAST * WIDTH + (ABREAST - 1) * GAP + 2 * _MARGIN
    height = max(box.y + box.height for box in boxes.values()) + 20
    name = f"graph-{case.id}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" class="case-graph" font-family="sans-serif" '
        'font-size="12" fill="currentColor" stroke="none">',
        f'<title id="{name}-title">Graph of {escape(plain(case.title))}</title>',
        f'<desc id="{name}-desc">Boxes are scenes, from the start at the top to the endings at the bottom. '
        "The graph in words says the same.</desc>",
        *_lines(heat, boxes),
        *(part for scene in case.scenes if scene.id in boxes for part in _box(scene, heat, boxes[scene.id])),
        "</svg>",
    ]
    return "".join(parts)


def _boxes(case: Case, rank: Mapping[str, int]) -> dict[str, Box]:
    rows: dict[int, list[Scene]] = {}
    for scene in case.scenes:
        if scene.id in rank:
            rows.setdefault(rank[scene.id], []).append(scene)
    lines = [
        rows[depth][at : at + ABREAST] for depth in sorted(rows) for at in range(0, len(rows[depth]), ABREAST)
    ]
    whole = ABREAST * WIDTH + (ABREAST - 1) * GAP
    found, y = dict[str, Box](), 10.0
    for row in lines:
        heights = [_height(scene) for scene in row]
        x = _MARGIN + (whole - len(row) * WIDTH - (len(row) - 1) * GAP) / 2
        for scene, height in zip(row, heights, strict=True):
            found[scene.id] = Box(x, y, height)
            x += WIDTH + GAP
        y += max(heights) + ROW
    return found


def _height(scene: Scene) -> float:
    rows = -(-len(scene.choices) // CELLS) if len(scene.choices) > 1 else 0
    return 2 * LINE + 14 + rows * (2 * LINE + 4)


def _box(scene: Scene, heat: Heat, box: Box) -> Iterator[str]:
    pair = heat.scenes.get(scene.id, Pair())
    ending = scene.kind == "ending"
    round_, thick = (2, 3) if ending else (8, 1)
    yield (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{WIDTH}" height="{box.height:g}" rx="{round_}" '
        f'fill="none" stroke="currentColor" stroke-width="{thick}"/>'
    )
    title = plain(scene.title)
    short = title if len(title) <= _LETTERS else f"{title[: _LETTERS - 1].rstrip()}…"
    yield (
        f'<text x="{box.x + 10:g}" y="{box.y + LINE + 4:g}" font-weight="bold">'
        f"{'Ending: ' if ending else ''}{escape(short)}<title>{escape(title)}</title></text>"
    )
    yield (
        f'<text x="{box.x + 10:g}" y="{box.y + 2 * LINE + 4:g}">'
        f"random {escape(percent(pair.random))} · best {escape(percent(pair.best))}</text>"
    )
    if len(scene.choices) > 1:
        yield from _cells(scene, heat, box)


def _cells(scene: Scene, heat: Heat, box: Box) -> Iterator[str]:
    """Draw one cell for each choice, the fuller the more the best player takes it."""
    visits = heat.scenes[scene.id].best
    for at, choice in enumerate(scene.choices):
        share = heat.choices[scene.id, at + 1].best / visits if visits else 0.0
        x = box.x + 8 + at % CELLS * (CELL + 1)
        y = box.y + 2 * LINE + 12 + at // CELLS * (2 * LINE + 4)
        label = escape(plain(choice.label))
        middle = f'x="{x + CELL / 2:g}" text-anchor="middle" font-size="11"'
        yield (
            f'<g><title>{at + 1}. {label}</title><rect x="{x:g}" y="{y:g}" width="{CELL}" '
            f'height="{2 * LINE}" fill="currentColor" fill-opacity="{share * 0.3:.2f}" stroke="currentColor" '
            f'stroke-opacity="0.4"/><text {middle} y="{y + LINE - 3:g}">{choice.stance or at + 1}</text>'
            f'<text {middle} y="{y + 2 * LINE - 4:g}">{escape(percent(share))}</text></g>'
        )


def _lines(heat: Heat, boxes: Mapping[str, Box]) -> Iterator[str]:
    for number, ((source, target), pair) in enumerate(heat.ways.items()):
        if source not in boxes or target not in boxes:
            continue
        way = _curve(boxes[source], boxes[target], number)
        sent = ' stroke-dasharray="2 5"' if (source, target) in heat.sent else ""
        yield (
            f'<path d="{way}" fill="none" stroke="currentColor" stroke-opacity="0.35" '
            f'stroke-width="{1 + 9 * min(pair.random, 1):.1f}"{sent}/>'
        )
        if pair.best > 0:
            yield (
                f'<path d="{way}" fill="none" stroke="currentColor" stroke-dasharray="7 4" '
                f'stroke-width="{1 + 2 * min(pair.best, 1):.1f}"/>'
            )


def _curve(one: Box, other: Box, number: int) -> str:
    """Give the way between two boxes; one that passes others swings out to a side."""
    x0, y0, x1, y1 = one.middle, one.y + one.height, other.middle, other.y
    if 0 < y1 - y0 < 2 * ROW:
        bend = (y1 - y0) / 2
        return f"M{x0:g},{y0:g}C{x0:g},{y0 + bend:g} {x1:g},{y1 - bend:g} {x1:g},{y1:g}"
    lean = one.middle + other.middle - 2 * _CENTRE
    side = (-1 if lean < 0 else 1) if lean else (-1 if number % 2 else 1)
    edge = min(one.x, other.x) if side < 0 else max(one.x, other.x) + WIDTH
    # The curve comes three quarters of the way out, so it stays on the sheet.
    out = edge + side * min(30 + number * 7 % 60 + (y1 - y0) / 40, 1.25 * _MARGIN)
    x0, x1 = (box.x if side < 0 else box.x + WIDTH for box in (one, other))
    y0, y1 = one.y + one.height / 2, other.y + 12
    return f"M{x0:g},{y0:g}C{out:g},{y0:g} {out:g},{y1:g} {x1:g},{y1:g}"


def percent(share: float) -> str:
    """Write a share so that little is not nothing."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    digits = 1 if share < 0.0995 else 0
    return f"{share * 100:.{digits}f} %" if share else "0 %"
