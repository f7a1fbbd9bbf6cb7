"""The worker seals each day once, publishes the checkpoint, and mails it to the witnesses."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from content.models import ContentRevision
from delivery import outbox, worker
from delivery.models import Mail
from evidence.models import Checkpoint, Leaf
from evidence.seal import sealing
from privacy.seals import daily, mails
from tests.evidence.seal.sealed import make_evidence, tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def witnesses(settings) -> None:
    settings.SEAL_WITNESSES = ["anna@kancelaria.example", "uodo@urzad.example"]


def test_each_witness_gets_the_checkpoint_word_for_word() -> None:
    """Red when: one witness is left out, or the mail quotes another note."""
    make_evidence()
    mail.outbox.clear()

    assert daily.seal(tomorrow()) is True
    while outbox.send_next(tomorrow()):
        pass

    sent = [each for each in mail.outbox if "Pieczęć" in each.subject]
    assert [each.to for each in sent] == [["anna@kancelaria.example"], ["uodo@urzad.example"]]
    checkpoint = Checkpoint.objects.get()
    for each in sent:
        assert checkpoint.note.strip() in each.body
        assert f"/pieczec/{checkpoint.size}/dowod/" in each.body


def test_no_address_of_a_witness_is_stored() -> None:
    make_evidence()
    daily.seal(tomorrow())

    about = [*Mail.objects.filter(kind=mails.KIND).values_list("about", flat=True)]
    assert sorted(each.split()[1] for each in about) == ["0", "1"]
    assert "@" not in "".join(about)


def test_a_witness_who_has_left_the_list_gets_no_mail(settings) -> None:
    """Red when: the place of the witness is not looked up as the mail is written."""
    make_evidence()
    daily.seal(tomorrow())
    settings.SEAL_WITNESSES = ["anna@kancelaria.example"]
    number = Checkpoint.objects.get().number

    assert mails.write(f"{number} 0", tomorrow()) is not None
    assert mails.write(f"{number} 1", tomorrow()) is None


def test_every_process_shows_the_checkpoint_after_its_next_poll() -> None:
    """Red when: the revision of the content is not bumped."""
    make_evidence()
    before = ContentRevision.objects.get().number

    daily.seal(tomorrow())

    assert ContentRevision.objects.get().number == before + 1
    assert daily.seal(tomorrow()) is False
    assert ContentRevision.objects.get().number == before + 1


def test_a_worker_that_is_second_leaves_the_day_to_the_first(monkeypatch, log_lines) -> None:
    """Red when: the error of the database ends the work of the second worker."""

    def by_another_worker(*args: object, **options: object) -> bool:
        raise IntegrityError

    monkeypatch.setattr(sealing, "seal_due", by_another_worker)

    assert daily.seal(timezone.now()) is False


def test_the_worker_has_the_job(monkeypatch) -> None:
    """Red when: `privacy/jobs.py` does not register it."""
    make_evidence()

    worker.work(timezone.now() + timedelta(days=1))

    assert Leaf.objects.filter(series="record").exists()
