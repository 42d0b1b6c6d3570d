"""Secrets that open one thing to one person for one purpose.

Rules of this file: only the hash is stored; a token is never logged; purposes do not
interchange (a reply address is not a sign-in link). A token that is unknown, expired, revoked or
for another purpose gives the same answer: None.
"""

import base64
import hashlib
import secrets
from datetime import timedelta

from genba.journal.contract import Reading
from genba.journal.records import CaseId, TokenRow
from genba.runtime.installation import Installation, current

_BYTES = 16  # 128 bits: 26 letters of base32


def issue(
    inst: Installation, person: str, object: str, object_id: str, purpose: str, days: int
) -> str:
    """A new secret of 26 lower-case base32 characters; outside a unit of work."""
    token = base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii").rstrip("=").lower()
    row = TokenRow(
        hash=hash_of(token),
        case=CaseId(object_id.partition(":")[0] if object in ("case", "task") else ""),
        object=object,
        object_id=object_id,
        person=person,
        purpose=purpose,
        expires=inst.clock.now() + timedelta(days=days),
    )
    with inst.journal.writing() as tx:
        tx.put_token(row)
    return token


def resolve(token: str, purpose: str, reading: Reading | None = None) -> TokenRow | None:
    """What a token opens, if it is good now for this purpose."""
    if reading is None:
        with current().journal.reading() as fresh:
            return resolve(token, purpose, fresh)
    row = reading.token(hash_of(token))
    if row is None or row.revoked or row.purpose != purpose:
        return None
    return row if row.expires > current().clock.now() else None


def hash_of(token: str) -> str:
    """How a token is stored: mail systems may change its capitalisation, we do not care."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()
