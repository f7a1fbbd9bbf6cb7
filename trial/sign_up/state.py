"""The state of a sign-up: waiting for confirmation, trial running, or trial over."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from trial.models import SignUp, SignUpQuerySet


class SignUpState(models.TextChoices):
    WAITING = "waiting", _("waiting for confirmation")
    RUNNING = "running", _("trial running")
    OVER = "over", _("trial over")


def state_of(sign_up: SignUp, *, at: datetime) -> SignUpState:
    if sign_up.confirmed_at is None:
        return SignUpState.WAITING
    return SignUpState.RUNNING if sign_up.is_running(at=at) else SignUpState.OVER


def filter_by_state(sign_ups: SignUpQuerySet, state: str | None, *, at: datetime) -> SignUpQuerySet:
    """The sign-ups for which `state_of` returns this state; all of them without a state."""
    if state == SignUpState.WAITING:
        return sign_ups.waiting()
    if state == SignUpState.RUNNING:
        return sign_ups.running(at=at)
    if state == SignUpState.OVER:
        return sign_ups.over(at=at)
    return sign_ups
