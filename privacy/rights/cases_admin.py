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
from privacy.models import ErasureCase, LegalHold, Restriction
from privacy.rights import erasure, erasure_cases, legal_holds, reminders, restrictions
from privacy.rights.cases import fields_of
from privacy.rights.forms import LegalHoldForm, PersonForm, RestrictionForm
from privacy.rights.register import Person, all_declared


class CaseAdmin(ReadOnlyAdmin):
    """Cases that staff open by a form and close by an action, and never change."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(f"privacy.add_{self.opts.model_name}")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        for name, value in fields_of(form.person).items():
            setattr(obj, name, value)
        obj.opened_at = timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Restriction)
class RestrictionAdmin(CaseAdmin):
    form = RestrictionForm
    list_display = ("opened_at", "reason", "lifted_at")
    fields = ("email", "record_ids", "reason")
    actions = ("lift",)

    @admin.action(description=gettext_lazy("Lift the restriction"), permissions=["act"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Restriction]) -> None:
        _lift(self, request, queryset, restrictions.lift, _("The restriction was lifted."))


@admin.register(LegalHold)
class LegalHoldAdmin(CaseAdmin):
    form = LegalHoldForm
    list_display = ("opened_at", "reason", "review_on", "lifted_at")
    fields = ("email", "record_ids", "reason", "review_on")
    actions = ("lift",)
    change_list_template = "admin/privacy/reminded_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"reminders": [*reminders.of_legal_holds(timezone.now())]}
        return super().changelist_view(request, context | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        erasure_cases.pause()
        super().save_model(request, obj, form, change)

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

    list_display = ("opened_at", "state", "final_on", "erased_at", "undone_at")
    fields = ("state", "opened_at", "final_on", "erased_at", "undone_at", "email", "erased_rows")
    actions = ("undo",)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PersonForm(request.POST or None)
        preview = None
        if request.method == "POST" and form.is_valid():
            if legal_holds.stands_for(form.person):
                form.add_error(None, _held())
            elif "erase" in request.POST:
                return self._request(request, form.person)
            else:
                preview = erasure.preview(form.person, at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase a person"),
            "opts": self.opts,
            "form": form,
            "preview": preview,
        }
        return render(request, "admin/privacy/erasurecase/add.html", context)

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


def _held() -> str:
    return _(
        "A legal hold is on this person, so nothing of theirs may be erased. Tell them so, and why "
        "(GDPR Art. 17(3)(e)). Lift the hold first, if it is no longer needed."
    )
