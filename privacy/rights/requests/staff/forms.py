"""The forms of staff: for a request that is typed in, for its steps, the answer, the search."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.models import DataRequest, RequestStep
from privacy.rights.cases.forms import PersonForm
from privacy.rights.map.declarations import Text
from privacy.rights.map.periods import years_before
from privacy.rights.requests import actions, answers
from privacy.rights.requests.data_request import Right

MAX_CHARACTERS = 20_000
# An older day of receipt is a typing error.
OLDEST_YEARS = 3

Kind = RequestStep.Kind
Source = DataRequest.Source


class Words(forms.CharField):
    """Words in paragraphs. A browser sends each end of a line as two signs; one is kept."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        widget = AdminTextareaWidget(attrs={"rows": rows})
        super().__init__(max_length=MAX_CHARACTERS, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return "\n".join((super().to_python(value) or "").splitlines())


class TypedInForm(PersonForm):
    """What came by letter, e-mail or telephone. The person may be named in the words alone."""

    field_order = (
        "source",
        "received_on",
        "kind",
        "text",
        "language",
        "email",
        "record_ids",
        "verified_by",
        "sends_mail",
    )

    source = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[each for each in Source.choices if each[0] != Source.SITE],
    )
    received_on = forms.DateField(
        label=gettext_lazy("Day on which we received it"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("The clock runs from this day."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What the person asks for"), choices=[("", "–"), *Right.choices]
    )
    text = Words(
        label=gettext_lazy("What the person wrote or said"),
        rows=8,
        help_text=gettext_lazy(
            "For somebody without an e-mail address: also the name and the postal address."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our answer"), choices=settings.LANGUAGES
    )
    verified_by = Words(
        label=gettext_lazy("How you made sure who the person is"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Leave it empty if you are not sure yet."),
    )
    sends_mail = forms.BooleanField(
        label=gettext_lazy("Send an acknowledgement to the e-mail address now"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.order_fields(self.field_order)

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        today = timezone.localdate(self.at)
        if day > today:
            raise forms.ValidationError(_("This day has not come yet. Check the date."))
        if day < years_before(self.at, OLDEST_YEARS).date():
            raise forms.ValidationError(_("This day is years ago. Check the year."))
        return day

    def clean(self) -> None:
        """Without the rule of PersonForm: a letter may come from somebody who is in no table."""

    def store(self, *, user: User) -> DataRequest:
        names = ("kind", "source", "language", "text", "received_on", "verified_by", "sends_mail")
        typed = {name: self.cleaned_data[name] for name in names}
        return actions.type_in(self.person, **typed, user=user, at=self.at)


class StepForm(forms.Form):
    """The form of one step of a request."""

    def __init__(self, *args: Any, request: DataRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data_request = request

    @property
    def typed_words(self) -> str:
        """What was typed, also where the step was not taken."""
        return str(self.data.get(self.add_prefix("words"), "")).strip()


class AcknowledgeForm(StepForm):
    MAIL, OTHERWISE = "mail", "otherwise"

    how = forms.ChoiceField(
        label=gettext_lazy("How the person learns that we have it"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_mail = [(self.MAIL, _("send an e-mail now"))] if self.data_request.email else []
        otherwise = (self.OTHERWISE, _("I have told the person by letter or by telephone"))
        how = self.fields["how"]
        assert isinstance(how, forms.ChoiceField)  # noqa: S101 - declared above
        how.choices = [*by_mail, otherwise]
        how.initial = how.choices[0][0]


class VerifyForm(StepForm):
    words = Words(
        label=gettext_lazy("How you made sure who the person is"),
        rows=2,
        help_text=gettext_lazy("Ask for no more than you need, and for no copy of a document."),
    )


class PauseForm(StepForm):
    words = Words(
        label=gettext_lazy("Why you doubt who it is, and what you ask the person for"),
        rows=4,
        help_text=gettext_lazy(
            "The person reads these words. A doubt needs a reason: GDPR Art. 12(6)."
        ),
    )


class ExtendForm(StepForm):
    words = Words(
        label=gettext_lazy("Why it takes longer"),
        rows=4,
        help_text=gettext_lazy(
            "The person reads these words. Only how complex it is, or how many requests there are, "
            "is a reason: GDPR Art. 12(3)."
        ),
    )


class NoteForm(StepForm):
    words = Words(label=gettext_lazy("Note for colleagues"), rows=3)


@dataclass(frozen=True)
class Step:
    """A step that staff take on the page of a request. `done` is said afterwards."""

    kind: Kind
    button: Text
    done: Text
    form: type[StepForm]
    act: Callable[..., None]

    def bound(self, request: DataRequest, data: Any = None, **options: Any) -> StepForm:
        return self.form(data, prefix=self.kind, request=request, **options)

    def take(self, request: DataRequest, form: StepForm, *, user: User, at: datetime) -> None:
        """Take the step. Raises NotPossible."""
        self.act(request, form.cleaned_data, user=user, at=at)


STEPS = (
    Step(
        Kind.ACKNOWLEDGED,
        gettext_lazy("Acknowledge receipt"),
        gettext_lazy("The acknowledgement is noted."),
        AcknowledgeForm,
        lambda request, typed, **by: actions.acknowledge(
            request, sends_mail=typed["how"] == AcknowledgeForm.MAIL, **by
        ),
    ),
    Step(
        Kind.RESUMED,
        gettext_lazy("Let the clock run again"),
        gettext_lazy("The clock runs again. The days of the pause are added."),
        StepForm,
        lambda request, typed, **by: actions.resume(request, **by),
    ),
    Step(
        Kind.VERIFIED,
        gettext_lazy("The identity is verified"),
        gettext_lazy("It is noted that the identity is verified."),
        VerifyForm,
        lambda request, typed, **by: actions.verify(request, text=typed["words"], **by),
    ),
    Step(
        Kind.PAUSED,
        gettext_lazy("Stop the clock and ask who it is"),
        gettext_lazy("The clock stands still until the identity is verified."),
        PauseForm,
        lambda request, typed, **by: actions.pause(request, reason=typed["words"], **by),
    ),
    Step(
        Kind.EXTENDED,
        gettext_lazy("Take two months more"),
        gettext_lazy("The time is extended by two months."),
        ExtendForm,
        lambda request, typed, **by: actions.extend(request, reason=typed["words"], **by),
    ),
    Step(
        Kind.NOTE,
        gettext_lazy("Add a note"),
        gettext_lazy("The note is added."),
        NoteForm,
        lambda request, typed, **by: actions.note(request, text=typed["words"], **by),
    ),
)


class AnswerForm(forms.Form):
    """The outcome and the words of an answer."""

    SHORTEST: ClassVar[int] = 20

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=[("", "–"), *DataRequest.Outcome.choices]
    )
    words = Words(label=gettext_lazy("Answer"), rows=18, min_length=SHORTEST)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if holes := answers.to_fill_in(words):
            text = _("Fill this in, or delete it: %(holes)s") % {"holes": "; ".join(holes)}
            raise forms.ValidationError(text)
        return words


class SearchForm(forms.Form):
    """A reference, or the address of a person. It is sent as a form: an address is in no URL."""

    sought = forms.CharField(
        label=gettext_lazy("Reference or e-mail address"),
        max_length=254,
        widget=AdminTextInputWidget,
    )
