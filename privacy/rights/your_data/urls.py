"""The addresses of the page with a person's data, and of complaints."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from privacy.rights.your_data import page, views


def patterns() -> list[URLPattern]:
    """<path:>, not <str:>: an address with a malformed token must reach its view too, which is a
    private page (I15)."""
    return [
        path(_("your-data/"), views.start, name="your_data"),
        path(_("your-data/record/"), views.record, name="your_data_record"),
        path(_("your-data/complaint/"), views.complaint, name="your_data_complaint"),
        path(_("your-data/link/<path:token>/"), views.link, name="your_data_link"),
        _below_page(_("your-data/page/<path:token>/file/"), page.file, "file"),
        _below_page(_("your-data/page/<path:token>/erase/"), page.erase, "erase"),
        _below_page(_("your-data/page/<path:token>/correct/"), page.correct, "correct"),
        _below_page(_("your-data/page/<path:token>/ask/"), page.ask, "ask"),
        _below_page(_("your-data/page/<path:token>/choose/"), page.choose, "choose"),
        path(_("your-data/page/<path:token>/"), page.page, name="your_data_page"),
    ]


def _below_page(route: Any, view: page.View, name: str) -> URLPattern:
    pattern: URLPattern = path(route, view, name=f"your_data_{name}")
    return pattern
