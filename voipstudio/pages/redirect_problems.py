"""Paths of this site that redirects name."""

from django.conf import settings
from django.utils.translation import gettext as _

from content.paths import is_page


def redirect_problems(old_path: str, new_path: str) -> dict[str, str]:
    """What is wrong with a redirect, by field. A target is a page, so none leads to another."""
    problems = {}
    if not old_path.startswith("/") or old_path.startswith("//") or {*old_path} & {*"?#\\"}:
        problems["old_path"] = _(
            "Write the old address from its first “/” on, without “?” and “#”: /oferta.html"
        )
    elif old_path.startswith((settings.ADMIN_PREFIX, settings.STATIC_URL)):
        problems["old_path"] = _("Addresses below /admin/ and /static/ are never redirected.")
    elif is_page(old_path) or is_page(f"{old_path}/"):
        problems["old_path"] = _("There is a page at this address: a redirect is never reached.")
    if not is_page(new_path.partition("#")[0]):
        problems["new_path"] = _(
            "There is no page at this address. Write an address of this site, such as /cennik/."
        )
    return problems
