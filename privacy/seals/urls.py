"""The addresses of the seal."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

import content.number_in_path  # noqa: F401 - registers <number:>
from privacy.seals import views


def patterns() -> list[URLPattern]:
    return [
        path(_("seal/"), views.page, name="seal"),
        path(_("seal/feed/"), views.feed, name="seal_feed"),
        path(_("seal/<number:size>/"), views.file, name="seal_file"),
        path(_("seal/<number:size>/proof/"), views.proof, name="seal_proof"),
    ]
