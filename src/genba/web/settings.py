"""Django's settings: secure by default, changed by environment variables only.

Rules of this file: no secret is written here; everything an installer may choose is one
GENBA_… variable read in `home`; what is looser than the default is looser only on loopback.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from genba.web.databases import django_database
from genba.web.home import api_rate, database, ensure_secret, flag, home, hosts, origin, time_zone
from genba.web.providers import provider, settings_of

HERE = Path(__file__).resolve().parent
GENBA_HOME = home()
GENBA_URL = origin()
GENBA_DEMO = flag("GENBA_DEMO")
BEHIND_TLS = GENBA_URL.startswith("https://")

SECRET_KEY = os.environ.get("GENBA_SECRET_KEY") or ensure_secret(GENBA_HOME)
DEBUG = False
ALLOWED_HOSTS = hosts()
CSRF_TRUSTED_ORIGINS = [GENBA_URL] if BEHIND_TLS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "genba.people",
    "genba.web",
    "allauth",
    "allauth.account",
    "csp",
]
GENBA_OIDC = provider()
if GENBA_OIDC is not None:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random: lengths tell nothing of the tokens
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "genba.web.middleware.ReaderMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "genba.web.urls"
ASGI_APPLICATION = "genba.web.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "jinja2"],
        "OPTIONS": {
            "environment": "genba.web.jinja.environment",
            "context_processors": _CONTEXT,
        },
    },
    {  # allauth's own rarely seen pages, in our layout
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [*_CONTEXT, "genba.web.jinja.layout"],
        },
    },
]

# Where the journal is, each on its own connections.
DATABASES = {"default": django_database(database(GENBA_HOME))}

# People
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "genba.web.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# Signing in elsewhere
SOCIALACCOUNT_ADAPTER = "genba.web.single_sign_on.Adapter"
SOCIALACCOUNT_PROVIDERS = settings_of(GENBA_OIDC)
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # what counts is proved, or refused, by the adapter
SOCIALACCOUNT_STORE_TOKENS = False

# Mail about accounts goes the way of all mail: by the relay, else into the built-in mailbox
_relay = urlsplit(os.environ.get("GENBA_SMTP_URL", ""))
EMAIL_BACKEND = "genba.web.mailing.MailboxBackend"
if _relay.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _relay.hostname
    EMAIL_USE_SSL = _relay.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL and bool(_relay.username)
    EMAIL_PORT = _relay.port or (465 if EMAIL_USE_SSL else 25)
    EMAIL_HOST_USER = unquote(_relay.username or "")
    EMAIL_HOST_PASSWORD = unquote(_relay.password or "")
    EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = "{} <genba@{}>".format(
    os.environ.get("GENBA_NAME", "Genba"), os.environ.get("GENBA_MAIL_DOMAIN", "genba.localhost")
)

# Security
SESSION_COOKIE_NAME = "genba_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_NAME = "genba_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "genba.web.pages.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS redirects
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
GENBA_BEHIND_PROXY = flag("GENBA_BEHIND_PROXY")
if GENBA_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([GENBA_OIDC.origin] if GENBA_OIDC else [])],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 5
GENBA_UPLOAD_LIMIT = 25_000_000  # bytes of a whole request
GENBA_API_RATE = api_rate()  # requests of one person to /api/ in a minute

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # GET writes nothing

# Static files: the build names them by content, so they are kept for good
STATIC_URL = "static/"
STATIC_ROOT = None
STATICFILES_DIRS = [HERE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/built/assets/.+-[0-9A-Za-z_-]{8}\.[a-z0-9]+$"

# Words and times
USE_I18N = True
USE_TZ = True
TIME_ZONE = time_zone()
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_NAME = "genba_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = BEHIND_TLS

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {  # what a browser asks wrongly is answered, and no fault of the server
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}
