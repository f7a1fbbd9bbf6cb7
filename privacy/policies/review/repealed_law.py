"""Polish provisions that a text still cites although they are repealed.

On 10 November 2024 the ustawa z dnia 12 lipca 2024 r. – Prawo komunikacji elektronicznej (PKE)
came in place of Prawo telekomunikacyjne, and art. 398 PKE in place of art. 10 of the ustawa
o świadczeniu usług drogą elektroniczną.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

_REPEALED = {"telecommunications": {172, 173, 174}, "electronic services": {10}}

# Parts of an article, which are no articles themselves: ust. 1 i 2, pkt 3, lit. a, (1)(a).
_UNITS = re.compile(
    r"\b(?:ust\.?|ustęp\w*|pkt\.?|punkt\w*|lit\.?|liter\w+|zd\.?|zdani\w+|para(?:graph)?s?\.?)"
    r"\s*(?:\d{1,2}[a-z]?|[a-z])\b"
    r"(?:\s*(?:[–—-]|i|oraz|lub|albo|,|and|or|to)\s*(?:\d{1,2}|[a-z])(?=[\s,.;:)]))*"
    r"|§\s*\d{1,2}|\(\d{1,2}[a-z]?\)|\([a-z]\)",
    re.IGNORECASE,
)
_AND = r"(?:\s*,\s*(?:i|oraz|and)\s*|\s*[–—,&/-]\s*|\s+(?:do|i|oraz|lub|albo|to|through|and|or)\s+)"
_CITATION = re.compile(
    rf"\b(?:art(?:t|s)?\b\.?|artyku\w*|articles?)\s*(\d{{1,4}}[a-z]?(?:{_AND}\d{{1,4}}[a-z]?\b)*)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)[a-z]?\s*(?:[–—-]|\bdo\b|\bto\b|\bthrough\b)\s*(\d+)", re.IGNORECASE)

_ACTS = {
    "telecommunications": re.compile(
        r"\bpraw\w{0,4}\s+telekom(?:unikacyjn\w*|\b\.?)|\bpr\.?\s?tel(?:ekom\w*|\b)\.?"
        r"|\bustaw\w*\s+telekomunikacyjn\w*|\btelecom(?:munication)?s?\s+(?:law|act)\b"
        r"|\b(?:law|act)\s+on\s+telecom\w*|(?-i:\b(?:PT|Pt|P\.\s?t\.|p\.\s?t\.|u\.\s?p\.\s?t\.))",
        re.IGNORECASE,
    ),
    "electronic services": re.compile(
        r"\bświadczeni\w*\s+usług\w*\s+drog\w+\s+elektroniczn\w*"
        r"|\busług\w*\s+świadczon\w+\s+drog\w+\s+elektroniczn\w*"
        r"|\bu\.?\s?[śs]\.?\s?u\.?\s?d\.?\s?e(?:l?\.|\b)"
        r"|\b(?:act\s+on\s+(?:the\s+)?)?(?:provi\w+|render\w+|suppl\w+)\s+(?:of\s+)?(?:the\s+)?"
        r"(?:services\s+(?:by\s+electronic\s+means|electronically)|electronic\s+services)"
        r"|\belectronically\s+\w+\s+services|\bon\s+electronic\s+services|\belectronic\s+services\s+act",
        re.IGNORECASE,
    ),
    "other": re.compile(
        r"\b(?:RODO|GDPR|PKE|PECR|TFUE|TFEU)\b|\bpraw\w{0,4}\s+komunikacji\b|\brozporządzeni\w*"
        r"|\bregulations?\b|\bdyrektyw\w*|\bdirective\b|\bkodeks\w*|\bk\.\s?[a-z]\.|\bcode\b"
        r"|\bkonstytucj\w*|\bconstitution\b|\bustaw\w*\s+(?:[^,;]{0,40}?\s)??o\s+\w+"
        r"|\bact\s+on\s+\w+|\belectronic\s+communications\b",
        re.IGNORECASE,
    ),
}
# Words between an article and its act, or between two articles, that say nothing of either.
_FILLER = re.compile(
    r"\b(?:ustaw\w*|z(?:\s+dnia)?\s+\d{1,2}\s+\w+\s+\d{4}(?:\s+r\b)?|w\s+zw(?:iązku)?\b\.?\s+z|zw|z|i|oraz"
    r"|tej|jego|w\s+szczególności|zwłaszcza|of|the|polish|and|in|conjunction|with|its|act|no|r)\b",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"\b(?:uchyl\w+|(?:u|s)traci\w+\s+moc|dawn\w+|repealed|former\w*)\b", re.IGNORECASE
)
_SAYS_WHAT_CHANGED = re.compile(
    r"\b(?:zast[ąę]p\w+|zamiast|usu[nw]\w+|nie\s+obowiązuj\w+|replac\w+|instead|remov\w+|no\s+longer)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Mention:
    act: str
    start: int
    end: int


def problems(sentence: str, *, is_about_changes: bool = False) -> Iterator[str]:
    """Repealed provisions that a sentence relies on; it may say that they are repealed."""
    says_so = _SAYS_SO.search(sentence)
    if says_so or (is_about_changes and _SAYS_WHAT_CHANGED.search(sentence)):
        return
    # As many characters as before, so that places in it are places in the sentence.
    bare = _UNITS.sub(lambda match: " " * len(match[0]), sentence)
    mentions = _mentions(bare)
    for citation in _CITATION.finditer(bare):
        mention = _act_of(citation, mentions, bare)
        if mention and _articles(citation[1]) & _REPEALED.get(mention.act, set()):
            start, end = min(citation.start(), mention.start), max(citation.end(), mention.end)
            yield _text(mention.act) % {"citation": " ".join(sentence[start:end].split())}


def _text(act: str) -> str:
    if act == "telecommunications":
        return _(
            "“%(citation)s” was repealed on 10 November 2024: refer to Articles 398–400 PKE (Prawo "
            "komunikacji elektronicznej)."
        )
    return _(
        "“%(citation)s” was repealed on 10 November 2024: refer to Article 398 PKE (Prawo "
        "komunikacji elektronicznej)."
    )


def _mentions(bare: str) -> list[_Mention]:
    """Where acts are named, in order; one that we know comes before a general name for it."""
    found: list[_Mention] = []
    named: set[int] = set()
    for act, pattern in _ACTS.items():
        for match in pattern.finditer(bare):
            if not named & {match.start(), match.end() - 1}:
                found.append(_Mention(act, match.start(), match.end()))
                named |= set(range(match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _act_of(citation: re.Match[str], mentions: list[_Mention], bare: str) -> _Mention | None:
    """The act that the article is of: the one that fewer other words stand between."""
    before = [one for one in mentions if one.end <= citation.start()][-1:]
    after = [one for one in mentions if one.start >= citation.end()][:1]
    distances = [
        *((_distance(bare[citation.end() : one.start], closes=True), one) for one in after),
        *((_distance(bare[one.end : citation.start()], closes=False), one) for one in before),
    ]
    return min(distances, key=lambda pair: pair[0])[1] if distances else None


def _distance(between: str, *, closes: bool) -> int:
    """The number of words between; a bracket that closes before the act comes parts them."""
    parted = 5 if closes and between.count(")") > between.count("(") else 0
    words = re.findall(r"\w+", _FILLER.sub(" ", _CITATION.sub(" ", between)))
    return parted + len(words)


def _articles(numbers: str) -> set[int]:
    found = {int(number) for number in re.findall(r"\d+", numbers)}
    for first, last in _RANGE.findall(numbers):
        found |= set(range(int(first), min(int(last), 9999) + 1))
    return found
