"""How a sentence says that whoever uses a site agrees to something, whatever the language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Grammar:
    """The patterns of one language; each is searched for without regard to capitals."""

    # That somebody uses the site: as a means, a condition, or the subject of the sentence.
    use: re.Pattern[str]
    # What stands before such words when they are no such thing: “not by using”, “how you use”.
    no_use: re.Pattern[str]
    # That they agree: from the verb to the word for consent.
    agreement: re.Pattern[str]
    # What stands before or within those words when the sentence denies it.
    denied_before: re.Pattern[str]
    denied_within: re.Pattern[str]
    # What stands before them when they are a condition themselves, or say which thing is meant.
    subordinate: re.Pattern[str]
    # What follows them when they say by what means one agrees, even so.
    means: re.Pattern[str]

    def claims(self, sentence: str) -> Iterator[re.Match[str]]:
        """The words by which somebody is said to agree by using the site."""
        uses = (
            not self.no_use.search(sentence[: use.start()]) for use in self.use.finditer(sentence)
        )
        if not any(uses):
            return
        for words in self.agreement.finditer(sentence):
            before, after = sentence[: words.start()], sentence[words.end() :]
            if self.denied_before.search(before) or self.denied_within.search(words[0]):
                continue
            if not self._is_subordinate(before, after):
                yield words

    def _is_subordinate(self, before: str, after: str) -> bool:
        clause = self.subordinate.search(before)
        if not clause or self.means.match(after):
            return False
        # “If you browse on you agree”: the condition and what follows, without a comma.
        return not self.use.search(clause[0]) or bool(re.search(r"\b(?:i|oraz|and)\s*$", before))
