"""Reference: a page with django-cookie-consent, as its documentation says, with its log on.

`python -m tests.bench.references.consent_page` makes its database: the groups and cookies of our
registry.
"""

import os
import tomllib
from pathlib import Path

import django
import environ
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from tests.bench.references.startproject import APPS, SECURITY_AND_SESSION

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ["DATA_DIR"])


def database() -> dict[str, object]:
    """Django's defaults, as a reader of the documentation has them, or the options of our settings."""
    is_tuned = bool(os.environ.get("BENCH_TUNED"))
    if url := os.environ.get("DATABASE_URL"):
        kept_open = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        return environ.Env.db_url_config(url) | (kept_open if is_tuned else {})
    options = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA secure_delete=ON;",
    }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "db.sqlite3",
        "OPTIONS": options if is_tuned else {},
    }


settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="tests.bench.references.consent_urls",
    SECRET_KEY="for-tests-only",
    INSTALLED_APPS=[*APPS, "cookie_consent"],
    MIDDLEWARE=[*SECURITY_AND_SESSION, "cookie_consent.middleware.CleanCookiesMiddleware"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).with_name("templates")],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": database()},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    COOKIE_CONSENT_LOG_ENABLED=True,
    STATIC_URL="/static/",
    LOGGING_CONFIG=None,
)


def make_database() -> None:
    """Migrate, and fill in what our registry has."""
    call_command("migrate", verbosity=0)
    from cookie_consent.models import Cookie, CookieGroup

    seed = tomllib.loads((ROOT / "consent" / "seed" / "registry.toml").read_text())
    groups = {
        group["code"]: CookieGroup.objects.create(
            varname=group["code"],
            name=group["name"]["pl"],
            description=group["description"]["pl"],
            is_required=group["code"] == "necessary",
        )
        for group in seed["group"]
    }
    for cookie in seed["cookie"]:
        # Its names are exact: a pattern stands for one cookie.
        name = cookie["name"].replace("*", "x").replace("<", "").replace(">", "")
        Cookie.objects.create(cookiegroup=groups[cookie["group"]], name=name, path="/")


if __name__ == "__main__":
    django.setup()
    make_database()
else:
    application = get_wsgi_application()
