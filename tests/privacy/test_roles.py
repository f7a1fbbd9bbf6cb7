"""The groups that every `migrate` adds."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from privacy.roles import DATA_PROTECTION, EDITORS, PUBLISHERS, make_groups

pytestmark = pytest.mark.django_db


def codenames(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_editors_write_and_publishers_publish() -> None:
    """Red when: the receiver runs before the permissions exist, or is not connected."""
    assert codenames(EDITORS) == {
        "view_policyversion",
        "add_policyversion",
        "change_policyversion",
    }
    assert codenames(PUBLISHERS) == {"view_policyversion", "publish_policyversion"}


def test_those_who_protect_data_read_the_record_and_keep_the_recipients() -> None:
    """Red when: the permission of the record does not exist, or its group does not."""
    assert codenames(DATA_PROTECTION) == {
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
        "view_breachnotice",
        "add_breachnotice",
        # Of `consent`, which is above `privacy`.
        "view_consentrecord",
    }


def test_changes_of_staff_to_the_groups_stay() -> None:
    """Red when: each migration sets the permissions anew."""
    Group.objects.get(name=EDITORS).permissions.clear()
    Group.objects.get(name=PUBLISHERS).delete()

    make_groups(apps.get_app_config("privacy"), using="default")

    assert codenames(EDITORS) == set()
    assert codenames(PUBLISHERS) == {"view_policyversion", "publish_policyversion"}


@pytest.mark.django_db(transaction=True)
def test_a_site_of_before_lets_its_group_see_records() -> None:
    """Red when: migration 0011 of `consent` is left out: the permission is not a new one there."""
    group = Group.objects.get(name=DATA_PROTECTION)
    call_command("migrate", "consent", "0010", verbosity=0)
    group.permissions.remove(Permission.objects.get(codename="view_consentrecord"))

    migrate()

    assert "view_consentrecord" in codenames(DATA_PROTECTION)


def migrate() -> None:
    """As a release does it: every app sends its signals."""
    call_command("migrate", verbosity=0)


def test_a_permission_of_a_new_release_goes_to_the_groups_that_list_it() -> None:
    """Red when: only a new group gets permissions, so the officers of an older site lack them, or
    Django makes the permissions before the groups look which are new."""
    Permission.objects.filter(codename="view_recipient").delete()
    assert "view_recipient" not in codenames(DATA_PROTECTION)
    others = codenames(EDITORS)

    migrate()

    assert "view_recipient" in codenames(DATA_PROTECTION)
    assert codenames(EDITORS) == others


def test_what_staff_took_away_stays_away_when_a_release_brings_something_new() -> None:
    """Red when: a group gets its whole list again, or a new permission a second time."""
    group = Group.objects.get(name=DATA_PROTECTION)
    group.permissions.remove(Permission.objects.get(codename="change_recipient"))
    Permission.objects.filter(codename="view_recipient").delete()
    migrate()
    assert "view_recipient" in codenames(DATA_PROTECTION)
    group.permissions.remove(Permission.objects.get(codename="view_recipient"))

    migrate()

    assert not {"view_recipient", "change_recipient"} & codenames(DATA_PROTECTION)
