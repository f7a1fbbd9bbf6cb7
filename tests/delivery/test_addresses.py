"""Which addresses are the same, and keyed hashes of them that say nothing of anybody."""

import pytest

from delivery import addresses


@pytest.mark.parametrize("other", ["ANNA@Example.COM", " anna@example.com ", "Anna@example.com"])
def test_no_mail_server_minds_the_case(other: str) -> None:
    assert addresses.normalized(other) == addresses.normalized("anna@example.com")
    assert addresses.suppression_key(other) == addresses.suppression_key("anna@example.com")


def test_another_mailbox_of_a_tag_is_not_given_up_with_it() -> None:
    """Red when: suppression folds what only counting may fold: a+b may exist where a does not."""
    tagged, plain = map(addresses.suppression_key, ["a+b@example.com", "a@example.com"])

    assert tagged != plain


def test_without_the_secret_no_address_can_be_tried(settings) -> None:
    """Red when: the hash is not keyed: lists of addresses could be tried against it."""
    before = addresses.suppression_key("anna@example.com")
    settings.SECRET_KEY = "another"

    assert addresses.suppression_key("anna@example.com") != before
