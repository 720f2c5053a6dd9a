"""Fetching from a server that means harm: one hostile answer of each kind, each refused in words."""

import contextlib
import socket
import ssl
import time

import pytest

from autograder.records.fetch import Unfetchable, Web, is_public, resolve
from tests.https import https

NAME = "records.example.edu"
FOREVER = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with https(tmp_path_factory.mktemp("tls"), NAME, "other.example.org") as running:
        yield running


@pytest.fixture
def web(site):
    return client(site)


def client(site, **other):
    """A client that may ask this one server on this machine, and is else as it is for everybody."""
    told = {"resolver": lambda host, port: ["127.0.0.1"], "allowed": lambda address: True}
    return Web(**{**told, "context": site.context, "seconds": 5, **other})


def at(site, path, name=NAME):
    return f"https://{name}:{site.port}{path}"


def test_a_document(site, web):
    site.serve("/good.json", b'{"a": 1}')
    assert web.get(at(site, "/good.json"), 100) == b'{"a": 1}'


def test_redirects_within_one_host(site, web):
    site.serve("/new.json", b"{}")
    site.redirect("/a/old.json", "../new.json", 301)
    assert web.get(at(site, "/a/old.json"), 100) == b"{}"


REDIRECTS = {
    "to another host": ("https://other.example.org:{port}/x", "another host"),
    "to another port": ("https://records.example.edu:1/x", "another host"),
    "to plain http": ("http://records.example.edu:{port}/x", "only https"),
    "to a file": ("file:///etc/passwd", "only https"),
    "to loopback": ("https://127.0.0.1:{port}/x", "another host"),
    "to loopback without a scheme": ("//localhost/x", "another host"),
    "climbing for ever": ("../loop", "on and on"),
    "to nowhere": ("", "on and on"),
    "with a user": ("https://a:b@records.example.edu:{port}/x", "a user"),
    "with a line break": ("/x\x0bHost:%20evil", "(on and on|character|404)"),
}


@pytest.mark.parametrize("kind", REDIRECTS)
def test_redirects_that_are_not_followed(site, web, kind):
    target, words = REDIRECTS[kind]
    site.redirect("/loop", target.format(port=site.port))
    with pytest.raises(Unfetchable, match=words):
        web.get(at(site, "/loop"), 100)


LOCAL = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2002:0a00:0001::1",
]


@pytest.mark.parametrize("address", LOCAL)
def test_addresses_that_are_never_asked(address):
    web = Web(resolver=lambda host, port: [address])
    with pytest.raises(Unfetchable, match="not on the public internet"):
        web.get("https://records.example.edu/x", 100)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"]
)
def test_ways_to_write_this_machine(site, host):
    """The system's own resolver reads them all; the address that comes out is what is judged."""
    with pytest.raises(Unfetchable, match=r"not on the public internet|has no address"):
        Web(context=site.context).get(f"https://{host}:{site.port}/good.json", 100)


def test_one_bad_address_among_good_ones_is_enough():
    web = Web(resolver=lambda host, port: ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(Unfetchable, match="not on the public internet"):
        web.get("https://records.example.edu/x", 100)


def test_public_addresses_are_public():
    import ipaddress

    assert all(is_public(ipaddress.ip_address(one)) for one in ("93.184.215.14", "2606:4700::1111"))
    assert resolve("127.0.0.1", 1) == ["127.0.0.1"]


def test_a_name_that_moves_after_it_was_judged(site):
    """The address that was judged is the one that is connected to: the second answer is never asked for."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    site.serve("/good.json", b"{}")
    assert client(site, resolver=lambda host, port: next(answers)).get(at(site, "/good.json"), 10) == b"{}"


def drip(handler):
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(FOREVER * 10):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)


def drip_headers(handler):
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(FOREVER * 10):
            handler.wfile.write(b"y")
            handler.wfile.flush()
            time.sleep(0.1)


def cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"{}")
    handler.close_connection = True


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b" " * 100_000)


def no_http(handler):
    handler.wfile.write(b"220 mail.example.edu ESMTP\r\n")


def many_headers(handler):
    handler.send_response(200)
    for number in range(500):
        handler.send_header(f"X-{number}", "y")
    handler.end_headers()


ANSWERS = {
    "a byte now and then": (drip, "takes too long"),
    "headers without end": (drip_headers, "takes too long"),
    "a body that is cut off": (cut, "breaks off"),
    "a body without end": (endless, "more than 1000 bytes"),
    "something else than HTTP": (no_http, "breaks off"),
    "hundreds of headers": (many_headers, "breaks off"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_answers_that_are_not_waited_for(site, kind):
    answer, words = ANSWERS[kind]
    site.answers["/hostile"] = answer
    with pytest.raises(Unfetchable, match=words):
        client(site, seconds=2).get(at(site, "/hostile"), 1000)


def test_large_compressed_and_missing_bodies(site, web):
    site.serve("/large", b" " * 1001)
    site.serve("/packed", b"\x1f\x8b", Content_Encoding="gzip")
    for path, words in (
        ("/large", "more than 1000"),
        ("/packed", "compressed"),
        ("/none", "answers with 404"),
    ):
        with pytest.raises(Unfetchable, match=words):
            web.get(at(site, path), 1000)


def test_certificates(site):
    site.serve("/good.json", b"{}")
    with pytest.raises(Unfetchable, match="no certificate"):
        client(site, context=ssl.create_default_context()).get(at(site, "/good.json"), 10)
    with pytest.raises(Unfetchable, match="no certificate"):
        client(site).get(at(site, "/good.json", "third.example.net"), 10)


def test_a_port_where_nobody_speaks_tls():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(5)
        address = f"https://records.example.edu:{deaf.getsockname()[1]}/"
        told = {"resolver": lambda host, port: ["127.0.0.1"], "allowed": lambda one: True, "seconds": 1}
        with pytest.raises(Unfetchable, match="connection"):
            Web(**told).get(address, 10)


@pytest.mark.parametrize(
    "address",
    [
        "http://records.example.edu/x",
        "ftp://records.example.edu/x",
        "file:///etc/passwd",
        "https:///x",
        "https://user@records.example.edu/x",
        "https://records.example.edu:0/x",
        "https://records.example.edu:99999/x",
        "https://[::1/x",
        "https://records.example.edu/a b",
        "https://records.example.edu/\u00e9",
        "data:application/json,{}",
        "",
    ],
)
def test_addresses_that_are_none(address):
    with pytest.raises(Unfetchable):
        Web(resolver=lambda host, port: ["93.184.215.14"]).get(address, 10)


def test_a_resolver_that_hangs():
    with pytest.raises(Unfetchable, match="no address"):
        Web(resolver=lambda host, port: time.sleep(30) or [], seconds=1).get(
            "https://records.example.edu/", 1
        )
