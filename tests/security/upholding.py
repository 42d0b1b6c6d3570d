"""What upholds each security property, and how far: one row each, for the reference page.

Rules of this file: a table. `code` names files below src/genba; `open` says what the property asks
of channels that are not there yet, so that nobody reads more into a caught mutant than it shows.
"""

from msgspec import Struct


class Upholding(Struct, frozen=True):
    """How a property is upheld, where, and what is still open."""

    how: str
    code: tuple[str, ...]
    open: str = ""


UPHOLDING: dict[str, Upholding] = {
    "S1": Upholding(
        "Only a POST acts. The page behind a link in a mail runs no script and is kept nowhere.",
        ("channels/mail/landing.py",),
    ),
    "S2": Upholding(
        "Every inbound act carries a key. Its answer is kept in the transaction of the act, with a "
        "digest of who asked for what, and looked up before anything else.",
        ("acts/performance.py",),
    ),
    "S3": Upholding(
        "Each case has a revision. Whoever writes must have read the last one, else the act is "
        "decided again on what is there by then.",
        ("journal/sql_writing.py", "journal/memory_writing.py", "acts/performance.py"),
    ),
    "S4": Upholding(
        "What is no longer open answers in words of its object, before rights and input.",
        ("acts/performance.py", "cases/wording.py"),
    ),
    "S5": Upholding(
        "Offers are computed in the transaction of the act, for the person as they are now.",
        ("acts/performance.py", "people/access.py", "people/directory.py"),
    ),
    "S6": Upholding(
        "Having a link is possession only: it shows, and to act its person must be signed in.",
        ("channels/mail/landing.py",),
    ),
    "S7": Upholding(
        "A secret is bound to a person, and who sends it must be that person. Who wrote from "
        "another address does nothing, and the person is told.",
        ("acts/performance.py", "channels/mail/replies.py"),
        "Inside one domain a relay cannot tell two writers apart: what is final asks for more.",
    ),
    "S8": Upholding(
        "One sender in From, whose domain signed the mail: the sender, where our address stands, "
        "and all of the body. Checked by ourselves, or by the one relay that is configured, in "
        "its own topmost header. Else the mail waits until its person confirms it from the "
        "registered address.",
        (
            "channels/mail/assurance.py",
            "channels/mail/signatures.py",
            "channels/mail/confirming.py",
            "channels/mail/letters.py",
        ),
    ),
    "S9": Upholding(
        "A mail is its Message-ID, its head and its content, not the way it came.",
        ("channels/mail/letters.py", "channels/mail/answering.py"),
    ),
    "S10": Upholding(
        "Automatic mail ends before anything is looked up.",
        ("channels/mail/inbound.py", "channels/mail/automatic.py"),
    ),
    "S11": Upholding(
        "Only the first own line may act; it stands above what is quoted, and is no line of ours.",
        ("channels/mail/reading.py", "channels/mail/quoting.py", "channels/mail/verbs.py"),
    ),
    "S12": Upholding(
        "Only hashes are kept. Unknown, ended, taken back and meant for something else are one "
        "answer.",
        (
            "acts/tokens.py",
            "acts/bearers.py",
            "channels/calendar/feed.py",
            "channels/calendar/dav.py",
        ),
    ),
    "S13": Upholding(
        "Input is checked before the act runs; a refusal takes everything back, its key too.",
        ("acts/performance.py", "acts/validation.py"),
    ),
    "S14": Upholding(
        "The doors to rights know no channel; one differs from another only in how sure it is who "
        "acts.",
        ("acts/performance.py", "people/access.py"),
    ),
    "S15": Upholding(
        "An unknown person, an unknown object and one that may not be seen get the same words. "
        "Who is not known gets no mail; who is, one error per card and day.",
        ("acts/performance.py", "acts/objects.py", "channels/mail/answering.py"),
    ),
    "S16": Upholding(
        "Every attempt leaves a row, also one that ended in a fault. What was done is in the log, "
        "whose entries are chained by hashes that `genba verify` checks.",
        ("acts/performance.py", "journal/chain.py", "journal/verification.py"),
        "The chain covers what was done; the rows of refused attempts are not chained.",
    ),
    "S17": Upholding(
        "What a chat system sends as an edit says nothing: each reader knows how its system says "
        "that a message was changed.",
        (
            "channels/slack/reading.py",
            "channels/teams/reading.py",
            "channels/zulip/reading.py",
            "channels/matrix/reading.py",
        ),
    ),
    "S18": Upholding(
        "A token narrows what its person may; no program makes or takes back tokens; what one did "
        "is logged as a machine's, on whose behalf. The tools of an assistant are made of the "
        "registry, never of what a case says; what is missing or final it asks of the person, with "
        "a question that is sealed for this call and this token.",
        (
            "people/access.py",
            "machines/accounts.py",
            "web/api/channel.py",
            "channels/assistants/asking.py",
            "channels/assistants/server.py",
        ),
    ),
}
