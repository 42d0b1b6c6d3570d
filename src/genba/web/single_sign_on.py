"""Signing in at a provider of OpenID Connect: who somebody is here.

Rules of this file: what allauth asks its adapter. A person is found by the mail address the
provider has proved, once; from then on by the provider's own id for them. Whoever has no account
gets one only where the installer said so.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from typing_extensions import override

from genba.people.models import Person
from genba.web.providers import Provider


def provider() -> Provider | None:
    """The provider people sign in at, if there is one."""
    found: Provider | None = settings.GENBA_OIDC
    return found


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts are the installation's: a provider says who somebody is, not that they belong."""

    @override
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person; raises ImmediateHttpResponse for whoever has no account here."""
        sociallogin.account.extra_data = {}  # who they are is enough
        if sociallogin.is_existing:
            return
        address = _proved(sociallogin)
        if not address:
            raise ImmediateHttpResponse(
                refused(request, _("The provider does not say that your mail address is yours."))
            )
        person = Person.objects.filter(email=address).first()
        if person is not None:
            sociallogin.connect(request, person)
        elif not self.is_open_for_signup(request, sociallogin):
            raise ImmediateHttpResponse(
                refused(
                    request,
                    _("There is no account for %(address)s here. Ask an administrator for one.")
                    % {"address": address},
                )
            )

    @override
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether whoever the provider knows gets an account."""
        one = provider()
        return one is not None and one.joins

    @override
    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nothing is asked of them."""
        return True

    @override
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Their name and address, as the provider says them."""
        person = sociallogin.user
        full = " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        person.email = (data.get("email") or "").strip().lower()
        person.name = (data.get("name") or full)[:150]
        return person


def _proved(sociallogin: Any) -> str:
    """The mail address the provider vouches for; "" for none."""
    one = provider()
    sure = one is not None and one.trusted
    found = [mail.email for mail in sociallogin.email_addresses if mail.verified or sure]
    return str(found[0]).strip().lower() if found else ""


def refused(request: HttpRequest, message: str) -> HttpResponse:
    """Why somebody is not let in, in words."""
    context = {"title": _("You are not signed in"), "advice": message}
    return render(request, "error.html", context, status=403)
