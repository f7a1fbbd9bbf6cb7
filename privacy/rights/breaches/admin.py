"""The register of breaches in the admin. Rows are added, changed while open, and never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import transaction
from django.db.models import DateTimeField, Model, QuerySet, TextField
from django.forms import DateTimeField as DateTimeFormField
from django.forms import DateTimeInput
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.admin import ReadOnlyAdmin, moment_text
from privacy import reminders
from privacy.models import Breach, BreachNotice
from privacy.rights.breaches import breach as breaches
from privacy.rights.breaches.breach_notice import Addressee
from privacy.rights.breaches.forms import BreachForm, NoticeForm, NoticeFormSet

# One field with one label for a moment: the two of Django have no label that a screen reader finds.
_FORM_FIELDS: Any = {
    DateTimeField: {
        "form_class": DateTimeFormField,
        "widget": DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    },
    TextField: {"widget": AdminTextareaWidget({"rows": 4})},
}


class NoticeInline(admin.StackedInline):
    """The notices of a breach. Staff add them while the breach is open, and cannot change them."""

    model = BreachNotice
    form = NoticeForm
    formset = NoticeFormSet
    extra = 1
    formfield_overrides = _FORM_FIELDS
    fields = (("addressee", "method"), "told_at", "about", "noted_at")
    readonly_fields = ("noted_at",)

    def has_add_permission(self, request: HttpRequest, obj: Breach | None = None) -> bool:
        return not _is_closed(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Breach)
class BreachAdmin(ReadOnlyAdmin):
    """Django logs who added or changed a breach; closing and reopening it are actions."""

    form = BreachForm
    formfield_overrides = _FORM_FIELDS
    inlines = (NoticeInline,)
    list_display = ("clock", "summary", "level", "people", "aware_at", "is_closed")
    list_display_links = ("clock", "summary")
    change_list_template = "admin/privacy/reminded_list.html"
    actions = ("close", "reopen")
    readonly_fields = ("clock", "deadline", "authorities", "people", "closed_at")
    fieldsets = (
        (
            gettext_lazy("Clock"),
            {"fields": ("clock", "deadline", "authorities", "people", "closed_at")},
        ),
        (gettext_lazy("The breach"), {"fields": ("facts", "began_at", "aware_at")}),
        (
            gettext_lazy("People and data"),
            {"fields": ("people_kinds", "people_number", "data_kinds", "records_number")},
        ),
        (
            gettext_lazy("Effects, measures and risk"),
            {"fields": ("effects", "measures", "risk", "risk_reason")},
        ),
        (
            gettext_lazy("Authorities that must be told"),
            {
                "fields": [*breaches.AUTHORITIES.values(), "late_reason"],
                "description": gettext_lazy(
                    "The ICO, as we are in the United Kingdom. Prezes UODO as well, if people in "
                    "Poland are concerned, and the authority of every other country of the EEA "
                    "where they live: no authority leads for a company without an establishment in "
                    "the EU (EDPB Guidelines 9/2022, point 73)."
                ),
            },
        ),
        (gettext_lazy("Telling the people concerned"), {"fields": ("people_not_told_reason",)}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("privacy.add_breach")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not _is_closed(obj) and self.has_act_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Breach]:
        return super().get_queryset(request).prefetch_related("notices")

    def get_ordering(self, request: HttpRequest) -> Any:
        return breaches.by_clock()

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Locks the row of a form that was sent, so that no colleague closes it meanwhile."""
        breach = super().get_object(request, object_id, from_field)
        if breach is None or request.method != "POST":
            return breach
        return self.get_queryset(request).select_for_update(of=("self",)).get(pk=breach.pk)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[1:]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {
            "title": _("Register of personal data breaches"),
            "reminders": reminders.above_list(Breach, at=timezone.now()),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        noted_at = timezone.now()
        for notice in formset.save(commit=False):
            notice.noted_at = noted_at
            notice.save()

    @admin.display(description=gettext_lazy("notice to the authority"))
    def clock(self, breach: Breach) -> str:
        return breach.clock.in_words(at=timezone.now())

    @admin.display(description=gettext_lazy("72 hours end at"))
    def deadline(self, breach: Breach) -> str:
        return moment_text(breach.clock.deadline)

    @admin.display(description=gettext_lazy("authorities"))
    def authorities(self, breach: Breach) -> str:
        lines = [(each.label, _told(breach, each)) for each in breach.competent_authorities]
        return format_html_join("", "<div>{}: {}</div>", lines) or "–"

    @admin.display(description=gettext_lazy("telling people"))
    def people(self, breach: Breach) -> str:
        if Addressee.PEOPLE in breach.told:
            return _told(breach, Addressee.PEOPLE)
        if breach.risk == breaches.Risk.NOT_ASSESSED:
            return _("depends on the risk")
        if breach.lacks_people:
            return _("not told yet")
        if breach.risk == breaches.Risk.HIGH:
            return _("not told, for a reason")
        return _("need not be told")

    @admin.display(description=gettext_lazy("closed"), boolean=True, ordering="closed_at")
    def is_closed(self, breach: Breach) -> bool:
        return breach.closed_at is not None

    # A short head, so that the whole table fits beside the menu of the admin.
    @admin.display(description=gettext_lazy("risk"))
    def level(self, breach: Breach) -> str:
        return breach.get_risk_display()

    @admin.display(description=gettext_lazy("what happened"))
    def summary(self, breach: Breach) -> str:
        return Truncator(breach.facts).chars(80)

    @admin.action(description=gettext_lazy("Close the breach"), permissions=["act"])
    def close(self, request: HttpRequest, queryset: QuerySet[Breach]) -> None:
        at = timezone.now()
        closed = []
        with transaction.atomic():
            rows = queryset.filter(closed_at=None).order_by("pk")
            for breach in rows.select_for_update(of=("self",)):
                try:
                    breaches.close(breach, at=at)
                except breaches.NotReady as refusal:
                    text = _("The breach of %(breach)s stays open. %(reasons)s")
                    reasons = " ".join(refusal.reasons)
                    text = text % {"breach": breach, "reasons": reasons}
                    self.message_user(request, text, messages.ERROR)
                else:
                    closed.append(breach)
            self.log(request, closed, _("The breach was closed."))
        self.tell(request, len(closed), _("Closed: %(number)d.") % {"number": len(closed)})

    @admin.action(description=gettext_lazy("Reopen the breach"), permissions=["act"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Breach]) -> None:
        with transaction.atomic():
            reopened = [breach for breach in queryset.order_by("pk") if breaches.reopen(breach)]
            self.log(request, reopened, _("The breach was reopened."))
        self.tell(request, len(reopened), _("Reopened: %(number)d.") % {"number": len(reopened)})


def _is_closed(breach: Model | None) -> bool:
    return isinstance(breach, Breach) and breach.closed_at is not None


def _told(breach: Breach, addressee: Addressee) -> str:
    told_at = breach.told.get(addressee)
    if told_at is None:
        return _("not told yet")
    return _("told on %(moment)s") % {"moment": moment_text(told_at)}
