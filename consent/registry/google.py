"""Whether the site can send data to Google, as the settings and the registry are now."""

from django.conf import settings
from django.db import connection

from consent.models import CookieDetails

# The setting with the id of the tag that a grant of the group loads.
_TAG_OF_GROUP = {"analytics": "GOOGLE_TAG_ID", "marketing": "GOOGLE_ADS_ID"}


def is_used(group: str) -> bool:
    """Whether a tag is set for the group, or the registry lists a cookie of Google in it.

    The policy prints a listed cookie before its tag is set, so it names Google with it.
    """
    if getattr(settings, _TAG_OF_GROUP[group]):
        return True
    # After `migrate privacy` alone the registry has no tables yet.
    if CookieDetails._meta.db_table not in connection.introspection.table_names():
        return False
    rows = CookieDetails.objects.filter(is_active=True, party=CookieDetails.Party.THIRD)
    of_google = rows.filter(provider__name__icontains="google")
    return of_google.filter(cookie__cookiegroup__varname=group).exists()
