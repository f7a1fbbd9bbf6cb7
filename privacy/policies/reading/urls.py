"""The addresses at which documents are read: each has its own, with its versions below it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

import content.number_in_path  # noqa: F401 - registers <number:>
from privacy.models import PolicyCode
from privacy.policies.reading import feed, views
from privacy.policies.reading.addresses import NAMES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

View = Callable[..., HttpResponse]


def patterns(code: PolicyCode, slug: "StrPromise") -> list[URLPattern]:
    """The addresses of one document, in each language."""
    name, about = NAMES[code], {"code": code}
    below: dict[str, tuple[StrPromise, View]] = {
        "versions": (_("versions/"), views.versions),
        "version": (_("versions/<number:number>/"), views.version),
        "file": (_("versions/<number:number>/file/"), views.file),
        "compare": (_("versions/differences/"), views.compare_versions),
        "differences": (
            _("versions/<number:older>/differences/<number:newer>/"),
            views.version_differences,
        ),
        "feed": (_("versions/feed/"), feed.feed),
    }
    return [
        path(slug, views.policy_page, about, name=name),
        *(
            path(format_lazy("{}{}", slug, rest), view, about, name=f"{name}_{kind}")
            for kind, (rest, view) in below.items()
        ),
    ]
