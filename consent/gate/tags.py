"""Google's tag: the server renders it only for granted groups, with their ids (I4)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from consent.models import OPTIONAL_LIFETIME

# Google's own default is two years.
COOKIE_LIFETIME_SECONDS = int(OPTIONAL_LIFETIME.total_seconds())


@dataclass(frozen=True)
class GoogleTag:
    """The data- attributes that static/js/google_tag.js reads. Basic Consent Mode v2."""

    analytics_id: str
    ads_id: str
    personalizes_ads: bool = False
    cookie_seconds: int = COOKIE_LIFETIME_SECONDS

    @property
    def consent(self) -> str:
        """The granted consent types, space-separated: those whose purpose a group names (I19)."""
        types = ["analytics_storage"] if self.analytics_id else []
        if self.ads_id:
            types += ["ad_storage", "ad_user_data"]
            types += ["ad_personalization"] if self.personalizes_ads else []
        return " ".join(types)

    @property
    def ads_conversion(self) -> str:
        """The `send_to` of a started trial in Google Ads; empty without a grant or a label."""
        label = settings.GOOGLE_ADS_CONVERSION_LABEL
        return f"{self.ads_id}/{label}" if self.ads_id and label else ""


def google_tag(granted: Collection[str], *, personalizes_ads: bool = False) -> GoogleTag | None:
    """The tag for a visitor. None where nothing is granted: then no byte goes to Google.

    Ads are personalized only where staff have switched it on in the registry, which says so.
    """
    analytics_id = settings.GOOGLE_TAG_ID if "analytics" in granted else ""
    ads_id = settings.GOOGLE_ADS_ID if "marketing" in granted else ""
    if not (analytics_id or ads_id):
        return None
    return GoogleTag(analytics_id, ads_id, personalizes_ads)
