"""Pages of the mail channel, in the template environment of the site.

Rules of this file: our own templates first, then those of the site, so that a page may extend its
layout. Nothing is decided here.
"""

from functools import cache
from typing import Any

import jinja2
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Template


@cache
def environment() -> jinja2.Environment:
    """The site's environment, with our templates in front."""
    site: Any = engines["jinja2"]
    own = jinja2.PackageLoader("genba.channels.mail", "templates")
    loader = jinja2.ChoiceLoader([own, site.env.loader])
    found: jinja2.Environment = site.env.overlay(loader=loader)
    return found


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A rendered page, with what every page of the site has (the form's secret, messages)."""
    site: Any = engines["jinja2"]
    page: Any = Template(environment().get_template(template), site)
    return HttpResponse(page.render(context, request), status=status)
