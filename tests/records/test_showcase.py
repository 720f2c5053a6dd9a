"""What an issuer shows in public beside what verifying needs: the pictures that its records name."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from PIL import Image

from autograder.records import awards, evidence, issue, issuer, publish, reissue, showcase, times


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
