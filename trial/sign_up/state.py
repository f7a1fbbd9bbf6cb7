"""Where a sign-up stands: waiting for its confirmation, a running trial, or one that is over."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from trial.models import SignUp, SignUpQuerySet


class TrialState(models.TextChoices):
    WAITING = "waiting", _("waiting for confirmation")
    RUNNING = "running", _("trial running")
    OVER = "over", _("trial over")


def state_of(sign_up: SignUp, *, at: datetime) -> TrialState:
    if sign_up.confirmed_at is None:
        return TrialState.WAITING
    return TrialState.RUNNING if sign_up.is_running(at=at) else TrialState.OVER


def in_state(sign_ups: SignUpQuerySet, state: str | None, *, at: datetime) -> SignUpQuerySet:
    """The sign-ups that `state_of` gives this state; all of them where none is named."""
    if state == TrialState.WAITING:
        return sign_ups.waiting()
    if state == TrialState.RUNNING:
        return sign_ups.running(at=at)
    if state == TrialState.OVER:
        return sign_ups.over(at=at)
    return sign_ups
