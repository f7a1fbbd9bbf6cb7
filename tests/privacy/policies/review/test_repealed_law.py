"""Citations of Polish law that was repealed are found, however they are written."""

import pytest

from privacy.policies.review import repealed_law
from tests.run_once import needs_no_database

pytestmark = needs_no_database

TELECOMMUNICATIONS = [
    "Działamy na podstawie art. 172 ustawy Prawo telekomunikacyjne.",
    "na podstawie art. 172 ust. 1 ustawy z dnia 16 lipca 2004 r. – Prawo telekomunikacyjne",
    "art. 172 ustawy z dnia 16 lipca 2004 r. Prawo telekomunikacyjne (Dz. U. z 2004 r. nr 171, poz. 1800)",
    "zgodnie z art. 173 Prawa telekomunikacyjnego",
    "Zgodnie z artykułem 173 ust. 1 pkt 2 lit. a Prawa telekomunikacyjnego zapisujemy pliki.",
    "o czym mowa w artykule 174 prawa telekomunikacyjnego",
    "art. 172–174 Prawa telekomunikacyjnego",
    "art. 172-174 Pt",
    "art. 170 do 175 Prawa telekomunikacyjnego",
    "art. 172 i 174 PT",
    "art. 161, 172 oraz 180 Pr. tel.",
    "art. 172 ust. 1 Pt",
    "art. 172 ust. 1 i 2 Pt",
    "art. 172 ust. 1 P.t.",
    "art. 172 p.t.",
    "art. 172 u.p.t.",
    "art 172 Pr.tel.",
    "art. 172 pr. telekom.",
    "Art.173 ustawy telekomunikacyjnej",
    "art. 172 w zw. z art. 174 Pt",
    "art. 6 RODO oraz art. 172 Pt",
    "Prawo telekomunikacyjne (art. 172) wymaga zgody.",
    "Zgodnie z Prawem telekomunikacyjnym (art. 172) i RODO (art. 6)",
    "Prawo telekomunikacyjne, w szczególności art. 172 ust. 1",
    "zgody wymaganej Prawem telekomunikacyjnym w jego art. 172",
    "art. 172 (marketing) Prawa telekomunikacyjnego",
    "Article 172 of the Telecommunications Law",
    "Art. 172(1) of the Polish Telecommunications Act",
    "Articles 172 to 174 of the Telecommunications Law of 16 July 2004",
    "the Polish Telecommunications Law, Article 173",
    "under Article 172 of the Act on Telecommunications",
    "Article 174 Prawo telekomunikacyjne",
]
ELECTRONIC_SERVICES = [
    "art. 10 ustawy o świadczeniu usług drogą elektroniczną",
    "art. 10 ust. 2 ustawy z dnia 18 lipca 2002 r. o świadczeniu usług drogą elektroniczną",
    "na podstawie art. 10 ust. 1 i 2 u.ś.u.d.e.",
    "art. 10 uśude",
    "art. 10 UŚUDE",
    "art. 10 u.s.u.d.e.",
    "art. 9 i 10 ustawy o świadczeniu usług drogą elektroniczną",
    "ustawa o świadczeniu usług drogą elektroniczną (art. 10)",
    "w ustawie o świadczeniu usług drogą elektroniczną, zwłaszcza w art. 10 ust. 2",
    "Article 10 of the Act on Providing Services by Electronic Means",
    "Article 10(2) of the Act on the provision of services by electronic means",
    "Article 10 of the Act of 18 July 2002 on the Provision of Electronic Services",
    "Art. 10 of the Act on Rendering Electronic Services",
]
IN_FORCE = [
    "art. 398 PKE",
    "art. 399–400 ustawy – Prawo komunikacji elektronicznej",
    "Article 398 PKE and Articles 399–400 of the Polish Electronic Communications Law",
    "art. 10 RODO",
    "art. 10 RODO oraz art. 18 ustawy o świadczeniu usług drogą elektroniczną",
    "art. 18 ust. 10 ustawy o świadczeniu usług drogą elektroniczną",
    "art. 8 ustawy o świadczeniu usług drogą elektroniczną i art. 10 RODO",
    "art. 172 k.c. i Prawo telekomunikacyjne",
    "art. 172 Kodeksu cywilnego",
    "art. 161 Prawa telekomunikacyjnego",
    "ustawa o świadczeniu usług drogą elektroniczną",
    "RODO (art. 10) i ustawa o świadczeniu usług drogą elektroniczną (art. 18)",
    "art. 10 ustawy o ochronie danych osobowych",
    "art. 10 ustawy o prawach konsumenta oraz ustawa o świadczeniu usług drogą elektroniczną",
    "Pokój 172, piętro 10",
    "Art. 172 Prawa telekomunikacyjnego uchylono 10 listopada 2024 r.",
    "dawny art. 172 Prawa telekomunikacyjnego",
    "Article 172 of the Telecommunications Law was repealed in 2024.",
]


@pytest.mark.parametrize("sentence", TELECOMMUNICATIONS)
def test_articles_172_to_174_of_the_old_telecommunications_law_are_found(sentence: str) -> None:
    """Red when: a name of the act, a way to write its articles, or either order is left out."""
    (problem,) = list(repealed_law.problems(sentence))[:1]

    assert "398–400 PKE" in problem


@pytest.mark.parametrize("sentence", ELECTRONIC_SERVICES)
def test_article_10_of_the_act_on_electronic_services_is_found(sentence: str) -> None:
    (problem,) = repealed_law.problems(sentence)

    assert "398 PKE" in problem
    assert "400" not in problem


@pytest.mark.parametrize("sentence", IN_FORCE)
def test_law_in_force_and_other_acts_are_left_alone(sentence: str) -> None:
    """Red when: an article is taken for one of the wrong act of its sentence."""
    assert list(repealed_law.problems(sentence)) == []


def test_the_words_about_what_changed_may_name_what_went() -> None:
    """Red when: `is_about_changes` is not looked at."""
    sentence = "Zamiast art. 172 Prawa telekomunikacyjnego przywołujemy art. 398 PKE."

    assert list(repealed_law.problems(sentence, is_about_changes=True)) == []
    assert list(repealed_law.problems(sentence)) != []


def test_the_citation_is_quoted_as_it_stands_in_the_text() -> None:
    (problem,) = repealed_law.problems("Por. art. 172 ust. 1\nPrawa telekomunikacyjnego i inne.")

    assert "art. 172 ust. 1 Prawa telekomunikacyjnego" in problem
