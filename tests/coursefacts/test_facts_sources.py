"""A fact's source is an address that an institution accepts; the copy that was read stands beside it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from coursefacts import Fact, FactBook, load, yamltext

HOSTS: dict[str, dict[str, str]] = yamltext.read(Path(__file__).with_name("official_hosts.yml")).data
RULES = {"control-list", "provision", "clock", "tier", "label", "training"}
ADD = "give the official address and put this one into 'copy', or add the host with its reason to {}"


@pytest.fixture(scope="module")
def facts() -> FactBook:
    return load()


def fault(fact: Fact) -> str | None:
    """Say what is wrong with the address of a fact's source."""
    host = urlsplit(fact.source.url).netloc
    allowed = HOSTS["law"] | HOSTS["policies"]
    if fact.topic not in RULES:
        if fact.confidence == "reported":
            return None  # the report may be all there is; the page says who reports
        allowed |= HOSTS["publishers"]
    return None if host in allowed else f"{fact.id}: {host}; {ADD.format('official_hosts.yml')}"


def test_no_rule_is_cited_from_a_private_copy(facts: FactBook) -> None:
    assert not [said for fact in facts.values() if (said := fault(fact))]


@pytest.mark.parametrize(
    ("fact_id", "url"),
    [
        ("us.4a906.a", "https://github.com/someone/ccl/blob/HEAD/ccl.json"),
        ("us.eo13526.levels", "https://docs.rs/acorn-lib/latest/"),
        ("us.nsdd189.policy", "https://itlaw.fandom.com/wiki/NSDD-189"),
        ("gb.pl9014.a", "https://www.legislation.gov.uk.example.org/uksi/2024/346"),
        ("nl.quantum-computers", "https://lawfirm.example/note"),  # reported, and a rule all the same
        ("case.asilomar", "https://news.example/asilomar"),  # seen, so the paper itself is asked for
        ("us.4a906.a", "https://arxiv.org/abs/2505.15917"),  # a paper is no law
    ],
)
def test_a_private_copy_is_found(fact_id: str, url: str, facts: FactBook) -> None:
    fact = facts[fact_id]
    wrong = fact.model_copy(update={"source": fact.source.model_copy(update={"url": url})})
    said = fault(wrong)
    assert said is not None and urlsplit(url).netloc in said and "copy" in said


def test_a_policy_host_states_no_states_law(facts: FactBook) -> None:
    """A university's page may be the source of its own levels, and of no act."""
    for fact in facts.values():
        if urlsplit(fact.source.url).netloc in HOSTS["policies"]:
            assert fact.topic != "control-list", fact.id
            assert fact.topic == "tier" or len(fact.id.partition(".")[0]) > 2, fact.id


def test_each_host_has_one_place_and_a_reason() -> None:
    listed = [host for group in HOSTS.values() for host in group]
    assert len(listed) == len(set(listed))
    for group in HOSTS.values():
        assert list(group) == sorted(group)
        assert all(len(reason) > 8 for reason in group.values())


def test_a_copy_is_named_only_where_it_is_another_place(facts: FactBook) -> None:
    official = HOSTS["law"]
    copied = [fact for fact in facts.values() if fact.source.copy_]
    assert len(copied) > 200
    for fact in copied:
        assert fact.source.read_at != fact.source.url
        if fact.confidence == "seen" and fact.topic == "control-list":
            assert urlsplit(fact.source.url).netloc in official, fact.id
            assert fact.source.read_text_of, fact.id


def test_a_report_of_a_rule_says_who_reports_it(facts: FactBook) -> None:
    """Where the address is the state's own and the text was not read, the report must be named too."""
    for fact in facts.values():
        higher = urlsplit(fact.source.url).path in ("", "/")
        if fact.topic in RULES and higher:
            assert fact.source.copy_, f"{fact.id}: {fact.source.url} is a home page and no passage"
