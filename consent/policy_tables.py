"""The table of cookies that a policy prints for `{{ cookies }}`."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from consent.registry import registry
from privacy.policies.text import tables


def cookie_table(at: datetime | None) -> SafeString:
    """Every declared cookie: of today, or just before the moment when a version was superseded."""
    declared = registry.current()
    groups = declared.groups if at is None else declared.groups_before(at)
    context = {"groups": groups, "words": declared.text.get("cookie_table", {})}
    return render_to_string("consent/_policy_tables.html", context)


tables.register("cookies", cookie_table, required_in=["privacy"])
