"""The daily seal as a job of the worker: it is published, and mailed to the witnesses."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError

from content.models import ContentRevision
from delivery import outbox
from evidence.seal import sealing
from evidence.seal.checkpoint import Checkpoint
from privacy.seals import mails

logger = logging.getLogger(__name__)


def seal(at: datetime) -> bool:
    """Seal what was stored until the last midnight. Returns whether there was anything to do."""
    try:
        return sealing.seal_due(at, then=lambda made: _publish(made, at=at))
    except IntegrityError:
        logger.info("Another worker seals the evidence of this day.")
        return False


def _publish(checkpoint: Checkpoint, *, at: datetime) -> None:
    """Show it to every process, and queue a mail to each witness."""
    ContentRevision.objects.bump()
    for number in range(len(settings.SEAL_WITNESSES)):
        outbox.put(kind=mails.KIND, about=f"{checkpoint.number} {number}", at=at)
