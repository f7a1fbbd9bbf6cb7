"""The change of each block and word between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from privacy.policies.differences.blocks import Block, Kind, Style, Word, blocks, text_of
from privacy.policies.differences.compare import (
    Change,
    Differences,
    Passage,
    Run,
    Unchanged,
    _common,
    compare,
)
from tests.run_once import needs_no_database

pytestmark = needs_no_database

OLD = """\
## 0. Introduction

0.1 We use personal data only as this policy says.

0.2 Write to us at any time.

## 1. Cookies

1.1 We ask before a cookie is placed on your device, and you may refuse.

1.2 The groups are:

- necessary cookies
- cookies for statistics
"""


def _passages(old: str, new: str) -> list[Passage]:
    return compare(blocks(old), blocks(new)).passages


def _read(runs: tuple[Run, ...]) -> str:
    """Runs as a line: [-removed-], {+added+}."""
    signs = {Change.REMOVED: ("[-", "-]"), Change.ADDED: ("{+", "+}"), Change.EQUAL: ("", "")}
    return "".join(
        run.lead + signs[run.change][0] + text_of(run.pieces) + signs[run.change][1] for run in runs
    ).strip()


def _only(old: str, new: str) -> str:
    (passage,) = _passages(old, new)
    assert passage.change == Change.CHANGED
    return _read(passage.runs)


def test_the_same_text_has_no_differences() -> None:
    result = compare(blocks(OLD), blocks(OLD))

    assert result.passages == []
    (unchanged,) = result.entries
    assert isinstance(unchanged, Unchanged)
    assert len(unchanged.blocks) == 8


def test_a_word_that_was_replaced_is_marked_within_its_paragraph() -> None:
    """Red when: the whole paragraph counts as removed and added."""
    (passage,) = _passages(OLD, OLD.replace("any time", "any hour"))

    assert _read(passage.runs) == "Write to us at any [-time-] {+hour+}."
    assert passage.block.anchor == "s0-2"
    assert passage.block.place == "0.2"


def test_blocks_around_a_change_are_folded() -> None:
    result = compare(blocks(OLD), blocks(OLD.replace("any time", "any hour")))

    assert [e.places if isinstance(e, Unchanged) else e.change for e in result.entries] == [
        ["0", "0.1"],
        Change.CHANGED,
        ["1", "1.2"],
    ]


def test_a_sign_is_a_word_of_its_own() -> None:
    """Red when: words are split at spaces alone."""
    assert _only("We ask, always.", "We ask; always.") == "We ask[-,-]{+;+} always."


def test_few_equal_words_between_two_changes_belong_to_the_change() -> None:
    """Red when: every equal word stays unmarked."""
    old = "We keep your data for ninety days, then it is deleted for good."
    new = "We hold your records for thirty days, then it is deleted for good."

    assert _only(old, new) == (
        "We [-keep your data for ninety-] {+hold your records for thirty+} days, then it is "
        "deleted for good."
    )


def test_a_link_with_another_target_is_a_difference_and_shows_both_targets() -> None:
    """Red when: only the words of a link are compared."""
    result = _only("See [section 13](#s13-1) first.", "See [section 13](#s13-2) first.")

    assert result == "See section 13 [-(→ #s13-1)-] {+(→ #s13-2)+} first."


def test_a_link_with_the_same_target_does_not_show_it() -> None:
    """Red when: `pieces` shows every target."""
    result = _only("See [section 13](#s13) here.", "See [section 13](#s13) there.")

    assert result == "See section 13 [-here-] {+there+}."


def test_words_that_become_strong_are_a_difference() -> None:
    (passage,) = _passages("You may always refuse it.", "You may **always** refuse it.")

    assert _read(passage.runs) == "You may [-always-] {+always+} refuse it."
    assert [piece.style for piece in passage.runs[2].pieces] == [Style.STRONG]


def test_a_paragraph_put_in_between_is_added_and_the_next_ones_are_renumbered() -> None:
    """Red when: a changed number counts as no change."""
    new = OLD.replace("0.2 Write", "0.2 This is quite new here.\n\n0.3 Write")
    added, moved = _passages(OLD, new)

    assert (added.change, added.old, added.block.place) == (Change.ADDED, None, "0.2")
    assert (moved.change, moved.old.number, moved.new.number) == (Change.RENUMBERED, "0.2", "0.3")
    assert [run.change for run in moved.runs] == [Change.EQUAL]


def test_a_paragraph_that_moves_and_changes_is_still_the_same_one() -> None:
    """Red when: blocks that are alike are paired only if they have the same number."""
    new = OLD.replace("0.1 We", "0.1 Read this first.\n\n0.2 We").replace("0.2 Write", "0.3 Write")
    new = new.replace("any time", "any hour")
    added, first, second = _passages(OLD, new)

    assert _read(added.runs) == "{+Read this first.+}"
    assert (first.change, first.old.number) == (Change.RENUMBERED, "0.1")
    assert (second.change, second.old.number, second.new.number) == (Change.CHANGED, "0.2", "0.3")
    assert second.is_moved


def test_a_paragraph_that_is_written_anew_under_its_number_is_one_change() -> None:
    (passage,) = _passages(OLD, OLD.replace("Write to us at any time.", "Nobody reads letters."))

    assert passage.change == Change.CHANGED
    assert _read(passage.runs) == "[-Write to us at any time.-] {+Nobody reads letters.+}"


def test_a_paragraph_that_is_taken_out_is_removed() -> None:
    (passage,) = _passages(OLD, OLD.replace("0.2 Write to us at any time.\n\n", ""))

    assert (passage.change, passage.new, passage.block.anchor) == (Change.REMOVED, None, "s0-2")


def test_items_rows_tables_and_summaries_are_blocks_that_know_their_place() -> None:
    text = (
        "## 13. Cookies\n\n> In short.\n\n13.1 All:\n\n3. third\n4. fourth\n\n"
        "| a | b |\n| - | - |\n|  | d |\n\n{{ cookies }}\n\n> Quoted.\n\n---"
    )

    assert [(b.kind, b.number, b.text, b.place) for b in blocks(text, "Policy")] == [
        (Kind.TITLE, "", "Policy", ""),
        (Kind.HEADING, "13.", "Cookies", "13."),
        (Kind.SUMMARY, "", "In short.", "13."),
        (Kind.PARAGRAPH, "13.1", "All:", "13.1"),
        (Kind.ITEM, "3.", "third", "13.1"),
        (Kind.ITEM, "4.", "fourth", "13.1"),
        (Kind.ROW, "", "a | b", "13.1"),
        (Kind.ROW, "", "| d", "13.1"),
        (Kind.TABLE, "", "cookies", "13.1"),
        (Kind.QUOTATION, "", "Quoted.", "13.1"),
        (Kind.RULE, "", "", "13.1"),
    ]


def test_a_table_that_the_site_makes_can_come_and_go() -> None:
    (passage,) = _passages("Text.", "Text.\n\n{{ cookies }}")

    assert (passage.change, passage.block.kind) == (Change.ADDED, Kind.TABLE)


_words = st.lists(
    st.sampled_from(["data", "cookie", "we", "**use**", "[13.4](#s1)", "you,", "(refuse)", "13.4"]),
    min_size=1,
    max_size=12,
).map(" ".join)
_paragraphs = st.one_of(
    _words,
    _words.map(lambda text: f"1.1 {text}"),
    _words.map(lambda text: f"1.2 {text}"),
    _words.map(lambda text: f"## 1. {text}"),
    _words.map(lambda text: f"> {text}"),
    st.lists(_words, min_size=1, max_size=3).map(lambda texts: "- " + "\n- ".join(texts)),
    st.just("{{ cookies }}"),
    st.text(max_size=30),
)
_texts = st.lists(_paragraphs, max_size=8).map("\n\n".join)


def _recovered(differences: Differences, side: str) -> list[tuple[str, str]]:
    """One text read from the differences alone: its blocks' numbers and words."""
    gone = Change.ADDED if side == "old" else Change.REMOVED
    result = []
    for entry in differences.entries:
        if isinstance(entry, Unchanged):
            result += [(block.number, "".join(map(_raw, block.words))) for block in entry.blocks]
        elif block := getattr(entry, side):
            words = [word for run in entry.runs if run.change != gone for word in run.words]
            result.append((block.number, "".join(map(_raw, words))))
    return result


def _raw(word: Word) -> str:
    return text_of([word])


def _text(rows: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [(block.number, "".join(map(_raw, block.words))) for block in rows]


@given(_texts, _texts)
def test_both_texts_can_be_read_from_their_differences(old: str, new: str) -> None:
    """Red when: a block or word is left out, doubled, or out of order."""
    result = compare(blocks(old), blocks(new))

    assert _recovered(result, "old") == _text(blocks(old))
    assert _recovered(result, "new") == _text(blocks(new))


@given(_texts, _texts)
def test_a_passage_without_a_change_is_not_called_changed(old: str, new: str) -> None:
    result = compare(blocks(old), blocks(new))

    assert result == compare(blocks(old), blocks(new))
    assert compare(blocks(new), blocks(new)).passages == []
    for passage in result.passages:
        changed = {run.change for run in passage.runs} - {Change.EQUAL}
        assert changed or passage.is_moved or not passage.block.words
        assert passage.old != passage.new


def test_the_work_grows_with_the_length_of_the_text_not_with_its_square(monkeypatch) -> None:
    """Counts the compared values. Red when: words are compared over whole documents."""
    compared = []
    original = _common

    def count(old, new):
        compared.append(len(old) * len(new))
        return original(old, new)

    monkeypatch.setattr("privacy.policies.differences.compare._common", count)
    old, new = (
        "\n\n".join(f"{i}.1 we {word} of {i}a {i}b {i}c {i}d" for i in range(400))
        for word in ("speak", "write")
    )

    assert len(_passages(old, new)) == 400
    assert sum(compared) <= 400 * 400 + 400 * 9 * 9
