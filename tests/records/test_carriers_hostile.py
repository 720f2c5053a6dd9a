"""Files that strangers could send in place of a picture or a page: none hangs, grows or passes."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.records import carriers, safejson
from autograder.records.carriers import draw
from autograder.records.errors import Fault

RECORD = b'{"credentialSubject": {}}'
BADGES = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'


def chunk(kind, body, length=None):
    told = len(body) if length is None else length
    return struct.pack(">I", told) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(*chunks):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def baked(text, flags=b"\0\0", keyword=b"openbadgecredential"):
    return chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


def drawing(inside, head=""):
    return (
        f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg" {BADGES}>{inside}</svg>'.encode()
    )


def credential(text):
    return f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"


def attachment(raw, filters=b"/Filter /FlateDecode", length=None):
    told = len(raw) if length is None else length
    head = b"7 0 obj\n<< /Type /EmbeddedFile %s /Length %d >>\nstream\n" % (filters, told)
    return head + raw + b"\nendstream\nendobj\n"


def untyped(piece):
    """As poppler's pdfattach writes it: ISO 32000 leaves the type of an embedded file to the writer."""
    return piece.replace(b"/Type /EmbeddedFile ", b"")


def sheet(*objects):
    return b"%PDF-1.7\n" + b"".join(objects) + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def zeros(megabytes):
    """A small stream that inflates to so many megabytes; a real bomb only repeats this longer."""
    squeezer = zlib.compressobj(9)
    block = bytes(1_000_000)
    return b"".join(squeezer.compress(block) for _ in range(megabytes)) + squeezer.flush()


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
TEXT = RECORD.decode()
HOSTILE = {
    # PNG
    "png chunk bomb: a piece that claims four gigabytes": picture(chunk(b"IDAT", b"x", 0xFFFFFFFF)),
    "png chunk bomb: a piece longer than the file": picture(chunk(b"iTXt", b"openbadgecredential\0", 5000)),
    "png chunk bomb: a million empty pieces": picture(chunk(b"IDAT", b"") * 1_000_000),
    "png bomb: a compressed record that inflates": picture(baked(zeros(64), b"\1\0")),
    "png: a record larger than any": picture(baked(b"{" + b" " * safejson.MAX_BYTES + b"}")),
    "png: two records": picture(baked(RECORD), baked(RECORD)),
    "png: a damaged piece": picture(baked(RECORD)).replace(b"credentialSubject", b"credentialsubject"),
    "png: cut off": picture(baked(RECORD))[:-30],
    "png: nothing but the signature": b"\x89PNG\r\n\x1a\n",
    "png: a record without its separators": picture(chunk(b"iTXt", b"openbadgecredential\0\0\0\0")),
    "png: no record": picture(),
    "png: an old assertion": picture(baked(RECORD, keyword=b"openbadges")),
    "png: an old assertion beside a record": picture(
        chunk(b"tEXt", b"openbadges\0https://example.org/1"), baked(RECORD)
    ),
    "png: a record behind the end": picture() + baked(RECORD),
    # SVG
    "svg entity bomb: a billion laughs": drawing(
        "<openbadges:credential>&l9;</openbadges:credential>",
        f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]>',
    ),
    "svg external entity: a file of the reader": drawing(
        "<openbadges:credential>&x;</openbadges:credential>",
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ),
    "svg external entity: an address": drawing(
        credential(TEXT), '<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>'
    ),
    "svg: an entity that nobody declared": drawing("<openbadges:credential>&x;</openbadges:credential>"),
    "svg: deep": drawing("<g>" * 5000 + "</g>" * 5000),
    "svg: a million elements": drawing("<g/>" * 1_000_000),
    "svg: two records": drawing(credential(TEXT) * 2),
    "svg: elements inside of the record": drawing(
        f"<openbadges:credential>{TEXT}<g/></openbadges:credential>"
    ),
    "svg: cut off": drawing(credential(TEXT))[:-20],
    "svg: no record": drawing("<g/>"),
    "svg: a page of the web": b"<!doctype html><html><body>A record</body></html>",
    "svg: other root": f"<g {BADGES}>{credential(TEXT)}</g>".encode(),
    "svg: a JWT": drawing('<openbadges:credential verify="a.b.c"/>'),
    "svg: another alphabet": '<?xml version="1.0" encoding="utf-16"?><svg/>'.encode("utf-16"),
    "svg: a record larger than any": drawing(credential("{" + " " * safejson.MAX_BYTES + "}")),
    # PDF
    "pdf stream bomb: an attachment that inflates": sheet(attachment(zeros(64))),
    "pdf stream bomb: a stream in a stream": sheet(
        attachment(zlib.compress(zeros(64)), b"/Filter [/FlateDecode /FlateDecode]")
    ),
    "pdf stream bomb: a thousand attachments": sheet(*[attachment(zeros(1)[:-9])] * 900),
    "pdf: a thousand marks and no stream": sheet(b"/EmbeddedFile " * 1_000_000),
    "pdf: two records": sheet(attachment(zlib.compress(RECORD)), attachment(zlib.compress(RECORD + b" "))),
    "pdf: two records, one not called an embedded file": sheet(
        attachment(zlib.compress(RECORD)), untyped(attachment(RECORD + b" ", b""))
    ),
    "pdf: two records, one packed and not called an embedded file": sheet(
        untyped(attachment(zlib.compress(RECORD + b" "))), attachment(zlib.compress(RECORD))
    ),
    "pdf stream bomb: not called an embedded file": sheet(
        untyped(attachment(zlib.compress(b"{" + bytes(64_000_000))))
    ),
    "pdf: a length beyond the end": sheet(attachment(b"x", length=999_999_999)),
    "pdf: a damaged stream": sheet(attachment(b"not deflate")),
    "pdf: cut off": sheet(attachment(zlib.compress(RECORD)[:-8])),
    "pdf: another filter": sheet(attachment(b"7b7d>", b"/Filter /ASCIIHexDecode")),
    "pdf: a predictor": sheet(
        attachment(zlib.compress(RECORD), b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>")
    ),
    "pdf: encrypted": sheet(attachment(zlib.compress(RECORD)), b"<< /Encrypt 5 0 R >>"),
    "pdf: no attachment": sheet(),
    "pdf: an attachment that is no record": sheet(attachment(zlib.compress(b"{}"))),
    # neither
    "a JWT": b"eyJhbGciOiJFZERTQSJ9.eyJpZCI6IngifQ.c2lnbmF0dXJl",
    "a gzip file": gzip.compress(RECORD),
    "a zip file": b"PK\3\4" + bytes(100),
    "a text": b"I have passed.",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line(name):
    tracemalloc.start()
    try:
        with pytest.raises(Fault) as caught:
            safejson.parse(carriers.unwrap(HOSTILE[name], "sent.file"), "sent.file")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert str(caught.value).startswith("sent.file") and "\n" not in str(caught.value)
    # A record has some kilobytes; whatever a file claims, reading it takes a few times the largest record.
    assert peak < 20 * safejson.MAX_BYTES


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("png chunk bomb: a piece that claims four gigabytes", "claims more than the file holds"),
        ("png chunk bomb: a million empty pieces", "more than 10000 pieces"),
        ("png bomb: a compressed record that inflates", "compressed"),
        ("png: two records", "more than one record"),
        ("svg entity bomb: a billion laughs", "a DOCTYPE with a body"),
        ("svg external entity: a file of the reader", "a DOCTYPE with a body"),
        ("svg: deep", "more in it than a badge has"),
        ("svg: two records", "more than one record"),
        ("pdf stream bomb: an attachment that inflates", "is larger than"),
        ("pdf stream bomb: a stream in a stream", "in a way that is not read here"),
        ("pdf stream bomb: a thousand attachments", "cut off"),
        ("pdf: two records", "more than one record"),
        ("pdf: two records, one not called an embedded file", "more than one record"),
        ("pdf: two records, one packed and not called an embedded file", "more than one record"),
        ("pdf stream bomb: not called an embedded file", "is larger than"),
        ("pdf: encrypted", "encrypted"),
        ("a JWT", "JWT"),
    ],
)
def test_it_is_refused_for_the_reason_it_was_made_for(name, words):
    with pytest.raises(Fault, match=words):
        carriers.unwrap(HOSTILE[name])


def test_many_small_attachments_are_too_many():
    with pytest.raises(Fault, match="more than 32 attachments"):
        carriers.unwrap(sheet(*[attachment(zlib.compress(b"{}"))] * 40))


FRIENDLY = {
    "png": picture(chunk(b"tEXt", b"Comment\0hello"), baked(RECORD)),
    "png with words about language": picture(
        chunk(b"iTXt", b"openbadgecredential\0\0\0en\0badge\0" + RECORD)
    ),
    "svg": drawing(credential(TEXT)),
    "svg with a document type, as drawing programs write it": drawing(
        credential(TEXT),
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ),
    "svg with the record as text": drawing(
        f"<openbadges:credential>{TEXT.replace(chr(34), '&quot;')}</openbadges:credential>"
    ),
    "pdf": sheet(attachment(zlib.compress(RECORD))),
    "pdf with a plain attachment": sheet(attachment(RECORD, b"")),
    "pdf with a length elsewhere": sheet(
        attachment(zlib.compress(RECORD)).replace(
            b"/Length %d" % len(zlib.compress(RECORD)), b"/Length 9 0 R"
        )
    ),
    "pdf behind some bytes of a mail": b"\r\n\r\n" + sheet(attachment(zlib.compress(RECORD))),
    "pdf with the same attachment twice": sheet(*[attachment(zlib.compress(RECORD))] * 2),
    "pdf with another attachment": sheet(attachment(zlib.compress(b"notes")), attachment(RECORD, b"")),
    "pdf with an attachment that is not called one": sheet(untyped(attachment(zlib.compress(RECORD)))),
    "pdf with a picture that cannot be opened": sheet(
        untyped(attachment(b"not deflate")), attachment(zlib.compress(RECORD))
    ),
    "json": RECORD,
    "json with a mark of byte order": b"\xef\xbb\xbf" + RECORD,
    "json that speaks of PDF": RECORD.replace(b"{}", b'"%PDF-1.7"'),
}


@pytest.mark.parametrize("name", FRIENDLY)
def test_an_honest_carrier_is_read(name):
    found = carriers.unwrap(FRIENDLY[name])
    assert found.strip(b"\xef\xbb\xbf") == (FRIENDLY[name] if name == "json that speaks of PDF" else RECORD)


@pytest.fixture(scope="module")
def carried(office):
    return [draw.draw(office.file.read_bytes(), kind) for kind in draw.FORMATS]


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spoilt_carrier_is_a_fault_or_still_carries_json(carried, office, data):
    """Bytes changed, cut, doubled or removed anywhere: never another error, and never another record."""
    whole = bytearray(data.draw(st.sampled_from(carried)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole)))
        to = at + data.draw(st.integers(0, 200))
        whole[at:to] = data.draw(st.binary(max_size=8) | st.just(bytes(whole[at:to]) * 2))
    try:
        found = safejson.parse(carriers.unwrap(bytes(whole)))
    except Fault:
        return
    assert found == office.record or not office.judge(found).valid
