"""Messages of the admin, in a cookie that is bound to the host over HTTPS, as the others are."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class MessageStorage(CookieStorage):
    """Stock cookie storage under a prefixed name."""

    cookie_name = f"{settings.HOST_PREFIX}messages"
