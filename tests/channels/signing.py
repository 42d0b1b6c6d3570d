"""A domain that signs its mail, for tests: a key made once, and the record that tells of it."""

import base64
import random
from functools import cache
from pathlib import Path

import dkim
from msgspec import Struct

SELECTOR = "s1"
_BITS = 512  # of each prime: no shorter key is believed


class Key(Struct, frozen=True):
    """The two halves: `secret` as PEM, `record` as the name system would say it."""

    secret: bytes
    record: bytes


@cache
def key(seed: int = 1) -> Key:
    """An RSA key; the same for the same seed."""
    source = random.Random(seed)
    p, q, public = _prime(source), _prime(source), 65537
    n, secret = p * q, pow(public, -1, (p - 1) * (q - 1))
    parts = (0, n, public, secret, p, q, secret % (p - 1), secret % (q - 1), pow(q, -1, p))
    body = base64.b64encode(_sequence(*(_integer(part) for part in parts)))
    begin, end = (b"-----%s RSA %s KEY-----\n" % (edge, b"PRIVATE") for edge in (b"BEGIN", b"END"))
    pem = begin + body + b"\n" + end
    told = base64.b64encode(_told(_sequence(_integer(n), _integer(public))))
    return Key(pem, b"v=DKIM1; k=rsa; p=" + told)


def publish(folder: Path, domain: str, seed: int = 1) -> None:
    """Tell the key of a domain, in a folder of keys."""
    folder.mkdir(exist_ok=True)
    (folder / f"{SELECTOR}._domainkey.{domain}").write_bytes(key(seed).record)


def signed(
    raw: bytes,
    domain: str = "example.org",
    fields: tuple[str, ...] = ("from", "to", "cc", "subject", "date"),
    *,
    length: bool = False,
    seed: int = 1,
) -> bytes:
    """A mail with the signature of a domain in front, over these of its fields."""
    whole = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    present = [name for name in fields if f"\r\n{name}:".encode() in b"\r\n" + whole.lower()]
    signature: bytes = dkim.sign(
        whole,
        SELECTOR.encode(),
        domain.encode(),
        key(seed).secret,
        include_headers=[name.encode() for name in present],
        length=length,
        canonicalize=(b"relaxed", b"relaxed"),
    )
    return signature + whole


def _prime(source: random.Random) -> int:
    while True:
        number = source.getrandbits(_BITS) | 1 << (_BITS - 1) | 1 << (_BITS - 2) | 1
        if number % 65537 != 1 and _is_prime(number, source):
            return number


def _is_prime(number: int, source: random.Random) -> bool:
    """Miller and Rabin, often enough for a test."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _round in range(20):
        value = pow(source.randrange(2, number - 1), odd, number)
        if value in (1, number - 1):
            continue
        for _again in range(twos - 1):
            value = value * value % number
            if value == number - 1:
                break
        else:
            return False
    return True


def _integer(number: int) -> bytes:
    body = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + _length(body) + body


def _sequence(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return b"\x30" + _length(body) + body


def _told(key: bytes) -> bytes:
    """A public key with its algorithm (RFC 5280, 4.1.2.7)."""
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")
    bits = b"\x00" + key
    return _sequence(rsa, b"\x03" + _length(bits) + bits)


def _length(body: bytes) -> bytes:
    size = len(body)
    if size < 128:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([128 + len(octets)]) + octets
