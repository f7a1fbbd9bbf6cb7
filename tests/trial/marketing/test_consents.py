"""A proof of a consent outlives its person, names nobody, and lets nobody be mailed or called."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery import worker
from delivery.models import Mail
from evidence.deletion_window import Reason, deletion_window
from privacy.rights.map.periods import months_before
from tests.factories import make_person_to_call, make_trial
from tests.staff import make_staff
from trial import actions
from trial.models import Channel, MarketingConsent, MarketingMail, SignUp
from trial.staff import export

pytestmark = pytest.mark.django_db

NUMBER = "+48601234567"
ADDRESS = "anna@firma.pl"
LIST = "/admin/trial/marketingconsent/"


def make_proofs(*, at: datetime | None = None) -> SignUp:
    """A person with a consent to each channel, whose number is confirmed."""
    trial = make_trial("email", "phone", email=ADDRESS, phone=NUMBER, at=at)
    make_person_to_call(email="b@firma.pl", at=at)
    return trial


def make_orphans() -> list[MarketingConsent]:
    """Proofs whose sign-up is gone."""
    trial = make_proofs()
    SignUp.objects.filter(pk=trial.pk).delete()
    return list(MarketingConsent.objects.filter(sign_up_id=trial.pk))


def lines_of(response: Any) -> list[str]:
    return b"".join(response.streaming_content).decode().splitlines()


def send_marketing() -> list[str]:
    mail = MarketingMail.objects.create(
        subject_pl="T", subject_en="S", text_pl="Treść", text_en="Text"
    )
    actions.send_marketing_mail(mail, at=timezone.now())
    return [each.about.split()[1] for each in Mail.objects.filter(kind=actions.MARKETING)]


def test_a_proof_has_hashes_of_the_address_and_of_the_number_of_its_channel() -> None:
    make_proofs()
    by_email, by_phone = (
        MarketingConsent.objects.get(channel=channel, sign_up__email=ADDRESS)
        for channel in (Channel.EMAIL, Channel.PHONE)
    )

    assert by_email.address_hash == by_phone.address_hash != ""
    assert by_phone.number_hash not in {"", by_phone.address_hash}
    assert by_email.number_hash == ""


@pytest.mark.parametrize("text", ["ANNA@firma.pl", "601 234 567", NUMBER])
def test_staff_find_a_proof_by_an_address_or_number_that_is_not_stored(text: str) -> None:
    """Red when: the list searches the sign-up alone, or another purpose than the one stored."""
    by_email, by_phone = sorted(make_orphans(), key=lambda row: row.channel)
    page = make_staff("view_marketingconsent").get(LIST, {"q": text}).text

    assert str(by_phone.pk) in page
    assert (str(by_email.pk) in page) == ("@" in text)


def test_the_pages_of_a_proof_open_when_its_person_is_gone() -> None:
    """Red when: a page reads the sign-up without asking whether it is there."""
    staff = make_staff("view_marketingconsent")
    for consent in make_orphans():
        assert str(consent.pk) in staff.get(LIST).text
        page = staff.get(f"{LIST}{consent.pk}/change/")
        assert page.status_code == 200
        assert consent.text in page.text


def test_nobody_is_mailed_or_called_on_the_proof_of_a_person_who_is_gone() -> None:
    """Red when: `live` asks for no sign-up."""
    ids = [consent.pk for consent in make_orphans()]

    assert send_marketing() == []
    assert NUMBER[-3:] not in "".join(lines_of(export.call_list(at=timezone.now())))
    assert not any(
        MarketingConsent.objects.live(channel, at=timezone.now()).filter(pk__in=ids).exists()
        for channel in Channel
    )


def test_a_mail_that_waits_for_a_person_who_is_gone_is_neither_sent_nor_kept(mailoutbox) -> None:
    trial = make_proofs()
    assert len(send_marketing()) == 1
    SignUp.objects.filter(pk=trial.pk).delete()

    worker.work_off(timezone.now())

    assert not Mail.objects.filter(kind=actions.MARKETING).exists()
    assert trial.email not in {address for message in mailoutbox for address in message.to}


def test_the_unsubscribe_link_works_when_the_person_is_gone(client) -> None:
    """I15: as long as the proof is there. Red when: the page joins with the sign-up."""
    for consent in make_orphans():
        address = f"/en/free-trial/consents/{consent.pk}/"
        assert client.get(address).content.decode().count('id="consent-') == 2
        assert client.post(address, {"channel": consent.channel}).status_code == 200
        assert MarketingConsent.objects.get(pk=consent.pk).withdrawn_at is not None


def test_the_link_of_a_stripped_proof_shows_no_other_proof() -> None:
    """Red when: proofs without the id of a sign-up count as those of one person."""
    ids = [consent.pk for consent in make_orphans()]
    with deletion_window(Reason.ERASURE):
        MarketingConsent.objects.filter(pk__in=ids).update(sign_up=None)

    stripped = MarketingConsent.objects.filter(pk__in=ids)
    assert len(stripped) == 2
    assert all(list(consent.of_same_sign_up()) == [consent] for consent in stripped)


LAPSE = timedelta(seconds=1)


def test_a_consent_lapses_24_months_after_it_was_confirmed(settings, time_machine) -> None:
    """Red when: `live` does not look at the age of a consent."""
    start = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    lapse = months_before(start, -settings.MARKETING_SILENCE_MONTHS)
    make_proofs(at=start)

    time_machine.move_to(lapse - LAPSE)
    assert MarketingConsent.objects.live(Channel.EMAIL, at=timezone.now()).count() == 1
    assert len(lines_of(export.call_list(at=timezone.now()))) == 2

    time_machine.move_to(lapse)
    assert send_marketing() == []
    assert len(lines_of(export.call_list(at=timezone.now()))) == 1


def test_the_page_of_a_consent_that_lapsed_says_so(client, time_machine) -> None:
    """Red when: it offers a button as if the consent stood."""
    start = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    consent = make_trial("email", at=start).consents.get()
    address = f"/en/free-trial/consents/{consent.pk}/"
    time_machine.move_to(months_before(start, -24) - LAPSE)
    assert "<button" in client.get(address).content.decode().partition("<main")[2]

    time_machine.move_to(months_before(start, -24))
    page = client.get(address).content.decode().partition("<main")[2]
    assert "Lapsed on 1 March 2028." in page
    assert 'name="channel"' not in page


@pytest.mark.parametrize(("state", "number"), [("yes", 1), ("no", 1), ("lapsed", 1)])
def test_staff_filter_by_whether_a_consent_stands(state: str, number: int) -> None:
    make_trial("email", email="a@firma.pl")
    withdrawn = make_trial("email", email="b@firma.pl").consents.get()
    actions.withdraw(withdrawn, method="staff", at=timezone.now())
    make_trial("email", email="c@firma.pl", at=months_before(timezone.now(), 25))

    page = make_staff("view_marketingconsent").get(LIST, {"stands": state}).text

    assert page.count('<td class="field-company') == number
