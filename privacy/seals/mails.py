"""The mail with a checkpoint, to each witness: people outside the company who keep it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from content.paths import absolute
from delivery import outbox
from delivery.letters import Letter, letter
from delivery.outbox import Kind
from evidence.seal.checkpoint import Checkpoint

# About the number of a checkpoint, and the place of the witness in SEAL_WITNESSES: no address is
# stored.
KIND = "seal-checkpoint"


def write(about: str, at: datetime) -> Letter | None:
    """The checkpoint as it is published, word for word."""
    to = reader(about)
    checkpoint = Checkpoint.objects.filter(pk=about.split()[0]).first()
    if to is None or checkpoint is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        day = date_format(timezone.localtime(checkpoint.made_at), "DATE_FORMAT")
        context = {
            "note": checkpoint.note,
            "number": checkpoint.number,
            "link": absolute(reverse("seal")),
            "proof": absolute(reverse("seal_proof", kwargs={"size": checkpoint.size})),
        }
        subject = _("The seal of voipstudio.pl: %(day)s") % {"day": day}
        return letter(to, subject, "privacy/mail/checkpoint.txt", context)


def reader(about: str) -> str | None:
    """The address of the witness; None where the list has become shorter."""
    place = int(about.split()[1])
    witnesses: list[str] = settings.SEAL_WITNESSES
    return witnesses[place] if place < len(witnesses) else None


def register() -> None:
    outbox.register(KIND, Kind(write, reader))
