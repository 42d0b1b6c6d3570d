"""Settings of the installation, from the environment."""

import os
from pathlib import Path

GENBA_HOME = Path(os.environ.get("GENBA_HOME", "var"))

SECRET_KEY = os.environ.get("GENBA_SECRET_KEY", "only for a first try on one machine")
AUTH_USER_MODEL = "people.Person"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "genba.people",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": GENBA_HOME / "genba.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
