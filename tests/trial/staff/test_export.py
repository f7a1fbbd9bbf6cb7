"""Sign-ups and the call list as staff download them."""

import csv
import io

import pytest
from django.utils import timezone

from tests.factories import make_person_to_call, make_sign_up, make_trial
from trial import actions
from trial.models import Channel, SignUp
from trial.staff import export


def read(response) -> list[list[str]]:
    """The rows as a spreadsheet reads them, the head first."""
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def sign_ups() -> list[list[str]]:
    return read(export.sign_ups(SignUp.objects.all(), at=timezone.now()))


@pytest.mark.django_db
def test_every_cell_of_the_download_is_made_safe() -> None:
    """Red when: `safe` is not called for each cell."""
    attribution = {"referrer": "", "landing": "/", "parameters": {"utm_campaign": "-spring"}}
    make_sign_up(name="=cmd|' /C calc'!A0", company="\t@SUM(A1)", attribution=attribution)

    _head, row = sign_ups()

    signs = {"=", "+", "-", "@", "\t", "\r"}
    assert [cell for cell in row if cell[:1] in signs] == ["+48 22 123 45 67"]
    assert {"'=cmd|' /C calc'!A0", "'\t'@SUM(A1)", "'-spring"} <= {*row}


@pytest.mark.django_db
@pytest.mark.parametrize("stored", ["=1+1", "+48=1", "+1"])
def test_an_invalid_telephone_number_is_treated_as_text(stored: str) -> None:
    """Red when: every value of the telephone column is written unchanged."""
    make_sign_up()
    SignUp.objects.update(phone=stored)

    assert f"'{stored}" in sign_ups()[1]


@pytest.mark.django_db
def test_text_with_separators_quotes_and_lines_is_one_cell() -> None:
    """Red when: the lines are joined without the csv module."""
    make_sign_up(company='A; "B"\nC')

    head, row = sign_ups()

    assert 'A; "B"\nC' in row
    assert len(head) == len(row)


@pytest.mark.django_db
def test_a_sign_up_is_downloaded_with_its_live_consents() -> None:
    """Red when: a ticked box counts as a consent, or withdrawals are ignored."""
    trial = make_trial("email", "phone")
    unconfirmed = make_sign_up("email", email="jan@example.com")
    [by_mail] = trial.consents.filter(channel=Channel.EMAIL)
    actions.withdraw(by_mail, method="page", at=timezone.now())

    rows = {row[6]: row for row in sign_ups()[1:]}

    no, yes = rows[trial.email][-2:]
    assert no != yes
    assert rows[unconfirmed.email][-2:] == [no, no]
    assert "Firma Przykładowa" in rows[trial.email]


@pytest.mark.django_db
def test_the_downloads_need_no_query_for_each_row(django_assert_num_queries) -> None:
    """Red when: each row needs a query for its consents."""
    for number in range(3):
        make_person_to_call(email=f"{number}@example.com")

    with django_assert_num_queries(2):  # the objections first
        assert len(sign_ups()) == 4
    with django_assert_num_queries(2):
        assert len(read(export.call_list(at=timezone.now()))) == 4


@pytest.mark.django_db
def test_the_call_list_holds_only_people_who_agreed_to_calls() -> None:
    """Red when: the list holds every channel, or every sign-up with a number."""
    make_trial("email", email="mail@example.com", name="Only Mail")
    make_sign_up("phone", email="waiting@example.com", name="Not Confirmed")
    make_person_to_call(email="yes@example.com", name="Call Me")

    [_head, row] = read(export.call_list(at=timezone.now()))

    day = f"{timezone.localdate():%Y-%m-%d}"
    assert row == ["+48 22 123 45 67", "Call Me", "Firma Przykładowa", "pl", day]


@pytest.mark.django_db
def test_a_consent_withdrawn_before_the_download_is_not_on_the_call_list() -> None:
    """Red when: the rows are read before the download begins, or `live` ignores withdrawals."""
    trial = make_person_to_call()
    response = export.call_list(at=timezone.now())

    actions.withdraw(trial.consents.get(), method="staff", at=timezone.now())

    [_head] = read(response)
