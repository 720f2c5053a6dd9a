"""The report of the checker: heat against the enumeration of every walk, the graph as SVG and in words."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from scenarios.engine import drawing, load, numbers
from scenarios.engine.check import check
from scenarios.engine.cli import main
from scenarios.engine.compile import compile_case
from scenarios.engine.explore import explore
from scenarios.engine.graph import reachable
from scenarios.engine.heat import heat
from scenarios.engine.report import graph
from tests.scenarios.slow import Judge
from tests.scenarios.test_exact import random_case

CLOCKS = Path(__file__).parent / "clocks.md"
SAMPLE = Path(__file__).resolve().parents[1] / "sample_course/scenarios/cases/borrowed-login"


def expected(case, best):
    """Visits of scenes, choices and ways, by following every walk of a player in every full state."""
    judge = Judge(compile_case(case))
    reaching = {}

    def reaches(key):
        if key not in reaching:
            reaching[key] = key[0] == case.best or any(reaches(to) for to in judge.edges[key].values())
        return reaching[key]

    found = Counter()
    if best and not reaches(judge.start):
        return found
    waiting = [(judge.start, Fraction(1))]
    while waiting:
        key, share = waiting.pop()
        found[key[0]] += share
        ways = {n: to for n, to in judge.edges[key].items() if not best or reaches(to)}
        for number, target in ways.items():
            found[key[0], number] += share / len(ways)
            found[key[0], target[0]] += share / len(ways)
            waiting.append((target, share / len(ways)))
    return found


@pytest.mark.parametrize("seed", range(300, 312))
def test_heat_agrees_with_every_walk(seed):
    case = random_case(seed)
    space = explore(case)
    found = heat(space, numbers.order(space)[0])
    for best in (False, True):
        wanted = expected(case, best)
        for table in (found.scenes, found.choices, found.ways):
            for key, pair in table.items():
                assert (pair.best if best else pair.random) == pytest.approx(float(wanted.pop(key, 0))), key
        assert not wanted


@pytest.mark.parametrize("path", [CLOCKS, SAMPLE], ids=["clocks", "sample"])
def test_the_drawing_is_xml_that_names_every_scene_and_choice(path, facts):
    report = check(load(path), facts)
    root = ElementTree.fromstring(drawing.svg(report.read, report.heat))
    words = "".join(root.itertext())
    for scene in report.read.scenes:
        assert scene.title[:20] in words
        for choice in scene.choices if len(scene.choices) > 1 else ():
            assert choice.label in words
    width, height = map(float, root.get("viewBox").split()[2:])
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert 0 <= float(box.get("x")) <= width - float(box.get("width"))
        assert 0 <= float(box.get("y")) <= height - float(box.get("height"))


def test_every_way_leads_down_unless_it_closes_a_loop(facts):
    report = check(load(SAMPLE), facts)
    rank = drawing.ranks(report.read, report.heat)
    edges = {scene: [to for source, to in report.heat.ways if source == scene] for scene in rank}
    for source, target in report.heat.ways:
        assert rank[source] < rank[target] or source in reachable(edges, target)
    endings = {rank[ending] for ending in report.read.endings}
    assert endings == {max(rank.values())}


def test_the_graph_in_words_says_where_each_choice_leads_and_what_a_deadline_does(facts):
    report = check(load(CLOCKS), facts)
    lines = graph(report.read, report.heat).splitlines()
    desk = lines.index(next(line for line in lines if line.endswith("  The desk")))
    scene = lines[desk : lines.index("", desk)]
    assert any("2. act       Read the log first" in line for line in scene)
    assert any(line.endswith("→ The call (deadline)") for line in scene)
    assert any("100 %" in line and line.endswith("Ending: Told (best)") for line in lines)


def test_the_command_reports_and_draws(tmp_path):
    arguments = ["check", str(SAMPLE), "--report", "--svg", str(tmp_path / "drawn")]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0, shown.output
    assert "Bars and percentages: a player at random" in shown.output
    ElementTree.parse(tmp_path / "drawn" / "borrowed-login.svg")


def test_a_little_is_not_nothing():
    assert [drawing.percent(share) for share in (0, 0.0001, 0.012, 0.5, 1.3)] == [
        "0 %",
        "< 0.1 %",
        "1.2 %",
        "50 %",
        "130 %",
    ]
