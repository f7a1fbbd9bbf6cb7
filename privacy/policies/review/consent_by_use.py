"""Sentences that take the mere use of the site for consent, in Polish and in English.

Consent is a clear affirmative action (Art. 4(11) GDPR). A claim has two halves: that somebody uses
the site, and that they thereby agree; a sentence with both is one, unless it denies either.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from privacy.policies.review import consent_by_use_english, consent_by_use_polish

_FORBIDDEN = re.compile(
    r"plik|cookie|ciastecz|przetwarz|dan(?:e|ych|ymi)\s+osobow|marketing|profilow|śledz|reklam"
    r"|track|process|personal\s+data|profiling|advertis|newsletter",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"polity|regulamin|dokument|zmian|postanowie|warunk|wersj|\bj[ąe]j?\b"
    r"|polic|terms|document|change|amend|version|condition|\bit\b|\bthem\b",
    re.IGNORECASE,
)
_NAME_OF_A_POLICY = re.compile(
    r"polity\w+\s+(?:ochrony|przetwarzania)\s+danych(?:\s+osobowych)?"
    r"|(?:data\s+processing|personal\s+data(?:\s+\w+)?)\s+polic\w+",
    re.IGNORECASE,
)
_PUTS_UP_WITH = re.compile(r"happy|okay|\bok\b|fine|przeciwko", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:–—(]")


def may_be_accepted(section: int | None, policy: str) -> bool:
    """Whether this section may say that using the site is accepting this document or its changes.

    In the privacy policy these are two sections. Other documents are contracts.
    """
    return policy != "privacy" or section in {0, 15}


def problems(sentence: str, *, may_be_accepted: bool) -> Iterator[str]:
    """The sentence itself, if it claims consent by use; never for accepting the document."""
    for grammar in (consent_by_use_polish.GRAMMAR, consent_by_use_english.GRAMMAR):
        claims = grammar.claims(sentence)
        if all(may_be_accepted and _is_about_the_document(claim, sentence) for claim in claims):
            continue
        short = sentence if len(sentence) <= 160 else f"{sentence[:157]}…"
        yield _(
            "“%(sentence)s” takes the mere use of the site for consent. Consent is an action of "
            "its own (Art. 4(11) GDPR): take this out. Only sections 0 and 15 may say that whoever "
            "uses the site accepts this policy."
        ) % {"sentence": short}
        return


def _is_about_the_document(claim: re.Match[str], sentence: str) -> bool:
    """Acceptance of the policy, and of nothing beside it. To consent is more than to accept."""
    rest = _NAME_OF_A_POLICY.sub(" ", sentence[claim.start() :])
    what = _CLAUSE_END.split(rest)[0]
    if _PUTS_UP_WITH.search(claim[0]):
        return False
    if re.search(r"akcept|accept", claim[0], re.IGNORECASE):
        return not _FORBIDDEN.search(what)
    whole = _NAME_OF_A_POLICY.sub(" ", sentence)
    return bool(_DOCUMENT.search(what)) and not _FORBIDDEN.search(whole)
