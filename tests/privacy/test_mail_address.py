"""Which addresses are the same, and keyed hashes of them that say nothing of anybody."""

from datetime import UTC, datetime, timedelta

import pytest

from privacy import mail_address

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def key(address: str, *, purpose: str = "trial", at: datetime = AT) -> str:
    return mail_address.mailbox_key(address, purpose=purpose, window=DAY, at=at)


@pytest.mark.parametrize("other", ["ANNA@Example.COM", " anna@example.com ", "Anna@example.com"])
def test_no_mail_server_minds_the_case(other: str) -> None:
    assert mail_address.same(other) == mail_address.same("anna@example.com")
    assert mail_address.suppression_key(other) == mail_address.suppression_key("anna@example.com")


def test_another_mailbox_of_a_tag_is_not_given_up_with_it() -> None:
    """Red when: suppression folds what only counting may fold: a+b may exist where a does not."""
    tagged, plain = map(mail_address.suppression_key, ["a+b@example.com", "a@example.com"])

    assert tagged != plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna+1@example.com", "anna@example.com"),
        ("a.n.n.a@gmail.com", "anna@gmail.com"),
        ("anna@googlemail.com", "anna@gmail.com"),
        ("A.nna+x.y@GoogleMail.com", "anna@gmail.com"),
    ],
)
def test_ways_to_write_one_mailbox_count_together(one: str, other: str) -> None:
    """Red when: a tag or Gmail's dots give one mailbox three mails more."""
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.nna@example.com", "anna@example.com"),
        ("+1@example.com", "+2@example.com"),
        ("anna@example.com", "anna@example.org"),
    ],
)
def test_different_mailboxes_count_apart(one: str, other: str) -> None:
    """Red when: one person's mails use up another's."""
    assert key(one) != key(other)


def test_a_count_ties_no_day_and_no_purpose_to_another() -> None:
    """Red when: the window or the purpose is left out of the hash."""
    address = "anna@example.com"
    keys = {key(address), key(address, at=AT + DAY), key(address, purpose="other")}

    assert len({*keys, mail_address.suppression_key(address)}) == 4
    assert key(address, at=AT + timedelta(hours=11)) == key(address)


def test_without_the_secret_no_address_can_be_tried(settings) -> None:
    """Red when: the hash is not keyed: lists of addresses could be tried against it."""
    before = {key("anna@example.com"), mail_address.suppression_key("anna@example.com")}
    settings.SECRET_KEY = "another"

    assert before.isdisjoint(
        {key("anna@example.com"), mail_address.suppression_key("anna@example.com")}
    )
