"""All settings. `.env.example` explains every environment variable that is read here."""

import os
import re
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from voipstudio.logs import lines

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if "DJANGO_SKIP_ENV_FILE" not in os.environ:
    env.read_env(BASE_DIR / ".env")

# --- The site's own address: its scheme alone turns on all that belongs to HTTPS

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Of the hashes by which objections and proofs are recognized: evidence/keyed_hashes.py.
EVIDENCE_KEYS = env.list("EVIDENCE_KEYS", default=[])
# Signs the checkpoints of the seal: evidence/seal/note.py. Whom each of them is mailed to.
SEAL_KEY = env.str("SEAL_KEY", default="")
SEAL_WITNESSES = env.list("SEAL_WITNESSES", default=[])
DEBUG = env.bool("DEBUG", default=False)

SITE_ORIGIN = env.str("SITE_ORIGIN", default="") or (
    f"http://127.0.0.1:{env.str('PORT', default='') or 8000}"
)
_origin = re.fullmatch(r"(https?)://(([a-z0-9.-]+)(?::[0-9]+)?)", SITE_ORIGIN)
if _origin is None:
    raise ImproperlyConfigured(
        f"SITE_ORIGIN is {SITE_ORIGIN!r}; give scheme and host alone, as in https://voipstudio.pl"
    )
SITE_HOST = _origin[3]
IS_HTTPS = _origin[1] == "https"
# The one host that is served, with its port. Without HTTPS any name of the machine will do.
CANONICAL_HOST = _origin[2] if IS_HTTPS else ""

ALLOWED_HOSTS = [SITE_HOST, *(env.list("ALLOWED_HOSTS", default=[]) or ["127.0.0.1", "localhost"])]
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]

# --- What the company may fill in

GOOGLE_TAG_ID = env.str("GOOGLE_TAG_ID", default="")
GOOGLE_ADS_ID = env.str("GOOGLE_ADS_ID", default="")
GOOGLE_ADS_CONVERSION_LABEL = env.str("GOOGLE_ADS_CONVERSION_LABEL", default="")
EU_REPRESENTATIVE = env.str("EU_REPRESENTATIVE", default="")
PREVAILING_LANGUAGE = env.str("PREVAILING_LANGUAGE", default="")
# The author of a policy's last change cannot publish it. False is for a team of one person.
POLICY_FOUR_EYES = env.bool("POLICY_FOUR_EYES", default=True)
# The least number of days from the announcement of a material change to its effective date.
POLICY_NOTICE_DAYS = env.int("POLICY_NOTICE_DAYS", default=14)
# How long personal data is kept; docs/rights.md says from when each period runs.
UNCONFIRMED_SIGN_UP_DAYS = env.int("UNCONFIRMED_SIGN_UP_DAYS", default=7)
ENDED_TRIAL_DAYS = env.int("ENDED_TRIAL_DAYS", default=90)
OPTIMIZATION_DAYS = env.int("OPTIMIZATION_DAYS", default=90)
SUPPRESSION_DAYS = env.int("SUPPRESSION_DAYS", default=90)
TOKEN_DAYS = env.int("TOKEN_DAYS", default=30)
DATA_LINK_DAYS = env.int("DATA_LINK_DAYS", default=7)
MAIL_DAYS = env.int("MAIL_DAYS", default=90)
MARKETING_SILENCE_MONTHS = env.int("MARKETING_SILENCE_MONTHS", default=24)
PROOF_YEARS = env.int("PROOF_YEARS", default=6)
RECORD_YEARS = env.int("RECORD_YEARS", default=3)
HISTORY_YEARS = env.int("HISTORY_YEARS", default=2)
BACKUP_DAYS = env.int("BACKUP_DAYS", default=30)

_proxies = env.str("TRUSTED_PROXIES", default="") or "0"
if not _proxies.isdecimal():
    raise ImproperlyConfigured(f"TRUSTED_PROXIES is {_proxies!r}; give their number, as in 1")
TRUSTED_PROXIES = int(_proxies)

# --- Applications

INSTALLED_APPS = [
    "voipstudio",
    "trial",
    "pricing",
    "cookie_consent",  # before consent, which replaces its admin pages
    "consent",
    "privacy",
    "delivery",
    "content",
    "evidence",
    "phonenumber_field",
    "csp",
    "voipstudio.accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    # After auth and django_otp, whose admin pages it replaces.
    "voipstudio.accounts.apps.AccountsConfig",
]

MIDDLEWARE = [
    "voipstudio.logs.request_line.RequestLineMiddleware",
    "voipstudio.web.head_requests.HeadMiddleware",
    "voipstudio.web.caching.short_way.ShortWayMiddleware",  # what follows is the long way
    "consent.gate.expiry.ExpiryMiddleware",  # it spends the room that all others leave
    "voipstudio.web.addresses.AddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "voipstudio.web.security_headers.SecurityHeadersMiddleware",
    "voipstudio.web.caching.headers.CacheHeadersMiddleware",
    "consent.gate.guard.GuardMiddleware",  # outside all that set a cookie (I2)
    "voipstudio.web.language.LanguageMiddleware",
    "consent.gate.middleware.ConsentMiddleware",
    "voipstudio.web.error_pages.ErrorPagesMiddleware",
    "voipstudio.accounts.middleware.AdminNetworksMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "voipstudio.web.csrf.PublicCsrfMiddleware",
    "voipstudio.web.csrf.AdminCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "voipstudio.accounts.middleware.StaffSessionMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "voipstudio.web.unsent.UnsentMiddleware",  # after the checks of token, session and second step
    "voipstudio.web.caching.pages.PageCacheMiddleware",
]

ROOT_URLCONF = "voipstudio.urls"
WSGI_APPLICATION = "voipstudio.wsgi.application"
ADMIN_PREFIX = "/admin/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "voipstudio.context_processors.site",
            ],
        },
    },
]

SILENCED_SYSTEM_CHECKS = [
    # The stock CSRF middleware is installed as a subclass, for the admin: voipstudio/web/csrf.py.
    "security.W003",
    # voipstudio/web/security_headers.py sends X-Frame-Options and frame-ancestors.
    "security.W002",
    # HSTS for all subdomains and the preload list bind hosts that are not part of this project.
    "security.W005",
    "security.W021",
]

# --- State: everything is in the database; STATE_DIR has a copy for the time when it is gone (I18)

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var")
STATE_DIR = Path(env.str("STATE_DIR", default="") or DATA_DIR / "state")
# Both hold what is of people, so a new folder is readable by its owner alone.
for _folder in (DATA_DIR, STATE_DIR):
    _folder.mkdir(mode=0o700, parents=True, exist_ok=True)

if "NEEDS_POSTGRESQL" in os.environ and not env.str("DATABASE_URL", default=""):
    # Set by the image: containers share no file, so each would have a database of its own.
    raise ImproperlyConfigured(
        "DATABASE_URL is empty, and a container cannot share SQLite with the others; "
        "give PostgreSQL, as in postgres://user:password@host:5432/name"
    )
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    # Seconds, and milliseconds: a page cannot wait for a database that is gone or frozen (I18).
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=2, options="-c statement_timeout=5000", tcp_user_timeout=3000
    )
else:
    _database = DATA_DIR / "db.sqlite3"
    if not _database.exists():
        # SQLite gives its other files the mode of this one.
        _database.touch(mode=0o600)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _database,
            # To open the file costs more than to save a choice in it.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                # The write lock comes first: a read that turns into a write could not wait for it.
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                # FULL: what was acknowledged survives a power cut (I17). secure_delete: what was
                # erased is overwritten in the file (I20).
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA secure_delete=ON;",
            },
            # A file, so that the threads of a live server share it.
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cookies of the choice and of staff; over HTTPS bound to the host (__Host-, RFC 6265bis)

HOST_PREFIX = "__Host-" if IS_HTTPS else ""
CHOICE_COOKIE_NAME = f"{HOST_PREFIX}l7_choice"
SESSION_COOKIE_NAME = f"{HOST_PREFIX}sessionid"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_NAME = f"{HOST_PREFIX}csrftoken"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "voipstudio.web.error_pages.csrf_failure"
MESSAGE_STORAGE = "voipstudio.web.messages.MessageStorage"
COOKIE_CONSENT_LOG_ENABLED = False  # our records replace the library's log

# --- Transport

SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_SSL_HOST = CANONICAL_HOST
# The health probe of the container asks gunicorn over HTTP, without the proxy in between.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# No form here takes a file, so an uploaded file is dropped as it arrives.
FILE_UPLOAD_HANDLERS: list[str] = []
# More fields than the longest request line can hold, so that a long query never answers 400.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# The policy of every page; consent/gate/hosts.py adds the hosts of granted groups (I3).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Accounts of staff

PASSWORD_HASHERS = ["voipstudio.accounts.hashers.OneAtATimeHasher"]
SESSION_ENGINE = "voipstudio.accounts.sessions"
# The admin answers these networks alone; an empty list stands for all of them.
ADMIN_NETWORKS = env.list("ADMIN_NETWORKS", default=[])
# A session ends after so many minutes without a request, and SESSION_COOKIE_AGE after the login.
ADMIN_IDLE_MINUTES = env.int("ADMIN_IDLE_MINUTES", default=30)
# Over HTTPS nobody works in the admin with a password alone; elsewhere each person decides.
SECOND_STEP_REQUIRED = IS_HTTPS
# A passkey belongs to the name of a host. Browsers offer it over HTTPS, and on this machine.
_top_domain = SITE_HOST.rpartition(".")[2]
HAS_PASSKEYS = _top_domain == "localhost" or (IS_HTTPS and not _top_domain.isdigit())
OTP_TOTP_ISSUER = SITE_HOST
# django-otp would let a stranger lock the owner out: voipstudio/accounts/limits.py counts instead.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Languages and time

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", "Polski"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True

# A telephone number is stored as E.164 and shown as it is dialed from abroad.
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

# --- Static files and mail

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static_collected"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {"staticfiles": {"BACKEND": "voipstudio.web.static_files.StaticFilesStorage"}}

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = "VoIPstudio <marketing@voipstudio.pl>"
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")

# --- The application of customers, behind the link “Log in”

CUSTOMER_APP_URL = env.str("CUSTOMER_APP_URL", default="")

# --- Hand-over of trials to the phone system

PROVISIONING_URL = env.str("PROVISIONING_URL", default="")
PROVISIONING_SECRET = env.str("PROVISIONING_SECRET", default="")

# --- Logs and error reports: no IP address, no personal data (I21)

LOGGING = lines.config(is_json=IS_HTTPS)
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# Of `manage.py picture_notices` alone.
CHROMIUM_PATH = env.str("CHROMIUM_PATH", default="")

# Tests set it, and reload content by `store.poll`; otherwise a thread does.
CONTENT_IS_POLLED_BY_HAND = False
