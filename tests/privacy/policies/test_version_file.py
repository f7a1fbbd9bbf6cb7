"""The file of a version: no other version has the same hash."""

from datetime import UTC, datetime

import pytest

from privacy.policies.version_file import VersionContent

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def file(*, pl: tuple[str, str, str], en: tuple[str, str, str] = ("T", "c", "x")) -> bytes:
    """A file with these titles, changes and texts."""
    parts = zip(*(pl, en), strict=True)
    titles, changes, texts = (dict(zip(("pl", "en"), part, strict=True)) for part in parts)
    content = VersionContent(
        policy="privacy",
        number=1,
        published_at=AT,
        effective_at=AT,
        is_material=False,
        asks_again=False,
        article_13={"controller": ["2.1", "2.2"]},
        titles=titles,
        change_summaries=changes,
        sources=texts,
    )
    return content.file()


MOVED = {
    "paragraph": (("T", "a\n\nb", "c"), ("T", "a", "b\n\nc")),
    "nothing": (("T", "", "c"), ("T", "-", "c")),
    "heading": (
        ("T\n\nCo się zmieniło / What changed:\n\na", "b", "c"),
        ("T", "a\n\nCo się zmieniło / What changed:\n\nb", "c"),
    ),
}


@pytest.mark.parametrize(("one", "other"), MOVED.values(), ids=MOVED)
def test_words_that_move_to_another_part_make_another_file(one, other) -> None:
    """Only the text is binding, not its summary. Red when: the lengths are left out."""
    assert file(pl=one) != file(pl=other)
    assert file(en=one, pl=("T", "c", "x")) != file(en=other, pl=("T", "c", "x"))


def test_the_head_of_a_file_is_readable() -> None:
    head = file(pl=("Tytuł", "Nowość.", "## 0. A"), en=("Title", "News.", "## 0. B")).decode()

    assert head.splitlines()[:9] == [
        "Format: 1",
        "Dokument / Document: privacy",
        "Wersja / Version: 1",
        "Opublikowano / Published: 2026-03-01T12:00:00+00:00",
        "Obowiązuje od / In force from: 2026-03-01T12:00:00+00:00",
        "Zmiana istotna / Material change: nie / no",
        "Ponowne pytanie o zgody / Consent asked again: nie / no",
        "Znaki tytułu, zmian, treści / Characters of title, changes, text: pl 5, 7, 7; en 5, 5, 7",
        "Art. 13 RODO / GDPR Art. 13: controller 2.1, 2.2",
    ]
