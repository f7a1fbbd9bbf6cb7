"""Staff pages: staff cookies pass only there, and there is no banner and no tag on them."""

from django.conf import settings
from django.http import HttpRequest


def is_staff_page(request: HttpRequest) -> bool:
    """Whether the request is for a page of the admin."""
    return request.path.startswith(settings.ADMIN_PREFIX)
