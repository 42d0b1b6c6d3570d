"""What a domain must sign of a mail before its sender is believed; attacks that once worked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.acts.card import Assurance
from genba.channels.mail.addresses import Purpose, Recipient
from genba.channels.mail.assurance import Evidence, assure
from genba.channels.mail.letters import open_letter
from genba.channels.mail.signatures import covering, is_valid, keys_in, seal_of
from genba.channels.mail.site import Site, SiteRefused, site_from

from . import signing
from .conftest import TOKEN

HERE = f"act+{TOKEN}@genba.test"
MEANT = Recipient(Purpose.ACT, TOKEN)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    signing.publish(tmp_path / "keys", "example.org")
    signing.publish(tmp_path / "keys", "example.com", seed=2)
    return Site(domain="genba.test", keys=str(tmp_path / "keys"))


def mail(to: str = HERE, body: str = "approve", more: str = "") -> bytes:
    return (
        f"From: Ana <ana@example.org>\nTo: {to}\n{more}Subject: Re: Purchase\n"
        f"Date: Mon, 2 Mar 2026 09:12:00 +0000\nMessage-ID: <1@example.org>\n\n{body}\n"
    ).encode()


def level(raw: bytes, site: Site) -> Assurance:
    letter = open_letter(raw, "ana@example.org")
    return assure(Evidence(letter=letter, site=site, local=False, recipient=MEANT))[0]


@pytest.mark.security("S8")
@pytest.mark.parametrize(
    "raw",
    [
        signing.signed(mail()),
        signing.signed(mail(to=f"Genba <{HERE.upper()}>")),
        signing.signed(mail(to="bob@example.org", more=f"Cc: x@example.org, {HERE}\n")),
        signing.signed(mail().replace(b"ana@example.org", b"ana@mail.example.org", 1)),
        b"Received: by a server in between\r\n" + signing.signed(mail()),
        signing.signed(signing.signed(mail()), "example.com", seed=2),
    ],
)
def test_a_signature_over_sender_and_our_address_is_believed(raw: bytes, site: Site) -> None:
    assert level(raw, site) is Assurance.CHANNEL


def replayed() -> bytes:
    """A genuine mail to a colleague, sent once more to an address of ours."""
    return signing.signed(mail(to="bob@example.org"))


def readdressed() -> bytes:
    """A mail whose To nobody signed, with our address put there."""
    raw = signing.signed(mail(to="bob@example.org"), fields=("from", "subject"))
    return raw.replace(b"To: bob@example.org", f"To: {HERE}".encode())


def lengthened() -> bytes:
    """Words behind the part that is signed."""
    return signing.signed(mail(body=""), length=True) + b"approve\r\n"


def second_to() -> bytes:
    """Our address in a To that nobody signed, above the signed one."""
    return f"To: {HERE}\r\n".encode() + signing.signed(mail(to="bob@example.org"))


def added_cc() -> bytes:
    return f"Cc: {HERE}\r\n".encode() + signing.signed(mail(to="bob@example.org"))


def decoy() -> bytes:
    """A signature of a good shape, which is none, above the real one that covers less."""
    real = signing.signed(mail(to="bob@example.org"), fields=("from", "subject"))
    shape = (
        b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from:to; bh=eA==; b=eA==\r\n"
    )
    return shape + real.replace(b"To: bob@example.org", f"To: {HERE}".encode())


ATTACKS = {
    "nothing is signed": mail(),
    "the body was changed": signing.signed(mail()).replace(b"approve", b"reject "),
    "sent once more": replayed(),
    "readdressed": readdressed(),
    "lengthened": lengthened(),
    "two To fields": second_to(),
    "Cc added": added_cc(),
    "another domain": signing.signed(mail(), "example.com", seed=2),
    "another key": signing.signed(mail(), seed=3),
    "decoy": decoy(),
    "the domain of all": signing.signed(mail(), "org"),
    "no key is told": signing.signed(
        mail().replace(b"example.org", b"unknown.test"), "unknown.test"
    ),
    "two senders": b"From: eve@example.com\r\n" + signing.signed(mail()),
    "unreadable signature": b"DKIM-Signature: nonsense\r\n" + signing.signed(mail()),
}


@pytest.mark.security("S8")
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_not_believed(name: str, site: Site) -> None:
    assert level(ATTACKS[name], site) is Assurance.POSSESSION


@pytest.mark.security("S8")
@pytest.mark.parametrize("name", [name for name in ATTACKS if name != "nothing is signed"])
def test_nor_when_our_relay_found_the_signature_valid(name: str) -> None:
    """The relay checks signatures, and knows nothing of our addresses."""
    if name in ("the body was changed", "another key", "no key is told"):
        pytest.skip("not run: a relay would not have found it valid")
    told = b"Authentication-Results: mx.genba.test; dkim=pass header.d=example.org\r\n"
    site = Site(domain="genba.test", relay="smtp://r", trust="mx.genba.test")
    assert level(told + ATTACKS[name], site) is Assurance.POSSESSION


@pytest.mark.security("S8")
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("dkim=pass header.d=example.org", Assurance.CHANNEL),
        ('dkim=pass header.d="example.org"', Assurance.CHANNEL),
        ("dmarc=pass header.from=example.org", Assurance.POSSESSION),
        ("spf=pass smtp.mailfrom=ana@example.org", Assurance.POSSESSION),
        (
            'spf=pass smtp.mailfrom="x; dkim=pass header.d=example.org"@evil.test',
            Assurance.POSSESSION,
        ),
        ("dkim=fail (dkim=pass header.d=example.org)", Assurance.POSSESSION),
    ],
)
def test_what_a_relay_says_counts_with_what_is_signed(said: str, expected: Assurance) -> None:
    site = Site(domain="genba.test", relay="smtp://r", trust="mx.genba.test")
    told = f"Authentication-Results: mx.genba.test; {said}\r\n".encode()
    assert level(told + signing.signed(mail()), site) is expected


@given(st.binary(max_size=400))
def test_any_bytes_have_a_seal(raw: bytes) -> None:
    head = b"From: a@example.org\nTo: " + HERE.encode() + b"\nDKIM-Signature: "
    for whole in (raw, head + raw):
        sealed = seal_of(whole)
        for one in covering(sealed, MEANT, "genba.test"):
            assert not is_valid(whole, one, lambda name, timeout=5: None)


def test_a_key_is_read_from_its_own_file_only(tmp_path: Path) -> None:
    signing.publish(tmp_path / "keys", "example.org")
    find = keys_in(tmp_path / "keys")
    assert find(b"s1._domainkey.example.org.") == signing.key().record
    assert find(b"../keys/s1._domainkey.example.org.") is None
    assert find(b"s2._domainkey.example.org.") is None


def test_where_keys_are_is_said_plainly(tmp_path: Path) -> None:
    assert site_from({}, tmp_path).keys == "dns"
    assert site_from({"GENBA_MAIL_KEYS": "off"}, tmp_path).keys == ""
    assert site_from({"GENBA_MAIL_KEYS": str(tmp_path)}, tmp_path).keys == str(tmp_path)
    with pytest.raises(SiteRefused):
        site_from({"GENBA_MAIL_KEYS": str(tmp_path / "none")}, tmp_path)
