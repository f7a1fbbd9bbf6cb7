"""Rows and requests for tests."""

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cookie_consent.models import Cookie, CookieGroup
from django.conf import settings
from django.test import Client
from django.utils import timezone

from consent import choice, registry
from consent.actions import keep_notice
from consent.models import CookieDetails, Provider
from privacy import content

DAY = 24 * 60 * 60
FORM = "application/x-www-form-urlencoded"


def make_cookie(name: str, *, group: str = "analytics", **details: Any) -> CookieDetails:
    """A declared cookie, in force at once."""
    cookie = Cookie.objects.create(
        cookiegroup=CookieGroup.objects.get(varname=group), name=name, description="Cel."
    )
    defaults: dict[str, Any] = {
        "purpose_en": "Purpose.",
        "provider": Provider.objects.get(name="Google"),
        "party": "third",
        "max_age_seconds": 30 * DAY,
    }
    row = CookieDetails.objects.create(cookie=cookie, **defaults | details)
    publish_registry()
    return row


def publish_registry() -> None:
    """Put the registry in force, as a save in the admin does."""
    keep_notice(at=timezone.now())
    content.poll(timezone.now())


def make_grant(
    *groups: str,
    made_at: datetime | None = None,
    has_gpc_signal: bool = False,
    notice_key: str | None = None,
) -> choice.Grant:
    """A grant on the present notice."""
    return choice.Grant(
        record_id=uuid.uuid4(),
        made_at=(made_at or timezone.now()).replace(microsecond=0),
        notice_key=notice_key or registry.current().notice_key,
        groups=frozenset(groups),
        has_gpc_signal=has_gpc_signal,
    )


def make_client(*groups: str, refused: bool = False, **headers: str) -> Client:
    """A visitor who chose before: granted some groups, refused, or nothing at all."""
    client = Client(headers=headers)
    if refused:
        client.cookies[settings.CHOICE_COOKIE_NAME] = choice.write_refusal()
    elif groups:
        client.cookies[settings.CHOICE_COOKIE_NAME] = choice.write_grant(make_grant(*groups))
    return client


def make_form(choice_: str, *groups: str, **fields: str) -> str:
    """The body of the form of the banner, URL-encoded."""
    form = {"choice": choice_, "notice": registry.current().notice_key, "next": "/"} | fields
    return urlencode([*form.items(), *(("group", group) for group in groups)])


def post_choice(client: Client, choice_: str, *groups: str, **fields: str) -> Any:
    """Send the form as a page does: `path`, and whatever `make_form` takes, may be given."""
    path = fields.pop("path", "/cookies/")
    return client.post(path, make_form(choice_, *groups, **fields), content_type=FORM)


def kept_cookies(response: Any) -> dict[str, str]:
    """What a browser keeps of an answer: the cookies that it does not expire at once."""
    return {
        morsel.key: morsel.value for morsel in response.cookies.values() if morsel["max-age"] != 0
    }


def expired_cookies(response: Any) -> set[tuple[str, str, str]]:
    """Name, domain and path of every cookie that an answer expires."""
    return {
        (morsel.key, morsel["domain"], morsel["path"])
        for morsel in response.cookies.values()
        if morsel["max-age"] == 0
    }
