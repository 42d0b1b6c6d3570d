"""The door of `/scim/v2`: whose token it is, how often, and the protocol behind it.

Rules of this file: a token of an administrator that names the scope "scim", and nothing else: no
session, no other scope. Whoever is refused hears it in the words of SCIM.
"""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from scim2_models import Error, ForbiddenException, SCIMException, UnauthorizedException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService

from genba.channels.pace import seconds_to_wait
from genba.channels.scim.resources import LARGEST, PROVIDER
from genba.channels.scim.storage import Storage
from genba.channels.workers.entrance import secret_of, spoken_for
from genba.people.access import may_provision
from genba.people.directory import Known

ROOT = "/scim/v2"
_service = ScimService(PROVIDER)
_STRANGER = Known(id="", name="", address="")


@csrf_exempt
@login_not_required
def scim(request: HttpRequest, path: str) -> HttpResponse:
    """Anything SCIM asks for."""
    try:
        return _told(_answer(request, path))
    except SCIMException as refused:
        return _told(_service.error_response(refused))


def _answer(request: HttpRequest, path: str) -> ScimResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise _service.payload_too_large(LARGEST)
    asked = ScimRequest(
        method=request.method or "GET",
        base_url=f"{settings.GENBA_URL}{ROOT}",
        path="/" + path.removesuffix(".scim"),
        query=request.GET.dict(),
        headers=dict(request.headers.items()),
        body=request.body,
    )
    who = spoken_for(secret_of(request)) if "Authorization" in request.headers else None
    open_to_all = _service.match(asked).operation is Operation.service_provider_config
    if who is None and not open_to_all:
        raise UnauthorizedException
    if who is not None:
        seconds = seconds_to_wait(who.id)
        if seconds:
            error = Error(status=429, detail="Too many requests.")
            return ScimResponse(429, error.model_dump(), {"Retry-After": str(seconds)})  # type: ignore[arg-type]
        if not open_to_all and (who.scopes is None or not may_provision(who)):
            raise ForbiddenException(detail="This needs a token of an administrator for scim.")
    asked.subject = who
    return ScimHandler(_service, Storage(who or _STRANGER)).handle(asked)


def _told(answer: ScimResponse) -> HttpResponse:
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    response = HttpResponse(body, status=int(answer.status), headers=answer.headers)
    response.headers["Cache-Control"] = "no-store"
    return response
