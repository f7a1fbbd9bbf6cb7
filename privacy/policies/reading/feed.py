"""The versions of a document as an Atom feed (RFC 4287), for each language."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from content.paths import absolute
from privacy.policies.reading import published
from privacy.policies.reading.addresses import address
from privacy.policies.reading.shown_version import ShownVersion, name_of

# What XML 1.0 (2.2) cannot hold, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """Every published version, the last one first. Without a version it is empty, and valid."""
    language = get_language() or ""
    context = {
        "code": code,
        "language": language,
        "name": name_of(code),
        "address": absolute(address(code, "feed")),
        "versions_address": absolute(address(code, "versions")),
        "versions": [ShownVersion(version, language) for version in published.current().of(code)],
    }
    response = render(
        request,
        "privacy/feed.xml",
        context,
        content_type="application/atom+xml; charset=utf-8",
    )
    response.content = _NO_XML.sub("", response.content.decode()).encode()
    return response
