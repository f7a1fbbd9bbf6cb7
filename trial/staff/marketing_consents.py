"""Consents to marketing in the admin: their proofs, and what staff note about them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.admin import moment_text
from evidence.growing.admin import GrowingAdmin
from trial import actions
from trial.marketing import calls
from trial.marketing.calls import NumberConfirmation
from trial.models import Channel, MarketingConsent, MarketingWithdrawal
from trial.staff import export
from trial.staff.person_search import PersonSearch
from trial.staff.sign_ups import withdrawal_method, withdrawn_on


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("stands")), ("no", _("withdrawn")), ("lapsed", _("lapsed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        at = timezone.now()
        states = {
            "yes": queryset.standing(at=at),
            "no": queryset.filter(withdrawal__isnull=False),
            "lapsed": queryset.lapsed(at=at).filter(withdrawal__isnull=True),
        }
        return states.get(self.value() or "", queryset)


@admin.register(MarketingConsent)
class MarketingConsentAdmin(PersonSearch, GrowingAdmin):
    """The proofs of consent. Staff withdraw one here for a person who asks by phone or letter.

    GDPR Art. 7(3): withdrawing is as easy as giving, so it needs no reason and no form.
    """

    list_display = (
        "person",
        "company",
        "email",
        "channel",
        "confirmed_at",
        "number_confirmed_on",
        "withdrawn_on",
        "lapses_on",
    )
    list_filter = ("channel", StandingFilter)
    search_fields = ("email", "name", "company", "phone")
    date_hierarchy = "confirmed_at"
    fields = (
        "sign_up",
        "channel",
        "words",
        "language",
        "given_at",
        "confirmed_at",
        "number_confirmed_on",
        "withdrawn_on",
        "withdrawal_method",
        "lapses_on",
    )
    actions = ("confirm_number", "withdraw")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MarketingConsent]:
        return (
            super()
            .get_queryset(request)
            .select_related("sign_up", "wording", "withdrawal", "number_confirmation")
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Find the proof of an address or a number by its hash: the sign-up may be gone.

        All names are read only where no address and no number is the whole text.
        """
        proofs = MarketingConsent.objects.of_address_or_number(search_term)
        if ids := [*proofs.values_list("pk", flat=True)]:
            return queryset.filter(pk__in=ids), False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download_call_list)
        return [path("call-list/", view, name="trial_call_list"), *super().get_urls()]

    @admin.display(description=gettext_lazy("full name"))
    def person(self, consent: MarketingConsent) -> str:
        return consent.person.name if consent.person else _("deleted")

    @admin.display(description=gettext_lazy("company"))
    def company(self, consent: MarketingConsent) -> str:
        return consent.person.company if consent.person else "–"

    @admin.display(description=gettext_lazy("work e-mail"))
    def email(self, consent: MarketingConsent) -> str:
        return consent.person.readable_email if consent.person else "–"

    @admin.display(description=gettext_lazy("wording that was read"))
    def words(self, consent: MarketingConsent) -> str:
        return consent.text

    @admin.display(description=gettext_lazy("withdrawn at"))
    def withdrawn_on(self, consent: MarketingConsent) -> str:
        return withdrawn_on(consent)

    @admin.display(description=gettext_lazy("lapses on"))
    def lapses_on(self, consent: MarketingConsent) -> str:
        return date_format(timezone.localtime(consent.lapses_at))

    @admin.display(description=gettext_lazy("how it was withdrawn"))
    def withdrawal_method(self, consent: MarketingConsent) -> str:
        return withdrawal_method(consent)

    @admin.display(description=gettext_lazy("number confirmed"))
    def number_confirmed_on(self, consent: MarketingConsent) -> str:
        confirmation: NumberConfirmation | None = getattr(consent, "number_confirmation", None)
        return moment_text(confirmation.noted_at if confirmation else None)

    @admin.action(
        description=gettext_lazy(
            "Note: confirmed the number in a call that the person made, or that set up the trial"
        ),
        permissions=["act"],
    )
    def confirm_number(self, request: HttpRequest, queryset: QuerySet[MarketingConsent]) -> None:
        at = timezone.now()
        with transaction.atomic():
            consents = list(queryset)
            live = {*MarketingConsent.objects.live(Channel.PHONE, at=at).filter(pk__in=queryset)}
            to_call = [row for row in consents if row in live and calls.confirm_number(row, at=at)]
            self.log(request, to_call, _("The person confirmed the number in a call."))
        text = _(
            "Noted: %(done)d. Skipped, as noted before, withdrawn, lapsed or by e-mail: "
            "%(skipped)d."
        )
        counts = {"done": len(to_call), "skipped": len(consents) - len(to_call)}
        self.tell(request, len(to_call), text % counts)

    @admin.action(
        description=gettext_lazy("Withdraw (asked by phone or letter)"), permissions=["act"]
    )
    def withdraw(self, request: HttpRequest, queryset: QuerySet[MarketingConsent]) -> None:
        at, method = timezone.now(), MarketingWithdrawal.Method.STAFF
        with transaction.atomic():
            consents = list(queryset)
            ended = [row for row in consents if actions.withdraw(row, method=method, at=at)]
            self.log(request, ended, _("The consent was withdrawn, as the person asked."))
        text = _("Consents withdrawn: %(done)d. Skipped, as withdrawn before: %(skipped)d.")
        counts = {"done": len(ended), "skipped": len(consents) - len(ended)}
        self.tell(request, len(ended), text % counts)

    def download_call_list(self, request: HttpRequest) -> StreamingHttpResponse:
        """The people whom one may call now. An older copy may name somebody who has withdrawn."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = timezone.now()
        self.log_download(request, sum(1 for _person in export.people_to_call(at=at)))
        return export.call_list(at=at)
