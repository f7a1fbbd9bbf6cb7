"""The first draft of an answer, for its right and outcome, in the language of the person.

The words are templates in `templates/privacy/answers/`. Where staff must fill something in, a draft
has square brackets that begin with three dots.
"""

import re
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from content.paths import absolute
from delivery.letters import Letter
from privacy.models import DataRequest, RequestStep
from privacy.rights.requests import mails

# Such as "[… the reason]". Other square brackets are words of staff.
_TO_FILL_IN = re.compile(r"\[…[^\]]*\]?")


def draft(request: DataRequest, outcome: str) -> str:
    """The draft of an answer with this outcome."""
    with translation.override(request.language):
        context = {
            "request": request,
            "outcome": outcome,
            # Whoever can open the page with their data is sent there: a mail is no safe envelope.
            "has_page": request.is_verified and bool(request.email),
            "page": absolute(reverse("your_data")),
        }
        return _tidy(render_to_string(f"privacy/answers/{request.kind}.txt", context))


def to_fill_in(words: str) -> list[str]:
    """What staff have not filled in yet."""
    return _TO_FILL_IN.findall(words)


def preview(request: DataRequest, *, words: str, outcome: str, at: datetime) -> Letter:
    """The very letter that the person gets, before anything is stored."""
    request.outcome = outcome
    step = RequestStep(
        request=request, kind=RequestStep.Kind.ANSWERED, taken_at=at, text=words, user=None
    )
    return mails.letter_of(step)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()
