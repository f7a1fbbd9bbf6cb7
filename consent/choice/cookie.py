"""Sets the cookie that keeps a choice. Its value is written by choice.py."""

from django.conf import settings
from django.http import HttpResponse

from consent.choice import choice
from consent.choice.choice import CHOICE_LIFETIME, Grant


def keep_choice(response: HttpResponse, grant: Grant | None) -> None:
    """Let the browser keep a grant, or a refusal."""
    response.set_cookie(
        settings.CHOICE_COOKIE_NAME,
        choice.write_grant(grant) if grant else choice.write_refusal(),
        max_age=int(CHOICE_LIFETIME.total_seconds()),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
