"""What an office asks of `records verify` beside yes or no, and marks that nobody sees."""

from __future__ import annotations

import copy
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from autograder.records import awards, brought, canonical, evidence, issue, models, proof, times
from autograder.records.carriers import png
from autograder.records.cli import main
from autograder.records.errors import Fault
from autograder.records.fetch import Unfetchable, Web
from tests.records.test_carriers_hostile import chunk, picture


def verify(office, file, *words):
    site = office.site
    lists = [
        word
        for name in ("revocation", "suspension")
        for word in ("--status-list", site / f"status/{name}-1.json")
    ]
    since = f"{times.now() - timedelta(days=1):%Y-%m-%d}"
    told = [file, "--issuers", site / "issuers.json", *lists, "--accept-status-as-of", since, *words]
    return CliRunner().invoke(main, ["verify", *map(str, told)])


def written(tmp_path, document):
    file = tmp_path / "x.json"
    file.write_bytes(canonical.jcs(document))
    return file


class TestClocks:
    """A record looked at with a clock a little slow is no forgery; one of tomorrow is."""

    @pytest.mark.parametrize(("minutes", "valid"), [(3, True), (10, False)])
    def test_a_record_from_a_clock_that_runs_ahead(self, office, tmp_path, minutes, valid):
        ahead = times.text(times.now() + timedelta(minutes=minutes))
        file = written(tmp_path, office.resign(lambda d: d.update(validFrom=ahead), created=ahead))
        told = verify(office, file)
        assert json.loads(told.stdout)["valid"] == valid and told.exit_code == (0 if valid else 1)

    def test_a_moment_that_was_asked_for_has_no_leeway(self, office, tmp_path):
        before = times.text(times.moment(office.record["validFrom"]) - timedelta(minutes=3))
        told = verify(office, office.file, "--at", before)
        assert told.exit_code == 1 and "not valid before" in told.stderr


class TestDigests:
    """A thief who takes the key and is not found out yet signs records that the office never issued."""

    def test_a_record_that_was_never_issued_is_warned_of(self, office, tmp_path):
        digests = office.site / "ledger" / "digests.txt"
        honest = verify(office, office.file, "--digests", digests)
        assert honest.exit_code == 0 and "published" not in honest.stderr

        forged = written(tmp_path, office.resign(lambda d: d.update(id="urn:uuid:" + "0" * 36)))
        told = verify(office, forged, "--digests", digests)
        assert "ok  published: take care: this very file is not in the list of digests" in told.stderr
        assert "take care" not in verify(office, forged).stderr


class TestEmail:
    @pytest.fixture
    def named(self, make_issuer, office, evidence_path, awards_path, tmp_path):
        """Ada's record with her hashed address, signed by the office's own issuer."""
        shown = evidence.load(evidence_path)
        wanted = awards.load(awards_path)
        run = issue.Run(office.home, office.signer, shown, wanted, tmp_path / "out", "email", True)
        (outcome,) = issue.issue(run, shown.chosen(("ada",)))
        return outcome.file

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("Ada@Example.edu ", "ok  e-mail: the record names the holder of this address"),
            ("ben@example.edu", "NOT e-mail: the record names the holder of another address"),
        ],
    )
    def test_a_hashed_address_is_held_against_one(self, office, named, address, words):
        told = verify(office, named, "--email", address)
        assert words in told.stderr and (told.exit_code == 0) == words.startswith("ok")

    def test_a_record_without_an_address_says_so(self, office):
        told = verify(office, office.file, "--email", "ada@example.edu")
        assert told.exit_code == 1 and "names nobody by an e-mail address" in told.stderr


def test_a_host_of_ones_own_network_is_asked_only_by_name():
    """Split DNS: the record of one's own institution, verified on its campus."""
    web = Web(
        resolver=lambda host, port: ["10.0.0.7"], private=frozenset({"records.example.edu"}), seconds=0.2
    )
    with pytest.raises(Unfetchable, match=r"not on the public internet \(--private-host"):
        web.get("https://elsewhere.example/x", 10)
    with pytest.raises(Unfetchable) as told:
        web.get("https://records.example.edu/x", 10)
    assert "public internet" not in str(told.value)


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c"])
def test_no_record_is_signed_with_marks_that_turn_text_around(office, mark):
    from autograder.records import shape

    document = copy.deepcopy({key: part for key, part in office.record.items() if key != "proof"})
    document["name"] = f"Export{mark} controls"
    with pytest.raises(Fault, match="turns text around"):
        shape.check(document)
    # Whoever holds an older record that has one keeps a valid record.
    signed = proof.sign_set(document, office.signer, times.text(times.now()))
    assert office.judge(signed).valid


@pytest.mark.parametrize("learner", ["n\u200b20", "n20\u200f", "n\u00ad20", "\ufeffn20"])
def test_an_id_has_no_character_that_nobody_sees(evidence_path, tmp_path, learner):
    content = json.loads(evidence_path.read_text())
    content["learners"][0]["learner"] = learner
    with pytest.raises(Fault, match="nobody sees"):
        models.load(evidence.Evidence, content, "evidence")


def test_a_mark_of_byte_order_is_passed_over(office, tmp_path):
    """Editors on Windows put one in front; what is signed stays the same."""
    file = tmp_path / "x.json"
    file.write_bytes(b"\xef\xbb\xbf" + office.file.read_bytes())
    assert verify(office, file).exit_code == 0


def test_a_badge_of_two_versions_is_refused(office):
    """The page and the command say the same of a PNG that also carries an Open Badges 2 assertion."""
    both = png.bake(picture(chunk(b"tEXt", b"openbadges\0https://example.org/1")), office.file.read_bytes())
    with pytest.raises(Fault, match="Open Badges 1 or 2 assertion"):
        brought.parse(both)


def test_folders_of_peoples_files_are_their_owners_alone(
    office, tmp_path, make_issuer, evidence_path, awards_path
):
    """The files' names are learners' ids."""
    shown = evidence.load(evidence_path)
    home = make_issuer()
    run = issue.Run(
        home, home.signer(), shown, awards.load(awards_path), tmp_path / "a" / "issued", "id", False
    )
    list(issue.issue(run, shown.chosen(("ada",))))
    told = CliRunner().invoke(
        main,
        ["carry", str(office.file), "--out", str(tmp_path / "made"), "--format", "json", "--single-proof"],
    )
    assert told.exit_code == 0, told.output
    for folder in (tmp_path / "a" / "issued", tmp_path / "made"):
        assert folder.stat().st_mode & 0o077 == 0


def test_erasing_says_where_else_copies_may_be(make_issuer, evidence_path, awards_path, tmp_path):
    home = make_issuer()
    shown = evidence.load(evidence_path)
    run = issue.Run(home, home.signer(), shown, awards.load(awards_path), tmp_path / "out", "id", False)
    (outcome,) = issue.issue(run, shown.chosen(("ada",)))
    text = (tmp_path / "out").joinpath(outcome.file).read_bytes()
    told = CliRunner().invoke(main, ["erase", "ada", "--issuer", str(home.path)])
    assert told.exit_code == 0 and told.stdout == "1 copy erased\n"
    assert "folder of issued files" in told.stderr and "backups" in told.stderr
    proof_value = json.loads(text)["proof"][0]["proofValue"].encode()
    kept = b"".join(
        path.read_bytes() for path in home.path.glob("ledger.sqlite*") if path.suffix != ".sqlite-wal"
    )
    assert proof_value not in kept
