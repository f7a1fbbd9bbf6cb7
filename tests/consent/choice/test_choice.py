"""What a choice cookie means: the whole rule, without a request."""

import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.signing import Signer

from consent.choice import choice
from consent.choice.choice import Choice, State
from consent.choice.reconsent import ReconsentVersion
from consent.registry import registry
from consent.registry.registry import Registry
from tests.factories import make_grant
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECOND, THIRD = (ReconsentVersion(number, AT - timedelta(days=9 - number)) for number in (2, 3))
ALL = frozenset({"preferences", "analytics", "marketing"})
JUST_UNDER_182_DAYS = timedelta(days=182) - timedelta(seconds=1)


def resolve(
    value: str | None,
    *,
    has_gpc_signal: bool = False,
    reconsent: ReconsentVersion | None = None,
    at: datetime = AT,
) -> Choice:
    return choice.resolve(
        value=value,
        has_gpc_signal=has_gpc_signal,
        registry=registry.current(),
        reconsent_version=reconsent,
        at=at,
    )


def signed(text: str, salt: str = "consent.choice.choice") -> str:
    return Signer(sep=".", salt=salt).sign(text)


def grant_text(**parts: str) -> str:
    default_parts = {
        "record": "0" * 32,
        "made_at": "1772366400",
        "notice": "n",
        "groups": "analytics",
        "signal": "0",
    }
    return "!".join((default_parts | parts).values())


def test_a_cookie_of_an_earlier_release_still_counts(settings) -> None:
    """Red when: the salt or the separator changes: then every visitor would be asked again."""
    settings.SECRET_KEY = "for-tests-only"

    assert choice.write_refusal() == "refused.oKTyOpuZs_v8QvLZ2oBvjjNNOyqKHaFRb1ECCZyiUHE"


def test_without_a_cookie_nothing_is_granted_and_the_banner_is_shown() -> None:
    assert resolve(None) == Choice(State.NONE, shows_banner=True)


def test_a_grant_is_read_back_as_it_was_written() -> None:
    grant = make_grant("analytics", "marketing", made_at=AT, has_gpc_signal=True)

    assert choice.read(choice.write_grant(grant)) == grant


def test_a_grant_grants_its_groups_and_no_other() -> None:
    grant = make_grant("analytics", made_at=AT)

    result = resolve(choice.write_grant(grant))

    assert result == Choice(State.GRANTED, granted=frozenset({"analytics"}), grant=grant)
    assert [group for group in sorted(ALL) if result.is_granted(group)] == ["analytics"]


def test_a_refusal_grants_nothing_and_shows_no_banner() -> None:
    assert resolve(choice.write_refusal()) == Choice(State.REFUSED)


def test_a_group_that_the_registry_no_longer_declares_is_no_longer_granted() -> None:
    grant = make_grant("analytics", "newsletter", made_at=AT)

    assert resolve(choice.write_grant(grant)).granted == {"analytics"}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "refused",
        "granted",
        "1",
        "true",
        "all",
        "a.b.c",
        "!!!!.",
        "analytics=2026-01-01T00:00:00|marketing=9999",
        "\x00",
        "\ud800",
        "ż" * 5000,
    ],
)
def test_a_value_that_the_server_did_not_write_is_no_choice(value: str) -> None:
    """Red when: `read` returns a grant of everything for a bad signature."""
    assert resolve(value) == Choice(State.NONE, shows_banner=True)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(signed(grant_text(), salt="trial.attribution"), id="salt of another cookie"),
        pytest.param(signed("refused", salt="consent"), id="refusal under another salt"),
        pytest.param(
            Signer(key="another", sep=".", salt="consent.choice").sign(grant_text()),
            id="key of another site",
        ),
        pytest.param(signed("accepted"), id="word that we never sign"),
        pytest.param(signed(grant_text(record="1")), id="no record id"),
        pytest.param(signed(grant_text(made_at="now")), id="no moment"),
        pytest.param(signed(grant_text(made_at="9" * 30)), id="moment beyond time"),
        pytest.param(signed(grant_text() + "!more"), id="no number of a version"),
        pytest.param(signed(grant_text() + "!1!2"), id="one part too many"),
        pytest.param(signed("!".join(["0" * 32, "1"])), id="parts missing"),
    ],
)
def test_a_value_with_another_signature_or_content_is_no_choice(value: str) -> None:
    """Red when: the signer's salt or key is not checked."""
    assert resolve(value) == Choice(State.NONE, shows_banner=True)


def test_a_grant_with_any_character_changed_is_no_choice() -> None:
    """Red when: the signature does not cover a part of the value."""
    value = choice.write_grant(make_grant("preferences", made_at=AT))

    for place, character in enumerate(value):
        other = "A" if character != "A" else "B"
        assert resolve(value[:place] + other + value[place + 1 :]).state is State.NONE, place


def test_every_truncated_grant_is_no_choice() -> None:
    value = choice.write_grant(make_grant("preferences", made_at=AT))

    assert {resolve(value[:length]).state for length in range(len(value))} == {State.NONE}


def test_a_grant_lasts_182_days_from_the_day_it_was_made() -> None:
    """Red when: `cookie.expires_at <= at` is left out of `resolve`."""
    value = choice.write_grant(make_grant("analytics", made_at=AT))

    assert resolve(value, at=AT + JUST_UNDER_182_DAYS).granted == {"analytics"}
    assert resolve(value, at=AT + timedelta(days=182)) == Choice(State.NONE, shows_banner=True)


def test_a_refusal_holds_no_number_time_language_or_version() -> None:
    """Red when: `write_refusal` signs a random number or the time with the word."""
    text, _dot, signature = choice.write_refusal().rpartition(".")

    assert text == "refused"
    assert choice.write_refusal() == f"refused.{signature}"
    assert Signer(sep=".", salt="consent.choice").signature("refused") == signature


@pytest.mark.parametrize(("former_keys", "printed"), [("former", "refused"), ("", "None")])
def test_a_choice_signed_with_the_former_key_still_counts(tmp_path, former_keys, printed) -> None:
    """Red when: the signer is made with a key or fallback keys of its own."""
    value = Signer(key="former", sep=".", salt="consent.choice").sign("refused")
    program = (
        "import sys, django; django.setup();"
        "from consent.choice import choice; print(choice.read(sys.argv[1]))"
    )

    process = subprocess.run(
        [sys.executable, "-c", program, value],
        env={
            "DJANGO_SETTINGS_MODULE": "voipstudio.settings",
            "DJANGO_SKIP_ENV_FILE": "1",
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "new",
            "SECRET_KEY_FALLBACKS": former_keys,
        },
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
    )

    assert process.stdout.strip() == printed


def test_the_signal_alone_refuses_and_shows_no_banner() -> None:
    """Red when: the signal is not read before the choice."""
    assert resolve(None, has_gpc_signal=True) == Choice(State.SIGNALED)


def test_a_grant_made_with_the_signal_wins_over_it() -> None:
    """Red when: the signal suspends every grant."""
    grant = make_grant("analytics", made_at=AT, has_gpc_signal=True)

    result = resolve(choice.write_grant(grant), has_gpc_signal=True)

    assert (result.state, result.granted) == (State.GRANTED, {"analytics"})


def test_an_older_grant_is_suspended_by_the_signal_and_counts_again_without_it() -> None:
    """Red when: `not cookie.has_gpc_signal` suspends nothing."""
    grant = make_grant("analytics", made_at=AT)
    value = choice.write_grant(grant)

    assert resolve(value, has_gpc_signal=True) == Choice(State.SIGNALED, grant=grant)
    assert resolve(value).granted == {"analytics"}


def test_no_visitor_is_asked_again_while_the_signal_is_sent() -> None:
    """Red when: a change shows the banner under the signal, too."""
    grant = make_grant("analytics", made_at=AT, has_gpc_signal=True, notice_key="f" * 16)

    result = resolve(choice.write_grant(grant), has_gpc_signal=True)

    assert (result.granted, result.shows_banner) == (frozenset(), False)


def test_a_refusal_stays_a_refusal_under_the_signal() -> None:
    assert resolve(choice.write_refusal(), has_gpc_signal=True) == Choice(State.REFUSED)


def test_an_expired_grant_under_the_signal_shows_no_banner() -> None:
    value = choice.write_grant(make_grant("analytics", made_at=AT))

    result = resolve(value, has_gpc_signal=True, at=AT + timedelta(days=182))

    assert result == Choice(State.SIGNALED)


def test_a_grant_on_an_unknown_notice_grants_nothing_and_asks_again() -> None:
    """Red when: `changes_since` returns no change for an unknown notice."""
    grant = make_grant("analytics", "marketing", made_at=AT, notice_key="f" * 16)

    result = resolve(choice.write_grant(grant))

    assert (result.granted, result.shows_banner) == (frozenset(), True)
    assert {change.group for change in result.changes} == ALL


def test_a_grant_older_than_the_reconsent_version_counts_no_more() -> None:
    """I11. Red when: `is_older` is left out of `resolve`, or `<` becomes `<=`."""
    grants = [make_grant("analytics", made_at=AT, reconsent_number=number) for number in (0, 2, 3)]

    result = [resolve(choice.write_grant(grant), reconsent=THIRD) for grant in grants]

    suspended = {"granted": frozenset(), "reconsent_version": THIRD, "shows_banner": True}
    assert result == [
        Choice(State.GRANTED, grant=grants[0], **suspended),
        Choice(State.GRANTED, grant=grants[1], **suspended),
        Choice(State.GRANTED, grant=grants[2], granted=frozenset({"analytics"})),
    ]
    assert all(choice.read(choice.write_grant(grant)) == grant for grant in grants)


def test_a_grant_under_a_version_newer_than_this_process_has_loaded_counts() -> None:
    """Red when: `<` becomes `!=`."""
    grant = make_grant("analytics", made_at=AT, reconsent_number=3)

    assert resolve(choice.write_grant(grant), reconsent=SECOND).granted == {"analytics"}
    assert resolve(choice.write_grant(grant), reconsent=None).granted == {"analytics"}


def test_a_reconsent_version_asks_no_visitor_who_refused_or_sends_the_signal() -> None:
    """I10. Red when: the version is compared before the refusal or the signal."""
    older = choice.write_grant(make_grant("analytics", made_at=AT, has_gpc_signal=True))

    assert resolve(choice.write_refusal(), reconsent=THIRD) == Choice(State.REFUSED)
    assert resolve(None, has_gpc_signal=True, reconsent=THIRD) == Choice(State.SIGNALED)
    signaled = resolve(older, has_gpc_signal=True, reconsent=THIRD)
    assert (signaled.granted, signaled.shows_banner) == (frozenset(), False)


def test_a_reconsent_version_shows_no_banner_where_no_group_is_optional() -> None:
    """Red when: the question is shown with no group in it."""
    grant = make_grant("analytics", made_at=AT)

    result = choice.resolve(
        value=choice.write_grant(grant),
        has_gpc_signal=False,
        registry=Registry(),
        reconsent_version=THIRD,
        at=AT,
    )

    assert (result.granted, result.shows_banner) == (frozenset(), False)


def test_two_visitors_with_the_same_choice_share_a_page_and_others_do_not() -> None:
    """Red when: `page_key` leaves out the granted groups, that a grant is suspended, or by what."""
    keys = [
        resolve(None).page_key,
        resolve(choice.write_refusal()).page_key,
        resolve(None, has_gpc_signal=True).page_key,
        resolve(
            choice.write_grant(make_grant("analytics", made_at=AT)), has_gpc_signal=True
        ).page_key,
        resolve(choice.write_grant(make_grant("analytics", made_at=AT))).page_key,
        resolve(choice.write_grant(make_grant("marketing", made_at=AT))).page_key,
        *(
            resolve(
                choice.write_grant(make_grant("marketing", made_at=AT)), reconsent=reconsent
            ).page_key
            for reconsent in (SECOND, THIRD)
        ),
    ]

    assert len(set(keys)) == 8
    again = resolve(choice.write_grant(make_grant("analytics", made_at=AT)))
    assert again.grant is not None
    assert again.grant.record_id != uuid.UUID(int=0)
    assert again.page_key == keys[4]
