"""Values and statements as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from coursefacts import FactBook, InputFault, load
from coursefacts.values import UNITS, Quantity, day, joined, number, quantity, written
from hypothesis import given
from hypothesis import strategies as st

NB = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def facts() -> FactBook:
    return load()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-4, "10⁻⁴"),
        (0.001, "10⁻³"),
        (0.002, f"2{NB}×{NB}10⁻³"),
        (0.0015, f"1.5{NB}×{NB}10⁻³"),
        (-0.002, f"-2{NB}×{NB}10⁻³"),
        (1e-11, "10⁻¹¹"),
        (0.015, "0.015"),
        (0.08, "0.08"),
        (1.5, "1.5"),
        (2.0, "2"),
        (1100, "1,100"),
        (374474, "374,474"),
        (20_000_000, f"2{NB}×{NB}10⁷"),
        (0, "0"),
    ],
)
def test_numbers(value: float, text: str):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2, "GHz", f"2{NB}GHz"),
        (0.08, "percent", f"0.08{NB}%"),
        (600, "uW", f"600{NB}µW"),
        (34, "qubits", f"34{NB}qubits"),
        (1, "qubits", f"1{NB}qubit"),
        (1, "years", f"1{NB}year"),
        (374474, "USD", "US$374,474"),
        (0.002, "1", f"2{NB}×{NB}10⁻³"),
        (3, "1", "three"),
        (37, "1", "37"),
        (50, "fT/√Hz", f"50{NB}fT/√Hz"),
    ],
)
def test_quantities(value: float, unit: str, text: str):
    assert quantity(value, unit) == text


def test_every_unit_can_be_written():
    for unit in UNITS:
        assert written(Quantity(value=13, unit=unit)).strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2024-09-06", "6 September 2024"), ("2024-09", "September 2024"), ("2024", "2024")],
)
def test_dates_are_as_precise_as_they_are_known(text: str, shown: str):
    assert day(text) == shown


def test_lists_read_like_sentences():
    assert joined(["28"]) == "28"
    assert joined(["70", "72", "74", "76"]) == "70, 72, 74 and 76"


_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def _read_back(text: str) -> Decimal:
    text = text.replace(",", "")
    if "10" in text and any(sign in text for sign in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"):
        factor, _, power = text.rpartition("10")
        factor = factor.replace(f"{NB}×{NB}", "")
        return Decimal(factor if factor not in ("", "-") else f"{factor}1") * Decimal(10) ** int(
            power.translate(_DIGITS)
        )
    return Decimal(text)


@given(st.decimals(min_value="1e-12", max_value="1e12", places=None, allow_nan=False))
def test_a_written_number_is_the_number(value: Decimal):
    shown = float(f"{float(value):.6g}")
    assert float(_read_back(number(shown))) == pytest.approx(shown, rel=1e-9)


def test_statement_and_values(facts: FactBook):
    fact = facts.get("us.4a906.a")
    assert fact.value("qubits_min") == f"34{NB}qubits"
    assert fact.value("bands.2.cnot_error_max") == "10⁻³"
    assert fact.value("bands.2.qubits_min") == f"100{NB}qubits"
    assert fact.value("bands.3.code") == "4A906.a.3"
    assert fact.value("bands.3.bound") == f"≤{NB}2{NB}×{NB}10⁻³"
    assert fact.value("bands.8.cnot_error_max") == "any"
    assert fact.value("bands.8.qubits_max") == "no limit"
    assert fact.value("bands.1") == f"4A906.a.1: 34 to 99{NB}qubits, C-NOT error ≤{NB}10⁻⁴"
    assert fact.value("bands").count(";") == 7
    assert f"at least 34{NB}qubits" in fact.text()
    assert facts.get("us.3c907").value("germanium_isotopes") == "70, 72, 74 and 76"
    assert facts.get("us.89fr72926").value("effective") == "6 September 2024"


def test_standing(facts: FactBook):
    assert facts.get("us.4a906.a").standing == "in force, since 6 September 2024"
    assert facts.get("gb.pl9014.a").standing == "repealed; last day 15 December 2025"
    assert facts.get("de.4a1906.a").standing.startswith("not verified since 20 March 2025, as of ")
    bill = facts.get("gb.csr-bill")
    assert bill.standing == f"proposed, as of {day(bill.source.read_on)}"
    assert facts.get("case.xi").standing == "on record"


def test_only_rules_are_in_force(facts: FactBook):
    """An estimate, a survey or a publisher's page binds nobody by law."""
    assert facts.get("estimate.rsa2048.2025").standing.startswith("published")
    assert facts.get("editors.2012-survey").standing == "published"
    assert facts.get("us.corson-1982").standing == "published"
    assert facts.get("venue.heidelberg").standing == "a policy and no law"
    assert facts.get("first.tlp.red").standing == "a policy and no law, since 5 August 2022"
    for fact in facts.values():
        if fact.topic == "figure" or len(fact.id.partition(".")[0]) > 2:
            assert "in force" not in fact.standing, fact.id


def test_quote(facts: FactBook):
    assert facts.quote("us.15cfr762.6:period").text == f"5{NB}years"
    assert facts.quote("us.15cfr762.6").text == facts.get("us.15cfr762.6").text()


def test_a_wrong_id_names_the_citing_line(facts: FactBook):
    with pytest.raises(InputFault, match=r"lesson.md:7: no fact 'us.4a960.a'; did you mean 'us.4a906.a'\?"):
        facts.quote("us.4a960.a", path="lesson.md", line=7)


def test_a_wrong_value_names_the_citing_line(facts: FactBook):
    with pytest.raises(InputFault, match=r"lesson.md:7: .*no value 'qubit_min'; did you mean 'qubits_min'\?"):
        facts.quote("us.4a906.a:qubit_min", path="lesson.md", line=7)


@pytest.mark.parametrize(
    "name", ["bands.0.code", "bands.9.code", "bands.x", "qubits_min.1", "bands.1.colour"]
)
def test_what_is_not_there_is_refused(facts: FactBook, name: str):
    with pytest.raises(InputFault, match="has no value"):
        facts.get("us.4a906.a").value(name)
