"""A page for staff that shows every design token and component under its name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from voipstudio.models import Icon

COLORS = (
    "ground", "surface", "sunk", "line", "line-strong", "ink", "ink-soft", "accent",
    "accent-deep", "on-accent", "wash", "band", "on-band", "on-band-soft", "danger",
    "danger-wash", "added", "removed",
)  # fmt: skip
# The backgrounds of each text color: tests/voipstudio/pages/test_design.py measures the contrast
# of each pair (WCAG 1.4.3).
BACKGROUNDS = {
    "ink": ("ground", "surface", "sunk", "wash", "danger-wash", "added", "removed"),
    "ink-soft": ("ground", "surface", "sunk"),
    "accent": ("ground", "surface", "sunk", "wash"),
    "accent-deep": ("ground", "surface", "sunk", "wash"),
    "on-accent": ("accent", "accent-deep"),
    "on-band": ("band",),
    "on-band-soft": ("band",),
    "band": ("on-band", "on-band-soft"),
    "danger": ("ground", "surface", "danger-wash"),
    "ground": ("ink",),
}
TEXTS = ("fine", "small", "body", "lead", "h3", "h2", "h1", "figure")
SPACES = tuple(f"space-{step}" for step in range(1, 9))
BUTTONS = ("", "button--primary", "button--primary button--large", "button--compact")
NOTICES = ("notice", "notice notice--problem", "wrong", "status", "tag", "tag tag--plain")
ICONS = (*Icon.values, "dash")


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """A page of samples; its buttons and fields do nothing."""
    context = {
        "colors": COLORS,
        "pairs": [(text, back) for text, backs in BACKGROUNDS.items() for back in backs],
        "texts": TEXTS,
        "spaces": SPACES,
        "buttons": BUTTONS,
        "notices": NOTICES,
        "icons": ICONS,
        "plan": {
            "code": "sample",
            "name": _("Sample"),
            "description": _("Sample"),
            "features": [_("Sample")] * 3,
            "price": "0,00",
            "billing": _("per user per month, excl. VAT"),
            "is_sample": True,
        },
    }
    return render(request, "voipstudio/design.html", context)
