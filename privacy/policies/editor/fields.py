"""The kinds of fields that only the form of a draft has."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from content.both_languages import LANGUAGES
from privacy.policies.review import article_13


class Moment(forms.DateTimeField):
    """A day and an hour, in the browser's own picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Numbers(forms.Field):
    """Numbers of paragraphs, as in “2.1, 2.3”."""

    def prepare_value(self, value: Any) -> Any:
        return article_13.text(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        typed = str(value or "")
        MaxLengthValidator(500)(typed)
        return article_13.parse(typed)


def set_lang(field: forms.Field, name: str) -> None:
    """Set `lang`, so that browsers use the right dictionary and screen readers the right voice."""
    if name.endswith(tuple(f"_{code}" for code in LANGUAGES)):
        field.widget.attrs["lang"] = name[-2:]
