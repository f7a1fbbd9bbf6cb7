"""Messages of the admin, in a cookie that is bound to the host over HTTPS like the other ones."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class MessageStorage(CookieStorage):
    """Django's cookie storage with the prefix `__Host-` in the cookie's name."""

    cookie_name = f"{settings.HOST_PREFIX}messages"
