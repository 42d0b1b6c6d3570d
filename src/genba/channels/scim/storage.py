"""Where SCIM reads and writes: people and teams, by acts.

Rules of this file: what is written is an act of the directory, as whoever shows the token; what
came of it is brought about before the answer. A refusal becomes an error of SCIM. Searches look
through everybody; what a filter of one equality rules out is not even made.
"""

import uuid
from typing import Any

import msgspec
from django.utils.translation import gettext
from scim2_models import (
    ForbiddenException,
    InvalidValueException,
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage
from scim2_server.utils import parametrize
from typing_extensions import override

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.performance import perform
from genba.channels.scim.resources import Group, User
from genba.channels.scim.rows import Row, groups, read_register, users
from genba.machines.provisioned import bring_about
from genba.machines.provisioning import EVERYBODY, KIND, person_stream, team_stream
from genba.people.directory import Known
from genba.runtime.installation import current

MODELS: dict[str, type[Resource[Any]]] = {"User": User, "Group": Group}
PLAIN = ("username", "externalid", "displayname")  # what one looks somebody up by


class Storage(ScimStorage):
    """People and teams, for whoever shows a token."""

    def __init__(self, who: Known) -> None:
        self.who = who

    @override
    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """One by its id."""
        name = str(resource_type.name)
        for row in _rows(name):
            if row.id == resource_id:
                return _made(name, row)
        raise NotFoundException(detail=f"There is no {name} {resource_id!r}.")

    @override
    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        """Those that fit, sorted, a page of them."""
        asked = search_request.filter
        found = []
        for type in resource_types:
            name = str(type.name)
            fits = asked
            if asked is not None and not asked.models:
                fits = parametrize(ScimFilter, MODELS[name])(str(asked))
            for row in _rows(name):
                if _ruled_out(asked, row):
                    continue
                one = _made(name, row)
                if fits is None or fits.match(one):
                    found.append(one)
        if search_request.sort_by is not None:
            down = search_request.sort_order == SearchRequest.SortOrder.descending
            found.sort(key=lambda one: _sort_key(search_request, one), reverse=down)
        start = search_request.start_index_0 or 0
        stop = None if search_request.count is None else start + search_request.count
        return SearchPage(len(found), found[start:stop])

    @override
    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """One more."""
        made = self._do(f"add-{_word(resource_type)}", _given(resource))
        return self._brought(resource_type, made.object_id)

    @override
    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        """All of it anew."""
        id, word = str(resource.id), _word(resource_type)
        self._must_be(resource_type, id, expected_version)
        self._do(f"change-{word}", {**_given(resource), word: id})
        return self._brought(resource_type, id)

    @override
    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        """No more."""
        self._must_be(resource_type, resource_id, expected_version)
        self._do(f"remove-{_word(resource_type)}", {_word(resource_type): resource_id})
        bring_about(current(), _stream(resource_type, resource_id))

    def _must_be(self, type: ResourceType, id: str, version: str | None) -> None:
        stored = self.get(type, id)
        if version is not None and (stored.meta is None or stored.meta.version != version):
            raise PreconditionFailedException

    def _brought(self, type: ResourceType, id: str) -> Resource[Any]:
        bring_about(current(), _stream(type, id))
        return self.get(type, id)

    def _do(self, name: str, given: dict[str, Any]) -> Outcome:
        outcome = perform(
            Inbound(
                channel="scim",
                assurance=Assurance.CHANNEL,
                act=f"{KIND}.{name}",
                given=given,
                key=uuid.uuid4().hex,
                person=self.who.id,
                object=KIND,
                object_id=EVERYBODY,
                machine=True,
                scopes=self.who.scopes,
            )
        )
        if outcome.ok:
            return outcome
        wrong = "; ".join(f"{field}: {what}" for field, what in outcome.errors.items())
        said = wrong or outcome.message
        if outcome.verdict is Verdict.REFUSED and outcome.errors:
            raise UniquenessException(detail=said)
        if outcome.verdict is Verdict.INVALID:
            raise InvalidValueException(detail=said)
        raise ForbiddenException(detail=said)


def _word(type: ResourceType) -> str:
    return "person" if type.name == "User" else "team"


def _stream(type: ResourceType, id: str) -> str:
    return person_stream(id) if type.name == "User" else team_stream(id)


def _rows(name: str) -> list[Row]:
    inst = current()
    with inst.journal.reading() as reading:
        register = read_register(reading)
    return list(users(register) if name == "User" else groups(register, inst.clock.now()))


def _made(name: str, row: Row) -> Resource[Any]:
    model = MODELS[name]
    made = model.model_validate({"schemas": [str(model.__schema__)], "id": row.id, **row.doc})
    made.meta = Meta(
        resource_type=name, created=row.made, last_modified=row.changed, version=row.version
    )
    return made


def _ruled_out(asked: ScimFilter[Any] | None, row: Row) -> bool:
    """Whether a filter like `userName eq "ana"` cannot fit."""
    node = asked.ast if asked is not None else None
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq:
        return False
    path = str(node.attr_path).rpartition(":")[2].lower()
    if path not in PLAIN or not isinstance(node.value, str):
        return False
    values = {key.lower(): value for key, value in row.doc.items()}
    return str(values.get(path, "")).casefold() != node.value.casefold()


def _sort_key(asked: SearchRequest[Any], one: Resource[Any]) -> tuple[bool, Any, str]:
    value = asked.sort_value(one)
    return value is None, value if value is not None else "", str(one.id)


def _given(resource: Resource[Any]) -> dict[str, Any]:
    """The input of the act that says all of a resource. Raises InvalidValueException."""
    if isinstance(resource, Group):
        members = [str(one.value) for one in resource.members or [] if one.value]
        return {
            "name": resource.display_name or "",
            "members": ",".join(members),
            "external": resource.external_id or "",
        }
    if not isinstance(resource, User):
        raise InvalidValueException
    emails = [one for one in resource.emails or [] if one.value]
    first = next((one for one in emails if one.primary), emails[0] if emails else None)
    if first is None:
        raise InvalidValueException(detail=gettext("An account needs a mail address."))
    said = resource.model_dump()
    kept = ("name", "displayName", "preferredLanguage", "active", "emails")
    return {
        "address": str(first.value),
        "user": resource.user_name or "",
        "name": _name(resource),
        "locale": (resource.preferred_language or "")[:20],
        "active": resource.active is not False,
        "external": resource.external_id or "",
        "details": msgspec.json.encode({key: said[key] for key in kept if key in said}).decode(),
    }


def _name(user: User) -> str:
    """What people read."""
    parts = user.name
    own = " ".join(
        filter(None, (getattr(parts, "given_name", ""), getattr(parts, "family_name", "")))
    )
    full = getattr(parts, "formatted", None) or own
    return str(user.display_name or full or user.user_name or "")[:150]
