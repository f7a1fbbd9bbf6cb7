"""Third-party hosts per group, which the Content-Security-Policy names after a grant (I3).

From the sections Google Analytics 4 and Google Ads of Google's guide to a Content Security Policy
(https://developers.google.com/tag-platform/security/guides/csp), without the hosts of every
country, www.google.<TLD>: only audiences for remarketing need them.
"""

from collections.abc import Collection, Mapping

from django.conf import settings

Directives = Mapping[str, tuple[str, ...]]

_TAG = "https://www.googletagmanager.com"
_ANALYTICS_HOSTS = (
    _TAG,
    "https://www.google-analytics.com",
    "https://*.google-analytics.com",
    "https://*.analytics.google.com",
)
_ADS_HOSTS = (
    _TAG,
    "https://www.googleadservices.com",
    "https://googleads.g.doubleclick.net",
    "https://pagead2.googlesyndication.com",
    "https://www.google.com",
)
_ANALYTICS: Directives = {
    "script-src": (_TAG,),
    "img-src": _ANALYTICS_HOSTS,
    "connect-src": _ANALYTICS_HOSTS,
}
_ADS: Directives = {
    "script-src": _ADS_HOSTS,
    "img-src": _ADS_HOSTS,
    # Sites that left this host out lost their conversions in 2026.
    "connect-src": (*_ADS_HOSTS, "https://ad.doubleclick.net"),
    "frame-src": (_TAG,),
}


def directives(granted: Collection[str]) -> dict[str, list[str]]:
    """What to add to the site's own policy, by directive, after a grant of these groups."""
    added: dict[str, list[str]] = {}
    for group, tag_id, group_directives in (
        ("analytics", settings.GOOGLE_TAG_ID, _ANALYTICS),
        ("marketing", settings.GOOGLE_ADS_ID, _ADS),
    ):
        if group in granted and tag_id:
            for directive, hosts in group_directives.items():
                sources = added.setdefault(directive, [])
                sources.extend(host for host in hosts if host not in sources)
    return added
