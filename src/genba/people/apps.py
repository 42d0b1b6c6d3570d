"""Django's view of this folder."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts and teams."""

    name = "genba.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
