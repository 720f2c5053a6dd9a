"""What an issuer shows in public beside what verifying needs: the pictures that its records name."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from PIL import Image

from autograder.records import awards, evidence, issue, issuer, publish, reissue, showcase, times
from tests.records.test_office_life import Office


def given(home, evidence_path, awards_path, out, *, demonstration=False, title=None):
    shown, wanted = evidence.load(evidence_path), awards.load(awards_path)
    if title:
        wanted = wanted.model_copy(update={"awards": (wanted.awards[0].model_copy(update={"title": title}),)})
    run = issue.Run(home, home.signer(), shown, wanted, out, "none", demonstration)
    (outcome,) = issue.issue(run, shown.chosen(("ada",)))
    return json.loads(Path(outcome.file).read_bytes())


def test_the_picture_that_a_record_names_is_published(make_issuer, evidence_path, awards_path, tmp_path):
    home = make_issuer()
    record = given(home, evidence_path, awards_path, tmp_path / "out")
    image = record["credentialSubject"]["achievement"]["image"]
    assert image["type"] == "Image" and image["id"].startswith(f"{home.issuer.url}/badges/")

    written = publish.publish(home, tmp_path / "site", home.signer())
    file = tmp_path / "site" / image["id"].removeprefix(f"{home.issuer.url}/")
    assert file in written
    with Image.open(BytesIO(file.read_bytes())) as picture:
        assert picture.format == "PNG" and picture.size == (1024, 1024)
        assert "openbadgecredential" not in picture.info


def test_a_demonstration_has_no_badge(make_issuer, evidence_path, awards_path, tmp_path):
    home = make_issuer()
    record = given(home, evidence_path, awards_path, tmp_path / "out", demonstration=True)
    assert "image" not in record["credentialSubject"]["achievement"]
    publish.publish(home, tmp_path / "site", home.signer())
    assert not (tmp_path / "site" / "badges").exists()


def test_no_revocation_waits_for_a_picture(make_issuer, evidence_path, awards_path, tmp_path):
    """The private use area has no letters, so no machine's fonts draw this title."""
    home = make_issuer()
    given(home, evidence_path, awards_path, tmp_path / "out", title="Safety \U0010fffd")
    publish.publish(home, tmp_path / "site", home.signer())
    assert (tmp_path / "site" / "status" / "revocation-1.json").exists()
    assert not (tmp_path / "site" / "badges").exists()


def test_what_is_public_goes_on_to_a_record_that_was_reissued(
    make_issuer, evidence_path, awards_path, tmp_path
):
    """A holder who asked once does not vanish because a key was replaced."""
    home = make_issuer()
    record = given(home, evidence_path, awards_path, tmp_path / "out")
    showcase.show(home, [record["id"]], "Ada Example")
    home = issuer.rotate(home, None, compromised=times.text(times.now()))
    (anew, *_) = [
        one for one in reissue.reissue(home, home.signer(), tmp_path / "anew", every=True) if one.record
    ]
    publish.publish(home, tmp_path / "site", home.signer())
    page = (tmp_path / "site" / "index.html").read_text()
    assert anew.record in page and "Ada Example" in page


def test_a_holders_wish_goes_with_the_record(evidence_path, awards_path, tmp_path):
    """Through a correction and a record issued again; whoever withdraws it is shown under no record."""
    office, site = Office(tmp_path, evidence_path, awards_path), tmp_path / "site"

    def page(*words):
        done = office.own(*words)
        assert done.exit_code == 0, done.output
        assert office.own("publish", site).exit_code == 0
        return (site / "index.html").read_text(), done

    first = office.issue("--learner", "ada")["ada"]["record"]
    assert "Ada Example" in page("public", first, "--name", "Ada Example")[0]
    done = office.replace(first, "--learner", "p17", "--reason", "new ids")
    (second,) = json.loads(done.stdout)
    assert "; still shown in public, as Ada Example" in second["reason"]
    text, _ = page("suspend", second["record"], "--reason", "a test")
    assert first in text and second["record"] in text, "the old sheet's code says that it was taken back"

    office.learner("ada")["learner"] = "p17"
    third = office.issue("--learner", "p17", "--again", "--reason", "cleared")["p17"]
    assert third["result"] == "issued"
    text, done = page("public", third["record"], "--name", "Ada Novak")
    assert text.count("Ada Novak") == 3 and "Ada Example" not in text
    assert done.stdout.count("public\t") == 3
    text, _ = page("public", third["record"], "--withdraw")
    assert "Ada" not in text and not {first, second["record"], third["record"]} & set(text.split('"'))

    told = office.own("erase", "p17")
    assert told.exit_code == 0 and "kept under ada: records erase ada" in told.stderr
    assert "kept under" not in office.own("erase", "ada").stderr
