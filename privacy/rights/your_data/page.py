"""The page with a person's data, and what the person does there. Its address holds a token."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content import store
from content.private_pages import private_page
from content.see_other import see_other
from delivery.tokens import TokenRefused
from privacy.models import DataRequest
from privacy.rights.cases import erasure, erasure_cases
from privacy.rights.cases.case import cases_of
from privacy.rights.cases.turn import turn
from privacy.rights.export import export, readable
from privacy.rights.requests.data_request import Right
from privacy.rights.your_data import actions, choices, data_link, erasing, views
from privacy.rights.your_data.forms import AskForm, RecordForm
from privacy.rights.your_data.offers import Correction, all_corrections

View = Callable[..., HttpResponse]


class OpenPage:
    """One open page: its link, its token, and the moment of the request."""

    def __init__(self, token: str, *, at: datetime) -> None:
        """Raises TokenRefused."""
        self.link, row = data_link.read(token, at=at)
        self.token, self.at, self.closes_at = token, at, row.expires_at

    @property
    def language(self) -> str:
        return get_language() or ""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Act for the person, one at a time. Raises TokenRefused where an erasure was faster."""
        with turn(self.link.person):
            self.link, _row = data_link.read(self.token, at=self.at)
            yield

    def back(self, done: str) -> HttpResponse:
        """Go back to the page, which says at its place what was done."""
        address = reverse("your_data_page", kwargs={"token": self.token})
        return see_other(f"{address}?{urlencode({'done': done})}#done")


def with_page(view: Callable[[HttpRequest, OpenPage], HttpResponse]) -> View:
    """Give the view the open page of the token. A refused token gets a page that says so."""

    @private_page
    @wraps(view)
    def of_token(request: HttpRequest, token: str) -> HttpResponse:
        store.require_database()
        try:
            return view(request, OpenPage(token, at=timezone.now()))
        except TokenRefused as refusal:  # also where the page ended while the view acted
            return views.refused(request, refusal)

    return of_token


@with_page
@require_safe
def page(request: HttpRequest, open_page: OpenPage) -> HttpResponse:
    """Everything about a person, and everything that the person can do."""
    return _page(request, open_page)


@with_page
@require_safe
def file(request: HttpRequest, open_page: OpenPage) -> HttpResponse:
    """Everything about a person as JSON, to keep or to hand on (GDPR Art. 15(3) and 20)."""
    content = export(open_page.link.person, at=open_page.at)
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    day = timezone.localdate(open_page.at)
    name = "twoje-dane" if open_page.language == "pl" else "your-data"
    response["Content-Disposition"] = f'attachment; filename="voipstudio-{name}-{day}.json"'
    return response


@with_page
@require_POST
def choose(request: HttpRequest, open_page: OpenPage) -> HttpResponse:
    """What one button does: a choice about use, undoing an erasure, joining a record, closing."""
    link, at = open_page.link, open_page.at
    match request.POST.get("do"):
        case "undo":
            is_undone = actions.undo_erasure(link.person, at=at)
            return open_page.back("undone" if is_undone else "too-late")
        case "join":
            return _join(request, open_page)
        case "close":
            data_link.close(open_page.token, at=at)
            return see_other(f"{reverse('your_data')}#closed")
        case choice:
            with open_page.turn():
                person, language = open_page.link.person, open_page.language
                is_known = choices.make(choice or "", person, language=language, at=at)
            if not is_known:
                return _page(request, open_page, status=400, problem=_unknown_button())
            return open_page.back(str(choice))


@with_page
@require_POST
def correct(request: HttpRequest, open_page: OpenPage) -> HttpResponse:
    """Store one corrected row. A form that does not fit is shown again with what was typed."""
    with open_page.turn():
        bound = [pair for pair in _forms(open_page, request.POST) if pair[1].is_bound]
        if not bound:
            return _page(request, open_page, status=400, problem=_unknown_button())
        [(correction, form), *_more] = bound
        if not form.is_valid():
            return _page(request, open_page, status=422, wrong_form=form)
        person, language = open_page.link.person, open_page.language
        made = actions.correct(correction, form, person, language=language, at=open_page.at)
        is_passed_on = made is not None and made.is_open
        return open_page.back("passed-on" if is_passed_on else "corrected")


@with_page
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, open_page: OpenPage) -> HttpResponse:
    """What goes and what stays; a POST asks for the erasure, which can be undone for a day."""
    link, at = open_page.link, open_page.at
    if request.method != "POST":
        if erasure_cases.pending_for(link.person):
            return open_page.back("erasing")
        preview = erasure.preview(link.person, at=at)
        context = {"open_page": open_page, "preview": preview}
        return render(request, "privacy/your_data/erase.html", context)
    with open_page.turn():
        is_asked_first = not erasure_cases.pending_for(link.person)
        try:
            actions.erase(open_page.link, at=at)
        except erasure_cases.Held:
            actions.ask(
                open_page.link.person,
                kind=Right.ERASURE,
                text="",
                language=open_page.language,
                at=at,
            )
            return open_page.back("held")
    response = open_page.back("erasing")
    if is_asked_first:
        erasing.asked_for.send(None, request=request, response=response, person=link.person, at=at)
    return response


@with_page
@require_POST
def ask(request: HttpRequest, open_page: OpenPage) -> HttpResponse:
    """Hand a request to staff."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, open_page, status=422, wrong_form=form, ask_form=form)
    with open_page.turn():
        actions.ask(
            open_page.link.person, **form.cleaned_data, language=open_page.language, at=open_page.at
        )
    return open_page.back("asked")


def _join(request: HttpRequest, open_page: OpenPage) -> HttpResponse:
    """Add the number of a consent record to the person of the page."""
    form = RecordForm(request.POST)
    if form.is_valid() and data_link.join(open_page.link, form.person):
        return open_page.back("joined")
    if form.is_valid():
        form.add_error("number", _("We hold no record with this number. Check each character."))
    return _page(request, open_page, status=422, wrong_form=form, record_form=form)


def _forms(open_page: OpenPage, data: Any = None) -> list[tuple[Correction, Form]]:
    person = open_page.link.person
    return [(each, form) for each in all_corrections() for form in each.forms(person, data)]


def _page(
    request: HttpRequest,
    open_page: OpenPage,
    *,
    status: int = 200,
    problem: str = "",
    wrong_form: Form | None = None,
    ask_form: AskForm | None = None,
    record_form: RecordForm | None = None,
) -> HttpResponse:
    person = open_page.link.person
    corrections = [form for _correction, form in _forms(open_page)]
    if wrong_form:
        corrections = [
            wrong_form if form.prefix == wrong_form.prefix else form for form in corrections
        ]
    done = request.GET.get("done", "")
    context = {
        "open_page": open_page,
        "person": person,
        "problem": problem,
        "wrong_form": wrong_form,
        "done": done,
        "chosen": choices.result(done),
        "choices": choices.of(person, at=open_page.at),
        "pending": erasure_cases.pending_of(person).first(),
        "can_erase": not erasure_cases.pending_for(person),
        "held": readable(person),
        "corrections": corrections,
        "requests": cases_of(DataRequest)(person).order_by("-opened_at"),
        "ask_form": ask_form or AskForm(),
        "record_form": record_form or RecordForm(),
    }
    return render(request, "privacy/your_data/page.html", context, status=status)


def _unknown_button() -> str:
    return _("We could not tell which button you pressed. Please use one below.")
