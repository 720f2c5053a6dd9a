"""Tables for the reference pages and the terminal."""

from __future__ import annotations

import datetime

import pytest
from coursefacts import FactBook, load, tables
from coursefacts.controls import JURISDICTIONS
from coursefacts.tables import Table

FACTS = load()
ALL = [
    tables.control_list,
    tables.history,
    tables.enabling_items,
    tables.other_items,
    tables.definitions,
    tables.code_map,
    tables.differences,
    tables.provisions,
    tables.clocks,
    tables.cases,
    tables.sources,
]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_every_table_is_whole(make):
    table = make(FACTS)
    assert table.caption and table.rows
    for row in table.rows:
        assert len(row) == len(table.head)
        assert all(isinstance(cell, str) and cell for cell in row)
        assert all("{" not in cell for cell in row)


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_a_course_without_such_facts_gets_an_empty_table(make):
    table = make(FactBook({}))
    assert all(len(row) == len(table.head) for row in table.rows)


def column(table: Table, label: str) -> list[str]:
    at = next(index for index, head in enumerate(table.head) if head.startswith(label))
    return [row[at] for row in table.rows]


def row(table: Table, label: str) -> tuple[str, ...]:
    return next(cells for cells in table.rows if cells[0] == label)


def test_six_lists_with_eight_bands_each():
    table = tables.control_list(FACTS)
    assert len(table.head) == 1 + len(JURISDICTIONS)
    bands = table.rows[:8]
    assert bands[0][0] == "34 to 99\xa0qubits"
    assert bands[-1][0] == "2,000\xa0qubits or more"
    for cells in bands:
        assert len({cell.split(" (")[0] for cell in cells[1:]}) == 1
    assert column(table, "European Union")[2] == "≤\xa02\xa0×\xa010⁻³ (4A506.a.3)"
    assert row(table, "Read as current")[1:5] == ("yes",) * 4
    assert row(table, "Read as current")[5:] == ("no: never graded",) * 2
    assert row(table, "In force")[1:] == (
        "6\xa0Sep\xa02024",
        "15\xa0Nov\xa02025",
        "16\xa0Dec\xa02025",
        "19\xa0Jul\xa02024",
        "not seen",
        "31\xa0May\xa02023",
    )
    assert row(table, "Annealers")[-1] == "no word on them"


def test_the_parts_of_canada_came_later_than_its_computers():
    told = {cells[0]: cells[2] for cells in tables.enabling_items(FACTS).rows if "Canada" in cells[2]}
    assert "Canada\xa05506(2)(c)(i):\xa019\xa0Jul\xa02024" in told["Cryogenic CMOS circuit"]
    assert "Canada\xa05506(2)(c)(iii):\xa025\xa0Apr\xa02025" in told["Parametric amplifier"]


def test_lists_with_the_same_limits_share_a_row():
    rows = [cells for cells in tables.enabling_items(FACTS).rows if cells[0] == "Pulse-tube cryocooler"]
    assert len(rows) == 2
    assert rows[0][1].startswith("maintain temperature below 4\xa0K") and "Germany" not in rows[0][2]
    assert rows[1][1].startswith("maintain temperature at most 4\xa0K") and "Germany" in rows[1][2]


def test_one_code_maps_to_the_others():
    table = tables.code_map(FACTS)
    assert row(table, "Quantum computer") == (
        "Quantum computer",
        "4A906.a",
        "4A506.a",
        "4A506.a",
        "5506(2)(c)(ii)(A)",
        "4A1906a",
        "4A901.a",
        "PL9014.a.1.a",
    )
    assert row(table, "Cryogenic CMOS circuit")[1] == "3A901.a"


def test_the_differences_are_the_ones_that_were_read():
    table = tables.differences(FACTS)
    assert row(table, "Annealers")[1:] == ("excluded",) * 5 + ("no exclusion",)
    complete = row(table, "Technology of a complete computer")[1:]
    assert complete[0] == complete[2] == complete[3] == complete[4] == "not covered"
    assert complete[5] == "covered" and "4E001.a" in complete[1]
    germany = column(table, "Germany")
    labels = [cells[0] for cells in table.rows]
    assert germany[labels.index("Amplifier: frequency")].startswith("above 2")
    assert germany[labels.index("Pulse tube holds")] == "at most 4\xa0K"
    assert germany[labels.index("Cooling system: power")] == "not readable in the copy"


def told(table: Table, fact_id: str) -> tuple[str, ...]:
    return next(cells for cells in table.rows if cells[1].startswith(FACTS.get(fact_id).text()))


def test_what_was_reported_says_so_in_the_table():
    assert "(As reported by Khrono" in told(tables.cases(FACTS), "case.ntnu")[1]
    for fact in FACTS.by_topic("case"):
        assert ("As reported by" in told(tables.cases(FACTS), fact.id)[1]) is (fact.confidence == "reported")
    assert "As reported by" not in told(tables.provisions(FACTS), "us.15cfr734.8")[1]


def test_a_rule_can_be_looked_up_by_its_first_column():
    assert told(tables.provisions(FACTS), "us.15cfr734.8")[0] == "15 CFR 734.8(a)"
    assert told(tables.provisions(FACTS), "eu.821.art4.2")[0] == "Regulation (EU) 2021/821, Art. 4(2)"
    assert told(tables.provisions(FACTS), "gb.eco2008.art10")[0].endswith("SI 2008/3231, art. 10")


def test_cases_stand_in_order_of_year():
    years = [cells[0] for cells in tables.cases(FACTS).rows]
    assert years == sorted(years)


def test_a_clock_that_is_not_known_to_bind_says_so():
    table = tables.clocks(FACTS)
    assert told(table, "us.15cfr743.8.termination")[2].startswith("not read")
    assert "not read:" not in told(table, "us.15cfr764.5.significant")[2]


def test_every_source_stands_in_the_table_with_its_dates():
    table = tables.sources(FACTS)
    shown = {(cells[0].partition(": ")[0], *cells[1:3]) for cells in table.rows}
    assert len(shown) == len(table.rows)
    for fact in FACTS.values():
        read_at = fact.source.copy_.url if fact.source.copy_ else "the same"
        row = next(
            r
            for r in table.rows
            if r[0].startswith(f"{fact.source.citation}: ") and r[1:3] == (fact.source.url, read_at)
        )
        assert fact.confidence in row[0]
        assert all(row[1:])


def test_due():
    early, late = datetime.date(2026, 11, 23), datetime.date(2028, 1, 1)
    assert tables.due(FACTS, early).rows == ()
    table = tables.due(FACTS, late)
    assert len(table.rows) == len(FACTS)
    assert [cells[0] for cells in table.rows] == sorted(cells[0] for cells in table.rows)


def test_plain_text_stands_in_columns():
    lines = tables.plain(Table("Two", ("A", "Long head"), (("wide cell", "x"), ("y", "z")))).splitlines()
    assert lines == ["Two", "A          Long head", "wide cell  x", "y          z"]
    assert "a; b" in tables.plain(Table("Lines", ("A",), (("a\nb",),)))
    assert tables.plain(tables.due(FactBook({}), datetime.date(2027, 1, 1))).startswith("Due for review")
