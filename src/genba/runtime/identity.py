"""Ids of what is made here.

Rules of this file: the only place of the runtime where chance is asked. Ids are UUIDv7 (RFC 9562
§5.7) in hex: they sort by the time they were made, so that new rows come at the end of an index.
"""

import secrets
from datetime import datetime


def fresh_id(now: datetime) -> str:
    """A new id: 32 hexadecimal digits."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    chance = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62 | chance % (1 << 62)
    return f"{value:032x}"
