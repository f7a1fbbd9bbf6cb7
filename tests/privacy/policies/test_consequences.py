"""What a publisher is told before the button."""

from django.utils import timezone

from privacy.models import PolicyVersion
from privacy.policies import consequences


def test_a_publisher_is_told_everything_that_follows_and_nothing_else(monkeypatch) -> None:
    """Red when: a consequence that says nothing is listed, or one is not asked."""
    version, at = PolicyVersion(), timezone.now()
    asked = []

    def say(words: str | None) -> consequences.Consequence:
        def consequence(*given) -> str | None:
            asked.append(given)
            return words

        return consequence

    monkeypatch.setattr(consequences, "_consequences", [])
    for words in ("One.", None, "", "Two."):
        consequences.register(say(words))

    assert consequences.consequences_of(version, at=at) == ["One.", "Two."]
    assert asked == [(version, at)] * 4
