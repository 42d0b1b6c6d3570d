"""Where chat systems call us: `POST /chat/NAME`.

Rules of this file: the order is the security. A system that is not set up is not there; what is not
signed is refused and noted before it is read; then it is heard. A vendor gets its answer at once.
"""

import json
from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from genba.channels.chat.calling import Busy, Declined, send_call
from genba.channels.chat.contract import Post, Reply
from genba.channels.chat.delivery import surroundings
from genba.channels.chat.hearing import hear
from genba.channels.chat.systems import System, systems
from genba.channels.contract import Heard
from genba.journal.records import Attempt
from genba.runtime.installation import current


@csrf_exempt
@login_not_required
@require_POST
def endpoint(request: HttpRequest, name: str) -> HttpResponse:
    """What a chat system says to us."""
    system = systems().get(name)
    if system is None:
        raise Http404
    headers = {key.lower(): value for key, value in request.headers.items()}
    post = Post(headers=headers, body=request.body, at=current().clock.now(), secret=system.secret)
    if not system.chat.signed(post):
        _note(name)
        return HttpResponse(status=401)
    if system.chat.challenge is not None and (word := system.chat.challenge(post)):
        return JsonResponse({"challenge": word})
    read = system.chat.channel.read
    heard = read(post) if read is not None else None
    reply = hear(system.chat, heard) if heard is not None else None
    if heard is None or reply is None:
        return HttpResponse(status=200)
    return _answer(system, heard, reply)


def _answer(system: System, heard: Heard, reply: Reply) -> HttpResponse:
    """Open the form that was asked for, or say what there is to say."""
    around = surroundings(system)
    if reply.form is not None and system.chat.form is not None and heard.trigger:
        try:
            send_call(
                system, system.chat.form(reply.form, heard, system.account, around), seconds=2
            )
            return HttpResponse(status=200)
        except (Busy, Declined):
            reply = Reply(text=reply.text, card=reply.form.card)
    follow = system.chat.follow
    call = follow(reply, heard, around) if follow is not None else None
    if call is not None:
        # It is done all the same; the message itself is changed by the outbox.
        with suppress(Busy, Declined):
            send_call(system, call, seconds=2)
    body = system.chat.answer(reply, heard, around)
    return HttpResponse(json.dumps(body), content_type="application/json")


def _note(name: str) -> None:
    """Keep that somebody said something in the name of a system that did not."""
    inst = current()
    with inst.journal.writing() as tx:
        tx.note_attempt(
            Attempt(
                at=inst.clock.now(),
                channel=name,
                identity="",
                person="",
                object="",
                object_id="",
                act="",
                outcome="unproven",
                detail="the signature is not that of the system",
            )
        )
