"""The search in lists of rows that belong to a sign-up, by the person of the sign-up."""

from typing import Any

from django.http import HttpRequest

from delivery.admin import AddressSearch
from trial.models import SignUp

# More than anybody reads. A word such as “gmail” is in most sign-ups: the database would put all
# their rows in order.
MOST_PEOPLE = 500


class PersonSearch(AddressSearch):
    """Finds the rows of the newest sign-ups that match. `search_fields` are those of a sign-up."""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if not search_term:
            return queryset, False
        newest = SignUp.objects.order_by("-created_at")
        people, _may_repeat = super().get_search_results(request, newest, search_term)
        ids = people.values_list("pk", flat=True)[:MOST_PEOPLE]
        return queryset.filter(sign_up__in=[*ids]), False
