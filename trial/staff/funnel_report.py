"""The funnel for staff: counts of the last days, by language and by campaign."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from trial.funnel import FunnelCount

DAYS = (7, 30, 90)
# A campaign with fewer sign-ups could point to a person, so such campaigns share one line.
MIN_SIGN_UPS = 5

Step = FunnelCount.Step


@dataclass(frozen=True)
class Line:
    """The counts of one language or campaign, called `name`; the name of a total is empty."""

    name: str
    visited: int
    submitted: int
    confirmed: int

    @property
    def submitted_percent(self) -> int | None:
        """How many visitors of the form sent it; None where nobody opened it."""
        return _percent(self.submitted, self.visited)

    @property
    def confirmed_percent(self) -> int | None:
        """How many of the sent forms were confirmed; None where nobody sent one."""
        return _percent(self.confirmed, self.submitted)


@dataclass(frozen=True)
class Report:
    """The last so many days, today included."""

    days: int
    total: Line
    languages: list[Line]
    campaigns: list[Line]
    without_campaign: Line
    # The sum of all campaigns with fewer than MIN_SIGN_UPS; None where there is no such campaign.
    small_campaigns: Line | None


def reports(*, today: date) -> list[Report]:
    return [_report(days, today=today) for days in DAYS]


def _report(days: int, *, today: date) -> Report:
    rows = (
        FunnelCount.objects.filter(date__gt=today - timedelta(days=days), date__lte=today)
        .order_by()
        .values_list("step", "language", "campaign")
        .annotate(Sum("count"))
    )
    total: Counter[str] = Counter()
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    by_campaign: dict[str, Counter[str]] = defaultdict(Counter)
    for step, language, campaign, number in rows:
        for steps in (total, by_language[language], by_campaign[campaign]):
            steps[step] += number
    without_campaign = by_campaign.pop("", Counter())
    small = [steps for steps in by_campaign.values() if steps[Step.SUBMITTED] < MIN_SIGN_UPS]
    large = {
        name: steps for name, steps in by_campaign.items() if steps[Step.SUBMITTED] >= MIN_SIGN_UPS
    }
    return Report(
        days=days,
        total=_line("", total),
        languages=[_line(name, steps) for name, steps in sorted(by_language.items())],
        campaigns=sorted(
            (_line(name, steps) for name, steps in large.items()),
            key=lambda line: (-line.submitted, line.name),
        ),
        without_campaign=_line("", without_campaign),
        small_campaigns=_line("", sum(small, Counter())) if small else None,
    )


def _line(name: str, steps: Counter[str]) -> Line:
    return Line(name, steps[Step.VISITED], steps[Step.SUBMITTED], steps[Step.CONFIRMED])


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
