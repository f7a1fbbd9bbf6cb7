"""Who may write policies, publish them, and protect data: groups that `migrate` makes.

The writer of the last change may not publish it, whatever the groups allow: see
`reasons_against` in policies/actions.py, and the setting POLICY_FOUR_EYES.
"""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.db.models import QuerySet

# As staff see them in the list of groups. A person who writes and publishes is in both.
EDITORS = "Redakcja polityk"
PUBLISHERS = "Publikacja polityk"
DATA_PROTECTION = "Ochrona danych"

_PERMISSIONS = {
    EDITORS: ("view_policyversion", "add_policyversion", "change_policyversion"),
    PUBLISHERS: ("view_policyversion", "publish_policyversion"),
    DATA_PROTECTION: (
        "view_policyversion",
        "view_processingrecord",
        "view_purgerun",
        "view_reading",
        "view_recipient",
        "add_recipient",
        "change_recipient",
        "delete_recipient",
        *(
            f"{verb}_{case}"
            for case in ("datarequest", "erasurecase", "restriction", "legalhold", "breach")
            for verb in ("view", "add", "change")
        ),
        # Nobody changes a notice.
        "view_breachnotice",
        "add_breachnotice",
    ),
}
# Of the apps above, by their labels: an app connects `make_groups` to its own `migrate`.
_OF_OTHER_APPS: dict[str, dict[str, tuple[str, ...]]] = {}


def grant(app_label: str, group: str, *codenames: str) -> None:
    """Let a group have permissions of an app above, from its `migrate` on."""
    _OF_OTHER_APPS.setdefault(app_label, {})[group] = codenames


def make_groups(sender: Any, using: str, **kwargs: Any) -> None:
    """After `migrate`: add the groups that are missing, and give the others what is new.

    A permission that this `migrate` brings goes to each group that lists it. What staff took away
    from a group, or added to it, stays so.
    """
    tables = {ContentType._meta.db_table, Group._meta.db_table}
    if not tables <= {*connections[using].introspection.table_names()}:
        return  # after `migrate privacy 0004` on an empty database
    # In one transaction: of a run that is killed, the next one finds the new permissions as new.
    with transaction.atomic(using=using):
        earlier = {*_permissions(sender, using).values_list("pk", flat=True)}
        # Django makes permissions in a receiver of the same signal. It runs after this one, as
        # INSTALLED_APPS lists `privacy` before `django.contrib.auth`.
        create_permissions(sender, verbosity=0, using=using)
        for name, codenames in _listed(sender).items():
            group, is_new = Group.objects.using(using).get_or_create(name=name)
            listed = _permissions(sender, using).filter(codename__in=codenames)
            group.permissions.add(*(listed if is_new else listed.exclude(pk__in=earlier)))


def _listed(sender: Any) -> dict[str, tuple[str, ...]]:
    return _PERMISSIONS if sender.label == "privacy" else _OF_OTHER_APPS.get(sender.label, {})


def _permissions(sender: Any, using: str) -> QuerySet[Permission]:
    """The permissions of this app that are there."""
    return Permission.objects.using(using).filter(content_type__app_label=sender.label)
