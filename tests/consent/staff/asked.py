"""Visitors who are asked and answer, and a site that changes afterwards."""

import re
from typing import Any

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.utils import timezone, translation

from consent.models import ConsentRecord, CookieDetails, GroupDetails, Provider
from content import store
from tests.factories import make_client, make_cookie, post_choice, publish_registry
from tests.privacy.policies.drafts import make_published

HOMES = {"pl": "/", "en": "/en/"}
COOKIE_PAGES = {"pl": "/cookies/", "en": "/en/cookies/"}
SENTINEL = "Zupełnie inne słowo"


def make_record(choice: str = "accept", *, language: str = "pl", place: str = "banner") -> Any:
    """The record of a visitor who answered in one of the two places."""
    path = COOKIE_PAGES[language]
    post_choice(make_client(), choice, path=path, place=place, next=HOMES[language])
    return ConsentRecord.objects.latest("stored_at")


def shown_address(record: ConsentRecord, part: str) -> str:
    return f"/admin/consent/notice/{record.notice_id}/shown/{record.language}/{part}/"


def change_everything(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Another registry, other words and translations, other templates around, another policy."""
    make_cookie("_new")
    CookieGroup.objects.update(name=SENTINEL, description=SENTINEL)
    GroupDetails.objects.update(
        name_en=SENTINEL, description_en=SENTINEL, short_purpose_pl=SENTINEL
    )
    Cookie.objects.update(description=SENTINEL)
    CookieDetails.objects.update(
        purpose_en=SENTINEL, justification_pl=SENTINEL, justification_en=SENTINEL
    )
    for row in Provider.objects.all():
        row.name = f"{SENTINEL} {row.pk}"
        row.save()
    CookieDetails.objects.filter(cookie__name="_ga").update(max_age_seconds=60, party="first")
    _translate_otherwise(monkeypatch)
    publish_registry()
    make_published(SENTINEL)
    store.poll(timezone.now())
    _replace_templates(settings)


def words_of(html: str, start: str, end: str) -> str:
    """The HTML from one place to another. The page to go back to differs, and so do empty lines."""
    [part] = re.findall(f"{start}.*?{end}", html, re.S)[:1]
    part = re.sub(r'<p class="ask__error".*?</p>', "", part)
    part = re.sub(r'(name="next" value=")[^"]*', r"\1", part)
    return "\n".join(line.strip() for line in part.splitlines() if line.strip())


def _translate_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every translation is another one, as in a later release; but for addresses."""

    def gettext(message: str) -> str:
        return message if message.endswith("/") or not message else f"{SENTINEL} ({message})"

    def ngettext(one: str, many: str, number: int) -> str:
        return f"{SENTINEL} %(count)d"

    monkeypatch.setattr(translation._trans, "gettext", gettext)
    monkeypatch.setattr(translation._trans, "ngettext", ngettext)


def _replace_templates(settings: Any) -> None:
    """The frame of every page is another one."""
    [engine] = settings.TEMPLATES
    others = {"base.html": SENTINEL, "components/_header.html": SENTINEL}
    loaders = [
        ("django.template.loaders.locmem.Loader", others),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = {**engine["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
