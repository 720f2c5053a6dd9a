"""The cmi5 package of a module: valid against the specification's schema, and nothing of SCORM in it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from autograder.records.cli import main
from autograder.records.export import cmi5
from autograder.records.export.cmi5 import structure
from tests.records.test_export_scorm import page, site

__all__ = ["site"]
SCHEMA = Path(__file__).parent / "vectors" / "cmi5" / "CourseStructure.xsd"
CMI5 = f"{{{structure.SPACE}}}"


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(SCHEMA))


def packed(site, **other):
    with zipfile.ZipFile(io.BytesIO(cmi5.pack(cmi5.Package(site, "modules/m", **other)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_structure_is_valid_and_names_one_unit(site, schema):
    content = packed(site, pass_mark=75)
    assert next(iter(content)) == "cmi5.xml" and "cmi5.js" in content and "scorm.js" not in content
    root = etree.fromstring(content["cmi5.xml"])
    schema.assertValid(root)
    (unit,) = root.iter(f"{CMI5}au")
    assert (unit.get("moveOn"), unit.get("masteryScore")) == ("CompletedAndPassed", "0.75")
    assert unit.findtext(f"{CMI5}url") in content
    assert unit.get("id") != root.find(f"{CMI5}course").get("id")
    assert unit.findtext(f"{CMI5}title/{CMI5}langstring") == "M & more"


def test_a_module_without_a_quiz_asks_for_completion_alone(site, schema):
    (site / "modules/m/quiz.html").write_text(page("No quiz"))
    root = etree.fromstring(packed(site)["cmi5.xml"])
    schema.assertValid(root)
    (unit,) = root.iter(f"{CMI5}au")
    assert unit.get("moveOn") == "Completed" and unit.get("masteryScore") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"moveOn", b"moveon"),
        (b"CompletedAndPassed", b"Both"),
        (b'masteryScore="0.8"', b'masteryScore="80"'),
        (b"<url>index.html</url>", b"<url></url>"),
        (b"langstring", b"words"),
    ],
)
def test_a_structure_with_a_fault_is_not_valid(site, schema, old, new):
    text = packed(site)["cmi5.xml"]
    assert old in text
    assert not schema.validate(etree.fromstring(text.replace(old, new)))


def test_only_this_package_may_connect(site):
    """A platform's address is known at launch alone; a SCORM package speaks to nobody over the network."""
    policy = packed(site)["index.html"].split(b"Content-Security-Policy")[1].split(b">")[0]
    assert b"connect-src *;" in policy and b"default-src 'none'" in policy


def test_the_command_writes_it(site, tmp_path):
    out = tmp_path / "m.zip"
    words = ["export", "--format", "cmi5", "--html", str(site), "--module", "modules/m"]
    told = CliRunner().invoke(main, [*words, "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert out.read_bytes() == cmi5.pack(cmi5.Package(site, "modules/m"))
