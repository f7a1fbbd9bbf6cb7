"""The funnel as staff read it: counts of the last days, by language and by campaign."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from trial.models import FunnelCount

DAYS = (7, 30, 90)
# A campaign of fewer sign-ups could point to a person: such campaigns are shown as one line.
MIN_SIGN_UPS = 5

Step = FunnelCount.Step


@dataclass(frozen=True)
class Line:
    """How many took each step; `name` is a language or a campaign, or empty for none."""

    name: str
    visited: int
    submitted: int
    confirmed: int

    @property
    def submitted_percent(self) -> int | None:
        """Of those who opened the form, how many sent it; None where nobody opened it."""
        return _percent(self.submitted, self.visited)

    @property
    def confirmed_percent(self) -> int | None:
        """Of those who sent the form, how many confirmed; None where nobody sent it."""
        return _percent(self.confirmed, self.submitted)


@dataclass(frozen=True)
class Report:
    """The last so many days, today included."""

    days: int
    total: Line
    languages: list[Line]
    campaigns: list[Line]
    without_campaign: Line
    # The campaigns of fewer than MIN_SIGN_UPS, together and unnamed; None where there is none.
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
        for counted in (total, by_language[language], by_campaign[campaign]):
            counted[step] += number
    without = by_campaign.pop("", Counter())
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
        without_campaign=_line("", without),
        small_campaigns=_line("", sum(small, Counter())) if small else None,
    )


def _line(name: str, steps: Counter[str]) -> Line:
    return Line(name, steps[Step.VISITED], steps[Step.SUBMITTED], steps[Step.CONFIRMED])


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
