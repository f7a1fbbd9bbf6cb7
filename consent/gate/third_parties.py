"""The granted groups whose hosts and tags a page may name: none on a private page (I15)."""

from django.http import HttpRequest

from consent.choice.choice import Choice
from consent.gate.staff_pages import is_staff_page
from content.private_pages import is_private_page


def third_party_groups(request: HttpRequest) -> frozenset[str]:
    """The granted groups whose hosts and tags this page may name."""
    choice: Choice = getattr(request, "consent", Choice())  # absent where a middleware failed
    if is_staff_page(request) or is_private_page(request):
        return frozenset()
    return choice.granted
