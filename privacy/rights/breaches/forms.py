"""Forms of the register of breaches: what contradicts itself, or lies in the future, is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.rights.breaches.clock import ClockState, in_utc

# No database and no time zone fails at a later moment.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class BreachForm(forms.ModelForm):
    """The admin adds the fields."""

    def clean_began_at(self) -> datetime | None:
        began_at: datetime | None = self.cleaned_data["began_at"]
        return began_at and _past(began_at)

    def clean_aware_at(self) -> datetime:
        aware_at = _past(self.cleaned_data["aware_at"])
        notices = [] if self.instance._state.adding else [*self.instance.notices.all()]
        if any(_is_before(notice.told_at, aware_at) for notice in notices):
            text = _("Below, somebody was told of it earlier: enter a moment before that.")
            raise forms.ValidationError(text)
        return aware_at


class NoticeForm(forms.ModelForm):
    def clean_told_at(self) -> datetime:
        return _past(self.cleaned_data["told_at"])


class NoticeFormSet(forms.BaseInlineFormSet):
    """New notices of a breach. It refuses those that do not fit the moment when we became aware."""

    def clean(self) -> None:
        super().clean()
        breach = self.instance
        # Empty where the form of the breach itself was refused.
        if breach.aware_at is None:
            return
        notices = [] if breach._state.adding else [*breach.notices.all()]
        for form in self._new_forms():
            if _is_before(form.instance.told_at, breach.aware_at):
                form.add_error("told_at", _("This is before the moment when we became aware."))
            notices.append(form.instance)
        state = breach.clock_with(notices).state(at=timezone.now())
        if state == ClockState.TOLD_LATE and not breach.late_reason:
            raise forms.ValidationError(
                _(
                    "The authority was told after more than 72 hours: fill in the reasons for the "
                    "delay (GDPR Art. 33(1))."
                )
            )

    def _new_forms(self) -> Iterator[forms.ModelForm]:
        for form in self.extra_forms:
            if form.has_changed() and form.is_valid():
                yield form


def _past(moment: datetime) -> datetime:
    """The moment in UTC: PostgreSQL takes few of the offsets that somebody can type."""
    if moment < _EARLIEST:
        raise forms.ValidationError(_("This is too long ago: correct the year."))
    if moment > timezone.now():
        raise forms.ValidationError(_("This moment has not come yet: correct it."))
    return in_utc(moment)


def _is_before(moment: datetime, other: datetime) -> bool:
    return in_utc(moment) < in_utc(other)
