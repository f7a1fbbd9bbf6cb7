"""Consent by use, as Polish says it."""

import re

from privacy.policies.review.consent_grammar import Grammar

_SITE = (
    r"(?:\s+(?!zgod)[\w.]+){0,4}?\s+(?:serwis|stron|witryn|portal|sklep|platform|aplikacj|usług|internet"
    r"|voipstudio|nie(?:go|j)\b|nich\b|blog|domen)\w*"
)
_STILL = r"(?:dalej|nadal|dalsze|dalszego|wciąż|w\s+dalszym\s+ciągu)"
_USING = (
    r"(?:s?korzystani|używani|użytkowani|przeglądani|odwiedz[ae]ni|przewijani|przewinięci|scrollowani"
    r"|kontynuowani|kontynuacj|nawigowani|pozosta(?:wa)?ni|przebywani|wejści|wizyt|odwiedzin)"
)
_BANNER = (
    r"(?:\s+(?:ten|tego|to|tej|tę|\w*go|\w*ej))?"
    r"\s+(?:ban+er|okn|okien|komunikat|pas[ek]|powiadomien|informacj)\w*"
)
_IDLE = (
    r"nie\s+(?:zmieni|wyłącz|zablok|blokuj|sprzeciwi|zrezygn|zgłosi|zgłasz|dokon|odrzuc|zmodyfik"
    r"|wyrazi\w*\s+sprzeciw)\w*"
)

# korzystając z serwisu; przeglądając; pozostając na stronie; nie zmieniając ustawień
_MEANS = (
    rf"(?:(?:{_STILL}\s+)?(?:korzystając|używając){_SITE}|(?:{_STILL}\s+korzystając|korzystając\s+{_STILL})"
    r"|przeglądając|przewijając|scrollując|nawigując|surfując|kontynuując|przebywając|poruszając\s+się"
    rf"|(?:odwiedzając|wchodząc|pozostając|zostając){_SITE}|przechodząc\s+(?:dalej|do{_SITE}|na{_SITE})"
    rf"|(?:zamykając|ignorując|pomijając){_BANNER}"
    r"|(?:nie|bez)\s+(?:zmieniając|wyłączając|blokując|dokonując|sprzeciwiając|rezygnując|odrzucając))"
)
# (dalsze) korzystanie z serwisu; przewijanie; zamknięcie banera; brak sprzeciwu
_SUBJECT = (
    rf"(?:(?:korzystanie|skorzystanie|używanie|użytkowanie){_SITE}|{_STILL}\s+{_USING}\w*"
    rf"|(?:przeglądanie|odwiedzanie|odwiedzenie|odwiedziny|wizyta|wejście|pozostanie|pozostawanie|przebywanie){_SITE}"
    r"|przeglądanie|przewijanie|przewinięcie|scrollowanie|nawigowanie"
    rf"|kontynuowanie|kontynuacja\s+\w+|(?:zamknięcie|zignorowanie){_BANNER}"
    r"|brak\s+(?:zmiany|sprzeciwu|reakcji|odpowiedzi|działania)|niezmienienie|milczenie|bezczynność|bierność)"
)
# jeśli (nadal) korzystasz z serwisu; gdy nie zmienisz ustawień; kto odwiedza stronę
_CONDITION = (
    r"(?:jeśli|jeżeli|gdy|kiedy|skoro|o\s+ile|jak\s+tylko|ilekroć|kto|któr[yaze]y?|użytkownik\w*)\b[^,;:.]{0,60}?\b"
    rf"(?:(?:s?korzysta|używa|użyje)\w*(?:{_SITE}|\s+{_STILL})|{_STILL}\s+korzysta\w*"
    rf"|(?:przegląda|odwiedz|wchodzi|wejdzie|pozosta|zosta)\w*{_SITE}|(?:przegląda|przewij|przewini|kontynu)\w*"
    rf"|zamknie\w*{_BANNER}|zignoruje\w*{_BANNER}|{_IDLE})"
)
# przez korzystanie z serwisu; w razie dalszego korzystania; z chwilą wejścia na stronę
_MOMENT = (
    r"(?:w\s+(?:razie|przypadku|wyniku|chwili|momencie|trakcie)|wraz\s+z|z\s+chwilą|z\s+momentem|poprzez|przez"
    rf"|od\s+chwili|na\s+skutek|wskutek)\s+(?:\w+\s+){{0,2}}?{_USING}\w*"
)

_CONSENT = r"(?:zgod(?:a|ę|y|ą|zie)|akceptacj\w+|akceptowani\w+)\b"
_AGREE = "|".join(
    [
        # wyrażasz (na to) zgodę; zgodę wyrażasz
        r"(?:wyraża(?:sz|cie|ją|my|\s+się)?|wyrazi(?:sz|cie|łeś|łaś|li|ł|ła)?|udziela(?:sz|cie|ją)?"
        r"|udzieli(?:sz|cie|łeś|łaś|li|ł|ła)?|dajesz|dajecie|daje|składa(?:sz|cie|ją)?|potwierdza(?:sz|cie|ją)?"
        rf"|deklaruje(?:sz|cie)?)\s+(?:[\w/]+\s+){{0,4}}?{_CONSENT}",
        r"zgod[ęy]\s+(?:[\w/]+\s+){0,4}?(?:wyraża(?:sz|cie|ją)?|udziela(?:sz|cie|ją)?)\b",
        # zgoda, której udzielasz, korzystając z serwisu
        rf"zgod[aęy],\s+któr\w+\s+(?:wyraża|udziela)(?:sz|cie|ją)\b(?=,?\s+{_MEANS})",
        # zgadzasz się; się zgadzasz
        r"(?:zgadza|zgodzi|godzi)(?:sz|cie|ją|li|ł|ła)?\s+się\b|się\s+(?:\w+\s+)?(?:zgadza|godzi)(?:sz|cie|ją)?\b",
        # oznacza, stanowi, uznajemy za, jest równoznaczne ze ... zgodą
        r"(?:oznacza|stanowi|uzna|uważa|traktuj|traktowan|poczytuj|poczytywan|implikuj|potwierdza|rozumi|rozumian)\w*"
        rf"\s+(?:[\w/]+\s+){{0,7}}?{_CONSENT}",
        r"(?:jest|są|będzie|będą|to|równa\s+się)\s+(?:(?:też|także|zarazem|jednocześnie|równoznaczn\w+|jednoznaczn\w+"
        r"|tożsam\w+|równoważn\w+|ze?|wyrażeni\w+|udzieleni\w+|dla|nas|dorozumian\w+|domnieman\w+|milcząc\w+"
        rf"|uznawan\w+|traktowan\w+|za|jako|jak|twoj\w+|jej|jego|pełn\w+)\s+){{0,6}}{_CONSENT}",
        rf"za\s+(?:\w+\s+){{0,3}}?{_CONSENT}\s+(?:[\w/]+\s+){{0,3}}?(?:uznaj|uważ|uzna|poczyt|traktuj)\w*",
        r"akceptuj(?:esz|ecie|ą|e|emy)\b|(?:za)?akceptował\w*|zaakceptuj(?:esz|ecie)\b",
        r"(?:nie\s+masz|nie\s+ma)\s+nic\s+przeciwko|przystajesz|przystaje\b",
        rf"(?:dorozumian|domnieman|milcząc)\w+\s+{_CONSENT}|{_CONSENT}\s+(?:\w+\s+)?(?:dorozumian|domnieman|domniemywa)\w*",
    ]
)

GRAMMAR = Grammar(
    use=re.compile(rf"\b(?:{_MEANS}|{_SUBJECT}|{_CONDITION}|{_MOMENT})", re.IGNORECASE),
    no_use=re.compile(
        r"\b(?:a\s+nie|nie\s+przez|nie\s+poprzez|zamiast|jak|czy|w\s+jaki\s+sposób|bez)\s+(?:\w+\s+)?$",
        re.IGNORECASE,
    ),
    agreement=re.compile(rf"\b(?:{_AGREE})", re.IGNORECASE),
    denied_before=re.compile(
        r"\b(?:nie|nigdy|bynajmniej|ani)\s+"
        r"(?:(?:może\w*|mogą|można|powinn\w+|powinien|da\s+się|będzie\w*|będą|należy|trzeba|wolno)\s+)?(?:być\s+)?"
        r"(?:(?!zmieni|wyłącz)\w+\s+)?$"
        # „nie oznacza, że się zgadzasz”
        r"|\b(?:nie|nigdy)\s+(?:\w+\s+)?(?:oznacza|znaczy|zakłada|uznaj|przyjmuj|domniemyw|twierdz)\w*"
        r"(?:\s+\w+){0,4},\s+(?:że|iż|jakoby|aby|żeby)\b[^,;]*$",
        re.IGNORECASE,
    ),
    denied_within=re.compile(
        r"\b(?:nie(?!\s+ma)|bez|brak\w*|ani|odmow\w+|odmaw\w+)\b", re.IGNORECASE
    ),
    subordinate=re.compile(
        r"(?:^|[,;:(–—]|\bchyba)\s*(?:(?:i|a|ale|oraz|lub|albo|nawet|tylko|dopiero|także|też)\s+){0,2}"
        r"(?:(?:na|w|do|od|z|ze|o|dla|przez|za)\s+)?"
        r"(?:jeśli|jeżeli|gdy|kiedy|o\s+ile|że\s+jeśli|dopóki|póki|odkąd|zanim|czy|po\s+tym|aby|żeby|by|któr\w+|co\b"
        r"|jak|skoro|gdzie)\b[^,;:(–—]*$",
        re.IGNORECASE,
    ),
    means=re.compile(rf"[^,;:]{{0,30}},?\s+{_MEANS}", re.IGNORECASE),
)
