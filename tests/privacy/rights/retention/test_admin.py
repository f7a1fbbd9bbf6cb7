"""Staff see when retention last ran, what it ended, and a warning when it is late."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone, translation
from django.utils.text import capfirst

from privacy.models import PurgeRun
from privacy.rights.retention import purge, purge_runs
from privacy.roles import DATA_PROTECTION
from tests.privacy.rights.people import START, days, make_people
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

WARNING = "nie usunięto danych, których okres przechowywania minął"
LIST = "/admin/privacy/purgerun/"


def test_staff_see_each_run_and_its_counts() -> None:
    make_people()
    while purge_runs.purge_daily(START + days(400)):
        pass
    [run] = PurgeRun.objects.all()

    officer = make_staff("view_purgerun")  # the run ended earlier sessions
    assert f'<td class="field-ended_rows">{run.rows}</td>' in officer.get(LIST).text
    page = officer.get(f"{LIST}{run.pk}/change/").text
    with translation.override("pl"):
        assert all(capfirst(str(rule.name)) in page for rule in purge.rules())
    assert 'name="_save"' not in page


def test_a_period_of_an_ad_is_not_said_of_its_sign_up(admin_client) -> None:
    """Red when: the run says that sign-ups ended, where only the ad in them did."""
    make_people()
    while purge_runs.purge_daily(START + days(91)):
        pass

    page = admin_client.get(f"{LIST}{PurgeRun.objects.get().pk}/change/").text.replace("\xa0", " ")
    line = (
        '<th scope="row">Płatna reklama, z której pochodzi zgłoszenie</th><td>90 dni od zgłoszenia'
    )
    assert line in page


def test_staff_see_which_rule_failed(admin_client) -> None:
    run = PurgeRun.objects.create(
        started_at=START, errors={"privacy_token 1": 3}, done=["privacy_token 1"]
    )

    assert "nie powiodło się" in admin_client.get(f"{LIST}{run.pk}/change/").text


@pytest.mark.parametrize("address", [LIST, "/admin/"])
def test_a_run_that_is_late_is_a_warning(admin_client, address: str) -> None:
    """Red when: the page does not ask for the last complete run."""
    assert WARNING in admin_client.get(address).text

    PurgeRun.objects.create(started_at=timezone.now() - days(26.1) / 24, is_complete=True)
    assert WARNING in admin_client.get(address).text

    PurgeRun.objects.create(started_at=timezone.now() - days(25.9) / 24, is_complete=True)
    assert WARNING not in admin_client.get(address).text


def test_the_group_of_data_protection_sees_the_runs() -> None:
    """The officer has to show that retention is enforced. Red when: only superusers see it."""
    permissions = Group.objects.get(name=DATA_PROTECTION).permissions

    assert permissions.filter(codename="view_purgerun").exists()


def test_staff_without_the_permission_are_not_bothered() -> None:
    assert WARNING not in make_staff("view_page").get("/admin/").text
