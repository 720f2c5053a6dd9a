"""Who may see the page: whoever opened the printed address first, from this machine, under its own name.

The address signs in once. What it leaves in the browser is a cookie that no script reads and no other site
sends; a change needs besides a word that only our pages hold, because cookies know no ports and another
program of this machine may serve pages under the same name.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

__all__ = ["SignIn"]


class SignIn:
    """The one session of a server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._once: str | None = secrets.token_urlsafe(24)
        self._session = secrets.token_urlsafe(32)

    @property
    def address(self) -> str:
        """The address to open, with the word that signs in once."""
        return f"http://127.0.0.1:{self.port}/?once={self._once}"

    @property
    def cookie(self) -> str:
        """The cookie's name; servers on other ports share a browser's cookies, so each has its own."""
        return f"marking-{self.port}"

    def redeem(self, once: str) -> str | None:
        """Take the word of the printed address; give the cookie's value, the first time only."""
        if self._once is None or not _same(once, self._once):
            return None
        self._once = None
        return self._session

    def knows(self, cookie: str | None) -> bool:
        """Tell whether a cookie is this session's."""
        return cookie is not None and _same(cookie, self._session)

    @property
    def word(self) -> str:
        """What our pages send along with a change."""
        return hmac.digest(self._session.encode(), b"change", hashlib.sha256).hex()

    def allows(self, word: str, origin: str | None) -> bool:
        """Tell whether a change comes from a page of ours."""
        return _same(word, self.word) and origin in {None, *self.origins}

    @property
    def hosts(self) -> set[str]:
        """The names under which this server answers."""
        return {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}

    @property
    def origins(self) -> set[str]:
        """Where our pages come from."""
        return {f"http://{host}" for host in self.hosts}


def _same(said: str, own: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "replace"), own.encode())
