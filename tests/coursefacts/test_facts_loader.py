"""Every fault of a fact file names file, line and remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from coursefacts import InputFault, ManyFaults, load

BAD = sorted((Path(__file__).parent / "bad").glob("*.yml"))


def expectation(path: Path, key: str) -> str:
    found = re.search(rf"^# {key}: ?(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{path.name} does not say '# {key}:'"
    return found[1]


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sound(fact_id: str = "us.test.a", **changes: str) -> str:
    text = (Path(__file__).parent / "sound.yml").read_text(encoding="utf-8")
    text = text.replace("us.test.a", fact_id)
    for key, value in changes.items():
        text = re.sub(rf"^{key}:.*$", f"{key}: {value}", text, flags=re.MULTILINE)
    return text


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gets_one_line_with_place_and_remedy(bad: Path, tmp_path: Path):
    name = expectation(bad, "as")
    path = put(tmp_path, name, bad.read_text(encoding="utf-8"))
    with pytest.raises(InputFault) as caught:
        load(tmp_path)
    assert isinstance(caught.value, ManyFaults)
    lines = str(caught.value).splitlines()
    wanted = f"{path}:{expectation(bad, 'line')}: {expectation(bad, 'says')}"
    hits = [line for line in lines if line.startswith(wanted)]
    assert hits, f"wanted {wanted!r}, got {lines}"
    assert expectation(bad, "remedy") in hits[0]
    assert "; " in hits[0], "a fault without a remedy"


def test_the_museum_is_full():
    assert len(BAD) >= 30


def test_the_sound_file_is_sound(tmp_path: Path):
    put(tmp_path, "control-list/us.test.a.yml", sound())
    assert load(tmp_path).get("us.test.a").text() == "Machines with at least 34\xa0qubits are listed."


def test_a_value_that_the_statement_does_not_use_is_fine(tmp_path: Path):
    text = sound().replace("in_force:", "  unused: {value: 2, unit: GHz}\nin_force:", 1)
    put(tmp_path, "control-list/us.test.a.yml", text)
    assert load(tmp_path).get("us.test.a").value("unused") == "2\xa0GHz"


def test_an_id_stands_once(tmp_path: Path):
    put(tmp_path, "control-list/us.test.a.yml", sound())
    second = put(tmp_path, "clock/us.test.a.yml", sound(topic="clock"))
    with pytest.raises(InputFault) as caught:
        load(tmp_path)
    # Read in order of path, so the second one met is the one that is refused.
    assert "the id 'us.test.a' is already in" in str(caught.value)
    assert str(second) in str(caught.value)


def test_all_faults_come_at_once(tmp_path: Path):
    put(tmp_path, "control-list/us.test.a.yml", sound(status="gone", confidence="memory"))
    put(tmp_path, "control-list/us.test.b.yml", sound("us.test.b", review_by="soon"))
    with pytest.raises(ManyFaults) as caught:
        load(tmp_path)
    assert len(caught.value.faults) == 3
    assert len(str(caught.value).splitlines()) == 3


def test_a_change_of_law_is_a_second_file(tmp_path: Path):
    put(tmp_path, "control-list/us.test.a.yml", sound(status="repealed"))
    put(tmp_path, "control-list/us.test.b.yml", sound("us.test.b", supersedes="us.test.a"))
    facts = load(tmp_path)
    successor = facts.successor("us.test.a")
    assert successor is not None and successor.id == "us.test.b"
    assert facts.successor("us.test.b") is None


def test_no_folder_is_one_line(tmp_path: Path):
    with pytest.raises(InputFault, match=r"nowhere: no folder of facts here; give the folder with --facts"):
        load(tmp_path / "nowhere")


def test_an_empty_folder_is_an_empty_book(tmp_path: Path):
    assert len(load(tmp_path)) == 0


def test_an_edit_is_seen_at_once(tmp_path: Path):
    put(tmp_path, "control-list/us.test.a.yml", sound())
    first = load(tmp_path)
    assert load(tmp_path) is first
    put(tmp_path, "control-list/us.test.a.yml", sound().replace("34", "35"))
    assert load(tmp_path).get("us.test.a").value("qubits") == "35\xa0qubits"


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path):
    path = put(tmp_path, "control-list/us.test.a.yml", "")
    path.write_bytes(b"\xff\xfe\x00id")
    with pytest.raises(InputFault, match=r"us.test.a.yml: cannot be read .*; save it as UTF-8 text"):
        load(tmp_path)
