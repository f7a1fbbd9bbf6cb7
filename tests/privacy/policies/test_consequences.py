"""What follows when a version is published: the words for the publisher, and the acts."""

from django.utils import timezone

from privacy.models import PolicyVersion
from privacy.policies import consequences
from privacy.policies.consequences import Consequence


def test_the_publisher_sees_every_consequence_that_has_words(monkeypatch) -> None:
    """Red when: a consequence without words is listed, or one is not described."""
    version, at = PolicyVersion(), timezone.now()
    calls = []

    def saying(words: str | None) -> Consequence:
        def describe(*arguments) -> str | None:
            calls.append(arguments)
            return words

        return Consequence(describe)

    monkeypatch.setattr(consequences, "_consequences", [])
    for words in ("One.", None, "", "Two."):
        consequences.register(saying(words))

    assert consequences.descriptions(version, at=at) == ["One.", "Two."]
    assert calls == [(version, at)] * 4


def test_consequences_are_carried_out_in_their_order(monkeypatch) -> None:
    """Red when: one is left out, or one without `act` stops those after it."""
    version, at = PolicyVersion(), timezone.now()
    calls = []

    def acting(name: str) -> Consequence:
        return Consequence(lambda *_: None, act=lambda *arguments: calls.append((name, *arguments)))

    monkeypatch.setattr(consequences, "_consequences", [])
    for consequence in (acting("first"), Consequence(lambda *_: "Words."), acting("second")):
        consequences.register(consequence)

    consequences.carry_out(version, at=at)

    assert calls == [("first", version, at), ("second", version, at)]
