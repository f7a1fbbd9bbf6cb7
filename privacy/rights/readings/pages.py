"""All pages and files of the admin with data of people, written into the log before they go out.

`StaffSite` asks for it at one place, so a new page of a model on the map is logged without a line
of its own. A page whose row cannot be written is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from evidence.admin import DOWNLOADED_ROWS
from privacy.rights.map.declarations import People, Person, PersonalData
from privacy.rights.map.register import all_declared
from privacy.rights.readings import reading
from privacy.rights.readings.reading import Reading

View = Callable[..., HttpResponseBase]
_Response = TypeVar("_Response", bound=HttpResponseBase)

_PERSON = "person_shown"
# A form that was refused shows the row as well.
_WITH_ROW = {200, 409, 422}


@dataclass(frozen=True)
class _Shown:
    """What an answer shows: how many rows, and the row if it is one. None where nobody can tell."""

    number: int | None = None
    only: Model | None = None


def data_of_others(model: type[Model]) -> PersonalData | None:
    """The declaration of a model with data of people outside staff; None for other models."""
    declared = {data.model: data for data in all_declared()}
    data = declared.get(model._meta.concrete_model or model)
    return data if data and {*data.people} != {People.STAFF} else None


def logged(view: View) -> View:
    """The same view. If it belongs to a page of personal data, what it shows is logged."""
    page = getattr(view, "__self__", None)
    data = data_of_others(page.model) if isinstance(page, ModelAdmin) else None
    if data is None:
        return view

    @wraps(view)
    def logged_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "HEAD" or response.status_code != 200:
            return response
        if isinstance(response, SimpleTemplateResponse):
            # Not before it is rendered: a page that fails shows nothing.
            response.add_post_render_callback(lambda ready: _log(data, view, request, ready))
        else:
            _log(data, view, request, response)
        return response

    return logged_view


def logged_row(view: View, model: type[Model]) -> View:
    """The same view, for a page of our own making about one row: `pk` is in its address. What the
    page shows of the row is logged; where it says `about` a person, everything about that person.
    """
    data = data_of_others(model)

    @wraps(view)
    def logged_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        shows_row = request.method != "HEAD" and response.status_code in _WITH_ROW
        if data and "pk" in kwargs and shows_row:
            if person := getattr(response, _PERSON, None):
                _log_everything(request, response, person)
            else:
                row = model._default_manager.filter(pk=kwargs["pk"]).first()
                _log_row(data, request, response, _Shown(1, row), person=None)
        return response

    return logged_view


def about(response: _Response, person: Person) -> _Response:
    """Say whose data a page of our own making shows, where it is that of one person."""
    setattr(response, _PERSON, person)
    return response


def _log(data: PersonalData, view: View, request: HttpRequest, response: Any) -> None:
    said: Person | None = getattr(response, _PERSON, None)
    shown = _shown(view, request, response)
    if not said and (shown.number == 0 or view.__name__ == "add_view"):
        return  # an empty list, or an empty form
    _log_row(data, request, response, shown, person=said)


def _log_row(
    data: PersonalData,
    request: HttpRequest,
    response: Any,
    shown: _Shown,
    *,
    person: Person | None,
) -> None:
    # One transaction: `person_of` locks what an erasure locks, so it comes before it or after it.
    with transaction.atomic():
        reading.log(
            request.user,
            person=person or _person_of(data, shown.only),
            what=_what(response),
            kind=data.model,
            rows=shown.number,
            at=timezone.now(),
        )


def _log_everything(request: HttpRequest, response: Any, person: Person) -> None:
    what = _what(response)
    reading.log(request.user, person=person, what=what, at=timezone.now())


def _what(response: Any) -> Reading.What:
    return Reading.What.EXPORTED if _is_file(response) else Reading.What.READ


def _shown(view: View, request: HttpRequest, response: Any) -> _Shown:
    if _is_file(response):
        return _downloaded(view, request)
    context = getattr(response, "context_data", None) or {}
    # Django's own names: of the page of a row, of its history, and of a list.
    if row := context.get("original") or context.get("object"):
        return _Shown(1, row)
    if "cl" in context:
        rows = [*context["cl"].result_list]
        return _Shown(len(rows), rows[0] if len(rows) == 1 else None)
    return _Shown()


def _downloaded(view: Any, request: HttpRequest) -> _Shown:
    """The rows of a file; the only one where one row was ticked for an action."""
    number = getattr(request, DOWNLOADED_ROWS, None)
    ids = {*request.POST.getlist(ACTION_CHECKBOX_NAME)}
    if len(ids) != 1 or request.POST.get("select_across") == "1":
        return _Shown(number)
    return _Shown(number, view.__self__.get_queryset(request).filter(pk__in=ids).first())


def _is_file(response: Any) -> bool:
    return bool(response.headers.get("Content-Disposition", "").startswith("attachment"))


def _person_of(data: PersonalData, row: Model | None) -> Person | None:
    """Whose row it is. Several rows may have several people."""
    return data.person_of(row) if row and data.person_of else None
