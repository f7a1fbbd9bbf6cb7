"""Erasures, restrictions and legal holds in the admin: staff act for people who wrote or called."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.admin import ReadOnlyAdmin, moment_text
from privacy import reminders
from privacy.models import ErasureCase, LegalHold, Restriction
from privacy.rights.cases import erasure, erasure_cases, legal_holds, restrictions
from privacy.rights.cases.case import Case, fields_of, names_of
from privacy.rights.cases.forms import LegalHoldForm, PersonForm, RestrictionForm
from privacy.rights.map.declarations import Person
from privacy.rights.map.register import all_declared
from privacy.rights.readings import pages as readings


class CaseAdmin(ReadOnlyAdmin):
    """Cases that staff open by a form and close by an action, and never change."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(f"privacy.add_{self.opts.model_name}")

    # What follows from a new case, and what staff do then.
    opened_text: Any = ""

    @admin.display(description=gettext_lazy("person"))
    def whom(self, case: Case) -> str:
        return ", ".join(names_of(case.person)) or "–"

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The form asks less than the page of a case shows."""
        return self.fields if obj else [*self.form.base_fields]

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """The person of another page that leads here."""
        return {name: request.POST.get(name, "") for name in PersonForm.base_fields}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        if "prefilled" in request.POST:
            # A link with a person, sent as a form as their address may stand in no URL.
            request.method = "GET"
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        context = one_button | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        at = timezone.now()
        if erasure.preview(form.person, at=at).is_empty:
            self.message_user(request, _nobody(), messages.WARNING)
        for name, value in fields_of(form.person).items():
            setattr(obj, name, value)
        obj.opened_at = at
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, self.opened_text, messages.SUCCESS)
        return redirect(reverse(f"admin:privacy_{self.opts.model_name}_changelist"))


@admin.register(Restriction)
class RestrictionAdmin(CaseAdmin):
    form = RestrictionForm
    list_display = ("opened_at", "whom", "reason", "lifted_at")
    fields = ("whom", "reason", "opened_at", "lifted_at")
    actions = ("lift",)
    opened_text = gettext_lazy(
        "The data is kept and not used until you lift the restriction. Tell the person before you "
        "lift it (GDPR Art. 18(3))."
    )

    @admin.action(description=gettext_lazy("Lift the restriction"), permissions=["act"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Restriction]) -> None:
        _lift(self, request, queryset, restrictions.lift, _("The restriction was lifted."))


@admin.register(LegalHold)
class LegalHoldAdmin(CaseAdmin):
    form = LegalHoldForm
    list_display = ("opened_at", "whom", "reason", "review_on", "lifted_at")
    fields = ("whom", "reason", "review_on", "opened_at", "lifted_at")
    actions = ("lift",)
    opened_text = gettext_lazy("Nothing of this person is deleted until you lift the hold.")
    change_list_template = "admin/privacy/reminded_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"reminders": reminders.above_list(LegalHold, at=timezone.now())}
        return super().changelist_view(request, context | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        erasure_cases.pause()
        super().save_model(request, obj, form, change)
        if erasure_cases.pending_of(obj.person).exists():
            text = _(
                "This person asked for erasure, which now waits. Tell them so, and why (GDPR "
                "Art. 12(4) and 17(3)(e))."
            )
            self.message_user(request, text, messages.WARNING)

    @admin.action(description=gettext_lazy("Lift the hold"), permissions=["act"])
    def lift(self, request: HttpRequest, queryset: QuerySet[LegalHold]) -> None:
        _lift(self, request, queryset, legal_holds.lift, _("The legal hold was lifted."))


def _lift(page: CaseAdmin, request: HttpRequest, queryset: Any, lift: Any, said: str) -> None:
    at = timezone.now()
    with transaction.atomic():
        cases = list(queryset)
        lifted = [case for case in cases if lift(case, at=at)]
        page.log(request, lifted, said)
    text = _("Lifted: %(done)d. Skipped, as lifted before: %(skipped)d.")
    counts = {"done": len(lifted), "skipped": len(cases) - len(lifted)}
    page.tell(request, len(lifted), text % counts)


@admin.register(ErasureCase)
class ErasureCaseAdmin(CaseAdmin):
    """Erasures. The form first shows what goes and what stays; the second button asks for it."""

    list_display = ("opened_at", "whom", "state", "final_on", "erased_at", "undone_at")
    fields = ("state", "whom", "opened_at", "final_on", "erased_at", "undone_at", "erased_rows")
    actions = ("undo",)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PersonForm(request.POST or None)
        preview = None
        names = ""
        if request.method == "POST" and form.is_valid():
            names = ", ".join(names_of(form.person))
            if refusal := _refusal(form.person):
                form.add_error(None, refusal)
            elif "erase" in request.POST and request.POST.get("shown") == names:
                return self._request(request, form.person)
            else:
                preview = erasure.preview(form.person, at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase a person"),
            "opts": self.opts,
            "form": form,
            "preview": preview,
            "names": names,
        }
        page = render(request, "admin/privacy/erasurecase/add.html", context)
        # What is held of a person is told to staff here, though no row has a page yet.
        return readings.about(page, form.person) if preview else page

    def _request(self, request: HttpRequest, person: Person) -> HttpResponse:
        try:
            with transaction.atomic():
                case = erasure_cases.request(person, at=timezone.now())
                self.log(request, [case], _("The erasure was asked for."))
        except erasure_cases.Held:
            self.message_user(request, _held(), messages.ERROR)
        else:
            text = _(
                "The data is restricted now, and erased on %(moment)s. Until then you can undo it."
            )
            self.message_user(request, text % {"moment": moment_text(case.final_at)})
        return redirect(reverse("admin:privacy_erasurecase_changelist"))

    @admin.display(description=gettext_lazy("state"))
    def state(self, case: ErasureCase) -> str:
        if case.undone_at:
            return _("undone")
        if case.erased_at:
            return _("erased")
        if legal_holds.stands_for(case.person):
            return _("stopped by a legal hold")
        return (
            _("can still be undone") if case.final_at > timezone.now() else _("about to be erased")
        )

    @admin.display(description=gettext_lazy("final on"), ordering="opened_at")
    def final_on(self, case: ErasureCase) -> str:
        return moment_text(case.final_at)

    @admin.display(description=gettext_lazy("erased rows"))
    def erased_rows(self, case: ErasureCase) -> str:
        names = {data.table: data.name for data in all_declared()}
        lines = [(names.get(table, table), number) for table, number in case.counts.items()]
        return format_html_join("", "<div>{}: {}</div>", lines) if lines else "–"

    @admin.action(description=gettext_lazy("Undo the erasure"), permissions=["act"])
    def undo(self, request: HttpRequest, queryset: QuerySet[ErasureCase]) -> None:
        at = timezone.now()
        with transaction.atomic():
            cases = list(queryset)
            undone = [case for case in cases if erasure_cases.undo(case, at=at)]
            self.log(request, undone, _("The erasure was undone."))
        text = _("Undone: %(done)d. Skipped, as final or undone before: %(skipped)d.")
        counts = {"done": len(undone), "skipped": len(cases) - len(undone)}
        self.tell(request, len(undone), text % counts)


def _refusal(person: Person) -> str:
    """Why no erasure of this person can be asked for now; empty where it can."""
    if legal_holds.stands_for(person):
        return _held()
    pending = erasure_cases.pending_of(person).first()
    if pending is None:
        return ""
    return _(
        "An erasure of this person is under way already, and final on %(moment)s. If it should "
        "cover more, undo it in the list, and ask again here."
    ) % {"moment": moment_text(pending.final_at)}


def _held() -> str:
    return _(
        "A legal hold is on this person, so nothing of theirs may be erased. Tell them so, and why "
        "(GDPR Art. 17(3)(e)). Lift the hold first, if it is no longer needed."
    )


def _nobody() -> str:
    return _(
        "We hold nothing about this person in the tables. Check the address and the numbers: if "
        "you mistyped them, lift this case and open a new one."
    )
