"""The content security policy of a book page.

The theme has no inline script and asks no other host, so the policy names none: scripts come from the
book's own folder and nowhere else. Inline *styles* are allowed, because tables and figures from notebooks
carry them.
"""

from __future__ import annotations

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
# A <meta> may not carry these (CSP Level 3, 3.3); a server can.
HEADER_ONLY = {"frame-ancestors": "'none'"}


def _written(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def meta_policy() -> str:
    """Return the policy that every page carries in its head."""
    return _written(DIRECTIVES)


def policy_for(html: str) -> str:
    """Return the policy that a server sends with a page of the book.

    The text of the page is deliberately not asked for hashes: a script that found its way into a page would
    then be allowed by being there.
    """
    del html
    return _written(DIRECTIVES | HEADER_ONLY)
