"""Signs in an answer that work went on outside: it is in a file, or went to a person as well.

Rules of this file: pure; a sign is counted, never acted on, and nothing is kept of what it was.
"""

import re
from collections.abc import Iterator

from genba.channels.mail.addresses import Purpose, read_recipient
from genba.channels.mail.letters import Letter
from genba.channels.mail.signatures import seal_of

IN_A_FILE = "see-attachment"
TO_A_PERSON = "to-a-person"
_FEW = 4  # words beside a file: the file says it
_SEE = re.compile(
    r"(see|find|as per|please see)\b.{0,30}\battach|attached (file|sheet|document|list)|"
    r"\bpfa\b|(voir|ci-joint|en pi[èe]ce jointe)|(siehe|im|in der) anhang|anbei|"
    r"(ver|en el|adjunt)\w*\b.{0,15}\badjunt|adjunto|(vedi|in) allegat|(ver|em|segue) anexo|"
    r"(zie|in de) bijlage|添付",
    re.IGNORECASE,
)


def leaking(letter: Letter, domain: str) -> Iterator[str]:
    """The signs in one answer, each once."""
    reading = letter.reading
    few = len(reading.own.split()) <= _FEW
    if reading.attachments and (few or _SEE.search(reading.own[:2000])):
        yield IN_A_FILE
    sealed = seal_of(letter.raw)
    written_to = {*sealed.to, *sealed.cc} - {letter.sender}
    if any(read_recipient(one, domain).purpose is Purpose.NOBODY for one in written_to):
        yield TO_A_PERSON
