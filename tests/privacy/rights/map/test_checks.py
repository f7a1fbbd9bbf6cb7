"""No model and no field is left off the map of personal data."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.checks import run_checks
from django.db import models

from pricing.models import Plan
from privacy.rights.map.checks import installed_models, problems
from privacy.rights.map.declarations import NothingPersonal
from privacy.rights.map.register import all_declared, all_nothing_personal
from tests.run_once import needs_no_database
from trial.models import FunnelCount, SignUp

pytestmark = needs_no_database


def ids(messages) -> list[tuple[str, str]]:
    """The id and the first word of each message: the name that it complains about."""
    return [(message.id, message.msg.partition(" ")[0]) for message in messages]


def on_the_map(*, declared=None, nothing=None) -> list[tuple[str, str]]:
    return ids(
        problems(
            installed_models(),
            all_declared() if declared is None else declared,
            all_nothing_personal() if nothing is None else nothing,
        )
    )


@pytest.fixture
def new_column() -> Iterator[str]:
    """A field that somebody adds to the model of sign-ups."""
    field = models.CharField(max_length=20)
    field.contribute_to_class(SignUp, "job_title")
    yield "trial.SignUp.job_title"
    SignUp._meta.local_fields.remove(field)
    SignUp._meta._expire_cache()
    del SignUp.job_title


def test_every_field_of_every_model_is_on_the_map_once() -> None:
    """Red when: a model or a field is added without a declaration."""
    assert len(installed_models()) >= 45
    assert on_the_map() == []


def test_a_new_field_is_an_error_of_every_command(new_column) -> None:
    """Red when: the check does not look at the models that are installed."""
    assert ids(run_checks(tags=["models"])) == [("privacy.E002", new_column)]


def test_a_model_that_nobody_declared_is_refused() -> None:
    without = [data for data in all_declared() if data.model is not SignUp]

    assert on_the_map(declared=without) == [("privacy.E001", "trial.SignUp")]


def test_a_model_that_is_declared_twice_is_refused() -> None:
    """Red when: a model can be personal and not personal."""
    twice = [*all_nothing_personal(), NothingPersonal(FunnelCount, ("id",), "Counts.")]

    assert on_the_map(nothing=twice) == [("privacy.E003", "trial.FunnelCount")]


def test_a_field_that_is_declared_twice_is_refused() -> None:
    nothing = [
        replace(each, fields=(*each.fields, "count")) if each.model is FunnelCount else each
        for each in all_nothing_personal()
    ]

    assert on_the_map(nothing=nothing) == [("privacy.E003", "trial.FunnelCount.count")]


@pytest.mark.parametrize("place", ["fields", "secrets", "strip"])
def test_a_field_that_is_gone_is_refused(place: str) -> None:
    def changed(data):
        match place:
            case "fields":
                return replace(data, fields={**data.fields, "gone": "x"})
            case "secrets":
                return replace(data, secrets=frozenset({"gone"}))
        return replace(data, on_erasure=replace(data.on_erasure, strip={"gone": None}))

    declared = [changed(each) if each.model is SignUp else each for each in all_declared()]

    assert on_the_map(declared=declared) == [("privacy.E004", "trial.SignUp.gone")]


def test_a_model_that_is_gone_is_refused() -> None:
    models = [model for model in installed_models() if model is not Plan]

    messages = problems(models, all_declared(), all_nothing_personal())

    assert ids(messages) == [("privacy.E004", "pricing.Plan")]


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("trial.SignUp", {"email", "email_folded", "email_wording", "phone", "phone_wording"}),
        ("trial.Objection", {"key"}),
        ("trial.MarketingConsent", {"sign_up", "address_hash", "number_hash"}),
        ("privacy.PolicyStep", {"user"}),
        ("auth.User", {"email", "username", "password", "first_name", "last_name"}),
        ("accounts.StaffSession", {"user", "session_key", "session_data"}),
    ],
)
def test_what_looks_personal_needs_a_reason_to_be_declared_otherwise(label, names) -> None:
    """Red when: a model with an address, a hash or an account can be declared as harmless."""
    [data] = [each for each in all_declared() if each.model._meta.label == label]
    others = [each for each in all_declared() if each is not data]
    nothing = NothingPersonal(data.model, tuple(data.fields), "Nothing to see.")

    messages = problems([data.model], [], [nothing])
    with_others = problems(installed_models(), others, [*all_nothing_personal(), nothing])

    found = {message.msg for message in (*messages, *with_others) if message.id == "privacy.E005"}
    assert {text.split(" and ")[1].split(" ")[0] for text in found} == names
    reasons = replace(nothing, although=dict.fromkeys(names, "A reason."))
    assert problems(installed_models(), others, [*all_nothing_personal(), reasons]) == []


def test_a_reason_for_a_field_that_looks_harmless_is_refused() -> None:
    nothing = [
        replace(each, although={"count": "A number."}) if each.model is FunnelCount else each
        for each in all_nothing_personal()
    ]

    assert on_the_map(nothing=nothing) == [("privacy.E004", "trial.FunnelCount")]
