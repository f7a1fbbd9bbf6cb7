"""The form of a draft: one pair of fields for each section, Polish beside English."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from content import bounds
from content.both_languages import LANGUAGES, by_language
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies.editor.fields import Moment, Numbers, set_lang
from privacy.policies.editor.preview import section_preview
from privacy.policies.editor.typed_sections import TypedSections, field_name, last_place
from privacy.policies.review import article_13
from privacy.policies.review.problems import version_problems, version_warnings
from privacy.policies.review.reviewed_text import Problem
from privacy.policies.text.sections import split

_PAIRS = ("title", "change_summary")
_PUBLISHING = ("effective_at", "is_material", "asks_again")


@dataclass(frozen=True)
class Row:
    """One text in both languages: a field for each of them."""

    fields: dict[str, "DraftField"]

    @property
    def heading(self) -> str:
        """The heading of the section as it was typed; empty for a new section."""
        typed = str(self.fields[LANGUAGES[0]].value() or self.fields[LANGUAGES[1]].value() or "")
        return typed.strip().partition("\n")[0].lstrip("# ")


class DraftField(forms.BoundField):
    """A field with its problems and warnings, and its text as readers would see it."""

    form: "DraftForm"

    @property
    def problems(self) -> list[Problem]:
        return [problem for problem in self.form.problems if problem.place == self.auto_id]

    @property
    def warnings(self) -> list[Problem]:
        return [warning for warning in self.form.warnings if warning.place == self.auto_id]

    @property
    def preview(self) -> SafeString:
        if self.form.excesses:
            return SafeString()
        return section_preview(str(self.value() or ""), self.name[-2:])


class StartForm(forms.Form):
    """The choice of the document for a new draft."""

    policy = forms.ChoiceField(label=_("Document"), choices=PolicyCode.choices)


class StepForm(forms.Form):
    """A step of the revision that the user has read, with a note to the author."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note to the author"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DraftForm(forms.Form):
    """The fields of a draft. Any text within the bounds can be saved; its problems are listed
    below its field."""

    bound_field_class = DraftField

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title_pl = forms.CharField(label=_("Title (Polish)"), max_length=200, required=False)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200, required=False)
    change_summary_pl = forms.CharField(
        label=_("What changes (Polish)"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    change_summary_en = forms.CharField(
        label=_("What changes (English)"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    effective_at = Moment(
        label=_("Takes effect"),
        required=False,
        help_text=_("Empty: as soon as published; a material change after its notice period."),
    )
    is_material = forms.BooleanField(
        label=_("A material change"),
        required=False,
        help_text=_(
            "Readers see it announced before it takes effect, and everybody with a running trial "
            "gets an e-mail."
        ),
    )
    asks_again = forms.BooleanField(
        label=_("Ask for consent again"),
        required=False,
        help_text=_(
            "Visitors with a consent from before this version are asked again when it takes effect."
        ),
    )

    def __init__(
        self, version: PolicyVersion, data: Mapping[str, Any] | None = None, *, is_first: bool
    ) -> None:
        super().__init__(data, initial=_initial(version))
        self.version = version
        self.is_first = is_first
        for name, field in self.fields.items():
            set_lang(field, name)
        for place in range(self._number_of_sections()):
            for language in LANGUAGES:
                self.fields[field_name(place, language)] = self._section_field(place, language)
        if version.policy == PolicyCode.PRIVACY:
            for item in article_13.ITEMS:
                self.fields[f"article_13_{item.code}"] = Numbers(
                    label=str(item.label), required=False, help_text=f"Art. {item.article}"
                )
        else:
            del self.fields["asks_again"]

    def _number_of_sections(self) -> int:
        if self.is_bound:
            # A forged name such as section_9999_pl must not make thousands of fields.
            return min(last_place(self.data) + 1, bounds.MOST_SECTIONS + 1)
        filled = (len(split(getattr(self.version, f"text_{c}"))) for c in LANGUAGES)
        return max(filled) + 1  # one more, empty, for a new section

    def _section_field(self, place: int, language: str) -> forms.CharField:
        field = forms.CharField(required=False, strip=False, widget=forms.Textarea)
        typed = str(self.get_initial_for_field(field, field_name(place, language)) or "")
        field.widget.attrs["rows"] = min(4 + len(typed) // 70, 24)
        set_lang(field, field_name(place, language))
        field.label = _("Section (Polish)") if language == "pl" else _("Section (English)")
        return field

    # --- For the page

    def rows(self) -> Iterator[Row]:
        """The sections in their order."""
        for place in range(self._number_of_sections()):
            yield Row({code: self._field(field_name(place, code)) for code in LANGUAGES})

    def pairs(self) -> Iterator[Row]:
        """The texts outside the sections."""
        for name in _PAIRS:
            yield Row({code: self._field(f"{name}_{code}") for code in LANGUAGES})

    def _field(self, name: str) -> DraftField:
        field = self[name]
        assert isinstance(field, DraftField)  # noqa: S101 - see bound_field_class
        return field

    def checklist(self) -> list[forms.BoundField]:
        """The fields of GDPR Art. 13."""
        return [self[name] for name in self.fields if name.startswith("article_13_")]

    def publishing(self) -> list[forms.BoundField]:
        """The fields that say when and how it takes force."""
        return [self[name] for name in _PUBLISHING if name in self.fields]

    def previews(self, names: Collection[str]) -> dict[str, SafeString]:
        """The previews of these fields; of none if the form is too large to be previewed."""
        if self.excesses:
            return {}
        fields = (field for row in self.rows() for field in row.fields.values())
        return {field.name: field.preview for field in fields if field.name in names}

    # --- The typed values

    def clean(self) -> None:
        if self.excesses:
            raise forms.ValidationError([excess.text for excess in self.excesses])

    @cached_property
    def excesses(self) -> list[Problem]:
        """Texts that are too large to be saved. Such a form is neither reviewed nor previewed."""
        # The number of sections is read by the parser, so only from texts within the bounds.
        large = [*self._large_summaries(), *self.sections.large_texts()]
        return large or list(self.sections.too_many_sections())

    def _large_summaries(self) -> Iterator[Problem]:
        for code in LANGUAGES:
            name = f"change_summary_{code}"
            for sentence in bounds.text_excesses(str(self[name].value() or "")):
                yield Problem(sentence, f"id_{name}")

    @cached_property
    def sections(self) -> TypedSections:
        places = range(self._number_of_sections())
        typed = {
            code: [str(self[field_name(place, code)].value() or "") for place in places]
            for code in LANGUAGES
        }
        return TypedSections(typed, last_place=last_place(self.data))

    def values(self) -> dict[str, Any]:
        """The values for `actions.save_draft`. The form must be valid."""
        names = [f"{name}_{code}" for name in _PAIRS for code in LANGUAGES]
        names += _PUBLISHING
        checklist = {
            field.name.removeprefix("article_13_"): self.cleaned_data[field.name]
            for field in self.checklist()
        }
        return {
            **{name: self.cleaned_data[name] for name in names if name in self.fields},
            **{f"text_{code}": self.sections.joined(code) for code in LANGUAGES},
            "article_13": {code: numbers for code, numbers in checklist.items() if numbers},
        }

    @cached_property
    def draft(self) -> PolicyVersion:
        """The version with the typed values, not saved. Of an invalid form: without them."""
        draft = PolicyVersion(policy=self.version.policy, **_stored_values(self.version))
        if self.is_bound and self.is_valid():
            for name, value in self.values().items():
                setattr(draft, name, value)
        return draft

    def rebased_on(self, version: PolicyVersion) -> "DraftForm":
        """The same typed values, in a form that saves over a newer revision of the version."""
        data = {name: self.data[name] for name in self.data}
        data["revision"] = str(version.revision)
        form = DraftForm(version, data, is_first=self.is_first)
        form.is_valid()
        return form

    @cached_property
    def problems(self) -> list[Problem]:
        """What stops publication, each problem at the field that holds its text."""
        if self.excesses:
            return self.excesses
        problems = version_problems(self.draft, is_first=self.is_first)
        return [self.sections.at_field(problem) for problem in problems]

    @cached_property
    def warnings(self) -> list[Problem]:
        """Sentences to check before publication, each warning at the field that holds its text."""
        if self.excesses:
            return []
        return [self.sections.at_field(warning) for warning in version_warnings(self.draft)]


def _stored_values(version: PolicyVersion) -> dict[str, Any]:
    names = [f"{name}_{code}" for name in (*_PAIRS, "text") for code in LANGUAGES]
    names += [*_PUBLISHING, "article_13"]
    return {name: getattr(version, name) for name in names}


def _initial(version: PolicyVersion) -> dict[str, Any]:
    sections = {
        field_name(place, code): chunk
        for code, text in by_language(version, "text").items()
        for place, chunk in enumerate(split(text))
    }
    checklist = {
        f"article_13_{item.code}": article_13.numbers_of(version.article_13, item.code)
        for item in article_13.ITEMS
    }
    return _stored_values(version) | sections | checklist | {"revision": version.revision}
