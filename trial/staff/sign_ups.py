"""Sign-ups in the admin: the state of each, its proofs of consent, its mails, its hand-over."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery import outbox
from delivery.admin import AddressSearch, NextAttempt
from delivery.models import Mail
from evidence.admin import ReadOnlyInline, moment_text
from evidence.growing.admin import GrowingAdmin, LanguageFilter
from trial import actions, funnel
from trial.models import (
    Channel,
    HandOver,
    MarketingConsent,
    MarketingWithdrawal,
    SignUp,
    SignUpQuerySet,
)
from trial.sign_up.state import SignUpState, filter_by_state, state_of
from trial.staff import export

_MAIL_NAMES = {
    actions.CONFIRM: gettext_lazy("link that starts the trial"),
    actions.STARTED: gettext_lazy("the trial has started"),
    actions.REMINDER: gettext_lazy("the trial ends soon"),
    actions.POLICY: gettext_lazy("a policy is changing"),
}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return SignUpState.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return filter_by_state(queryset, self.value(), at=timezone.now())


class AttributionFilter(admin.SimpleListFilter):
    title = gettext_lazy("attribution")
    parameter_name = "attribution"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("came from an ad")), ("no", _("source unknown"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in {"yes", "no"}:
            return queryset.filter(attribution__isnull=self.value() == "no")
        return queryset


def withdrawn_on(consent: MarketingConsent) -> str:
    return moment_text(consent.withdrawn_at)


def withdrawal_method(consent: MarketingConsent) -> str:
    return consent.withdrawal.get_method_display() if hasattr(consent, "withdrawal") else "–"


class ConsentInline(ReadOnlyInline):
    """The proof of each consent: its words, when it was ticked and confirmed, its withdrawal."""

    model = MarketingConsent
    fields = readonly_fields = (
        "channel",
        "words",
        "language",
        "given_at",
        "confirmed_at",
        "withdrawn_at",
        "withdrawal_method",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MarketingConsent]:
        return super().get_queryset(request).select_related("wording", "withdrawal")

    @admin.display(description=gettext_lazy("wording that was read"))
    def words(self, consent: MarketingConsent) -> str:
        return consent.text

    @admin.display(description=gettext_lazy("withdrawn at"))
    def withdrawn_at(self, consent: MarketingConsent) -> str:
        return withdrawn_on(consent)

    @admin.display(description=gettext_lazy("how it was withdrawn"))
    def withdrawal_method(self, consent: MarketingConsent) -> str:
        return withdrawal_method(consent)


class HandOverInline(NextAttempt, ReadOnlyInline):
    """The state of the hand-over to the phone system."""

    model = HandOver
    fields = readonly_fields = ("state", "attempts", "next_attempt", "finished_at", "last_error")


@admin.register(SignUp)
class SignUpAdmin(AddressSearch, GrowingAdmin):
    """Sign-ups are read-only: they are evidence of what a person agreed to (GDPR Art. 7(1))."""

    list_display = ("company", "name", "readable_email", "state", "language", "created_at")
    list_filter = (StateFilter, LanguageFilter, "created_at", AttributionFilter)
    search_fields = ("email", "name", "company")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("state", "created_at", "confirmed_at", "ends_at", "ended_at")}),
        (
            gettext_lazy("Person"),
            {"fields": ("name", "readable_email", "company", "telephone", "language", "origin")},
        ),
        (
            gettext_lazy("Agreed to with the form"),
            {"fields": ("policy_version", "terms_version", "ticked")},
        ),
        (gettext_lazy("E-mail messages"), {"fields": ("mails",)}),
    )
    inlines = (ConsentInline, HandOverInline)
    actions = ("download_csv", "send_confirmation", "object_to_marketing", "end_trial")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignUp]:
        return super().get_queryset(request).select_related("email_wording", "phone_wording")

    @admin.display(description=gettext_lazy("work e-mail"))
    def readable_email(self, sign_up: SignUp) -> str:
        return sign_up.readable_email

    @admin.display(description=gettext_lazy("telephone"))
    def telephone(self, sign_up: SignUp) -> str:
        return str(sign_up.telephone or "–")

    @admin.display(description=gettext_lazy("state"))
    def state(self, sign_up: SignUp) -> str:
        state = state_of(sign_up, at=timezone.now())
        if sign_up.over_at is None:
            return str(state.label)
        day = date_format(timezone.localtime(sign_up.over_at))
        if state == SignUpState.RUNNING:
            return _("trial running until %(day)s") % {"day": day}
        return _("trial over since %(day)s") % {"day": day}

    @admin.display(description=gettext_lazy("attribution"))
    def origin(self, sign_up: SignUp) -> str:
        attribution = sign_up.attribution
        if not attribution:
            return ""
        pairs = [
            (_("campaign"), funnel.campaign_of(attribution)),
            (_("came from"), attribution["referrer"]),
            (_("first page"), attribution["landing"]),
            *attribution["parameters"].items(),
        ]
        return format_html_join("", "<div>{}: {}</div>", [pair for pair in pairs if pair[1]])

    @admin.display(description=gettext_lazy("boxes that were ticked"))
    def ticked(self, sign_up: SignUp) -> str:
        texts = [
            (sign_up.language, Channel(channel).label, wording.texts[sign_up.language])
            for channel, wording in sign_up.wordings.items()
        ]
        return format_html_join("", '<p lang="{}">{}: {}</p>', texts)

    @admin.display(description=gettext_lazy("e-mail messages"))
    def mails(self, sign_up: SignUp) -> str:
        # Marketing mails are about a consent, not about the sign-up: they are listed elsewhere.
        # `about_any` lets the database find them by an index, which it has not for a beginning.
        rows = Mail.objects.about_any([sign_up.pk]).filter(
            Q(about=str(sign_up.pk)) | Q(kind=actions.POLICY, about__startswith=f"{sign_up.pk} ")
        )
        mails = [
            (_MAIL_NAMES.get(mail.kind, mail.kind), mail) for mail in rows.order_by("created_at")
        ]
        return render_to_string("admin/trial/signup/_mails.html", {"mails": mails})

    @admin.action(description=gettext_lazy("Download as CSV"), permissions=["view"])
    def download_csv(self, request: HttpRequest, queryset: SignUpQuerySet) -> StreamingHttpResponse:
        usable = queryset.usable()
        self.log_download(request, usable.count())
        return export.sign_ups(usable, at=timezone.now())

    @admin.action(description=gettext_lazy("Send the confirmation again"), permissions=["act"])
    def send_confirmation(self, request: HttpRequest, queryset: SignUpQuerySet) -> None:
        """Without the daily limit of a mailbox: it is there to stop strangers, not staff."""
        with transaction.atomic():
            selected = queryset.count()
            waiting = list(queryset.waiting())
            for sign_up in waiting:
                outbox.put(kind=actions.CONFIRM, about=sign_up.pk, at=timezone.now())
            self.log(request, waiting, _("The confirmation was sent again."))
        text = _("E-mails in the queue: %(done)d. Skipped, as confirmed already: %(skipped)d.")
        counts = {"done": len(waiting), "skipped": selected - len(waiting)}
        self.tell(request, len(waiting), text % counts)

    @admin.action(
        description=gettext_lazy("Objected to marketing (asked by phone or letter)"),
        permissions=["act"],
    )
    def object_to_marketing(self, request: HttpRequest, queryset: SignUpQuerySet) -> None:
        at, method = timezone.now(), MarketingWithdrawal.Method.STAFF
        with transaction.atomic():
            sign_ups = list(queryset)
            noted = [
                row
                for row in sign_ups
                if actions.object_to_marketing(row.email, method=method, at=at)
            ]
            self.log(request, noted, _("The person objected to marketing."))
        text = _("Objections noted: %(done)d. Skipped, as noted before: %(skipped)d.")
        counts = {"done": len(noted), "skipped": len(sign_ups) - len(noted)}
        self.tell(request, len(noted), text % counts)

    @admin.action(description=gettext_lazy("End the trial now"), permissions=["act"])
    def end_trial(self, request: HttpRequest, queryset: SignUpQuerySet) -> None:
        at = timezone.now()
        with transaction.atomic():
            sign_ups = list(queryset)
            ended = [row for row in sign_ups if actions.end_trial(row, at=at)]
            self.log(request, ended, _("The trial was ended."))
        text = _("Trials ended: %(done)d. Skipped, as no trial was running: %(skipped)d.")
        counts = {"done": len(ended), "skipped": len(sign_ups) - len(ended)}
        self.tell(request, len(ended), text % counts)
