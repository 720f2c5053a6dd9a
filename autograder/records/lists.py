"""Status lists and lists of digests that a verifier has, from files or fetched; each is read once."""

from __future__ import annotations

import functools
import hashlib
import operator
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

from autograder.records import proof, safejson, times
from autograder.records.errors import Fault
from autograder.records.fetch import Unfetchable, Web
from autograder.records.issuer import Issuer, Trusted
from autograder.records.status import BadList

MAX_LIST = 4_000_000
MAX_DIGESTS = 65 * 1_000_000
LINE = 65
Checked = tuple[datetime, bytes]


@dataclass
class Lists:
    """What the verifier brings beside the record.

    snapshots: status lists from files, found by their own address.
    since: the oldest date of such a file that is accepted; without it none is.
    web: fetches what is not among the files; without it nothing is fetched.
    digests: an issuer's published list of digests, for records of a stolen key.
    """

    snapshots: Iterable[Any] = ()
    since: datetime | None = None
    web: Web | None = None
    digests: bytes | None = None
    _checked: dict[tuple[str, str, str], Checked | BadList] = field(default_factory=dict)
    _standing: dict[str, frozenset[str] | str] = field(default_factory=dict)
    _all: frozenset[str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _methods: dict[str, list[Any] | str] = field(default_factory=dict)

    def status(self, place: tuple[str, str, str], check: Callable[[Any, bool], Checked]) -> Checked:
        """The moment and the bits of a list, by issuer, address and purpose.

        check is asked once for each list, and told whether the list was fetched.
        """
        with self._lock:
            if place not in self._checked:
                try:
                    self._checked[place] = self._status(place[1], check)
                except BadList as error:
                    self._checked[place] = error
                except proof.BadProof as error:
                    self._checked[place] = BadList(str(error))
            found = self._checked[place]
        if isinstance(found, BadList):
            raise BadList(str(found))
        return found

    def _status(self, address: str, check: Callable[[Any, bool], Checked]) -> Checked:
        mine = [one for one in self.snapshots if isinstance(one, dict) and one.get("id") == address]
        if mine and self.since is not None:
            return _newest(mine, check)
        if self.web is None:
            raise BadList(
                f"get {address} and give it as --status-list, with --accept-status-as-of DATE"
                if not mine
                else "say how old a list you accept: --accept-status-as-of DATE"
            )
        try:
            return check(safejson.parse(self.web.get(address, MAX_LIST)), True)
        except (Unfetchable, Fault) as error:
            raise BadList(f"{address}: {error}") from None

    def stands(self, digest: str, issuer: Issuer, trusted: Trusted) -> str:
        """Nothing when a digest stands in the list as it was before the theft, else why that is not known."""
        with self._lock:
            if trusted.digests not in self._standing:
                self._standing[trusted.digests] = self._digests(issuer, trusted)
            found = self._standing[trusted.digests]
        if isinstance(found, str):
            return found
        return "" if digest in found else "it does not stand in the ledger that was published before"

    def known(self, digest: str) -> bool | None:
        """Whether a digest stands in the list of digests that was brought; None where none was."""
        if self.digests is None:
            return None
        with self._lock:
            if self._all is None:
                self._all = frozenset(self.digests.decode("ascii", "replace").split())
        return digest in self._all

    def _digests(self, issuer: Issuer, trusted: Trusted) -> frozenset[str] | str:
        address = f"{issuer.url}/ledger/digests.txt"
        data = self.digests
        if data is None:
            if self.web is None:
                return f"get {address} and give it as --digests, to see whether it is older than the theft"
            try:
                data = self.web.get(address, MAX_DIGESTS)
            except Unfetchable as error:
                return f"the list of digests cannot be had: {error}"
        # The list only grows, so what was published then is its beginning now.
        then = data[: LINE * trusted.issued]
        if hashlib.sha256(then).hexdigest() != trusted.digests:
            return "the list of digests is not the one that the issuer published before the theft"
        return frozenset(then.decode("ascii", "replace").split())

    def asserted(self, issuer: Issuer, method: str) -> str:
        """Nothing when the issuer's DID document lists a key, or nothing is fetched; else what is wrong."""
        if self.web is None:
            return ""
        with self._lock:
            if issuer.id not in self._methods:
                self._methods[issuer.id] = self._did(issuer, self.web)
            found = self._methods[issuer.id]
        if isinstance(found, str):
            return found
        return "" if method in found else "the issuer has withdrawn its key; get its issuers.json anew"

    def _did(self, issuer: Issuer, web: Web) -> list[Any] | str:
        try:
            document = safejson.parse(web.get(did_address(issuer.id), safejson.MAX_BYTES))
        except (Unfetchable, Fault) as error:
            return f"the issuer's keys cannot be had: {error}"
        methods = document.get("assertionMethod") if isinstance(document, dict) else None
        if not isinstance(methods, list) or document.get("id") != issuer.id:
            return "the issuer's DID document cannot be used"
        return methods


def _newest(lists: list[Any], check: Callable[[Any, bool], Checked]) -> Checked:
    """What the newest of several copies of one list says, in whatever order they were given.

    A copy that cannot be used stands in the way only where it claims to be the newest.
    """
    good: list[Checked] = []
    bad: list[tuple[str, BadList | proof.BadProof]] = []
    for one in lists:
        try:
            good.append(check(one, False))
        except (BadList, proof.BadProof) as error:
            bad.append((str(one.get("validFrom")), error))
    if not good:
        raise max(bad, key=lambda told: told[0])[1]
    moment = max(made for made, _ in good)
    for claimed, why in bad:
        if not claimed <= times.text(moment):
            raise why
    latest = [bits for made, bits in good if made == moment]
    # Two of the same second: what either has taken back is taken back.
    return moment, bytes(functools.reduce(operator.or_, each) for each in zip_longest(*latest, fillvalue=0))


def did_address(identity: str) -> str:
    """Where the document of a did:web lies (did:web specification, "Read")."""
    host, *path = identity.removeprefix("did:web:").split(":")
    folder = "/".join(path) or ".well-known"
    return f"https://{unquote(host)}/{folder}/did.json"
