"""A link with which a holder adds a record to a LinkedIn profile; nothing is sent until they follow it.

LinkedIn fills its form from the names in this address (*Add to profile*); it neither fetches nor checks the
record. The page that checks records writes the same link (`page/front/profile.js`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from autograder.records import form, times
from autograder.records.errors import Fault

ADD = "https://www.linkedin.com/profile/add"


def link(document: Mapping[str, Any], path: Path | str | None = None) -> str:
    """The address that fills LinkedIn's form with what the record says."""
    try:
        record = form.read(document)
    except form.BadForm as error:
        raise Fault(f"is not a record: {error}", path=path) from None
    issuer = document["issuer"]
    base = issuer.get("url") if isinstance(issuer, dict) else None
    issued = times.any_moment(record.validFrom)
    told = {
        "startTask": "CERTIFICATION_NAME",
        "name": record.credentialSubject.achievement.name,
        "organizationName": record.issuer.name or record.issuer.id,
        "issueYear": str(issued.year),
        "issueMonth": str(issued.month),
    }
    if record.validUntil:
        until = times.any_moment(record.validUntil)
        told |= {"expirationYear": str(until.year), "expirationMonth": str(until.month)}
    if isinstance(base, str) and base.startswith("https://"):
        told["certUrl"] = f"{base.rstrip('/')}/#{record.id}"
    return f"{ADD}?{urlencode({**told, 'certId': record.id}, quote_via=quote, safe='')}"
