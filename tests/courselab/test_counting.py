"""Counting qubits, believing numbers, following a plan: each against a case done by hand."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from coursefacts import controls, load
from courselab import roadmap
from courselab.connectivity import census, counted_couplers, largest_part, share_left
from courselab.layouts import Layout
from courselab.posterior import Prior, believe, by_band
from courselab.roadmap import RoadMap, add_months, first_day, follow

FACTS = load()
BANDS = controls.bands(FACTS.get("us.4a906.a"))


def test_a_line_loses_its_shorter_end():
    found = census(Layout.line(10).without(((3, 4),)))

    assert (found.total, found.connected, found.working, found.counted) == (10, 6, 10, 6)


def test_a_coupler_outside_specification_takes_two_qubits_along():
    found = census(Layout.grid(4, 4), [(5, 6)])

    assert (found.connected, found.working, found.counted) == (16, 14, 14)


def test_a_line_is_cut_by_a_bad_coupler():
    assert census(Layout.line(10), [(3, 4)]).counted == 5
    assert largest_part(Layout.line(10), {3, 4}) == frozenset(range(5, 10))


def test_only_gates_inside_the_counted_part_make_the_average():
    assert counted_couplers(Layout.line(6), [(0, 1)]) == ((2, 3), (3, 4), (4, 5))


def test_nothing_left_counts_as_nothing():
    assert census(Layout.line(2), [(0, 1)]).counted == 0


@pytest.mark.parametrize(
    ("layout", "qubits", "couplers"),
    [(Layout.line(7), 7, 6), (Layout.grid(3, 4), 12, 17), (Layout.heavy_hex(3, 9), 32, 34)],
)
def test_layouts_have_the_right_number_of_couplers(layout, qubits, couplers):
    assert (layout.qubits, len(layout.couplers)) == (qubits, couplers)
    assert all(a < b < qubits for a, b in layout.couplers)
    assert census(layout).connected == qubits


@pytest.mark.parametrize("kind", ["grid", "heavy-hex", "line"])
@pytest.mark.parametrize("qubits", [34, 100, 351, 2003])
def test_a_layout_about_a_size_is_a_few_qubits_larger_at_most(kind, qubits):
    assert 0 <= Layout.about(kind, qubits).qubits - qubits <= 0.02 * qubits + 8


def test_degree_of_heavy_hex_is_at_most_three():
    ends = np.array(Layout.heavy_hex(5, 13).couplers).ravel()

    assert np.bincount(ends).max() == 3


def test_no_loss_leaves_all_and_full_loss_leaves_one():
    rng = np.random.default_rng(0)

    assert share_left(Layout.grid(5, 5), 0.0, 2, rng) == 1
    assert share_left(Layout.grid(5, 5), 1.0, 2, rng) == pytest.approx(1 / 25)


def test_a_value_at_the_bound_is_as_likely_inside_as_outside():
    bound = BANDS[3].cnot_error_max
    chances = by_band(believe(bound, (0.95 * bound, 1.05 * bound), qubits=400), BANDS)

    assert chances[BANDS[3].code] == pytest.approx(0.5, abs=0.03)
    assert sum(chances.values()) == pytest.approx(1)


def test_the_posterior_matches_the_normal_distribution_when_the_prior_is_flat_there():
    # One standard deviation below the bound: 84 %.
    bound = BANDS[3].cnot_error_max
    sd = 0.01 * bound
    chances = by_band(believe(bound - sd, (bound - 2.96 * sd, bound + 0.96 * sd), qubits=400), BANDS)

    assert chances[BANDS[3].code] == pytest.approx(0.841, abs=0.01)


def test_the_prior_matters_when_the_interval_does_not_change():
    wide = (0.0005, 0.0055)
    low = by_band(believe(0.003, wide, qubits=400, prior=Prior(lowest=1e-5)), BANDS)
    high = by_band(believe(0.003, wide, qubits=400, prior=Prior(lowest=2e-3)), BANDS)

    assert low[BANDS[3].code] - high[BANDS[3].code] > 0.1


def test_untested_qubits_follow_the_beta_binomial_mean():
    belief = believe(0.003, (0.0029, 0.0031), qubits=200, tested=100, worked=90)
    mean = float((np.arange(201) * belief.counts).sum())

    assert mean == pytest.approx(90 + 100 * (19 + 90) / (20 + 100))


def test_all_qubits_tested_leaves_no_doubt_about_the_count():
    belief = believe(0.003, (0.0029, 0.0031), qubits=210, tested=210, worked=190)

    assert belief.qubits_between(190, 190) == 1
    assert belief.qubits_between(200, None) == 0


def test_months_roll_over_the_year():
    assert add_months(datetime.date(2025, 11, 1), 3) == datetime.date(2026, 2, 1)


def test_adding_qubits_at_a_constant_error_enters_a_band():
    plan = RoadMap(datetime.date(2026, 1, 1), 24, 150, 0.0025, more_qubits=1.05, less_error=1.0)
    found = follow(plan, "EU", FACTS)

    assert found[0].place.code is None
    assert found[1].place.code == "4A506.a.4"
    assert found[0].error == found[1].error


def test_a_plan_is_outside_before_the_list_begins():
    plan = RoadMap(datetime.date(2025, 10, 1), 3, 600, 0.001, more_qubits=1.0, less_error=1.0)

    assert [(c.month, c.place.code) for c in follow(plan, "EU", FACTS)] == [
        (datetime.date(2025, 10, 1), None),
        (datetime.date(2025, 12, 1), "4A506.a.5"),
    ]


def test_the_error_stops_at_its_floor():
    plan = RoadMap(datetime.date(2026, 1, 1), 200, 10, 0.01, less_error=0.9, floor=0.001)

    assert min(error for _, _, error in plan.steps()) == 0.001


def test_canadas_parts_came_nine_months_after_its_computers():
    computer = first_day(FACTS, "CA", "quantum computer")
    amplifier = first_day(FACTS, "CA", "parametric amplifier")

    assert add_months(computer, 9) == add_months(amplifier, 0)


def test_a_british_part_is_controlled_since_the_code_that_it_had_first():
    """A shipment of 2024 was no innocent one because the code of today is of 2025."""
    assert first_day(FACTS, "GB", "parametric amplifier") == datetime.date(2024, 4, 1)
    column = roadmap.GRADED.index("GB") + 1

    for row in roadmap.parts(FACTS):
        assert "since 1 April 2024, until 16 December 2025 as PL9013." in row[column], row[0]
    for row in roadmap.parts(FACTS, ("EU",)):
        assert row[1].endswith("since 15 November 2025"), row[0]


def test_every_kind_of_part_is_listed_in_every_graded_list():
    rows = roadmap.parts(FACTS)

    assert [row[0] for row in rows] == list(roadmap.PARTS)
    assert all(cell != "—" for row in rows for cell in row)
