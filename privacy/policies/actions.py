"""The steps that staff take with versions of policies. Each is logged with its user and moment."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from content.models import ContentRevision
from privacy.models import PolicyStep, PolicyVersion, Stage, State
from privacy.policies import consequences, version_file
from privacy.policies.review.problems import version_problems, version_warnings
from privacy.policies.review.reviewed_text import Problem

Kind = PolicyStep.Kind
# The fields that a new draft copies from the version before it, and all fields that can be written.
_STARTED_FROM = ("title_pl", "title_en", "text_pl", "text_en", "article_13")
WRITABLE = (
    *_STARTED_FROM, "change_summary_pl", "change_summary_en", "is_material", "asks_again",
    "effective_at",
)  # fmt: skip


class NotPublishable(Exception):
    """The version cannot be published; `reasons` says why."""

    def __init__(self, reasons: list[Problem]) -> None:
        super().__init__(" ".join(reason.text for reason in reasons))
        self.reasons = reasons


class Stale(Exception):
    """Somebody has changed the version since it was read: nothing was done."""


def start_draft(*, policy: str, user: User | None, at: datetime) -> PolicyVersion:
    """Start a draft with the text that was published last, or an empty one."""
    version = PolicyVersion(policy=policy)
    if before := predecessor(version):
        for name in _STARTED_FROM:
            setattr(version, name, getattr(before, name))
    with transaction.atomic():
        version.save()
        _log(version, Kind.STARTED, user, at)
    return version


def save_draft(
    *, version: PolicyVersion, values: Mapping[str, Any], user: User, at: datetime
) -> None:
    """Save values of WRITABLE fields in a draft, and refresh `version` from the database.

    Saving without a change logs no step. Raises Stale if the draft is not at `version.revision` any
    more, or is not a draft any more.
    """
    unchanged = PolicyVersion.objects.filter(
        pk=version.pk, revision=version.revision, stage=Stage.DRAFT
    )
    written = {name: _with_unix_lines(value) for name, value in values.items() if name in WRITABLE}
    # The last writer may not publish: a colleague who only presses "save" must not become that.
    if unchanged.filter(**written).exists():
        return
    with transaction.atomic():
        # One statement compares the revision and writes: of two people at once only one saves.
        if not unchanged.update(**written, revision=F("revision") + 1):
            raise Stale
        _log(version, Kind.EDITED, user, at)
    version.refresh_from_db()


def submit(*, version: PolicyVersion, user: User | None, at: datetime) -> None:
    """Hand a draft over to the publishers: nobody can write in it until it is returned."""
    _move(version, Stage.REVIEW, {Stage.DRAFT}, Kind.SUBMITTED, user, at)


def return_to_draft(*, version: PolicyVersion, user: User, at: datetime, note: str = "") -> None:
    """Return a version in review to its author, with a note on what to change."""
    _move(version, Stage.DRAFT, {Stage.REVIEW}, Kind.RETURNED, user, at, note)


def discard(*, version: PolicyVersion, user: User, at: datetime) -> None:
    """Discard a version for good. It stays in the database, with the log of its steps."""
    start = {Stage.DRAFT, Stage.REVIEW}
    _move(version, Stage.DISCARDED, start, Kind.DISCARDED, user, at)


def publish_version(
    *, version: PolicyVersion, user: User | None, at: datetime, checked: Collection[str] = ()
) -> None:
    """Publish a version in review. It never changes again, and takes force on its effective date.

    Without a date it takes force at once, a material change after the notice period. `checked` are
    the texts of the warnings that the user has ticked off; each is logged. Raises NotPublishable
    with every reason against it, or else with every warning that is not ticked off. Raises Stale if
    the version is not in review any more, or not at `version.revision`.
    """
    with transaction.atomic():
        # A row lock, first: it serializes concurrent publishers, so that no two get one number.
        ContentRevision.objects.bump()
        read_revision = version.revision
        # Locked until the end: nobody can return or discard the version in between.
        version.refresh_from_db(from_queryset=PolicyVersion.objects.select_for_update())
        if version.stage in {Stage.DRAFT, Stage.DISCARDED} or version.revision != read_revision:
            raise Stale
        if reasons := reasons_against(version, user=user, at=at):
            raise NotPublishable(reasons)
        to_check = version_warnings(version)
        if unchecked := [warning for warning in to_check if warning.text not in checked]:
            raise NotPublishable(unchecked)
        version.stage = Stage.PUBLISHED
        version.revision += 1
        version.number = PolicyVersion.objects.next_number(version.policy)
        version.published_at = at
        version.effective_at = effective_date(version, at=at)
        version.hash = version_file.digest(version.file())
        version.save()
        for warning in to_check:
            _log(version, Kind.CHECKED, user, at, warning.text)
        _log(version, Kind.PUBLISHED, user, at)
        consequences.carry_out(version, at=at)


def approve(*, version: PolicyVersion, user: User, at: datetime) -> None:
    """Approve a first version that the site itself published. The version stays as it is.

    Raises Stale if a person has approved it already, or it is not in force. Raises NotPublishable
    if the user wrote its last change.
    """
    with transaction.atomic():
        # Row lock: of two people at once, the second finds the step of the first.
        PolicyVersion.objects.select_for_update().get(pk=version.pk)
        if version not in awaiting_approval(at=at):
            raise Stale
        if reasons := reasons_of_writer(version, user=user):
            raise NotPublishable(reasons)
        _log(version, Kind.APPROVED, user, at)


def awaiting_approval(*, at: datetime) -> list[PolicyVersion]:
    """The versions in force that no person has approved."""
    versions = PolicyVersion.objects.unapproved()
    return [version for version in versions if version.state(at=at) == State.IN_FORCE]


def earliest_date(version: PolicyVersion, *, at: datetime) -> datetime:
    """The earliest moment at which a version that is published at `at` can take force."""
    is_announced = version.is_material and not is_first(version)
    return at + timedelta(days=settings.POLICY_NOTICE_DAYS) if is_announced else at


def effective_date(version: PolicyVersion, *, at: datetime) -> datetime:
    """When a version that is published at `at` takes force: never before people can read it."""
    return max(version.effective_at or earliest_date(version, at=at), at)


def predecessor(version: PolicyVersion) -> PolicyVersion | None:
    """The version that was published before this one; for a draft the last published one."""
    earlier = PolicyVersion.objects.published().filter(policy=version.policy)
    if version.number:
        earlier = earlier.filter(number__lt=version.number)
    return earlier.order_by("-number").first()


def replaced_by(version: PolicyVersion, *, at: datetime) -> list[PolicyVersion]:
    """The announced versions that will never take force if this one is published at `at`."""
    coming = PolicyVersion.objects.taking_force().filter(policy=version.policy)
    return list(coming.filter(effective_at__gte=max(effective_date(version, at=at), at)))


def is_first(version: PolicyVersion) -> bool:
    """Whether no version of its policy is published yet: then nothing changes for anybody."""
    return not PolicyVersion.objects.published().filter(policy=version.policy).exists()


def reasons_against(version: PolicyVersion, *, user: User | None, at: datetime) -> list[Problem]:
    """Why a version cannot be published, for staff; empty when it can."""
    if version.is_published:
        text = _("Version %(number)s is published already.") % {"number": version.number}
        return [Problem(text, "")]
    return [
        *version_problems(version, is_first=is_first(version)),
        *_reasons_of_date(version, at=at),
        *reasons_of_writer(version, user=user),
    ]


def _reasons_of_date(version: PolicyVersion, *, at: datetime) -> list[Problem]:
    """Readers must have the notice period that the policy promises them."""
    earliest = earliest_date(version, at=at)
    if not version.effective_at or earliest == at or version.effective_at >= earliest:
        return []
    text = _(
        "A material change takes effect no sooner than %(days)d days after it is published. Choose "
        "%(day)s or later, or leave the date empty."
    ) % {
        "days": settings.POLICY_NOTICE_DAYS,
        "day": date_format(timezone.localtime(earliest), "DATETIME_FORMAT"),
    }
    return [Problem(text, "id_effective_at")]


def reasons_of_writer(version: PolicyVersion, *, user: User | None) -> list[Problem]:
    """Four eyes: the author of the last change cannot publish it."""
    if not settings.POLICY_FOUR_EYES or user is None or version.last_writer != user:
        return []
    text = _(
        "You wrote the last change: ask a colleague to publish. A team of one person sets "
        "POLICY_FOUR_EYES to False."
    )
    return [Problem(text, "")]


def _move(
    version: PolicyVersion,
    to: Stage,
    start: Collection[Stage],
    kind: PolicyStep.Kind,
    user: User | None,
    at: datetime,
    note: str = "",
) -> None:
    with transaction.atomic():
        if not PolicyVersion.objects.move(version, to=to, start=start):
            raise Stale
        _log(version, kind, user, at, note)
    version.refresh_from_db()


def _log(
    version: PolicyVersion,
    kind: PolicyStep.Kind,
    user: User | None,
    at: datetime,
    note: str = "",
) -> None:
    version.steps.create(kind=kind, user=user, taken_at=at, note=note)


def _with_unix_lines(value: Any) -> Any:
    """Browsers send CRLF (HTML, form submission); the file and its hash have one kind of line."""
    return re.sub(r"\r\n?", "\n", value) if isinstance(value, str) else value
