"""Tokens, the course secret and the roster."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from coursefacts.errors import InputFault
from courselab import tokens as learner_side
from hypothesis import given
from hypothesis import strategies as some

from autograder import roster, secret, tokens


def test_a_token_is_crockfords_base32_of_the_mac():
    # Worked out by hand with `openssl dgst -sha256 -hmac practice` and Crockford's table.
    assert tokens.read(tokens.make(b"practice", "export-controls", "ada")).hex() == _mac()


def _mac() -> str:
    import hashlib
    import hmac

    return hmac.new(b"practice", b"export-controls\nada", hashlib.sha256).hexdigest()[:20]


@pytest.mark.parametrize(
    ("seed", "token"),
    [
        (bytes(10), "0000-0000-0000-0000-00"),
        (bytes([0] * 9 + [32]), "0000-0000-0000-0010-10"),
        (b"\xff" * 10, "ZZZZ-ZZZZ-ZZZZ-ZZZZ-DJ"),
    ],
)
def test_known_tokens(seed, token):
    assert tokens.write(seed) == token
    assert tokens.read(token) == seed


@pytest.mark.parametrize(
    ("old", "seed"),
    [
        ("0000-0000-0000-0010-*", bytes([0] * 9 + [32])),
        ("0000-0000-0000-0014-U", bytes([0] * 9 + [36])),
        ("ZZZZ-ZZZZ-ZZZZ-ZZZZ-~", b"\xff" * 10),
    ],
)
def test_tokens_that_were_given_out_before_are_still_read(old, seed):
    assert tokens.read(old) == learner_side.read(old) == seed
    assert tokens.normal(old) == tokens.write(seed)


@given(some.binary(min_size=10, max_size=10))
def test_no_token_has_a_symbol_that_mail_or_markdown_swallows(seed):
    assert set(tokens.write(seed)) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")


@given(some.binary(min_size=10, max_size=10), some.sampled_from("-–‑—− "))
def test_any_seed_survives_a_careless_hand(seed, dash):
    token = tokens.write(seed)
    typed = token.lower().replace("-", dash).replace("0", "o").replace("1", "l")
    assert tokens.read(typed) == learner_side.read(typed) == seed
    assert tokens.normal(f"\u200b{typed}\xa0") == token


@given(
    some.binary(min_size=10, max_size=10),
    some.integers(0, 17),
    some.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
)
def test_one_wrong_symbol_is_found(seed, place, symbol):
    plain = tokens.write(seed).replace("-", "")
    wrong = plain[:place] + symbol + plain[place + 1 :]
    if wrong == plain:
        assert tokens.read(wrong) == seed
    else:
        with pytest.raises(InputFault, match="do not fit"):
            tokens.read(wrong)


@given(some.binary(min_size=10, max_size=10), some.integers(0, 16))
def test_two_neighbours_that_changed_places_are_found(seed, place):
    plain = tokens.write(seed).replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if wrong != plain:
        with pytest.raises(InputFault, match="do not fit"):
            tokens.read(wrong)


@pytest.mark.parametrize("typed", ["", "ABCD", "0000-0000-0000-0000-000", "0000-0000-000!-0000-00"])
def test_what_cannot_be_a_token_is_told_in_one_line(typed):
    with pytest.raises(InputFault) as told:
        tokens.read(typed)
    assert "\n" not in str(told.value)


def test_learners_and_exercises_get_different_tokens():
    made = {tokens.make(key, ex, who) for key in (b"a", b"b") for ex in ("x", "y") for who in ("ada", "ben")}
    assert len(made) == 8


def test_the_secret_is_its_owners_alone_and_is_kept(tmp_path):
    path = secret.create(tmp_path)
    key = secret.load(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key) == 32
    secret.create(tmp_path)
    assert secret.load(tmp_path) == key


def test_each_period_has_variants_of_its_own(tmp_path):
    """The same secret in the folder of another year: nobody gets last year's data again."""
    made = []
    for period in (None, "2026", "2027"):
        course = tmp_path / str(period)
        if period:
            secret.begin_period(course, period)
        course.mkdir(exist_ok=True)
        (course / secret.FILE).write_text("ab" * 32)
        (course / secret.FILE).chmod(0o600)
        key = secret.load(course)
        made.append((tokens.make(key, "greeting", "ada"), secret.variant(course, "greeting", "ada")))
    assert len({token for token, _ in made}) == len({name for _, name in made}) == 3
    assert all(len(name) == 64 and token not in name for token, name in made)
    assert secret.variant(tmp_path / "none", "greeting", "ada") is None


@pytest.mark.parametrize("period", ["", "a b", "../x", "ü", "x" * 41])
def test_a_period_is_a_plain_word_and_stays(tmp_path, period):
    with pytest.raises(InputFault, match="is no name of a period"):
        secret.begin_period(tmp_path, period)
    secret.begin_period(tmp_path, "2026")
    secret.begin_period(tmp_path, "2026")
    with pytest.raises(InputFault, match=r"has the period 2026.*a folder of its own"):
        secret.begin_period(tmp_path, "2027")
    secret.create(tmp_path / "old")
    (tmp_path / "old/variants").mkdir()
    with pytest.raises(InputFault, match="has no period"):
        secret.begin_period(tmp_path / "old", "2027")


def test_without_a_secret_it_is_practice(tmp_path):
    assert secret.load(tmp_path) == tokens.PRACTICE


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "00" * 4])
def test_a_spoilt_secret_is_refused_and_not_shown(tmp_path, content):
    path = tmp_path / secret.FILE
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(InputFault) as told:
        secret.load(tmp_path)
    assert not content or content not in str(told.value)


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    secret.create(tmp_path).chmod(0o644)
    with pytest.raises(InputFault, match="chmod 600"):
        secret.load(tmp_path)


def _roster(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode("utf-8"))
    return path


def test_a_roster_as_a_spreadsheet_saves_it(tmp_path):
    path = _roster(tmp_path, "\ufeffLearner;Name;Email;group\r\nada;Ada Ex;ada@x.org;1\r\n\r\nben;;;2\r\n")
    assert roster.read(path) == [
        roster.Learner("ada", "Ada Ex", "ada@x.org", "1"),
        roster.Learner("ben", "ben", None, "2"),
    ]


def test_every_faulty_line_is_told_with_its_number(tmp_path):
    path = _roster(tmp_path, "learner,name\nada,A\n../etc,B\nADA,C\n=cmd,D\nCON,E\n,F\n.hid,G\n")
    with pytest.raises(InputFault) as told:
        roster.read(path)
    lines = str(told.value).splitlines()
    assert [line.split("roster.csv:")[1].split(":")[0] for line in lines] == ["3", "4", "5", "6", "7", "8"]


@pytest.mark.parametrize("text", ["", "name\nAda\n", "learner,name\n"])
def test_a_roster_without_learners_is_refused(tmp_path, text):
    with pytest.raises(InputFault):
        roster.read(_roster(tmp_path, text))


def test_what_is_written_runs_in_no_spreadsheet(tmp_path):
    path = tmp_path / "out.csv"
    roster.write_table(path, ["a"], [["=1+1"], ["+x"], ["-x"], ["@x"], ["plain"]])
    cells = [row[0] for row in csv.reader(path.read_text().splitlines())]
    assert cells == ["a", "'=1+1", "'+x", "'-x", "'@x", "plain"]


@given(some.binary(min_size=10, max_size=10))
def test_the_learners_side_reads_what_the_graders_side_writes(seed):
    token = tokens.write(seed)
    assert learner_side.read(token) == tokens.read(token) == seed


def test_both_sides_make_the_same_practice_token():
    assert learner_side.practice("export-controls", "ada") == tokens.make(
        tokens.PRACTICE, "export-controls", "ada"
    )


@given(some.text(max_size=30))
def test_both_sides_mean_the_same_person_by_a_typed_name(name):
    assert learner_side.person(name) == tokens.person(name)
    for side in (learner_side, tokens):
        assert side.person(side.person(name)) == side.person(name)
    assert learner_side.practice("x", name) == tokens.make(tokens.PRACTICE, "x", name)
    try:
        typed = tokens.typed("x", f"practice: {name}")
    except InputFault:
        with pytest.raises(InputFault):
            learner_side.practice_name(f"practice: {name}")
    else:
        assert learner_side.practice("x", learner_side.practice_name(f"practice: {name}")) == typed.token


def test_a_secret_tells_ids_apart_that_practice_takes_for_one_person():
    assert tokens.make(b"s", "x", "Mia") != tokens.make(b"s", "x", "mia")
    assert tokens.make(tokens.PRACTICE, "x", "Mia") == tokens.make(tokens.PRACTICE, "x", "mia")
