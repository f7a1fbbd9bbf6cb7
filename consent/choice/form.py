"""The form that carries a choice, read strictly: a form with any error changes nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from consent.choice.visit import Visit, foreign_origin
from consent.models import ConsentRecord
from consent.registry.registry import Registry

MAX_BODY_BYTES = 8 * 1024
# The former name of `place`, which pages send that were open while a release renamed it.
_FORMER_PLACE = "method"
_FIELDS = {
    "choice", "group", "notice", "policy", "next", "place", "javascript",
    "background", "referrer",
    _FORMER_PLACE,
}  # fmt: skip
_PLACES = frozenset(place.value for place in ConsentRecord.PLACES)
_ACTIONS = {"accept", "reject", "save", "choose"}
# The paths of public pages. A dot, an encoded character or a second slash could lead a browser to
# another host, so that the redirect after a choice would be an open one.
_PAGE = re.compile(r"/(?:[-\w]+/)*", re.ASCII)


class BadForm(Exception):
    """The form is not accepted. `status` is 4xx; the message is a sentence for the visitor."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class ChoiceForm:
    """One well-formed form. `granted` names only groups that are asked about now."""

    action: str
    # Whether the visitor wants to grant something. `granted` is empty all the same while the
    # registry cannot be loaded.
    is_grant: bool
    granted: tuple[str, ...]
    notice_key: str
    # The reconsent version when the form was shown, by its number; empty before the first one.
    reconsent_number: str
    next_path: str
    # Where the form was shown: a value of ConsentRecord.PLACES.
    place: str
    has_javascript: bool
    # Sent by static/js/ask.js with fetch(): the visitor stays on the page.
    is_background: bool
    visit: Visit

    @property
    def next_address(self) -> str:
        """The page to go back to, with its query."""
        return self.next_path + (f"?{self.visit.query}" if self.visit.query else "")


def read_form(request: HttpRequest, *, registry: Registry) -> ChoiceForm:
    """Read the form. Raises BadForm for a form that our own pages never send."""
    fields = _fields(request)
    if _is_refusal(fields):
        fields = _fields_of_refusal(fields, own_path=request.path)
    action = _one(fields, "choice")
    if action not in _ACTIONS:
        raise BadForm(400, _("The form does not contain a choice that we know."))
    if set(fields) - _FIELDS:
        raise BadForm(400, _("The form has fields that we do not know."))
    ticked = fields.get("group", [])
    # With an empty registry every group would be unknown: the view answers 503 instead (I18).
    unknown = set(ticked) - set(registry.optional_codes) if registry.groups else set()
    if unknown and action != "reject":  # a refusal always counts (I9)
        raise BadForm(
            400,
            _("The form names a group that we do not know: %(groups)s.")
            % {"groups": ", ".join(sorted(unknown))[:100]},
        )
    granted = {"accept": registry.optional_codes, "save": tuple(ticked)}.get(action, ())
    place = _one(fields, "place") or _one(fields, _FORMER_PLACE) or ConsentRecord.Method.BANNER
    if place not in _PLACES:
        raise BadForm(400, _("The form does not say where it was shown."))
    next_path = _next_path(_one(fields, "next"))
    return ChoiceForm(
        action=action,
        is_grant=action == "accept" or (action == "save" and bool(ticked)),
        granted=tuple(code for code in registry.optional_codes if code in granted),
        notice_key=_one(fields, "notice"),
        reconsent_number=_one(fields, "policy"),
        next_path=next_path,
        place=place,
        has_javascript=_one(fields, "javascript") == "1",
        is_background=_one(fields, "background") == "1",
        visit=_visit(request, next_path, _one(fields, "referrer")),
    )


def _fields(request: HttpRequest) -> dict[str, list[str]]:
    if request.content_type != "application/x-www-form-urlencoded":
        raise BadForm(415, _("The form must be sent URL-encoded."))
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0  # Django, too, reads no body then
    if length > MAX_BODY_BYTES:
        raise BadForm(413, _("The form is larger than it can be."))
    unreadable = BadForm(400, _("The form is not readable."))
    try:
        body = request.body
    except ValueError:  # the header names a length that is no number
        raise unreadable from None
    try:
        return parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=50,
        )
    except ValueError:
        fields = parse_qs(body.decode("ascii", "replace"), errors="replace")
        if _rejects(fields):
            return fields
        raise unreadable from None


def _rejects(fields: Mapping[str, list[str]]) -> bool:
    return set(fields.get("choice", [])) == {"reject"}


def _is_refusal(fields: Mapping[str, list[str]]) -> bool:
    """Whether the visitor refuses: by the button for that, or by saving without a tick."""
    return _rejects(fields) or (fields.get("choice") == ["save"] and "group" not in fields)


def _fields_of_refusal(fields: Mapping[str, list[str]], *, own_path: str) -> dict[str, list[str]]:
    """What a refusal is read from: it always counts (I9), whatever else the form holds.

    Where the form names no page to go back to, the visitor stays on the cookie page.
    """
    fields = {name: values[:1] for name, values in fields.items() if name in _FIELDS}
    for name in ("place", _FORMER_PLACE):
        if not set(fields.get(name, [])) <= _PLACES:
            del fields[name]
    if not _is_page(_one(fields, "next")):
        fields["next"] = [own_path]
    return fields


def _one(fields: Mapping[str, list[str]], name: str) -> str:
    values = fields.get(name, [""])
    if len(values) > 1:
        raise BadForm(400, _("The form names “%(name)s” more than once.") % {"name": name})
    return values[0]


def _next_path(value: str) -> str:
    """The path of a public page of this site. Raises BadForm for any other."""
    if not _is_page(value):
        raise BadForm(400, _("The form would lead away from this site."))
    return value


def _is_page(path: str) -> bool:
    return bool(_PAGE.fullmatch(path)) and not path.startswith(settings.ADMIN_PREFIX)


def _visit(request: HttpRequest, next_path: str, referrer: str) -> Visit:
    """The page that the form was sent from. The Referer header, where sent, has its query."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        page = urlsplit("")
    is_ours = page.netloc == request.get_host() and page.path == next_path
    parts = page.query.split("&")
    return Visit(
        path=next_path,
        query="&".join(part for part in parts if part and part != "ask=open") if is_ours else "",
        referrer_origin=foreign_origin(request, referrer),
    )
