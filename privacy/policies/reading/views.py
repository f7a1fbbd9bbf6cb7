"""The pages of policies: the text in force, its versions, the differences between two of them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from privacy.policies.differences.blocks import blocks
from privacy.policies.differences.compare import compare
from privacy.policies.reading import published
from privacy.policies.reading.addresses import address
from privacy.policies.reading.published import Version
from privacy.policies.reading.shown_version import ShownVersion, name_of


@require_safe
def policy_page(request: HttpRequest, code: str) -> HttpResponse:
    """The version in force; before the first one, a page that says how to get the text."""
    in_force = published.current().in_force(code)
    if in_force is None:
        return _unpublished(request, code, name_of(code))
    return _version_page(request, in_force)


@require_safe
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version at its permanent address, from the moment it is published."""
    return _version_page(request, _published(code, number))


@require_safe
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Every published version, the last one first."""
    shown = [_shown(version) for version in published.current().of(code)]
    if not shown:
        return _unpublished(
            request, code, _("%(document)s: all versions") % {"document": name_of(code)}
        )
    context = {"versions": shown, "compared": _suggestion(shown)}
    return render(request, "privacy/versions.html", _about(code) | context)


@require_safe
def file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The file of a version, which its hash is made of: the same bytes in each language."""
    version = _published(code, number)
    return HttpResponse(
        version.file(),
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_shown(version).file_name}"'},
    )


@require_safe
def compare_versions(request: HttpRequest, code: str) -> HttpResponse:
    """Redirect from the form to the differences of the two chosen versions."""
    # Eight digits at most: Python refuses to make a number of thousands of them.
    numbers = [request.GET.get(name, "") for name in ("older", "newer")]
    if not all(number.isascii() and number.isdecimal() and len(number) < 9 for number in numbers):
        raise Http404
    older, newer = _in_order(code, *map(int, numbers))
    return redirect(_differences_address(older, newer))


@require_safe
def version_differences(request: HttpRequest, code: str, older: int, newer: int) -> HttpResponse:
    """What differs between two versions, by word; the older one comes first."""
    first, second = _in_order(code, older, newer)
    # One address for each pair of versions.
    if first.number != older:
        return redirect(_differences_address(first, second))
    language = get_language() or ""
    differences = compare(
        *(
            blocks(version.sources[language], version.titles[language])
            for version in (first, second)
        )
    )
    context = {
        "older": _shown(first),
        "newer": _shown(second),
        "both": [_shown(first), _shown(second)],
        "differences": differences,
        "steps": _steps(first, second),
        "compared": (first.number, second.number),
        "versions": [_shown(version) for version in published.current().of(code)],
    }
    return render(request, "privacy/differences.html", _about(code) | context)


def _version_page(request: HttpRequest, version: Version) -> HttpResponse:
    context = _about(version.policy) | {"shown": _shown(version), "since_url": ""}
    if context["in_force"]:
        context["since_url"] = context["in_force"].differences_from(version.number)
    return render(request, "privacy/policy.html", context)


def _unpublished(request: HttpRequest, code: str, title: str) -> HttpResponse:
    return render(request, "privacy/unpublished.html", {"title": title, "code": code})


def _about(code: str) -> dict[str, Any]:
    """What every page of a document shows: the version in force, and the announced ones."""
    policies = published.current()
    in_force = policies.in_force(code)
    return {
        "code": code,
        "in_force": _shown(in_force) if in_force else None,
        "coming": [_shown(version) for version in policies.coming(code)],
        "document": {
            "name": name_of(code),
            "url": address(code),
            "versions_url": address(code, "versions"),
            "compare_url": address(code, "compare"),
            "feed_url": address(code, "feed"),
        },
    }


def _shown(version: Version) -> ShownVersion:
    return ShownVersion(version, get_language() or "")


def _published(code: str, number: int) -> Version:
    version = published.current().get(code, number)
    if version is None:
        raise Http404
    return version


def _in_order(code: str, *numbers: int) -> list[Version]:
    """Published versions, the older one first."""
    return [_published(code, number) for number in sorted(numbers)]


def _steps(older: Version, newer: Version) -> list[ShownVersion]:
    """The versions after `older`, up to `newer`, that have a summary of their changes."""
    between = (
        version
        for version in reversed(published.current().of(newer.policy))
        if older.number < version.number <= newer.number
    )
    return [shown for shown in map(_shown, between) if shown.change_summary]


def _differences_address(older: Version, newer: Version) -> str:
    return _shown(newer).differences_from(older.number)


def _suggestion(shown: list[ShownVersion]) -> tuple[int, int]:
    """The two versions that the form offers: those of the last change."""
    newest = shown[0].version
    return (newest.previous_number or newest.number, newest.number)
