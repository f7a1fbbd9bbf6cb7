"""What a publisher is told before the button."""

from django.utils import timezone

from privacy import foresight
from privacy.models import PolicyVersion


def test_a_publisher_is_told_everything_that_follows_and_nothing_else(monkeypatch) -> None:
    """Red when: a consequence that says nothing is listed, or one is not asked."""
    version, at = PolicyVersion(), timezone.now()
    asked = []

    def say(words: str | None) -> foresight.Consequence:
        def consequence(*given) -> str | None:
            asked.append(given)
            return words

        return consequence

    monkeypatch.setattr(foresight, "_consequences", [])
    for words in ("One.", None, "", "Two."):
        foresight.register(say(words))

    assert foresight.consequences(version, at=at) == ["One.", "Two."]
    assert asked == [(version, at)] * 4
