"""Hands confirmed trials over to the phone system, and tells it which trials were erased."""

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings

from trial.models import ErasureNotice, HandOver, SignUp, SignUpQuerySet
from trial.phone_system import webhook


def deliver_next(at: datetime) -> bool:
    """Deliver one due hand-over. A job of the worker. Returns False where nothing is due."""
    if not settings.PROVISIONING_URL:
        return False  # without an address the rows wait: see trial.W002
    hand_over = HandOver.objects.claim_next(at=at)
    if hand_over is None:
        return False
    try:
        trial = hand_over.sign_up
    except SignUp.DoesNotExist:
        return True  # deleted after the claim, and its hand-over with it
    if trial.is_running(at=at):
        webhook.attempt(hand_over, partial(payload, hand_over), at=at)
    else:
        hand_over.finish(HandOver.State.CANCELED, at=at)
    return True


def deliver_next_notice(at: datetime) -> bool:
    """Tell of one due erasure. A job of the worker. Returns False where nothing is due."""
    if not settings.PROVISIONING_URL:
        return False  # without an address the rows wait: see trial.W004
    notice = ErasureNotice.objects.claim_next(at=at)
    if notice is None:
        return False
    webhook.attempt(notice, partial(payload_of_notice, notice), at=at)
    return True


def tell_of_erasure(sign_ups: SignUpQuerySet, *, at: datetime) -> None:
    """Queue a notice for each of these sign-ups that has a hand-over, delivered or not.

    Call it before they are deleted, in the same transaction. A second call adds nothing.
    """
    # Row lock: no worker claims a hand-over between this moment and the deletion.
    hand_overs = HandOver.objects.select_for_update().filter(sign_up__in=sign_ups)
    notices = [
        ErasureNotice(
            trial_id=hand_over.sign_up_id,
            erased_at=at,
            created_at=at,
            # A worker may be sending the trial right now. Its attempt ends before its claim does.
            next_attempt_at=max(at, hand_over.claimed_until or at),
        )
        for hand_over in hand_overs
    ]
    ErasureNotice.objects.bulk_create(notices, ignore_conflicts=True)


def payload(hand_over: HandOver) -> dict[str, Any]:
    """The data that the phone system needs to set up an account.

    Consents and attribution are left out (GDPR Art. 5(1)(c): data minimization).
    """
    trial = hand_over.sign_up
    return {
        "type": "trial.started",
        "timestamp": _iso(trial.confirmed_at),
        "data": {
            "trial_id": str(trial.pk),
            "name": trial.name,
            "email": trial.email,
            "company": trial.company,
            "phone": trial.phone.as_e164 if trial.phone else None,
            "extension": trial.extension or None,
            "language": trial.language,
            "ends_at": _iso(trial.ends_at),
        },
    }


def payload_of_notice(notice: ErasureNotice) -> dict[str, Any]:
    """The number of the trial alone: the site knows nothing more of it."""
    return {
        "type": "trial.erased",
        "timestamp": _iso(notice.erased_at),
        "data": {"trial_id": str(notice.trial_id)},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
