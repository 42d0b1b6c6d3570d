"""Files in a conversation: attach.

Rules of this file: a file is a `Content` of the case or stream; its name is made safe here, once;
what it may do in a browser is the web layer's business. Only the log's reference stays when it is
erased.
"""

import mimetypes
import re
import unicodedata
from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.marks import ATTACHED
from genba.acts.objects import ObjectType, for_each_type
from genba.acts.outcomes import done
from genba.acts.words import LONGEST, announce, keep, open_thread, say
from genba.journal.records import Content
from genba.people.directory import Known
from genba.runtime.unit import Unit
from genba.talk.acts import ThreadOf, always

LARGEST = 10 * 1024 * 1024  # bytes
_LONGEST_NAME = 120


class Attachment(Struct, frozen=True):
    """A file, its name, and words about it."""

    file: Annotated[bytes, Meta(title=gettext_noop("File"), min_length=1, max_length=LARGEST)]
    name: Annotated[str, Meta(title=gettext_noop("File name"), max_length=1000)] = ""
    media_type: Annotated[str, Meta(title=gettext_noop("File type"), max_length=100)] = ""
    comment: Annotated[str, Meta(title=gettext_noop("Comment"), max_length=LONGEST)] = ""


class Attached(Struct, frozen=True, kw_only=True):
    """A file was attached: `content` holds it."""

    content: str
    node: str = ""
    part: str = ""


def open_attaching(type: ObjectType) -> None:
    """Declare `attach` for a type of object that is talked about."""
    if type.thread is not None:
        declare_attach(type.name, type.thread)


def declare_attach(object: str, thread: ThreadOf) -> None:
    """Declare `object.attach`."""

    @act(
        object,
        "attach",
        when=always,
        label=gettext_noop("Attach a file"),
        summary=gettext_noop("Put a file into the conversation, up to 10 MB."),
        input=Attachment,
        on_parts=True,
        rank=75,
    )
    def attach(unit: Unit, thing: Any, by: Known, given: Attachment) -> Outcome:
        """Attach a file, with words if there are any."""
        about = thread(thing)
        log = open_thread(unit, about)
        name = safe_name(given.name)
        file = Content(
            case=log.id,
            id="",
            kind="file",
            name=name,
            media_type=media_type_of(name, given.media_type),
            body=given.file,
        )
        content = keep(unit, log, file)
        unit.tx.follow(log.id, by.id)
        log.record(ATTACHED, Attached(content=content, node=about.node, part=about.part))
        if given.comment:
            say(unit, log, by, given.comment, thread=about)
        else:
            announce(log, by, content, (), about)
        message = gettext("Attached “%(name)s”.") % {"name": name}
        return done(message)


def safe_name(written: str) -> str:
    """A file name without path, control or direction characters; never hidden, never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", written))[-1]
    plain = "".join(
        letter
        for letter in last
        if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*'
    )
    name = " ".join(plain.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(name) > _LONGEST_NAME:
        name = f"{stem[: _LONGEST_NAME - len(ending[:10]) - 1]}.{ending[:10]}"
    return name[:_LONGEST_NAME] or gettext("file")


def media_type_of(name: str, claimed: str) -> str:
    """The type a file name says, else the one claimed when it looks like one."""
    guessed, _encoding = mimetypes.guess_type(name)
    if guessed:
        return guessed
    plain = claimed.partition(";")[0].strip().lower()
    return plain if re.fullmatch(r"[\w.+-]+/[\w.+-]+", plain) else "application/octet-stream"


for_each_type(open_attaching)
