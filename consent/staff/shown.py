"""What a visitor was shown, made again by the public templates from what the notice keeps (I9).

Nothing here reads the registry of today, or translates a word that the notice keeps. The templates
are rendered without a request, so that no context of the present site reaches them.
"""

import enum
from datetime import timedelta

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from consent.choice.choice import Choice
from consent.models import ConsentRecord, Notice
from consent.registry import registry
from content.both_languages import by_language
from privacy.models import PolicyVersion
from privacy.policies.text import rendering, tables

# The record keeps whole seconds, and tables are printed as they were just before a moment.
_SECOND = timedelta(seconds=1)


class Part(enum.StrEnum):
    """One part of what a notice asks with."""

    BANNER = "banner"
    # The same after “Choose groups”.
    GROUPS = "groups"
    COOKIE_PAGE = "cookie-page"
    COOKIES = "cookies"


def question_parts(record: ConsentRecord) -> list[Part]:
    """The parts that the visitor had before them as they answered."""
    if record.method == ConsentRecord.Method.ERASURE:
        return []
    if record.method == ConsentRecord.Method.COOKIE_PAGE:
        return [Part.COOKIE_PAGE]
    return [Part.BANNER, Part.GROUPS]


def can_show(record: ConsentRecord) -> bool:
    """Whether there are kept words: a refusal may name no notice, as no form is needed for it."""
    return record.notice is not None and record.language in record.notice.texts


def keeps_all_words(record: ConsentRecord) -> bool:
    """Whether the notice has every word that its parts print. Those of early releases have not."""
    words = record.notice.texts.get(record.language, {}) if record.notice else {}
    return {"cookie_page", "cookie_table", "values"} <= words.keys()


def part_of_notice(notice: Notice, language: str, part: Part) -> SafeString:
    """One part as a page of its own. The notice has words in the language."""
    shown = registry.as_it_was(notice)
    context = {
        "part": part,
        "language": language,
        "groups": shown.groups,
        "registry": shown,
        # As for a visitor who had not chosen: no box is ticked.
        "consent": Choice(shows_banner=True),
        "ask_is_open": part == Part.GROUPS,
        "is_evidence": True,
    }
    with override(language):
        return render_to_string("admin/consent/notice/shown.html", context)


def policy_of_record(record: ConsentRecord, version: PolicyVersion) -> SafeString:
    """The policy that applied, as a page of its own, with the tables of that moment."""
    language = record.language
    with override(language):
        text = rendering.render(by_language(version, "text")[language])
        at = record.made_at + _SECOND
        context = {
            "language": language,
            "title": by_language(version, "title")[language],
            "sections": text.sections,
            "html": tables.filled(text.pieces, at=at, instead=_cookie_table(record.notice)),
        }
        return render_to_string("admin/consent/consentrecord/policy.html", context)


def _cookie_table(notice: Notice | None) -> dict[str, SafeString]:
    """The placeholder for the cookies, with the words that the notice keeps."""
    if notice is None:
        return {}
    shown = registry.as_it_was(notice)
    context = {"groups": shown.groups, "words": shown.text.get("cookie_table", {})}
    return {"cookies": render_to_string("consent/_policy_tables.html", context)}
