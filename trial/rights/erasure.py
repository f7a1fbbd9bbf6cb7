"""What the erasure of a person does to a trial: it ends, and the phone system is told."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from privacy.rights.map.declarations import ErasureEffect, Person, Text
from privacy.rights.map.register import add_erasure_effect
from trial.phone_system import hand_over
from trial.rights.rows_of_person import hand_overs, sign_ups


def texts(person: Person, at: datetime) -> Iterator[Text]:
    """What the person should know before, in the active language."""
    for trial in sign_ups(person).running(at=at):
        day = date_format(timezone.localtime(trial.ends_at), _("j E Y"))
        yield _("The trial, which would run until %(day)s, ends.") % {"day": day}
    if hand_overs(person).exists():
        yield _("The telephone system is told to delete the account that was set up for the trial.")


def tasks(person: Person, at: datetime) -> Iterator[Text]:
    """Where the phone system is not told, staff delete the account there."""
    if hand_overs(person).exists():
        return
    for trial in sign_ups(person).confirmed():
        text = _("Delete the account in the telephone system that was set up for %(company)s.")
        yield text % {"company": trial.company}


def act(person: Person, at: datetime) -> None:
    """Queue what the phone system has to know. The trial itself ends with its row."""
    hand_over.tell_of_erasure(sign_ups(person), at=at)


add_erasure_effect(ErasureEffect(texts, act, tasks))
