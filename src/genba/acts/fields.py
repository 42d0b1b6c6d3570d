"""Fields that several acts have, each said once.

Rules of this file: what a field takes, never what is done with it. A title is added where the act
is declared: `to: Annotated[APerson, Meta(title=gettext_noop("To"))]`.
"""

from typing import Annotated

from django.utils.translation import gettext_noop
from msgspec import Meta

LONGEST_NAME = 254  # of a mail address (RFC 5321, 4.5.3.1.3), which is the longest way to name one

APerson = Annotated[
    str,
    Meta(
        description=gettext_noop("A person, by mail address or handle."),
        min_length=1,
        max_length=LONGEST_NAME,
        extra_json_schema={"format": "person"},
    ),
]
APersonOrTeam = Annotated[
    str,
    Meta(
        description=gettext_noop("A person or a team."),
        min_length=1,
        max_length=LONGEST_NAME,
        extra_json_schema={"format": "person-or-group"},
    ),
]
