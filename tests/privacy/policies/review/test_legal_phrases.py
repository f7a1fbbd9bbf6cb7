"""Sentences that a person checks before a policy is published: repealed law, and consent by mere use."""

import pytest
from django.utils import translation

from privacy.policies.review import legal_phrases
from privacy.policies.text.sections import parts
from tests.run_once import needs_no_database

pytestmark = needs_no_database

SUSPICIOUS = {
    "Mere use of the site is not consent": [
        "Korzystając z serwisu, wyrażasz zgodę na używanie plików cookie.",
        "Wchodząc na stronę, godzisz się na cookies.",
        "Zamykając ten baner, wyrażasz zgodę.",
        "Nie zmieniając ustawień przeglądarki, zgadzasz się na pliki cookie.",
        "Zgoda, której udzielasz, korzystając z serwisu, obejmuje pliki cookie.",
        "Dalsze korzystanie oznacza zgodę na pliki cookie.",
        "Korzystanie z serwisu jest równoznaczne ze zgodą na przetwarzanie danych osobowych.",
        "Brak sprzeciwu traktujemy jako zgodę.",
        "Za zgodę uznajemy dalsze korzystanie z witryny.",
        "Każdy użytkownik, który odwiedza stronę, wyraża zgodę na profilowanie.",
        "Korzystając z serwisu, akceptujesz tę politykę i pliki cookie.",
        "By using our site, you agree to the use of cookies.",
        "By closing this banner, you agree to the use of cookies.",
        "By not changing your settings, you consent to cookies.",
        "You consent to cookies by using our website.",
        "Your continued use of our services constitutes consent to data processing.",
        "Scrolling is considered consent.",
        "If you continue to use this site we will assume that you are happy with it.",
        "When you use our site, you accept that we store cookies on your device.",
        "Unless you opt out, you consent to profiling.",
        "Your use of the site means your implied consent to cookies.",
    ],
    "The Telecommunications Law gave way to": [
        "zgodnie z art. 173 Prawa telekomunikacyjnego",
        "art. 172 ust. 1 ustawy z dnia 16 lipca 2004 r. – Prawo telekomunikacyjne",
        "Por. art. 172 ust. 1 i 2 Pt.",
        "art. 172 P.t.",
        "Articles 172 to 174 of the Telecommunications Law of 16 July 2004",
        "under Article 172 of the Act on Telecommunications",
    ],
    "Article 10 of the Polish Act on providing services": [
        "art. 10 ust. 2 ustawy z dnia 18 lipca 2002 r. o świadczeniu usług drogą elektroniczną",
        "art. 10 u.ś.u.d.e.",
        "art. 9 i 10 ustawy o świadczeniu usług drogą elektroniczną",
        "Article 10(2) of the Act on the provision of services by electronic means",
    ],
    "The Polish data protection act of 1997": [
        "ustawa z dnia 29 sierpnia 1997 r. o ochronie danych osobowych",
        "skarga do Generalnego Inspektora Ochrony Danych Osobowych",
        "a complaint to GIODO",
    ],
    "is dated 10 May 2018": ["ustawa z dnia 25 maja 2018 r. o ochronie danych osobowych"],
    "Directive 95/46/EC was repealed": ["dyrektywa 95/46/WE", "Directive 95/46/EC"],
    "The Data Protection Act 1998 was replaced": ["under the Data Protection Act 1998"],
    "the decisions on Safe Harbor and on the Privacy Shield": [
        "the EU-US Privacy Shield",
        "Tarcza Prywatności",
    ],
    "The ODR platform was closed": ["<https://ec.europa.eu/consumers/odr>", "platforma ODR"],
}

FINE = [
    "Dalsze korzystanie z serwisu nie oznacza zgody na pliki cookie.",
    "Samo przeglądanie serwisu nigdy nie jest zgodą.",
    "Korzystając z serwisu, nie wyrażasz zgody na nic.",
    "Korzystanie z serwisu jest możliwe bez zgody na pliki cookie.",
    "Zgody udzielasz, klikając przycisk w banerze, a nie korzystając z serwisu.",
    "Korzystając z przycisku „Zgadzam się”, wyrażasz zgodę.",
    "Jeżeli wyrazisz zgodę, badamy, jak korzystasz z serwisu.",
    "Korzystając z serwisu, akceptujesz niniejszą politykę prywatności.",
    "Korzystając z serwisu, czytasz. Wyrażasz zgodę, klikając.",
    "Using our site never counts as consent.",
    "By using our site you do not consent to cookies.",
    "By clicking “Accept all” you agree to the use of cookies on our site.",
    "If you agree, we learn how you use our website.",
    "Using Our Site counts as accepting it.",
    "art. 398 PKE oraz ustawa z dnia 10 maja 2018 r. o ochronie danych osobowych",
    "art. 18 ust. 10 ustawy o świadczeniu usług drogą elektroniczną",
    "art. 10 RODO",
    "the Data Protection Act 2018 and Directive 2002/58/EC",
]

CASES = [(sentence, why) for why, sentences in SUSPICIOUS.items() for sentence in sentences]


def _warnings(text: str, language: str = "en") -> list[str]:
    with translation.override(language):
        return [
            warning for part in parts(text) for warning in legal_phrases.phrase_warnings(part.chunk)
        ]


@pytest.mark.parametrize(("sentence", "why"), CASES)
def test_a_suspicious_sentence_is_quoted_with_the_reason(sentence: str, why: str) -> None:
    """Red when: its phrase is taken out of legal_phrases.toml."""
    (warning,) = _warnings(sentence)

    assert warning.startswith(f"“{sentence.strip('<>')}” – ")
    assert why in warning


@pytest.mark.parametrize("sentence", FINE)
def test_other_sentences_get_no_warning(sentence: str) -> None:
    """Red when: `denials` are ignored, or one list of an entry is enough."""
    assert _warnings(sentence) == []


def test_an_item_of_a_list_is_read_with_the_line_above_it() -> None:
    """Red when: an item is read without the line above, or the text after the list with it."""
    text = (
        "Korzystając z serwisu:\n\n- czytasz,\n- wyrażasz zgodę na pliki cookie.\n\nWyrażasz zgodę."
    )

    (warning,) = _warnings(text)

    assert warning.startswith("“Korzystając z serwisu: wyrażasz zgodę na pliki cookie.” – ")


def test_a_soft_hyphen_hides_no_phrase_and_the_reason_is_in_the_active_language() -> None:
    """Red when: `_INVISIBLE` stays in, or the English reason is shown to a Pole."""
    (warning,) = _warnings("Dyrekty\u00adwa 95/\u200b46/WE", "pl")

    assert (
        warning
        == "„Dyrektywa 95/46/WE” – Dyrektywę 95/46/WE uchylono 25 maja 2018 r. (art. 94 RODO)."
    )
