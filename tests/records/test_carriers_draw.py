"""The certificate page and the badges: what they carry, what they show, and that others read them too."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image

from autograder.records import awards, brought, build, canonical, carriers, evidence, issue
from autograder.records import office as marking
from autograder.records.carriers import draw
from autograder.records.carriers.look import Look
from autograder.records.cli import main
from autograder.records.errors import Fault

KINDS = draw.FORMATS
OTHERS = Path(__file__).parents[3] / "shared" / "vectors" / "1edtech-validator" / "ob30"


@pytest.fixture(scope="module")
def text(office):
    return office.file.read_bytes()


def changed(office, change):
    document = copy.deepcopy(office.record)
    change(document)
    return canonical.jcs(document)


def tool(data, *words):
    """Run one of poppler's programs on a page."""
    return subprocess.run(words, input=data, capture_output=True, check=True).stdout


def shown(page):
    return " ".join(tool(page, "pdftotext", "-layout", "-", "-").decode().split())


def pages(page):
    return int(re.search(rb"Pages:\s+(\d+)", tool(page, "pdfinfo", "-")).group(1))


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_in_comes_out_to_the_byte(office, text, kind):
    carried = draw.draw(text, kind, name="Ada Example")

    assert carriers.kind_of(carried) == kind
    assert carriers.unwrap(carried) == text
    assert office.judge(brought.parse(carried)).valid


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_record_is_drawn_the_same(text, kind):
    assert draw.draw(text, kind) == draw.draw(text, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_was_changed_inside_its_carrier_is_refused(office, kind):
    forged = changed(office, lambda document: document.update(name="Doctor of Physics"))
    assert not office.judge(brought.parse(draw.draw(forged, kind))).valid


def test_text_that_would_end_its_place_in_svg_stays_inside(office):
    odd = changed(office, lambda document: document.update(name="a ]]> b </svg> & c"))
    assert carriers.unwrap(draw.draw(odd, "svg")) == odd


def test_the_pictures_are_pictures_for_others(text):
    with Image.open(BytesIO(draw.draw(text, "png"))) as picture:
        picture.load()
        assert picture.size == (1024, 1024) and picture.mode == "RGBA"
        assert json.loads(picture.text["openbadgecredential"])["id"] == json.loads(text)["id"]
        assert picture.getpixel((2, 2))[3] == 0  # the corners are clear, so it sits on any page
    root = ET.fromstring(draw.draw(text, "svg"))
    assert root.get("role") == "img"
    assert (
        root.get("aria-label") == "Badge: Export controls for quantum science, Example University, 2026–2029"
    )
    inside = root.find("{https://purl.imsglobal.org/ob/v3p0}credential")
    assert inside is not None and json.loads(inside.text or "") == json.loads(text)


@pytest.mark.parametrize("name", ["simple-json.png", "simple-json.svg"])
def test_pictures_that_others_made_are_read(name):
    """1EdTech's own test pictures, where they lie beside the repository; the other module has their like."""
    data = (OTHERS / name).read_bytes() if OTHERS.is_dir() else None
    if data is not None:
        assert json.loads(carriers.unwrap(data))["name"] == "Teamwork Badge"


@pytest.mark.slow
class TestPage:
    def test_arabic_is_set_in_no_typewriter(self, text):
        """The typesetter brings one along that has Arabic, and it drew letters apart that belong together."""
        listed = subprocess.run(["fc-list", ":lang=ar", "family"], capture_output=True, text=True, check=True)
        # start.py installs one; without any, the typewriter is better than an empty box on somebody's wall.
        running_text = any("Mono" not in family for family in listed.stdout.splitlines())
        sheet = draw.draw(text, "pdf", name="عمر بن الخطاب")
        fonts = subprocess.run(["pdffonts", "-"], input=sheet, capture_output=True, check=True).stdout
        assert b"LibertinusSerif" in fonts and not (running_text and b"Mono" in fonts)

    def test_it_shows_what_the_record_says(self, text):
        words = shown(draw.draw(text, "pdf", name="Ada Example"))

        for told in (
            "Example University",
            "CERTIFICATE OF COMPLETION",
            "WHAT WAS DONE, AND HOW SURE THAT IS",
            "Export controls for quantum science",
            "Ada Example",
            "20 November 2026",
            "20 November 2029",
            "Exercise: Export controls (auto-graded own variant)",
            "Case: The visitor and the chip (self-reported)",
            build.NOT_SHOWN,
            "is not signed. Holder: ada.",
            json.loads(text)["id"].removeprefix("urn:uuid:"),
        ):
            assert told in words, told

    def test_it_is_tagged_and_carries_its_record(self, text, tmp_path):
        page = tmp_path / "ada.pdf"
        page.write_bytes(draw.draw(text, "pdf"))
        told = tool(b"", "pdfinfo", page).decode()
        tool(b"", "pdfdetach", "-save", "1", "-o", tmp_path / "out.json", page)
        structure = tool(b"", "pdfinfo", "-struct-text", page).decode()

        assert "Tagged:          yes" in told and "Pages:           1" in told
        assert "Title:           Export controls for quantum science" in told
        assert (tmp_path / "out.json").read_bytes() == text
        assert re.search(r'H1.*\n\s+"Export controls for quantum science"', structure)
        assert "Figure" in structure and "LI (block)" in structure

    def test_a_phone_reads_where_to_check_it(self, text, tmp_path):
        page = tool(draw.draw(text, "pdf"), "pdftoppm", "-r", "120", "-png", "-")
        (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(page)))

        assert code.text == f"https://records.example.edu/quantum/#{json.loads(text)['id']}"
        assert code.text == draw.address(json.loads(text))

    def test_long_words_stay_on_one_page(self, office):
        def grow(document):
            title = "Security of research, " * 13
            document.update(name=title)
            document["credentialSubject"]["achievement"]["name"] = title
            document["issuer"]["name"] = (
                "The United Universities of the Northern and the Southern Shore, " * 4
            )
            document["evidence"] = [
                {**piece, "name": "Exercise: " + "a long title " * 20} for piece in document["evidence"] * 9
            ]

        text = changed(office, grow)
        page = draw.draw(text, "pdf", name="Maria de los Angeles " * 9)
        assert pages(page) == 1
        assert "and 7 more in the record (auto-graded own variant)" in shown(page)
        assert carriers.unwrap(draw.draw(text, "svg")) == text

    def test_a_practitioners_sixteen_pieces_are_all_named(self, office):
        """Eight cases and four quizzes used to shrink to "and 10 more"."""

        def practise(document):
            one = document["evidence"][0]
            document["evidence"] = [
                {**one, "name": f"{kind}: {kind} number {n}", "description": f"Assurance: {assurance}."}
                for kind, count, assurance in (
                    ("Exercise", 4, "marked by a person"),
                    ("Case", 8, "self-reported"),
                    ("Quiz", 4, "self-reported"),
                )
                for n in range(count)
            ]

        words = shown(draw.draw(changed(office, practise), "pdf", name="Ada Example"))
        for kind, count in (("Exercise", 4), ("Case", 8), ("Quiz", 4)):
            assert all(f"{kind} number {n}" in words for n in range(count)), words
        assert "Exercise number 3 (marked by a person)" in words and "more in the record" not in words

    @pytest.mark.parametrize("name", ["W" * 200, "Ñandú" * 40, "Ada Example"])
    @pytest.mark.parametrize(
        "signature", [None, "Dr Zoë Example-Longname, Vice-Rector for Research and Transfer"]
    )
    def test_every_letter_stays_on_its_sheet(self, text, name, signature):
        """A name of one unbroken word ran off the paper; the small print ran into the waves."""
        page = draw.draw(text, "pdf", name=name, look=Look(signature=signature))
        boxes = [
            [float(number) for number in box]
            for box in re.findall(
                r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"',
                tool(page, "pdftotext", "-bbox", "-", "-").decode(),
            )
        ]
        millimetre = 72 / 25.4
        assert len(boxes) > 50 and pages(page) == 1
        assert max(box[2] for box in boxes) <= (297 - 25) * millimetre
        # The address under the code had about 5 points; a line is a seventh higher than its letters.
        assert min(box[3] - box[1] for box in boxes) >= 6 * 8 / 7 - 0.1
        # The highest wave lies some 35 mm above the edge of the paper.
        assert max(box[3] for box in boxes) <= (210 - 34) * millimetre
        assert shown(page).replace("\u200b", "").replace(" ", "").count(name.replace(" ", "")) >= 1
        assert signature is None or signature in shown(page)

    @pytest.mark.parametrize("kind", ["png", "jpg", "svg"])
    def test_the_institutions_logo_stands_beside_its_name(self, text, kind):
        if kind == "svg":
            shape = b'<path fill="red" d="M0 0h9v3H0z"/>'
            data = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3">' + shape + b"</svg>"
        else:
            out = BytesIO()
            Image.new("RGB", (90, 30), "red").save(out, {"png": "PNG", "jpg": "JPEG"}[kind])
            data = out.getvalue()
        page = draw.draw(text, "pdf", look=Look(data, kind))
        with Image.open(BytesIO(tool(page, "pdftoppm", "-r", "30", "-png", "-"))) as drawn:
            across = [drawn.convert("RGB").getpixel((at, 35)) for at in range(drawn.width)]
        red = [at for at, (r, g, _) in enumerate(across) if r > 200 and g < 60]
        assert red and red[0] < 40

    def test_another_courses_record_is_not_called_ours(self, office):
        def move(document):
            for piece in document["evidence"]:
                piece["narrative"] = (
                    "Handed in, 2026-11-20, in Laser safety: basics (laser-safety), version 3.1.0."
                )

        text = changed(office, move)
        words = shown(draw.draw(text, "pdf"))
        assert "Laser safety, version 0.1.0" in words and "Open by Default" not in words
        assert draw.draw(text, "png") != draw.draw(office.file.read_bytes(), "png")

    def test_words_are_words_and_never_commands(self, office):
        odd = '#panic("x") *bold* $x$ \\ [y] "quoted"'
        text = changed(office, lambda document: document["credentialSubject"]["achievement"].update(name=odd))
        words = shown(draw.draw(text, "pdf", name=odd)).replace("“", '"').replace("”", '"')
        assert words.count(odd) == 2

    def test_a_demonstration_says_so_on_its_page(self, office):
        def demonstrate(document):
            document["credentialSubject"]["achievement"]["name"] = "Demonstration: Export controls"

        words = shown(draw.draw(changed(office, demonstrate), "pdf"))
        assert "DEMONSTRATION: CERTIFIES NOTHING" in words and build.DEMONSTRATION in words
        assert "CERTIFICATE" not in words

    @pytest.mark.parametrize("holder", ["hashed", "none"])
    def test_a_holder_whom_the_record_does_not_name(self, office, holder):
        def hide(document):
            if holder == "hashed":
                document["credentialSubject"]["identifier"][0].update(hashed=True, identityHash="sha256$0")
            else:
                del document["credentialSubject"]["identifier"]

        words = shown(draw.draw(changed(office, hide), "pdf"))
        assert (
            "whose hash stands in the record" if holder == "hashed" else "not named in the record"
        ) in words


def test_letters_of_many_scripts(text):
    for name in ("Łukasz Żółć", "Nguyễn Thị Ánh", "Иван Петров", "Ωμέγα"):
        assert draw.draw(text, "pdf", name=name)


def test_a_letter_that_nothing_can_draw_is_told(text):
    # The private use area has no letters, so no machine's fonts draw this one.
    with pytest.raises(Fault, match="no font here can draw"):
        draw.draw(text, "pdf", name="Ada \U0010fffd")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["issuer"].pop("url"), "no https address"),
        (lambda d: d["issuer"].update(url="http://records.example.edu"), "no https address"),
        (lambda d: d.pop("validFrom"), "is not a record"),
        (lambda d: d.update(awardedDate="yesterday"), "awardedDate: is not a moment"),
        (lambda d: d.update(awardedDate=5), "awardedDate: is not a moment"),
        (lambda d: d.update(evidence="none"), ""),
    ],
)
def test_a_record_that_cannot_be_drawn(office, change, words):
    text = changed(office, change)
    if words:
        with pytest.raises(Fault, match=words):
            draw.draw(text, "pdf")
    else:
        assert draw.draw(text, "pdf")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201, "a\u202eb"])
def test_a_name_that_is_none(text, name):
    with pytest.raises(Fault, match="the name is"):
        draw.draw(text, "pdf", name=name)


class TestCommand:
    def run(self, *words):
        return CliRunner().invoke(main, ["carry", *map(str, words)])

    def test_all_three_with_the_names_of_the_class(self, office, evidence_path, tmp_path):
        told = self.run(
            office.file, "--out", tmp_path, "--issuer", office.home.path, "--evidence", evidence_path
        )
        made = sorted(tmp_path.iterdir())

        assert told.exit_code == 0, told.output
        assert [path.suffix for path in made] == [".pdf", ".png", ".svg"]
        assert [str(path) for path in made] == sorted(told.stdout.split())
        assert all(carriers.unwrap(path.read_bytes()) == office.file.read_bytes() for path in made)
        assert made[0].read_bytes() == draw.draw(office.file.read_bytes(), "pdf", name="Ada Example")
        assert made[0].stat().st_mode & 0o077 == 0

    def test_one_kind_without_a_name(self, office, tmp_path):
        assert self.run(office.file, "--out", tmp_path, "--format", "pdf").exit_code == 0
        (page,) = tmp_path.iterdir()
        assert page.read_bytes() == draw.draw(office.file.read_bytes(), "pdf")

    def test_a_badge_becomes_a_page_again(self, office, tmp_path):
        self.run(office.file, "--out", tmp_path, "--format", "png")
        (badge,) = tmp_path.iterdir()
        assert self.run(badge, "--out", tmp_path, "--format", "pdf").exit_code == 0
        assert carriers.unwrap(badge.with_suffix(".pdf").read_bytes()) == office.file.read_bytes()

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--evidence", "x"), "--issuer and --evidence together"),
            (("--logo", "nothing.png"), "does not exist"),
            (("--logo", __file__), "is no PNG, JPEG or SVG picture"),
            (("--signature", "a\nb"), "--signature is too long or holds"),
            (("--name", "A", "--issuer", "x", "--evidence", "y"), "--name is for one record"),
            (("--issuer", "x", "--evidence", "y"), "is not an issuer's folder"),
            (("--format", "gif"), "--format"),
        ],
    )
    def test_wrong_usage_gets_one_line(self, office, tmp_path, words, told):
        result = self.run(office.file, "--out", tmp_path, *words)
        assert result.exit_code == 2 and told in result.stderr and result.stderr.count("\n") == 1

    def test_a_file_that_is_no_record_gets_one_line(self, tmp_path):
        file = tmp_path / "x.json"
        file.write_text("{}")
        result = self.run(file, "--out", tmp_path)
        assert result.exit_code == 2 and str(file) in result.stderr and result.stderr.count("\n") == 1


def test_half_a_character_is_no_text_to_draw(text):
    odd = text.replace(b"Export controls for", b"\\ud800")
    for kind in KINDS:
        with pytest.raises(Fault, match="is not a record"):
            draw.draw(odd, kind)


@pytest.mark.parametrize("year", ["0001", "1583", "9999"])
def test_a_day_of_any_year(office, year):
    text = changed(office, lambda document: document.update(awardedDate=f"{year}-12-31T23:59:59Z"))
    assert carriers.unwrap(draw.draw(text, "pdf")) == text


class TestSingleProof:
    """For software that takes no list of proofs: one signature, which alone signs all of the record."""

    def run(self, *words):
        return CliRunner().invoke(main, ["carry", *map(str, words)])

    def test_it_is_carried_and_verifies(self, office, tmp_path):
        told = self.run(office.file, "--out", tmp_path, "--single-proof")
        made = {path.suffix: path for path in tmp_path.iterdir()}

        assert told.exit_code == 0 and sorted(made) == [".json", ".pdf", ".png", ".svg"]
        assert made[".json"].name == f"{office.file.stem}.single.json"
        for path in made.values():
            document = brought.parse(path.read_bytes())
            assert document["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
            assert {**document, "proof": None} == {**office.record, "proof": None}
            assert office.judge(document).valid
        forged = {**document, "name": "Doctor of Physics"}
        assert not office.judge(forged).valid

    def test_a_record_without_that_proof_is_told(self, office, tmp_path):
        file = tmp_path / "x.json"
        file.write_bytes(canonical.jcs({**office.record, "proof": office.record["proof"][1:]}))
        told = self.run(file, "--out", tmp_path / "out", "--single-proof", "--format", "json")
        assert told.exit_code == 2 and "no proofs of the kind eddsa-rdfc-2022" in told.stderr
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("event", ["revoke", "suspend"])
def test_no_sheet_is_made_of_what_was_taken_back(make_issuer, tmp_path, evidence_path, awards_path, event):
    home = make_issuer()
    shown_ = evidence.load(evidence_path)
    run = issue.Run(home, home.signer(), shown_, awards.load(awards_path), tmp_path / "out", "id", False)
    (outcome,) = issue.issue(run, shown_.chosen(("ada",)))
    marking.mark(home, event, outcome.record, "a test")
    words = ["carry", outcome.file, "--out", str(tmp_path / "made"), "--issuer", str(home.path)]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 1 and "ada: the record" in told.stderr and told.stderr.count("\n") == 1
    assert not (tmp_path / "made").exists()
