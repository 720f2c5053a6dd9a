"""Fetch what a listed issuer publishes, safely: https, public addresses only, one host, bounded in every way.

The address that was checked is the address that is connected to, so a name that resolves to another place
the second time gains nothing. At the deadline the connection is shut, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, urljoin, urlsplit

MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 65_536
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


class Unfetchable(ValueError):
    """Why something was not fetched, in words."""


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: Address) -> bool:
    """Whether an address is one that anybody on the internet could be meant by."""
    if isinstance(address, ipaddress.IPv6Address):
        # Wrapped IPv4 addresses lead where the IPv4 address leads.
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


class Web:
    """Gets documents over https.

    private: hosts that may have an address inside one's own network, because whoever asks named them; no
    record can. The other settings are for tests, which have a server on their own machine.
    """

    def __init__(
        self,
        *,
        seconds: float = 20.0,
        resolver: Resolver = resolve,
        allowed: Callable[[Address], bool] = is_public,
        context: ssl.SSLContext | None = None,
        private: frozenset[str] = frozenset(),
    ) -> None:
        self._private = private
        self._seconds = seconds
        self._resolve = resolver
        self._allowed = allowed
        self._context = context or ssl.create_default_context()

    def get(self, url: str, limit: int) -> bytes:
        """The body at an address; Unfetchable says what kept it from being fetched."""
        deadline = time.monotonic() + self._seconds
        first = target = _split(url)
        for _ in range(MAX_REDIRECTS + 1):
            found = self._ask(target, limit, deadline)
            if isinstance(found, bytes):
                return found
            target = _split(urljoin(target.geturl(), found))
            if (target.hostname, target.port) != (first.hostname, first.port):
                raise Unfetchable(f"{first.hostname} sends to another host")
        raise Unfetchable(f"{first.hostname} sends on and on")

    def _ask(self, target: SplitResult, limit: int, deadline: float) -> bytes | str:
        """The body, or where the answer sends to."""
        host, port = str(target.hostname), target.port or 443
        with self._connected(host, port, deadline) as connection:
            try:
                path = (target.path or "/") + (f"?{target.query}" if target.query else "")
                headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
                connection.request("GET", path, headers=headers)
                # Closed by name: until then it holds the connection open, whoever else has closed it.
                with contextlib.closing(connection.getresponse()) as answer:
                    return _taken(answer, limit, host, deadline)
            except (OSError, http.client.HTTPException, ValueError) as error:
                if isinstance(error, Unfetchable):
                    raise
                late = time.monotonic() >= deadline
                what = f"{host} takes too long" if late else f"{host} breaks off ({type(error).__name__})"
                raise Unfetchable(what) from None

    @contextlib.contextmanager
    def _connected(self, host: str, port: int, deadline: float) -> Iterator[http.client.HTTPConnection]:
        address = self._address(host, port, deadline)
        try:
            plain = socket.create_connection((address, port), timeout=_left(deadline, host))
        except OSError as error:
            raise Unfetchable(f"{host} cannot be reached ({error.strerror or 'no answer'})") from None
        # A server may send a byte now and then for ever; a limit on each read alone would not end that.
        held = [plain]
        watch = threading.Timer(_left(deadline, host), _shut, (held,))
        watch.daemon = True
        watch.start()
        try:
            try:
                # An end without TLS's own goodbye may be somebody's cut, so it is not taken for the end.
                secure = self._context.wrap_socket(
                    plain, server_hostname=host, suppress_ragged_eofs=False, do_handshake_on_connect=False
                )
                held.append(secure)
                secure.do_handshake()
            except (OSError, ValueError) as error:
                kind = "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "connection"
                raise Unfetchable(f"{host} has no {kind} that can be trusted") from None
            connection = http.client.HTTPConnection(host, port)
            connection.sock = secure
            yield connection
        finally:
            watch.cancel()
            for one in held:
                one.close()

    def _address(self, host: str, port: int, deadline: float) -> str:
        """The first address of a host, when every one of its addresses may be asked."""
        answer: list[list[str]] = []

        def ask() -> None:
            with contextlib.suppress(OSError, UnicodeError):
                answer.append(self._resolve(host, port))

        # The system's resolver knows no deadline.
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(_left(deadline, host))
        if not answer or not answer[0]:
            raise Unfetchable(f"{host} has no address")
        for text in answer[0]:
            if host not in self._private and not self._allowed(ipaddress.ip_address(text.partition("%")[0])):
                raise Unfetchable(f"{host} is not on the public internet (--private-host {host} allows it)")
        return answer[0][0]


def _split(url: str) -> SplitResult:
    """Take an address apart, and refuse every kind but plain https."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unfetchable("an address in it cannot be read") from None
    if parts.scheme != "https" or not parts.hostname:
        raise Unfetchable("only https:// is fetched")
    if parts.username is not None or parts.password is not None or port == 0:
        raise Unfetchable("an address in it holds a user or no port")
    if not parts.geturl().isascii() or not parts.geturl().isprintable() or " " in parts.geturl():
        raise Unfetchable("an address in it holds a character that does not belong there")
    return parts


def _left(deadline: float, host: str) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unfetchable(f"{host} takes too long")
    return left


def _shut(held: list[socket.socket]) -> None:
    """End the connection below TLS, whose own state belongs to the thread that reads."""
    for connection in held:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _taken(answer: http.client.HTTPResponse, limit: int, host: str, deadline: float) -> bytes | str:
    """The body of an answer, or where it sends to."""
    if answer.status in REDIRECTS:
        return answer.headers.get("Location", "")
    if answer.status != 200:
        raise Unfetchable(f"{host} answers with {answer.status}")
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unfetchable(f"{host} answers compressed, which was not asked for")
    found = _body(answer, limit, host)
    _left(deadline, host)
    return found


def _body(answer: http.client.HTTPResponse, limit: int, host: str) -> bytes:
    data = bytearray()
    while chunk := answer.read(CHUNK):
        data += chunk
        if len(data) > limit:
            raise Unfetchable(f"{host} sends more than {limit} bytes")
    if answer.length:
        raise Unfetchable(f"{host} breaks off")
    return bytes(data)
