"""The page that checks records, in a real browser: from its address and from a saved copy."""

from __future__ import annotations

import base64
import copy
import json
import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import typst
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from autograder.records import (
    awards,
    brought,
    canonical,
    evidence,
    issue,
    issuer,
    page,
    proof,
    publish,
    safejson,
    status,
    times,
)
from autograder.records import office as offices
from autograder.records.carriers import draw, png, svg
from autograder.records.cli import main
from autograder.records.errors import Fault
from tests.front_page import served
from tests.records.test_carriers_hostile import FRIENDLY, HOSTILE, picture
from tests.records.test_records_tampered import CHANGES

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# The page cannot make the RDF form, so it takes a record whose second signature alone is spoilt, and says so.
NOT_SEEN = {"first signature", "signature malleable"}
HEAD = {"seq": 1, "hash": "0" * 64}


@pytest.fixture(scope="module")
def text(office) -> bytes:
    return office.file.read_bytes()


@pytest.fixture(scope="module", params=["file", "http"])
def address(request: pytest.FixtureRequest, office) -> Iterator[str]:
    if request.param == "file":
        yield (office.site / "index.html").as_uri()
    else:
        with served(office.site) as base:
            yield f"{base}/"


def opened(browser: Browser, address: str, *, expected: str = "", **how: Any) -> Iterator[Page]:
    """A page that must stay without errors and may ask for nothing but itself."""
    context = browser.new_context(**how)
    tab = context.new_page()
    troubles: list[str] = []
    asked: list[str] = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(address)
    yield tab
    context.close()
    assert [words for words in troubles if not expected or expected not in words] == []
    assert {url.partition("#")[0] for url in asked if not url.startswith("data:")} <= {
        address.partition("#")[0]
    }


@pytest.fixture
def tab(chromium: Browser, office) -> Iterator[Page]:
    yield from opened(chromium, (office.site / "index.html").as_uri())


def give(tab: Page, *files: tuple[str, bytes]) -> None:
    """Choose files as a person does, and wait for the answer."""
    tab.evaluate("document.getElementById('results').replaceChildren()")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name.replace("/", "_") for name, _ in files]
        for path, (_, data) in zip(paths, files, strict=True):
            path.write_bytes(data)
        tab.set_input_files("#choose", paths)
        expect(tab.locator("article")).to_have_count(len(files), timeout=60_000)


def found(tab: Page) -> list[tuple[str, str, str]]:
    """Of each file: its name, the colour of its verdict, and all words."""
    return [
        (
            one.locator(".file").inner_text(),
            str(one.get_attribute("class")),
            " ".join(one.inner_text().split()),
        )
        for one in tab.locator("article").all()
    ]


def judged(tab: Page, data: bytes, name: str = "x.json") -> tuple[str, str]:
    give(tab, (name, data))
    ((_, verdict, words),) = found(tab)
    return verdict, words


def rendered(office, tmp_path: Path, *, marked: tuple[str, ...] = (), who: Any = None) -> str:
    """A page of the same issuer that knows something else; `marked` lists hold the record's place."""
    place = int(office.record["credentialStatus"]["statusListIndex"])
    lists = [
        status.signed(
            office.home.issuer,
            [place] if purpose in marked else [],
            office.signer,
            times.now(),
            purpose=purpose,
        )
        for purpose in status.PURPOSES
    ]
    file = tmp_path / "index.html"
    file.write_bytes(page.render(who or office.home.issuer, lists, HEAD, times.text(times.now())))
    return file.as_uri()


def test_every_kind_of_file_is_checked_wherever_the_page_lies(chromium, address, text):
    for tab in opened(chromium, address):
        give(
            tab,
            ("ada.json", text),
            *((f"ada.{kind}", draw.draw(text, kind, name="Ada Example")) for kind in draw.FORMATS),
        )
        assert [verdict for _, verdict, _ in found(tab)] == ["good"] * 4
        expect(tab.get_by_role("status")).to_have_text("4 of 4 files are valid.")
        for _, _, words in found(tab):
            assert "Valid: Export controls for quantum science" in words
            assert "Issued by Example University Holder ada Completed 20 November 2026" in words
            assert "Neither revoked nor suspended, as of 2" in words
            assert "Exercise: Export controls. Assurance: auto-graded own variant." in words


def test_a_file_may_be_dropped_anywhere(tab, text):
    data = tab.evaluate_handle(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.json"));
            return data;
        }""",
        text.decode(),
    )
    tab.dispatch_event("h1", "dragenter", {"dataTransfer": data})
    assert "over" in (tab.locator("#drop").get_attribute("class") or "")
    tab.dispatch_event("h1", "drop", {"dataTransfer": data})

    expect(tab.locator("article.good .file")).to_have_text("dropped.json")
    assert "over" not in (tab.locator("#drop").get_attribute("class") or "")
    assert tab.evaluate("document.activeElement.textContent") == "Result"


def test_every_forgery_of_the_museum_is_refused(tab, office):
    """The same verdicts as `records verify`, but for the one signature that the page names as not checked."""
    forged = []
    for name, change in CHANGES.items():
        document = copy.deepcopy(office.record)
        change(document)
        forged.append((name, json.dumps(document).encode()))
    taken = set()
    for start in range(0, len(forged), 40):
        give(tab, *forged[start : start + 40])
        taken |= {name for name, verdict, _ in found(tab) if verdict == "good"}

    assert taken == NOT_SEEN
    assert "It does not check the other (eddsa-rdfc-2022)" in tab.locator(".limits").inner_text()


def test_a_carrier_with_a_forged_record_is_refused(tab, office):
    document = copy.deepcopy(office.record)
    document["name"] = "Doctor of Physics"
    forged = canonical.jcs(document)
    give(tab, *((f"x.{kind}", draw.draw(forged, kind)) for kind in draw.FORMATS))
    assert {(verdict, "the signature does not match" in words) for _, verdict, words in found(tab)} == {
        ("bad", True)
    }


WORDS = (
    "Österreichische Akademie – “Straße”, Übung",
    "École Polytechnique’s Öß-Ü",
    "東京大学 量子セキュリティ",
    "جامعة المثال",
)


def test_letters_of_the_world_are_valid_in_every_carrier(tab, office, tmp_path):
    """The page says what `records verify` says, whatever the issuer and the holder are called."""
    bare = typst.compile(b"A sheet of paper.", format="pdf")
    files: dict[str, bytes] = {}
    for number, words in enumerate(WORDS):

        def change(document: dict[str, Any], words: str = words) -> None:
            document["issuer"]["name"] = words
            document["credentialSubject"]["identifier"][0]["identityHash"] = words
            document["evidence"][0]["narrative"] += f" {words}"

        text = canonical.jcs(office.resign(change))
        files[f"{number}.json"] = text
        files[f"{number}.svg"] = svg.bake(b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', text)
        files[f"{number}.png"] = png.bake(picture(), text)
        files[f"{number}-poppler.pdf"] = attached(bare, text, tmp_path)
        if number < 2:
            files |= {f"{number}-drawn.{kind}": draw.draw(text, kind) for kind in draw.FORMATS}

    give(tab, *files.items())
    assert [(name, words) for name, verdict, words in found(tab) if verdict != "good"] == []
    assert [name for name, data in files.items() if not office.judge(brought.parse(data)).valid] == []
    for number, words in enumerate(WORDS):
        told = [said for name, _, said in found(tab) if name.startswith(f"{number}")]
        assert all(f"Issued by {words} Holder {words}" in said for said in told), words

    # A second attachment made by a usual tool is seen, whichever of the two is whose.
    two = attached(files["1-drawn.pdf"], files["0.json"], tmp_path)
    verdict, said = judged(tab, two, "two.pdf")
    assert verdict == "bad" and "more than one record" in said
    with pytest.raises(Fault, match="more than one record"):
        brought.parse(two)


def attached(sheet: bytes, text: bytes, folder: Path) -> bytes:
    """The sheet with one more attachment, made by poppler."""
    for name, data in (("in.pdf", sheet), ("record.json", text)):
        (folder / name).write_bytes(data)
    names = [str(folder / name) for name in ("in.pdf", "record.json", "out.pdf")]
    (folder / "out.pdf").unlink(missing_ok=True)
    subprocess.run(["pdfattach", *names], check=True, capture_output=True)
    return (folder / "out.pdf").read_bytes()


def test_hostile_files_are_refused_as_in_python(chromium, office):
    site = (office.site / "index.html").as_uri()
    # Chromium's own note on broken XML has a style, which the page's policy refuses with these words.
    for tab in opened(chromium, site, expected="Applying inline style"):
        give(tab, *HOSTILE.items())
        answers = found(tab)
        assert [name for name, _, _ in answers] == [name.replace("/", "_") for name in HOSTILE]
        assert [(name, words) for name, verdict, words in answers if verdict != "bad"] == []
        # Each is refused while its record is being taken out, before anything in it is believed.
        assert [(name, words) for name, _, words in answers if " No file: " not in words] == []


def test_honest_carriers_of_others_are_opened_as_in_python(tab):
    """What they carry is no record of anybody's; that the page says so shows that it took it out."""
    give(tab, *FRIENDLY.items())
    assert [name for name, _, words in found(tab) if "This is not a record of the form" not in words] == []


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        (("revocation",), "Revoked by the issuer."),
        (("suspension",), "Suspended by the issuer for the time being."),
    ],
)
def test_a_record_that_was_taken_back(chromium, office, text, tmp_path, marked, words):
    for tab in opened(chromium, rendered(office, tmp_path, marked=marked)):
        verdict, told = judged(tab, text)
        assert verdict == "bad" and words in told


@pytest.mark.parametrize(
    ("days", "verdict", "words"),
    [
        (-30, "bad", "was made in the future, by the clock of this device"),
        (6, "good", "Neither revoked nor suspended"),
        (8, "open", "Get the page anew"),
        (4000, "bad", "Expired on"),
    ],
)
def test_the_page_goes_by_the_clock(chromium, office, text, tmp_path, days, verdict, words):
    for tab in opened(chromium, rendered(office, tmp_path)):
        tab.clock.set_fixed_time(times.now() + timedelta(days=days))
        tab.reload()
        told = judged(tab, text)
        assert told[0] == verdict and words in told[1]
        assert tab.locator("#stale").is_visible() == (days > 7)


def test_keys_count_only_while_they_were_in_use(chromium, office, text, tmp_path):
    key = office.home.active
    for change, kind, words in (
        ({"valid_until": "2020-01-01T00:00:00Z"}, "bad", "after its key had been retired"),
        ({"valid_from": "2099-01-01T00:00:00Z"}, "bad", "older than its key"),
        ({"compromised": "2026-01-01T00:00:00Z"}, "open", "reported compromised, so this page cannot tell"),
        ({"id": key.id + "x"}, "bad", "not one of this issuer’s"),
    ):
        other = office.home.issuer.model_copy(update={"keys": (key.model_copy(update=change),)})
        for tab in opened(chromium, rendered(office, tmp_path, who=other)):
            verdict, told = judged(tab, text)
            assert verdict == kind and words in told, words


def test_a_key_for_publishing_vouches_for_lists_and_for_no_record(
    chromium, make_issuer, evidence_path, awards_path, tmp_path
):
    """Decision 17, as the page has it: right key, wrong key, and a newer list by the publishing key."""
    home = issuer.rotate(make_issuer(), None, signs="publications")
    publishing = home.signer(None, home.publishing)
    shown = evidence.load(evidence_path)
    run = issue.Run(home, home.signer(), shown, awards.load(awards_path), tmp_path / "out", "id", False)
    (outcome,) = issue.issue(run, shown.chosen(("ada",)))
    record = safejson.read(Path(outcome.file))
    forged = {**{name: part for name, part in record.items() if name != "proof"}, "name": "Everything"}
    forged = proof.sign_set(forged, publishing, times.text(times.now()))

    def told(document: dict[str, Any]) -> tuple[str, str]:
        publish.publish(home, tmp_path / "site", publishing)
        for tab in opened(chromium, (tmp_path / "site" / "index.html").as_uri()):
            assert tab.locator("code", has_text=publishing.method.partition("#")[2]).count() == 1
            answer = judged(tab, canonical.jcs(document))
        return answer

    verdict, words = told(record)
    assert verdict == "good" and "Neither revoked nor suspended" in words
    verdict, words = told(forged)
    assert verdict == "bad" and "its key signs status lists, and no records" in words
    offices.revoke(home, record["id"], "a test")
    verdict, words = told(record)
    assert verdict == "bad" and "Revoked by the issuer." in words


def test_a_record_of_another_issuer_is_neither_confirmed_nor_refuted(chromium, office, text, tmp_path):
    other = issuer.create(
        tmp_path / "other", name="Other U", url="https://other.example", did=None, passphrase=None
    )
    for tab in opened(chromium, rendered(office, tmp_path, who=other.issuer)):
        verdict, told = judged(tab, text)
        assert verdict == "open" and "knows nothing about whose key signed it" in told
        forged = text.replace(b"Export controls for", b"Every module of")
        assert judged(tab, forged)[0] == "bad"


def test_the_code_of_a_certificate_names_its_record(chromium, office, text):
    site = (office.site / "index.html").as_uri()
    for named, warned in ((office.record["id"], False), ("urn:uuid:0", True)):
        for tab in opened(chromium, f"{site}#{named}"):
            assert tab.locator("#asked code").inner_text() == named
            verdict, told = judged(tab, text)
            assert verdict == "good" and ("names another record" in told) == warned
    for tab in opened(chromium, f"{site}#<img src=x onerror=alert(1)>"):
        assert not tab.locator("#asked").is_visible()


def told_of(chromium: Browser, site: Path, record: str) -> str:
    """What the page says to somebody who comes with the code of a printed sheet alone."""
    for tab in opened(chromium, f"{(site / 'index.html').as_uri()}#{record}"):
        tab.wait_for_function("document.documentElement.classList.contains('works')")
        shown = tab.locator("#published")
        tab.wait_for_function(
            "!document.querySelector('#asked').hidden || document.querySelector('#published')"
        )
        if shown.count():
            report = Axe().run(tab, options={"runOnly": RULES})
            assert report.response["violations"] == []
            return f"{shown.get_attribute('class')}: {' '.join(shown.inner_text().split())}"
    return ""


def test_a_printed_sheet_alone_can_be_checked_where_its_holder_asked_for_it(
    chromium, make_issuer, evidence_path, awards_path, tmp_path
):
    """Status at the address of the code; no name unless the holder wants one; gone when it is withdrawn."""
    home = make_issuer()
    shown = evidence.load(evidence_path)
    run = issue.Run(home, home.signer(), shown, awards.load(awards_path), tmp_path / "out", "id", False)
    (outcome,) = issue.issue(run, shown.chosen(("ada",)))
    record, site = outcome.record, tmp_path / "site"

    def told(*words: str) -> str:
        if words:
            done = CliRunner().invoke(main, [*words, "--issuer", str(home.path)])
            assert done.exit_code == 0, done.output
        publish.publish(home, site, home.signer())
        return told_of(chromium, site, record)

    assert told() == ""
    said = told("public", record[9:17])
    assert said.startswith("good: ✓ In force: Export controls for quantum science")
    assert "Completed 20 November 2026" in said and "to 20 November 2029" in said and record in said
    assert "Ada" not in said and "ada" not in said.replace("Standard", "")
    assert "Awarded to Ada Example" in told("public", record, "--name", "Ada Example")
    assert told("suspend", record, "--reason", "a test").startswith("bad: ✕ Not in force")
    told("resume", record, "--reason", "a test")
    assert "Revoked by the issuer." in told("revoke", record, "--reason", "a test")
    assert told("public", record, "--withdraw") == ""
    told("public", record, "--name", "Ada Example")
    assert told("erase", "ada") == "" and "Ada" not in (site / "index.html").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("urn:uuid:none",), "no record urn:uuid:none was issued here"),
        (("a", "b", "--name", "A"), "--name is for one record"),
        (("a", "--name", "A\nB"), "the name is empty, too long or holds"),
        (("a", "--name", "A", "--withdraw"), "--name is for one record"),
    ],
)
def test_what_cannot_be_made_public(office, words, said):
    told = CliRunner().invoke(main, ["public", *words, "--issuer", str(office.home.path)])
    assert told.exit_code in (1, 2) and said in told.stderr and told.stderr.count("\n") == 1


def test_a_valid_record_may_be_added_to_a_profile(tab, office, tmp_path):
    """The page and `records profile-link` write the same address, whatever a title holds."""

    def change(document: dict[str, Any]) -> None:
        document["credentialSubject"]["achievement"]["name"] = "O'Neil & Söhne (50 % + 1)! *量子*"

    for document in (office.record, office.resign(change)):
        file = tmp_path / "x.json"
        file.write_bytes(canonical.jcs(document))
        assert judged(tab, file.read_bytes())[0] == "good"
        shown = tab.locator("article .profile a").get_attribute("href") or ""
        told = CliRunner().invoke(main, ["profile-link", str(file)])
        assert told.stdout.strip() == shown
        parts = {name: values[0] for name, values in parse_qs(urlsplit(shown).query).items()}
        assert urlsplit(shown).netloc == "www.linkedin.com"
        assert parts["name"] == document["credentialSubject"]["achievement"]["name"]
        assert parts["organizationName"] == "Example University" and parts["certId"] == document["id"]
        assert parts["certUrl"] == f"https://records.example.edu/quantum/#{document['id']}"
        assert (parts["expirationYear"], parts["expirationMonth"]) == ("2029", "11")
    forged = {**office.record, "name": "Doctor of Physics"}
    assert judged(tab, canonical.jcs(forged))[0] == "bad"
    assert tab.locator("article .profile").count() == 0


def test_sixteen_pieces_are_folded(tab, office):
    def grow(document: dict[str, Any]) -> None:
        document["evidence"] = document["evidence"] * 6

    verdict, words = judged(tab, canonical.jcs(office.resign(grow)))
    assert verdict == "good" and "Evidence: 18 pieces" in words and "Facts taught" not in words
    assert "Valid until 2029-11-20." in words
    tab.locator("details summary").click()
    assert "Facts taught" in tab.locator("article").inner_text()


def test_words_of_a_record_are_only_words(tab, office):
    evil = "<img src=x onerror=document.title='taken'></script><script>document.title='taken'</script>"

    def change(document: dict[str, Any]) -> None:
        document["credentialSubject"]["achievement"]["name"] = evil
        document["evidence"][0]["narrative"] = evil

    verdict, told = judged(tab, canonical.jcs(office.resign(change)), evil)
    assert verdict == "good" and told.count(evil) == 2
    assert tab.locator("article .file").inner_text() == evil.replace("/", "_")
    assert tab.locator("article img, article script").count() == 0
    assert tab.title() == "Check a completion record of Example University"


def test_words_of_an_issuer_are_only_words(chromium, office, text, tmp_path):
    evil = "U</script><script>document.title='taken'</script>{{script}}"
    other = office.home.issuer.model_copy(update={"name": evil})
    for tab in opened(chromium, rendered(office, tmp_path, who=other)):
        assert judged(tab, text)[0] == "good"
        assert tab.title() == f"Check a completion record of {evil}"


def test_the_page_can_reach_nobody(chromium, office):
    """Not even a script that got into it could send a record away; the browser reports each refusal."""
    site = (office.site / "index.html").as_uri()
    for tab in opened(chromium, site, expected="Content Security Policy"):
        tries_to_reach(tab)


def tries_to_reach(tab: Page) -> None:
    refused = tab.evaluate(
        """async () => {
            const tried = await Promise.allSettled([fetch("https://example.org/"), fetch("issuers.json")]);
            const script = document.createElement("script");
            script.textContent = "document.title = 'taken'";
            document.body.append(script);
            return tried.map((one) => one.status);
        }"""
    )
    assert refused == ["rejected", "rejected"] and "taken" not in tab.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(chromium, office, text, scheme):
    site = (office.site / "index.html").as_uri()
    for tab in opened(chromium, f"{site}#urn:uuid:1", color_scheme=scheme):
        give(tab, ("a.json", text), ("b.json", text.replace(b"Export", b"Import")), ("c.json", b"x"))
        report = Axe().run(tab, options={"runOnly": RULES})
        assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in report.response["violations"]] == []


def test_it_fits_a_small_screen_and_a_sheet(chromium, office, text):
    site = (office.site / "index.html").as_uri()
    for tab in opened(chromium, site, viewport={"width": 320, "height": 640}):
        give(tab, ("ada.json", text))
        assert tab.evaluate("document.documentElement.scrollWidth") == 320
        tab.emulate_media(media="print")
        assert not tab.locator("#drop").is_visible() and tab.locator("article").is_visible()
        sheets = subprocess.run(["pdfinfo", "-"], input=tab.pdf(), capture_output=True, check=True).stdout
        assert re.search(rb"Pages:\s+1\n", sheets)


def test_it_works_by_keyboard(tab):
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "choose"
    outline = "getComputedStyle(document.querySelector('label')).outlineStyle"
    assert tab.evaluate(outline) == "solid"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("Object.defineProperty(crypto, 'subtle', {value: undefined})", "Save this page and open the copy."),
        (
            "crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))",
            "This browser is too old to check the signature",
        ),
    ],
)
def test_a_browser_that_cannot_check_says_so(chromium, office, text, spoil, words):
    context = chromium.new_context()
    context.add_init_script(spoil)
    tab = context.new_page()
    tab.goto((office.site / "index.html").as_uri())
    verdict, told = judged(tab, text)
    context.close()
    assert verdict == "open" and words in told


def test_a_record_without_the_checked_signature_is_left_open(tab, office):
    for suite, kind in ((proof.RDFC, "open"), (proof.JCS, "good")):
        one = [part for part in office.record["proof"] if part["cryptosuite"] == suite]
        assert judged(tab, canonical.jcs({**office.record, "proof": one}))[0] == kind


def test_without_scripts_it_says_what_else_there_is(chromium, office):
    for tab in opened(chromium, (office.site / "index.html").as_uri(), java_script_enabled=False):
        assert "Without JavaScript this page cannot check anything." in tab.locator("noscript p").inner_text()
        assert not tab.locator("#drop").is_visible()
        assert "records verify RECORD --issuers issuers.json" in tab.locator("pre").inner_text()


# ---- The page's JSON against ours ----

ODD = [
    b'{"a":1,"a":2}',
    b'{"__proto__":1}',
    b'{"a":NaN}',
    b'{"a":01}',
    b'{"a":1e999}',
    b'{"a":9007199254740993}',
    b'{"a":-9007199254740991}',
    b'{"a":-0}',
    b'{"a":1.0}',
    b'{"a":[1,]}',
    b'{"a":1,}',
    b'{"a" 1}',
    b"{a:1}",
    b'{"a":"\x01"}',
    b'{"a":"\\ud800"}',
    b'{"a":"\\ud83d\\ude00"}',
    b'{"a":"\\x41"}',
    b'{"a":"\xff"}',
    b'\xef\xbb\xbf{"a":1}',
    b'{"a":1} {}',
    b'{"a":1}\x0c',
    b" \t\r\n[true,false,null] ",
    b"[" * 33 + b"]" * 33,
    b"[" * 32 + b"]" * 32,
    b"",
    b'"',
    b'{"\\u00e9":1,"e\\u0301":2,"\xf0\x9f\x98\x80":3,"\xef\xac\xb3":4}',
    b"[1e21,1e-7,123456789012345680000,0.1,5e-324,1.7976931348623157e308,333333333.33333329]",
]


def of_ours(data: bytes) -> str | None:
    try:
        return canonical.jcs(safejson.parse(data)).decode()
    except (Fault, canonical.NotCanonical):
        return None


def some_json(lots: random.Random, depth: int = 0) -> Any:
    kind = lots.randrange(8 if depth < 4 else 6)
    if kind == 0:
        return lots.choice([True, False, None])
    if kind == 1:
        return lots.randrange(-(10**15), 10**15)
    if kind == 2:
        return lots.choice([lots.random(), lots.uniform(-1e9, 1e9), 10 ** lots.uniform(-300, 300)])
    if kind < 6:
        return "".join(chr(lots.choice([9, 34, 92, 47, 65, 0xE9, 0x20AC, 0x1F600, 0x7F])) for _ in range(6))
    if kind == 6:
        return [some_json(lots, depth + 1) for _ in range(lots.randrange(5))]
    return {str(some_json(lots, 9)): some_json(lots, depth + 1) for _ in range(lots.randrange(5))}


def test_json_is_read_and_written_as_in_python(chromium):
    lots = random.Random(20261125)
    texts = [*ODD, *(json.dumps(some_json(lots), ensure_ascii=n % 2 == 0).encode() for n in range(400))]
    tab = chromium.new_page()
    tab.add_script_tag(content=(page.FRONT / "json.js").read_text())
    theirs = tab.evaluate(
        """(texts) => texts.map((text) => {
            try {
                return canonical(parseJson(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))));
            } catch (error) {
                if (error instanceof Fault) return null;
                throw error;
            }
        })""",
        [base64.b64encode(data).decode() for data in texts],
    )
    tab.close()
    ours = [of_ours(data) for data in texts]
    assert [(a, b, c) for a, b, c in zip(texts, ours, theirs, strict=True) if b != c] == []
    assert 8 < ours.count(None) < 30


def test_the_scripts_hold_to_one_signature_suite():
    """The words of the page and the code agree on what is checked."""
    code = (page.FRONT / "verify.js").read_text()
    assert proof.JCS in code and proof.RDFC in code
