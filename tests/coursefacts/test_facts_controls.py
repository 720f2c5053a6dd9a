"""Placing a machine: exact bounds, the right list on the right day."""

from __future__ import annotations

import datetime
import math

import pytest
from coursefacts import FactBook, InputFault, load
from coursefacts.controls import JURISDICTIONS, Placement, bands, entry, place
from hypothesis import given
from hypothesis import strategies as st

TODAY = datetime.date(2026, 11, 22)
FACTS = load()
CODES = list(JURISDICTIONS)
ERRORS = st.floats(min_value=0, max_value=1, allow_nan=False)
QUBITS = st.integers(min_value=0, max_value=5000)


def put(qubits: int, error: float, code: str = "US", on: datetime.date = TODAY, **more: str) -> Placement:
    return place(qubits, error, jurisdiction=code, on=on, facts=FACTS, **more)


# The checks that the research worked out by hand, for every list.
BOUNDARIES = [
    (33, 1e-6, None),
    (34, 1e-4, 1),
    (99, 1.1e-4, None),
    (99, 1e-4, 1),
    (100, 1e-3, 2),
    (199, 1.5e-3, None),
    (200, 1.5e-3, 3),
    (200, 2e-3, 3),
    (349, 2e-3, 3),
    (350, 3e-3, 4),
    (500, 4e-3, 5),
    (700, 5e-3, 6),
    (1099, 5e-3, 6),
    (1100, 6e-3, 7),
    (1999, 6.1e-3, None),
    (2000, 0.5, 8),
    (2000, 1.0, 8),
]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("qubits", "error", "number"), BOUNDARIES)
def test_boundaries(code: str, qubits: int, error: float, number: int | None):
    placed = put(qubits, error, code)
    fact = FACTS.get(placed.fact_id or "")
    assert placed.band == (None if number is None else bands(fact)[number - 1])
    assert placed.code == (None if placed.band is None else placed.band.code)
    assert placed.listed is (number is not None)


@pytest.mark.parametrize("number", range(1, 8))
def test_the_bound_itself_is_inside_and_the_next_float_is_not(number: int):
    band = bands(FACTS.get("us.4a906.a"))[number - 1]
    assert band.cnot_error_max is not None
    assert put(band.qubits_min, band.cnot_error_max).band == band
    assert put(band.qubits_min, math.nextafter(band.cnot_error_max, 1)).band is None


@given(QUBITS, ERRORS)
def test_all_lists_agree(qubits: int, error: float):
    placed = [put(qubits, error, code) for code in CODES]
    assert len({item.listed for item in placed}) == 1
    assert len({(i.band.qubits_min, i.band.cnot_error_max) if i.band else None for i in placed}) == 1


@given(QUBITS, ERRORS)
def test_a_band_holds_what_is_placed_in_it(qubits: int, error: float):
    placed = put(qubits, error)
    if placed.band:
        assert placed.band.qubits_min <= qubits
        assert placed.band.qubits_max is None or qubits <= placed.band.qubits_max
        assert placed.band.cnot_error_max is None or error <= placed.band.cnot_error_max
    else:
        assert qubits < 2000


@given(QUBITS, ERRORS, ERRORS)
def test_a_better_gate_never_leaves_the_list(qubits: int, one: float, two: float):
    better, worse = sorted((one, two))
    assert put(qubits, better).listed >= put(qubits, worse).listed


@given(QUBITS, QUBITS, ERRORS)
def test_more_qubits_at_the_same_error_never_leave_the_list(one: int, two: int, error: float):
    fewer, more = sorted((one, two))
    assert put(more, error).listed >= put(fewer, error).listed


def test_adding_qubits_brings_a_machine_in():
    assert not put(199, 1.5e-3).listed
    assert put(200, 1.5e-3).listed


@pytest.mark.parametrize(
    ("code", "day", "fact_id"),
    [
        ("GB", "2024-03-31", None),
        ("GB", "2024-04-01", "gb.pl9014.a"),
        ("GB", "2025-12-15", "gb.pl9014.a"),
        ("GB", "2025-12-16", "gb.4a506.a"),
        ("EU", "2025-11-14", None),
        ("EU", "2025-11-15", "eu.4a506.a"),
        ("US", "2024-09-05", None),
        ("US", "2024-09-06", "us.4a906.a"),
        ("CA", "2024-07-18", None),
        ("CA", "2024-07-19", "ca.5506-2-c-ii-a"),
        ("ES", "2023-05-30", None),
        ("ES", "2023-05-31", "es.4a901.a"),
    ],
)
def test_each_day_has_its_text(code: str, day: str, fact_id: str | None):
    placed = put(2000, 0.5, code, datetime.date.fromisoformat(day))
    assert placed.fact_id == fact_id
    assert placed.listed is (fact_id is not None)
    assert placed.graded is (code != "ES")


def test_the_old_code_is_complete():
    assert put(200, 1e-3, "GB", datetime.date(2025, 1, 1)).code == "PL9014.a.1.a.3"
    assert put(200, 1e-3, "CA").code == "5506(2)(c)(ii)(A)(III)"


def test_germany_and_spain_are_shown_and_never_graded():
    for code in ("DE", "ES"):
        placed = put(100, 1e-3, code)
        assert placed.listed and not placed.graded
        assert "not graded" in placed.reason
    assert all(put(100, 1e-3, code).graded for code in ("US", "EU", "GB", "CA"))


def test_before_the_german_copy_nothing_is_claimed():
    placed = put(2000, 0.5, "DE", datetime.date(2025, 3, 19))
    assert not placed.listed and not placed.graded
    assert "has not been read" in placed.reason
    assert put(2000, 0.5, "DE", datetime.date(2025, 3, 20)).listed


@pytest.mark.parametrize("code", ["US", "EU", "GB", "CA", "DE"])
def test_annealers_are_out(code: str):
    placed = put(5000, 1e-6, code, machine="annealer")
    assert not placed.listed
    assert "annealers" in placed.reason


def test_the_spanish_text_has_no_word_on_annealers():
    placed = put(5000, 1e-6, "ES", machine="annealer")
    assert placed.listed and not placed.graded


def test_reasons_are_sentences():
    assert put(33, 1e-6).reason == "4A906.a begins at 34 qubits; 33 are fewer."
    assert put(99, 1.1e-4).reason == "An error of 0.00011 is above 0.0001, the bound of 4A906.a.1."
    assert put(2000, 0.5).reason == "4A906.a.8: 2,000 qubits, whatever the error."
    assert put(150, 1e-3).reason == "4A906.a.2: 150 qubits and an error of 0.001, at most 0.001."


def test_an_unknown_list_is_one_line():
    with pytest.raises(InputFault, match=r"no list of 'UK' is known here; use one of CA, DE, ES, EU, GB, US"):
        put(100, 1e-3, "UK")


@pytest.mark.parametrize(("qubits", "error"), [(-1, 0.1), (100, -0.1), (100, 1.1), (100, math.nan)])
def test_impossible_machines_are_refused(qubits: int, error: float):
    with pytest.raises(InputFault, match="is no machine"):
        put(qubits, error)


def test_an_empty_book_has_no_entry():
    assert entry(FactBook({}), "US", TODAY) is None
