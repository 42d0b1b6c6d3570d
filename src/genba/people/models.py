"""Accounts and teams, as Django stores them.

Rules of this file: people only. Nothing about cases, works or acts may be stored here: the
journal is the only history. Other folders do not import these models; they ask `directory`
(who is it) and `access` (may they).
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import ManyRelatedManager

# Pages are in the first two; a mail has its words and its frame in each of these.
LOCALES = (
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("pt", "Português"),
    ("nl", "Nederlands"),
    ("ja", "日本語"),
)


def free_handle(name: str) -> str:
    """The slug of a name, with a number after it where somebody has it already."""
    stem = slugify(name)[:50] or "person"
    taken = set(Person.objects.filter(handle__startswith=stem).values_list("handle", flat=True))
    number, handle = 1, stem
    while handle in taken:
        number += 1
        handle = f"{stem}-{number}"
    return handle


class People(BaseUserManager["Person"]):
    """Makes accounts. An address is kept in lower case: one person, one address."""

    def create_user(
        self, email: str, password: str | None = None, *, name: str = "", **more: Any
    ) -> "Person":
        """A new account; without a password it cannot sign in by password."""
        address = email.strip().lower()
        if "@" not in address:
            raise ValueError("an account needs a mail address")
        person = Person(email=address, name=name or address.partition("@")[0], **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **more: Any) -> "Person":
        """A new administrator of the installation."""
        return self.create_user(email, password, **{**more, "is_administrator": True})

    @override
    def get_by_natural_key(self, username: str | None) -> "Person":
        """The account of an address, however it is capitalised."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who can act. Its id everywhere else in the system is `str(pk)`."""

    email: "models.EmailField[str, str]" = models.EmailField(
        _("mail address"), unique=True, max_length=254
    )
    name: "models.CharField[str, str]" = models.CharField(_("name"), max_length=150)
    handle: "models.SlugField[str, str]" = models.SlugField(unique=True, max_length=60)
    locale: "models.CharField[str, str]" = models.CharField(
        _("language"), max_length=8, choices=LOCALES, default="en"
    )
    is_guest: "models.BooleanField[bool, bool]" = models.BooleanField(default=False)
    is_active: "models.BooleanField[bool, bool]" = models.BooleanField(default=True)
    is_administrator: "models.BooleanField[bool, bool]" = models.BooleanField(default=False)
    joined: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        teams: "ManyRelatedManager[Team]"

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering: ClassVar[list[str]] = ["name", "id"]

    @override
    def __str__(self) -> str:
        return str(self.name)

    def get_full_name(self) -> str:
        """The display name."""
        return str(self.name)

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the address in lower case and gives a handle once."""
        self.email = str(self.email).strip().lower()
        self.name = self.name or self.email.partition("@")[0]
        if not self.handle:
            self.handle = free_handle(str(self.name))
        super().save(*args, **kwargs)


class Team(models.Model):
    """A group of people: a lane of a drawing is served by the team of its name."""

    name: "models.CharField[str, str]" = models.CharField(_("name"), max_length=255, unique=True)
    members: "models.ManyToManyField[Person, Any]" = models.ManyToManyField(
        Person, related_name="teams", blank=True
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering: ClassVar[list[str]] = ["name"]

    @override
    def __str__(self) -> str:
        return str(self.name)
