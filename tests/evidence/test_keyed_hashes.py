"""Hashes by which a value is recognized for years, whatever becomes of SECRET_KEY (I20)."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from delivery import outbox
from delivery.models import SuppressedAddress
from evidence import keyed_hashes
from evidence.checks import known_keys, long_keys, own_keys

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FIRST, SECOND = "a" * 32, "b" * 32
ADDRESS = "anna@example.com"


def hashes(value: str = ADDRESS, purpose: str = "mail") -> list[str]:
    return keyed_hashes.all_keyed_hashes(purpose, value)


def test_a_hash_depends_on_key_purpose_and_value(settings) -> None:
    """Red when: one of them is left out; two pairs of purpose and value are run together."""
    settings.EVIDENCE_KEYS = [FIRST]
    some = {hashes()[0], hashes("b@c.pl")[0], hashes(purpose="call")[0], hashes("x y", "z")[0]}
    some |= {hashes("y z", "x")[0], hashes("z", "x y")[0]}
    settings.EVIDENCE_KEYS = [SECOND]

    assert len({*some, hashes()[0]}) == 7
    assert "anna" not in hashes()[0]


def test_a_hash_names_its_key_and_does_not_tell_it(settings) -> None:
    settings.EVIDENCE_KEYS = [FIRST, SECOND]

    names = [each.partition(":")[0] for each in hashes()[:2]]

    assert names == [keyed_hashes.name_of(FIRST), keyed_hashes.name_of(SECOND)]
    assert [len(name) for name in names] == [8, 8]
    assert max(map(len, hashes())) <= keyed_hashes.KeyedHashField().max_length


@pytest.mark.django_db
def test_a_new_secret_key_forgets_nothing(settings) -> None:
    """Red when: the hash is made with SECRET_KEY, or only the newest key is tried."""
    settings.EVIDENCE_KEYS = [FIRST]
    outbox.suppress(ADDRESS, at=AT)

    settings.SECRET_KEY = "another"
    assert outbox.is_suppressed(ADDRESS, at=AT)
    settings.EVIDENCE_KEYS = [SECOND, FIRST]
    assert outbox.is_suppressed(ADDRESS, at=AT)
    assert outbox.lift_suppression(ADDRESS)
    assert not outbox.is_suppressed(ADDRESS, at=AT)


@pytest.mark.django_db
def test_a_row_of_before_the_keys_is_recognized_by_the_secret_of_then(settings) -> None:
    """Red when: hashes with SECRET_KEY and SECRET_KEY_FALLBACKS are not tried."""
    settings.EVIDENCE_KEYS = []
    outbox.suppress(ADDRESS, at=AT)

    settings.EVIDENCE_KEYS = [FIRST]
    assert outbox.is_suppressed(ADDRESS, at=AT)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert outbox.is_suppressed(ADDRESS, at=AT)


@pytest.mark.django_db
def test_a_key_that_rows_name_and_nobody_has_is_an_error(settings) -> None:
    """Red when: the check does not look at every field, or at rows of before the keys."""
    settings.EVIDENCE_KEYS = []
    outbox.suppress("of-before@example.com", at=AT)
    settings.EVIDENCE_KEYS = [FIRST]
    outbox.suppress(ADDRESS, at=AT)
    assert SuppressedAddress.objects.count() == 2
    assert known_keys(None, databases=["default"]) == []

    settings.EVIDENCE_KEYS = [SECOND]
    [message] = known_keys(None, databases=["default"])

    assert (message.id, keyed_hashes.name_of(FIRST) in message.msg) == ("evidence.E002", True)
    with pytest.raises(SystemCheckError, match=r"evidence\.E002"):
        call_command("check", databases=["default"])


@pytest.mark.parametrize(
    ("keys", "ids"), [([], []), ([FIRST], []), ([FIRST, "short"], ["evidence.E001"])]
)
def test_a_key_that_can_be_guessed_is_an_error(settings, keys: list[str], ids: list[str]) -> None:
    settings.EVIDENCE_KEYS = keys

    assert [message.id for message in long_keys(None)] == ids


def test_production_needs_keys_of_its_own(settings) -> None:
    settings.EVIDENCE_KEYS = []
    assert [message.id for message in own_keys(None)] == ["evidence.W001"]

    settings.EVIDENCE_KEYS = [FIRST]
    assert own_keys(None) == []
