"""Sentences that take the use of the site for consent are found; honest ones are left alone."""

import pytest

from privacy.policies.review import consent_by_use
from tests.run_once import needs_no_database

pytestmark = needs_no_database

CLAIMS = [
    # Polish: by the means
    "Korzystając z serwisu, wyrażasz zgodę na używanie plików cookie.",
    "Korzystając z naszej strony internetowej wyrażasz zgodę na pliki cookies.",
    "Korzystając ze strony, zgadzasz się na zapisywanie plików cookie.",
    "Używając tej witryny, zgadzasz się na przetwarzanie danych osobowych.",
    "Przeglądając dalej, akceptujesz pliki cookie.",
    "Przeglądając naszą stronę, wyrażacie Państwo zgodę na stosowanie ciasteczek.",
    "Pozostając na stronie, wyraża Pan/Pani zgodę na profilowanie.",
    "Odwiedzając nasz portal, udzielasz zgody na śledzenie.",
    "Wchodząc na stronę, godzisz się na cookies.",
    "Zamykając ten baner, wyrażasz zgodę.",
    "Nie zmieniając ustawień przeglądarki, zgadzasz się na pliki cookie.",
    "Korzystając z serwisu bez zmiany ustawień przeglądarki, wyrażasz zgodę na zapis plików cookie.",
    "Kontynuując przeglądanie, akceptujesz naszą politykę cookies.",
    "Przewijając stronę, wyrażasz zgodę na wszystkie pliki cookie.",
    "Użytkownik, korzystając z serwisu, wyraża zgodę na przetwarzanie danych.",
    "Wyrażasz zgodę na pliki cookie, korzystając z naszej witryny.",
    "Zgodę wyrażasz, przeglądając serwis.",
    "Zgoda, której udzielasz, korzystając z serwisu, obejmuje pliki cookie.",
    # Polish: as the subject
    "Dalsze korzystanie oznacza zgodę na pliki cookie.",
    "Dalsze korzystanie z serwisu oznacza zgodę na pliki cookie.",
    "Korzystanie z serwisu jest równoznaczne ze zgodą na przetwarzanie danych osobowych.",
    "Korzystanie ze strony jest jednoznaczne z wyrażeniem zgody na pliki cookies.",
    "Pozostanie na stronie uznajemy za zgodę na pliki cookie.",
    "Samo przeglądanie strony stanowi zgodę na marketing.",
    "Brak zmiany ustawień przeglądarki oznacza zgodę na pliki cookie.",
    "Brak sprzeciwu traktujemy jako zgodę.",
    "Kontynuowanie przeglądania strony będzie uznawane za zgodę.",
    "Zamknięcie okna oznacza akceptację plików cookie.",
    "Za zgodę uznajemy dalsze korzystanie z witryny.",
    "Przewijanie strony jest traktowane jako zgoda.",
    "Dalsze przeglądanie serwisu to zgoda na cookies.",
    # Polish: as the condition
    "Jeśli nie zmienisz ustawień przeglądarki, wyrażasz zgodę na pliki cookie.",
    "Jeżeli nadal korzystasz z serwisu, zgadzasz się na pliki cookie.",
    "Jeśli korzystasz z naszej strony, to zgadzasz się na analitykę.",
    "Gdy przeglądasz serwis, akceptujesz pliki cookie.",
    "Gdy przeglądasz serwis wyrażasz zgodę na pliki cookie.",
    "Uznajemy, że wyrażasz zgodę na pliki cookie, gdy pierwszy raz skorzystasz z serwisu.",
    "Zakładamy, że się zgadzasz, jeśli pozostajesz na stronie.",
    "Kto korzysta z serwisu, wyraża zgodę na pliki cookie.",
    "Każdy użytkownik, który odwiedza stronę, wyraża zgodę na profilowanie.",
    "Użytkownik korzystający z serwisu wyraża zgodę na pliki cookie.",
    "W razie dalszego korzystania z serwisu wyrażasz zgodę na pliki cookie.",
    "Przez korzystanie z serwisu wyrażasz zgodę na newsletter.",
    "Z chwilą wejścia na stronę udzielasz nam zgody na przetwarzanie danych.",
    # English
    "By using our site, you agree to the use of cookies.",
    "By continuing to browse you agree to our use of cookies.",
    "By continuing to use this website you consent to cookies.",
    "By browsing this site, you accept cookies.",
    "By visiting our website you hereby consent to the processing of your personal data.",
    "By closing this banner, you agree to the use of cookies.",
    "By not changing your settings, you consent to cookies.",
    "You consent to cookies by using our website.",
    "Continued use of this site means that you consent to cookies.",
    "Your continued use of our services constitutes consent to data processing.",
    "Use of this website signifies your agreement to the use of cookies.",
    "Using our site counts as consent to cookies.",
    "Scrolling is considered consent.",
    "Staying on this page implies consent to tracking.",
    "Continued browsing will be treated as acceptance of cookies.",
    "Silence is taken as consent.",
    "If you continue without changing your settings, we’ll assume that you are happy to receive all cookies.",
    "If you continue to use this site we will assume that you are happy with it.",
    "If you continue you agree to cookies.",
    "When you use our site, you accept that we store cookies on your device.",
    "Unless you opt out, you consent to profiling.",
    "If you do not change your settings you agree to cookies.",
    "Whoever visits this site agrees to cookies.",
    "Visitors who use our website agree to the processing of their personal data.",
    "Your use of the site means your implied consent to cookies.",
    "We take it that you agree to cookies when you use our site.",
    "The cookies to which you consent by using our site are listed below.",
]  # fmt: skip

HONEST = [
    "Dalsze korzystanie z serwisu nie oznacza zgody na pliki cookie.",
    "Samo przeglądanie serwisu nigdy nie jest zgodą.",
    "Przewijanie, przechodzenie między stronami czy brak odpowiedzi nie są zgodą.",
    "Korzystanie z serwisu nie jest równoznaczne z wyrażeniem zgody na przetwarzanie danych.",
    "Przeglądania strony nie uznajemy za zgodę, a korzystanie z serwisu nie stanowi zgody.",
    "Korzystając z serwisu, nie wyrażasz zgody na nic.",
    "Przeglądanie strony nie może być uznawane za zgodę.",
    "Korzystanie z serwisu nie oznacza, że się zgadzasz na pliki cookie.",
    "Brak odpowiedzi traktujemy jako odmowę zgody.",
    "Brak odpowiedzi oznacza brak zgody.",
    "Jeśli zgodzisz się na grupę analityczną, serwis może wczytać narzędzie, które pokazuje, jak odwiedzający korzystają z serwisu.",
    "Jeśli się z nią nie zgadzasz, przestań korzystać z serwisu.",
    "Możesz korzystać z serwisu, nawet jeśli nie wyrazisz zgody.",
    "Gdy korzystasz z serwisu, pytamy, czy się zgadzasz na pliki cookie.",
    "Gdy korzystasz z serwisu, pytamy Cię o zgodę na pliki cookie.",
    "Korzystanie z serwisu jest możliwe bez zgody na pliki cookie.",
    "Korzystanie z serwisu nie wymaga zgody.",
    "Zgody udzielasz, klikając przycisk w banerze, a nie korzystając z serwisu.",
    "Wysyłając formularz, wyrażasz zgodę na kontakt.",
    "Klikając „Akceptuję”, wyrażasz zgodę na pliki cookie.",
    "Korzystając z przycisku „Zgadzam się”, wyrażasz zgodę.",
    "Pliki, na które wyrażasz zgodę, usuwamy, gdy przestajesz korzystać z serwisu.",
    "Zgodę na pliki cookie możesz wycofać, gdy korzystasz z serwisu.",
    "Jeżeli wyrazisz zgodę, badamy, jak korzystasz z serwisu.",
    "Z wiadomości e-mail, na które wyrażasz zgodę, możesz zrezygnować, klikając link.",
    "Analiza korzystania z serwisu za pomocą plików cookie opiera się na zgodzie.",
    "Przeglądając serwis, trafisz na pytanie o zgodę.",
    "Using our site never counts as consent.",
    "Merely browsing Our Site never counts as giving it.",
    "Scrolling, moving between pages or not answering is not consent.",
    "Continued use of this site does not mean that you agree to cookies.",
    "Neither scrolling nor browsing counts as consent.",
    "No amount of browsing is consent.",
    "By using our site you do not consent to cookies.",
    "We do not treat your continued browsing as consent.",
    "Browsing is possible without consent.",
    "Using the site is possible even if you do not give consent.",
    "If you consent to the analytics group, Our Site may load a tool that shows us how visitors use Our Site.",
    "If you agree, we learn how you use our website.",
    "When you use our site, we ask whether you consent to cookies.",
    "If you do not agree with it, please stop using Our Site.",
    "You can use our website before you consent to anything.",
    "You give consent by clicking “Accept”, not by using the site.",
    "By clicking “Accept all” you consent to cookies.",
    "By sending the form you agree that we call you.",
    "The cookies that you consent to stay for 90 days after you visit our site.",
    "Browsing is subject to no consent at all.",
    "You can withdraw your consent while you use our site.",
]  # fmt: skip

ACCEPTANCE = [
    "Korzystanie z serwisu oznacza jej akceptację.",
    "Uznajemy, że ją akceptujesz, gdy pierwszy raz po jej wprowadzeniu skorzystasz z serwisu.",
    "Korzystając z serwisu, akceptujesz niniejszą politykę prywatności.",
    "Korzystając z serwisu, akceptujesz politykę przetwarzania danych osobowych.",
    "Korzystając z serwisu, akceptujesz tę politykę, która opisuje przetwarzanie danych osobowych.",
    "Dalsze korzystanie z serwisu oznacza akceptację zmian.",
    "Using Our Site counts as accepting it.",
    "We take it that you accept it when you first use Our Site after the change.",
    "By using our site you accept this policy.",
    "By using our site you agree to this privacy policy.",
    "Continued use of our site means acceptance of the amended policy.",
]

MORE_THAN_ACCEPTANCE = [
    "Korzystając z serwisu, akceptujesz politykę plików cookie.",
    "Korzystając z serwisu, akceptujesz tę politykę i pliki cookie.",
    "Korzystając z serwisu, akceptujesz tę politykę oraz wyrażasz zgodę na przetwarzanie danych osobowych.",
    "Korzystając z serwisu, wyrażasz zgodę.",
    "By using our site you accept this policy and cookies.",
    "By using our site you accept this policy and consent to the processing of your data.",
    "By using our site, you agree.",
]


@pytest.mark.parametrize("sentence", CLAIMS)
def test_a_claim_is_found_wherever_it_stands(sentence: str) -> None:
    """Red when: one of the patterns of its language is left out."""
    assert list(consent_by_use.problems(sentence, may_be_accepted=False)) != []
    assert list(consent_by_use.problems(sentence, may_be_accepted=True)) != []


@pytest.mark.parametrize("sentence", HONEST)
def test_an_honest_sentence_is_left_alone(sentence: str) -> None:
    """Red when: the sentence's denial, its condition or its order of clauses is not read."""
    assert list(consent_by_use.problems(sentence, may_be_accepted=False)) == []


@pytest.mark.parametrize("sentence", ACCEPTANCE)
def test_acceptance_of_the_policy_itself_may_stand_in_two_sections(sentence: str) -> None:
    """Red when: `may_be_accepted` is not looked at, either way."""
    assert list(consent_by_use.problems(sentence, may_be_accepted=True)) == []
    assert list(consent_by_use.problems(sentence, may_be_accepted=False)) != []


@pytest.mark.parametrize("sentence", MORE_THAN_ACCEPTANCE)
def test_under_cover_of_the_policy_nothing_else_is_accepted(sentence: str) -> None:
    """Red when: `_FORBIDDEN` is not looked for, or consent passes for acceptance."""
    assert list(consent_by_use.problems(sentence, may_be_accepted=True)) != []


@pytest.mark.parametrize("section", [None, *range(17)])
def test_the_sections_are_the_introduction_and_the_one_on_changes(section: int | None) -> None:
    assert consent_by_use.may_be_accepted(section, "privacy") is (section in {0, 15})
    assert consent_by_use.may_be_accepted(section, "terms") is True
