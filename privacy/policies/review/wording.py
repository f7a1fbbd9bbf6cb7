"""What a policy may not say: law that is repealed, and consent by mere use of the site."""

import re
from collections.abc import Iterator

from privacy.policies.review import consent_by_use, repealed_law
from privacy.policies.text.sections import Part, shown

# A capital letter after a full stop, but not after these: art. 5, z 16 lipca 2004 r. Prawo ...
_END = re.compile(
    r"(?<!\bart\.)(?<!\bust\.)(?<!\bpkt\.)(?<!\blit\.)(?<!\br\.)(?<!\bnr\.)(?<!\bpoz\.)(?<!\bzw\.)"
    r"(?<!\bPr\.)(?<!\bpr\.)(?<!\bDz\.)(?<!\bU\.)(?<!\bzob\.)(?<!\bnp\.)(?<!\bArt\.)(?<!\bNo\.)"
    r"(?<=[.!?…])[”\")]*\s+(?=[„“\"(]?[A-ZĄĆĘŁŃÓŚŹŻ0-9])"
)
# Characters without width that part a word for a program, and not for a reader.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def problems(part: Part, *, policy: str = "", is_about_changes: bool = False) -> Iterator[str]:
    """What a section may not say, or the words about what a version changes."""
    accepts = consent_by_use.may_be_accepted(part.number, policy) or is_about_changes
    for sentence in dict.fromkeys(_sentences(part)):
        yield from repealed_law.problems(sentence, is_about_changes=is_about_changes)
        yield from consent_by_use.problems(sentence, may_be_accepted=accepts)


def _sentences(part: Part) -> Iterator[str]:
    """Sentence by sentence; one that ends with a colon goes on in each item of the list below."""
    opening, depth = "", 0
    for token in part.tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
            opening = opening if depth else ""
        elif token.type == "inline":
            text = " ".join(_INVISIBLE.sub("", shown(token)).split())
            sentences = _END.split(text)
            if not depth:
                opening = sentences[-1] if text.endswith(":") else ""
            elif opening:
                yield f"{opening.removesuffix(':')} {sentences[0]}"
                sentences = sentences[1:]
            yield from sentences
