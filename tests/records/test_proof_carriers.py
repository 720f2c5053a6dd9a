"""Our badges in a program of another make, and its badges in ours; and the certificates of a whole class."""

from __future__ import annotations

import json
import shutil

import pytest

from autograder.records import brought, canonical, carriers
from autograder.records.carriers import draw
from tests.records.test_records_foreign import HERE, badgeslib, cache, run

__all__ = ["badgeslib", "cache"]
pytestmark = [pytest.mark.proof, pytest.mark.timeout(1200)]


def test_badges_go_both_ways(office, badgeslib, tmp_path):
    text = office.file.read_bytes()
    plain = {"png": draw.draw(text, "png"), "svg": draw.draw(text, "svg")}
    for kind, data in plain.items():
        (tmp_path / f"ours.{kind}").write_bytes(data)
    # The same pictures without a record, for the other program to bake.
    end = plain["png"].rindex(b"iTXt") - 4
    (tmp_path / "plain.png").write_bytes(plain["png"][:end] + plain["png"][-12:])
    begin, stop = plain["svg"].index(b"<openbadges:"), plain["svg"].index(b"</openbadges:credential>")
    bare = plain["svg"][:begin] + plain["svg"][stop + len(b"</openbadges:credential>") :]
    (tmp_path / "plain.svg").write_bytes(bare)
    (tmp_path / "record.json").write_bytes(text)
    shutil.copy(HERE / "baking_obl.py", tmp_path)
    run(badgeslib, tmp_path / "baking_obl.py", tmp_path)

    theirs = json.loads((tmp_path / "theirs.json").read_text())
    assert theirs == {"png": text.decode(), "svg": text.decode()}
    for kind in plain:
        baked = (tmp_path / f"theirs.{kind}").read_bytes()
        assert carriers.unwrap(baked).strip() == text
        assert office.judge(brought.parse(baked)).valid


def test_a_class_of_sheets_differs_only_where_its_records_do(office):
    """The class's certificates are made one after the other in one process; none takes from another."""
    first = draw.draw(office.file.read_bytes(), "pdf", name="Ada Example")
    for number in range(20):
        document = {**office.record, "id": f"urn:uuid:{number:08d}-0000-4000-8000-000000000000"}
        text = canonical.jcs(document)
        assert carriers.unwrap(draw.draw(text, "pdf", name=f"Learner {number}")) == text
    assert draw.draw(office.file.read_bytes(), "pdf", name="Ada Example") == first
