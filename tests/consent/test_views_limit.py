"""More choices than one network may make: grants are refused, refusals count without a record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from consent.choice import choice
from consent.models import ConsentRecord
from consent.records import record
from consent.records.record import MAX_CHOICES_PER_WINDOW as REAL_LIMIT
from tests.factories import FORM, kept_cookies, make_form

pytestmark = pytest.mark.django_db

COOKIE = settings.CHOICE_COOKIE_NAME
AT = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
LIMIT = 5
REFUSED = {COOKIE: choice.write_refusal()}


@pytest.fixture(autouse=True)
def moment():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def low_limit(monkeypatch) -> None:
    """A lower limit than the real one, which would take sixty choices in each test."""
    monkeypatch.setattr(record, "MAX_CHOICES_PER_WINDOW", LIMIT)


@pytest.fixture
def client() -> Client:
    return Client()


def send(client: Client, choice_: str, address: str = "203.0.113.7", **environ: str) -> Any:
    return client.post(
        "/en/cookies/", make_form(choice_), content_type=FORM, REMOTE_ADDR=address, **environ
    )


def use_up(client: Client, address: str = "203.0.113.7") -> None:
    for _choice in range(LIMIT):
        client.cookies.clear()
        assert send(client, "reject", address).status_code == 303
    client.cookies.clear()


def test_the_limit_is_sixty() -> None:
    assert REAL_LIMIT == 60


def test_over_the_limit_a_grant_is_answered_429(client) -> None:
    """Red when: `>` becomes `>=`, or TOO_MANY grants all the same."""
    use_up(client)

    response = send(client, "accept")

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert "Too many choices came from your network. Please try again in a minute." in response.text
    assert dict(response.cookies) == {}
    assert ConsentRecord.objects.count() == LIMIT


def test_over_the_limit_a_refusal_counts_without_a_record(client) -> None:
    """Red when: TOO_MANY answers refusals with 429, or records them."""
    use_up(client)

    response = send(client, "reject")

    assert response.status_code == 303
    assert kept_cookies(response) == REFUSED
    assert ConsentRecord.objects.count() == LIMIT


def test_over_the_limit_a_withdrawal_counts_and_shows_no_record(client) -> None:
    send(client, "accept")
    granted = client.cookies[COOKIE].value
    use_up(client)
    client.cookies[COOKIE] = granted

    response = send(client, "reject")

    assert response.status_code == 200
    assert kept_cookies(response) == REFUSED
    assert "Your consent is withdrawn." not in response.text
    assert "We could not store a receipt of this right now" in response.text
    assert "data-choice-made" in response.text
    assert ConsentRecord.objects.filter(is_refusal=True).count() == LIMIT - 1


def test_the_limit_starts_anew_every_minute(client, moment) -> None:
    """Red when: the minute is left out of the count."""
    use_up(client)
    moment.move_to(AT + timedelta(minutes=1))

    assert send(client, "accept").status_code == 303


def test_another_network_is_not_limited(client) -> None:
    """Red when: the key leaves out the address."""
    use_up(client)

    assert send(client, "accept", "203.0.113.8").status_code == 303


def test_the_limit_counts_an_ipv6_network_of_64_bits_as_one(client) -> None:
    """Red when: the whole IPv6 address is the key."""
    use_up(client, "2001:db8:0:1::1")

    assert send(client, "accept", "2001:db8:0:1:ffff::2").status_code == 429
    assert send(client, "accept", "2001:db8:0:2::1").status_code == 303


def test_a_forged_forwarded_address_does_not_escape_the_limit(client) -> None:
    """Red when: X-Forwarded-For counts without a trusted proxy."""
    use_up(client)

    response = send(client, "accept", HTTP_X_FORWARDED_FOR="198.51.100.1")

    assert response.status_code == 429


def test_behind_a_proxy_each_visitor_is_counted_alone(client, settings) -> None:
    settings.TRUSTED_PROXIES = 1
    for _choice in range(LIMIT):
        send(client, "reject", HTTP_X_FORWARDED_FOR="198.51.100.1")
    client.cookies.clear()

    same = send(client, "accept", HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.1")
    other = send(client, "accept", HTTP_X_FORWARDED_FOR="198.51.100.2")

    assert (same.status_code, other.status_code) == (429, 303)


def test_bad_forms_and_the_choose_button_do_not_count_towards_the_limit(client) -> None:
    for _form in range(LIMIT + 1):
        send(client, "choose")
        client.post("/en/cookies/", "choice=x", content_type=FORM)

    assert send(client, "accept").status_code == 303


def test_visitors_whose_address_cannot_be_read_share_no_limit(client, settings) -> None:
    """A proxy that sends no X-Forwarded-For. Red when: they all count as one network."""
    settings.TRUSTED_PROXIES = 1
    use_up(client)

    assert send(client, "accept").status_code == 303
    assert ConsentRecord.objects.count() == LIMIT + 1


@pytest.fixture
def flood(monkeypatch) -> int:
    """So many choices of different networks that no further one is recorded."""
    monkeypatch.setattr(record, "MAX_RECORDS_PER_WINDOW", 5)
    record._raise_alarm.cache_clear()
    for number in range(5):
        assert send(Client(), "reject", f"198.51.100.{number}").status_code == 303
    return ConsentRecord.objects.count()


def test_a_flood_of_grants_stores_no_further_one(client, monkeypatch) -> None:
    """Red when: `record` does not look at the number of all records."""
    monkeypatch.setattr(record, "MAX_RECORDS_PER_WINDOW", 5)
    for number in range(5):
        assert send(Client(), "accept", f"198.51.100.{number}").status_code == 303
    flood = ConsentRecord.objects.count()

    response = send(client, "accept")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "We cannot store your consent right now." in response.text
    assert dict(response.cookies) == {}
    assert ConsentRecord.objects.count() == flood


def test_in_a_flood_a_refusal_counts_without_a_record(client, flood: int) -> None:
    """Red when: a flood by strangers takes the refusal away from a visitor (I9)."""
    response = send(client, "reject")

    assert response.status_code == 303
    assert kept_cookies(response) == REFUSED
    assert ConsentRecord.objects.count() == flood


def test_a_flood_of_refusals_takes_no_consent_from_others(client, flood: int) -> None:
    """Ten networks are enough for such a flood. Red when: refusals and grants count together."""
    assert send(client, "accept").status_code == 303
    assert ConsentRecord.objects.count() == flood + 1


def test_a_flood_raises_one_alarm_in_a_minute(flood: int, log_lines, moment) -> None:
    """Red when: nobody hears of it, or each choice writes a line."""

    def alarms() -> int:
        return sum("All networks together" in line for line in log_lines)

    for number in range(10):
        send(Client(), "reject", f"192.0.2.{number}")
    assert alarms() == 1

    moment.move_to(AT + timedelta(seconds=59))
    send(Client(), "reject", "192.0.2.11")
    assert alarms() == 1


def test_after_a_flood_choices_are_recorded_again(client, flood: int, moment) -> None:
    moment.move_to(AT + record.WINDOW)

    assert send(client, "accept").status_code == 303
    assert ConsentRecord.objects.count() == flood + 1


def test_the_limit_of_all_networks_is_far_above_that_of_one() -> None:
    assert record.MAX_RECORDS_PER_WINDOW >= 10 * REAL_LIMIT
