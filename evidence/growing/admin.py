"""Lists of the admin over tables that only grow: a page reads no more rows for a longer table.

Django's own list counts all rows, and skips those before a page. This is our own, since the package
that replaces it, django-admin-cursor-paginator, loses rows of the same moment and counts as well.
"""

from itertools import takewhile
from typing import Any

from django.conf import settings
from django.contrib.admin import ModelAdmin, ShowFacets, SimpleListFilter
from django.contrib.admin.utils import build_q_object_from_lookup_parameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from evidence.admin import ReadOnlyAdmin, moment_text
from evidence.growing import counts
from evidence.growing.counts import Count
from evidence.growing.keyset import NEWEST, OLDEST, Page, Pages, Start
from evidence.growing.periods import Periods, periods

_PARTS = ("year", "month", "day")


class GrowingList(ChangeList):
    """The newest rows first, in pages by keys, under about the number of all that match."""

    by: str
    page: Page
    count: Count
    period: dict[str, Any]
    has_other_filters: bool

    def get_filters(self, request: HttpRequest) -> Any:
        """Tell the period, whose rows an index finds, from all other filters."""
        self.by = self.date_hierarchy
        filters = super().get_filters(request)
        _specs, _has_filters, lookups, _may_repeat, has_active_filters = filters
        bounds = {f"{self.by}__gte", f"{self.by}__lt"}
        self.period = {name: value for name, value in lookups.items() if name in bounds}
        self.has_other_filters = has_active_filters or bool(lookups.keys() - bounds)
        return filters

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return [f"-{self.by}", "-pk"]

    def get_results(self, request: HttpRequest) -> None:
        start = Start.read(request.GET.get(PAGE_VAR, ""), self.lookup_opts.pk)
        among, most_read = self._few()
        pages = Pages(self.queryset, self.by, self.list_per_page, among, most_read)
        self.page = pages.page(start)
        self.count = self._count(pages)
        self.result_list = self.page.rows
        # What Django's own templates ask for: they show no number, as ours do.
        self.result_count = self.full_result_count = self.count.number
        self.show_full_result_count = self.show_admin_actions = True
        self.multi_page = self.can_show_all = False

    def _few(self) -> tuple[QuerySet[Any] | None, int]:
        """Where a page stops reading: the rows among which it looks, and how many of those.

        All rows may be read where an index finds those that match.
        """
        most = getattr(self.model_admin, "most_read_by_filters", None)
        if most is None or self.query or not self.has_other_filters:
            return None, 0
        period = build_q_object_from_lookup_parameters(self.period)
        return self.root_queryset.filter(period), most

    def _count(self, pages: Pages) -> Count:
        seen = len(self.page.rows)
        if self.page.start.place is None and not (self.page.newer or self.page.older):
            return Count(seen)
        if pages.among is None:
            return counts.count(self.queryset)
        number = counts.expected(self.queryset)
        if number is not None:
            return Count.about(max(number, seen))
        rows, are_all = pages.read_at_most()
        return counts.count(rows) if are_all else Count.at_least(counts.count(rows))

    @property
    def links(self) -> dict[str, str]:
        """The pages beside this one, and those at both ends; empty for a page without any."""
        starts = {
            "newest": None if self.page.start == NEWEST else NEWEST,
            "newer": self.page.newer,
            "older": self.page.older,
            "oldest": OLDEST if self.page.older else None,
        }
        return {name: self._link(start) for name, start in starts.items() if start}

    @property
    def read_until(self) -> str:
        """The moment at which a page stopped reading before it was full; empty where it did not."""
        moment = self.page.read_until
        return moment_text(moment) if moment else ""

    @property
    def periods(self) -> Periods | None:
        parts: list[Any] = [self.params.get(f"{self.by}__{part}") for part in _PARTS]
        chosen = [int(part) for part in takewhile(bool, parts)]
        return periods(self.root_queryset, self.by, chosen, self._link_to_period)

    def _link_to_period(self, *parts: int) -> str:
        names = (f"{self.by}__{part}" for part in _PARTS)
        return self.get_query_string(dict(zip(names, parts, strict=False)), [f"{self.by}__"])

    def _link(self, start: Start) -> str:
        return self.get_query_string({PAGE_VAR: str(start) or None})


class Growing(ModelAdmin):
    """Rows of a table that only grows, ordered by the field that `date_hierarchy` names.

    That field has an index. No other column sorts: an index for each would slow down every row that
    the site writes.
    """

    change_list_template = "admin/growing_list.html"
    sortable_by = ()
    show_facets = ShowFacets.NEVER  # each number beside a filter would count all rows
    # How many rows a page may read where no index finds those that the filters ask for; None where
    # that may be all of them, in a table that never has millions.
    most_read_by_filters: int | None = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return GrowingList


class LanguageFilter(SimpleListFilter):
    """The languages of the site. Django's own filter reads all rows to find their languages."""

    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return settings.LANGUAGES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(language=self.value()) if self.value() else queryset


class GrowingAdmin(Growing, ReadOnlyAdmin):
    """The same for rows that staff only read."""
