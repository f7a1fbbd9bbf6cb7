"""Which pages are for staff: their cookies pass there alone; nothing is asked or measured there."""

from django.conf import settings
from django.http import HttpRequest


def is_staff_page(request: HttpRequest) -> bool:
    """Whether a request is for the admin."""
    return request.path.startswith(settings.ADMIN_PREFIX)
