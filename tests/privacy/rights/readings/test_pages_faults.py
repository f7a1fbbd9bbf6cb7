"""The log of readings when something fails, when its person is erased meanwhile, and its cost."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.models import ConsentRecord
from delivery.models import Mail
from privacy.models import PersonNumber, Reading
from privacy.rights.cases import erasure_cases, restrictions
from privacy.rights.map.declarations import Person
from privacy.rights.readings import reading
from tests.factories import make_client, make_trial, post_choice
from tests.privacy.rights.readings.test_pages import (
    ANNA,
    ERASE,
    SIGN_UPS,
    log,
    page_of,
    personal_models,
)
from tests.staff import act, make_staff
from trial.models import MarketingConsent, SignUp
from trial.staff.sign_ups import SignUpAdmin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", ["page", "list", "file", "preview"])
def test_what_cannot_be_logged_is_not_shown(admin_client, monkeypatch, what: str) -> None:
    """Red when: the page goes out first, and the row is written afterwards or not at all."""
    trial = make_trial(email="anna@example.com", company="Firma Anny")

    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(reading, "log", fail)
    response = {
        "page": lambda: admin_client.get(page_of(trial)),
        "list": lambda: admin_client.get(SIGN_UPS),
        "file": lambda: act(admin_client, SIGN_UPS, "download_csv", trial),
        "preview": lambda: admin_client.post(ERASE, {"email": "anna@example.com", "show": ""}),
    }[what]()

    assert response.status_code == 503
    assert not [word for word in ("anna", "Firma Anny") if word in response.content.decode()]


def test_a_page_that_fails_while_it_is_made_is_not_logged(admin_client, monkeypatch) -> None:
    """Red when: the row is written before Django renders the page."""
    trial = make_trial()

    def fail(*args: object) -> str:
        raise OperationalError("gone")

    monkeypatch.setattr(SignUpAdmin, "readable_email", fail)
    for page in (page_of(trial), SIGN_UPS):
        assert admin_client.get(page).status_code == 503

    assert log() == []


@pytest.mark.parametrize(
    "row_of",
    [
        lambda trial: trial,
        lambda trial: trial.hand_over,
        lambda trial: trial.consents.get(),
        lambda trial: Mail.objects.latest("pk"),
        lambda trial: ConsentRecord.objects.latest("pk"),
        lambda trial: restrictions.restrict(ANNA, reason="x", at=timezone.now()),
    ],
    ids=["sign-up", "hand-over", "consent", "mail", "record", "restriction"],
)
def test_a_page_needs_three_statements_more_at_most(settings, monkeypatch, row_of) -> None:
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    post_choice(make_client(), "accept")
    page = page_of(row_of(make_trial("email")))
    client = make_staff(*(f"view_{model._meta.model_name}" for model in personal_models()))

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    statements()  # the first request fills caches of the process
    PersonNumber.objects.all().delete()
    with_log = statements()
    assert Reading.objects.count() == 2
    monkeypatch.setattr("privacy.rights.readings.pages._log_row", lambda *args, **kw: None)

    assert 2 <= with_log - statements() <= 3


@pytest.mark.parametrize("of", ["sign-up", "consent", "mail", "record", "case"])
def test_a_person_who_is_erased_while_a_page_is_made_gets_no_number(
    admin_client, monkeypatch, of: str
) -> None:
    """Red when: the log makes a number from the row that the page has in memory."""
    post_choice(make_client(), "accept")
    trial = make_trial("email", email="anna@example.com")
    record = ConsentRecord.objects.latest("pk")
    at = timezone.now()
    case = erasure_cases.request(Person("anna@example.com", frozenset({record.pk})), at=at)
    rows = {
        "sign-up": trial,
        "consent": MarketingConsent.objects.get(),
        "mail": Mail.objects.latest("pk"),
        "record": record,
        "case": case,
    }
    atomic = reading.transaction.atomic

    def log_after_the_erasure(*args: object, **kwargs: object) -> object:
        monkeypatch.undo()
        while erasure_cases.finish_next(at + timedelta(days=1)):
            pass
        return atomic(*args, **kwargs)

    monkeypatch.setattr("privacy.rights.readings.pages.transaction.atomic", log_after_the_erasure)
    assert admin_client.get(page_of(rows[of])).status_code == 200

    assert not SignUp.objects.exists()
    assert log() == [("read", rows[of]._meta.db_table, False, 1)]
    assert not PersonNumber.objects.exists()
