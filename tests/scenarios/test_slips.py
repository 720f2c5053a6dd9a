"""A museum of slips: each file is named after one, and its last line says what must be reported where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from coursefacts.errors import InputFault, ManyFaults

from scenarios.engine import load

SLIPS = sorted((Path(__file__).parent / "slips").glob("*.md"))
EXPECT = re.compile(r"^% expect (\d+): (.*)$", re.MULTILINE)


def faults_of(path: Path) -> list[InputFault]:
    with pytest.raises(InputFault) as caught:
        load(path)
    fault = caught.value
    return list(fault.faults) if isinstance(fault, ManyFaults) else [fault]


def test_there_are_enough_of_them():
    assert len(SLIPS) >= 40


@pytest.mark.parametrize("path", SLIPS, ids=lambda path: path.stem)
def test_slip_is_named_at_its_line(path):
    expected = EXPECT.findall(path.read_text(encoding="utf-8"))
    assert expected, "the file says nothing of what is expected"
    found = [(fault.line, str(fault)) for fault in faults_of(path)]
    for line, words in expected:
        assert any(at == int(line) and words in text for at, text in found), found


@pytest.mark.parametrize("path", SLIPS, ids=lambda path: path.stem)
def test_every_report_of_a_slip_has_file_line_and_remedy_on_one_line(path):
    for fault in faults_of(path):
        text = str(fault)
        assert "\n" not in text
        assert re.search(r"\.md:\d+: ", text), text
        assert fault.remedy


@pytest.mark.parametrize("path", SLIPS, ids=lambda path: path.stem)
def test_one_slip_gives_few_messages(path):
    assert len(faults_of(path)) <= 3


def test_a_slip_in_each_of_two_choices_is_reported_once_each(base_text, tmp_path):
    text = base_text.replace("`open, openness +1`", "`opn, opennes +1`").replace("takes 1 h", "takes 1")
    path = tmp_path / "case.md"
    path.write_text(text, encoding="utf-8")
    assert len(faults_of(path)) == 2


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"---\n---\n", b"---\n- a\n---\n## A\n", b"\x00" * 10]
)
def test_a_file_that_is_no_case_is_one_fault_and_no_traceback(content, tmp_path):
    path = tmp_path / "case.md"
    path.write_bytes(content)
    assert faults_of(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "case.md"
    path.write_bytes(b"#" * 2_000_001)
    assert "larger than 2 MB" in str(faults_of(path)[0])
