"""A mail arrives once; twice if the server did not confirm; never three times (I17: never lost)."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction

from delivery import outbox, smtp
from delivery.bounces import reports
from delivery.deliveries import LEASE
from delivery.models import Mail
from tests.delivery.conftest import KIND, READER

pytestmark = pytest.mark.django_db

State = Mail.State


def test_a_mail_reaches_its_reader_with_the_headers_that_mail_programs_need(
    server, put, at, settings
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@voipstudio.pl"
    mail = put()

    assert outbox.send_next(at) is True

    [received] = server.received
    assert (received.sender, received.reader) == ("bounces@voipstudio.pl", READER)
    message = received.message
    assert message["Message-ID"] == f"<{mail.pk}@127.0.0.1>"
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert message["Subject"] == "Zażółć"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().split() == ["Gęślą", ".", "jaźń"]
    mail.refresh_from_db()
    assert (mail.state, mail.possible_copies, mail.finished_at) == (State.DELIVERED, 1, at)
    assert outbox.send_next(at) is False


def test_a_mail_for_later_waits(server, put, at) -> None:
    """Red when: `due` does not check `next_attempt_at`."""
    put(send_at=at + timedelta(days=27))

    assert outbox.send_next(at) is False
    assert outbox.send_next(at + timedelta(days=27)) is True


def test_the_database_itself_refuses_a_third_copy(put) -> None:
    """Red when: the constraint is missing."""
    mail = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(possible_copies=3)


def test_a_mail_that_is_no_longer_needed_is_canceled(server, put, at, write) -> None:
    write(writer=lambda _about, _at: None)
    mail = put()
    outbox.send_next(at)

    mail.refresh_from_db()
    assert (mail.state, server.received) == (State.CANCELED, [])


def test_a_mail_of_somebody_whose_data_is_restricted_waits_and_loses_no_attempt(
    server, put, at, write
) -> None:
    """Red when: it is canceled, counts as an attempt, or is asked for without a pause."""

    def refuse(_about: str, _at: datetime) -> None:
        raise outbox.Restricted

    write(writer=refuse)
    mail = put()

    for number in range(30):
        assert outbox.send_next(at + number * outbox.ASK_AGAIN_AFTER)
        assert not outbox.send_next(at + number * outbox.ASK_AGAIN_AFTER)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.claimed_until) == (State.WAITING, 0, None)
    assert not server.received


def test_a_mail_of_an_unknown_kind_waits_for_a_release_that_declares_the_kind(
    server, write, at, monkeypatch
) -> None:
    """Red when: after a rollback the KeyError ends the worker, or the mail is given up."""
    mail = outbox.put(kind="of-tomorrow", about="x", at=at)
    assert outbox.send_next(at) is True
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (State.WAITING, "KeyError")
    monkeypatch.setitem(outbox._kinds, "of-tomorrow", outbox._kinds[KIND])
    outbox.send_next(mail.next_attempt_at)

    assert server.copies == {READER: 1}


def test_a_mail_stays_due_when_the_database_fails_while_it_is_written(
    server, put, at, write
) -> None:
    """Red when: an OperationalError counts as a failed attempt."""

    def gone(_about: str, _at: datetime) -> None:
        raise OperationalError

    write(writer=gone)
    mail = put()
    with pytest.raises(OperationalError):
        outbox.send_next(at)
    write()
    assert outbox.send_next(at) is False
    assert outbox.send_next(at + LEASE) is True

    mail.refresh_from_db()
    assert (mail.state, server.copies) == (State.DELIVERED, {READER: 1})


def test_a_worker_that_dies_after_sending_causes_one_more_copy_and_never_a_third(
    server, put, at, monkeypatch
) -> None:
    """Red when: the lease does not end, or the copy is counted after it was sent."""
    mail = put()
    with monkeypatch.context() as dying:

        def die(*_args: object, **_kwargs: object) -> None:
            raise SystemExit

        dying.setattr(Mail, "finish", die)
        for moment in (at, at + LEASE):
            with pytest.raises(SystemExit):
                outbox.send_next(moment)
    assert server.copies == {READER: 2}
    assert outbox.send_next(at + LEASE * 2) is True

    mail.refresh_from_db()
    assert (mail.state, server.copies) == (State.FAILED, {READER: 2})


def test_a_worker_that_lost_its_claim_sends_nothing(server, put, at) -> None:
    """Red when: `_count_copy` does not check the claim."""
    mail = put()
    slow = Mail.objects.claim_next(at=at)
    assert outbox.send_next(at + LEASE) is True
    outbox._send(slow, outbox._kinds[KIND].write(slow.about, at), at=at)

    mail.refresh_from_db()
    assert (mail.state, mail.possible_copies) == (State.DELIVERED, 1)
    assert server.copies == {READER: 1}


def test_a_worker_that_loses_its_claim_while_it_sends_does_not_lower_the_copies(
    server, put, at, monkeypatch
) -> None:
    """Red when: `Delivery.write` does not compare the claim: a late refusal allows a third copy."""
    mail = put()
    submit = smtp.submit

    def submit_slowly(_message: object, *, before_content) -> None:
        before_content()
        monkeypatch.setattr(smtp, "submit", submit)
        assert outbox.send_next(at + LEASE) is True
        raise smtp.Refused("DATA", 451)

    monkeypatch.setattr(smtp, "submit", submit_slowly)
    outbox.send_next(at)

    mail.refresh_from_db()
    assert (mail.state, mail.possible_copies) == (State.DELIVERED, 2)
    assert outbox.send_next(at + timedelta(days=1)) is False
    assert server.copies == {READER: 1}


def test_a_bounce_ends_a_mail_and_all_other_mails_to_its_address(server, put, at) -> None:
    """Red when: `block_reader` does not suppress."""
    mail, second = put(), put()
    outbox.send_next(at)
    mail.refresh_from_db()
    reports.block_reader(mail, at=at)
    outbox.send_next(at)

    mail.refresh_from_db()
    second.refresh_from_db()
    assert (mail.state, mail.last_error) == (State.FAILED, "Mail to this address bounced.")
    assert second.state == State.FAILED
    assert server.copies == {READER: 1}


@pytest.mark.parametrize("answer", ["550 5.1.1 <anna@example.com> unknown", "451 anna@example.com"])
def test_no_log_line_contains_an_address(server, put, at, write, log_lines, answer: str) -> None:
    """Red when: an error is logged with its text, which quotes the address."""

    def broken(_about: str, _at: datetime) -> None:
        raise ValueError(f"Invalid address {READER}")

    put()
    server.answers["RCPT"] = answer
    outbox.send_next(at)
    write(writer=broken)
    put()
    outbox.send_next(at)
    write(to="józef@example.com")
    put()
    outbox.send_next(at)

    logged = "\n".join(log_lines)
    assert "could not be written." in logged
    assert '"ValueError"' in logged
    assert "was given up" in logged
    assert [word for word in ("anna", "józef", "example.com") if word in logged] == []


def test_what_is_put_once_is_one_mail_for_each_kind_and_subject(at) -> None:
    """Red when: the mail of a day is queued by every worker, or one subject shuts out another."""
    queued = [
        outbox.put_once(kind=kind, about=about, at=at)
        for kind, about in [("a", "1"), ("a", "1"), ("a", "2"), ("b", "1"), ("b", "1")]
    ]

    assert queued == [True, False, True, True, False]
    assert Mail.objects.count() == 3
    assert outbox.is_put(kind="a", about="1")
    assert not outbox.is_put(kind="b", about="2")
