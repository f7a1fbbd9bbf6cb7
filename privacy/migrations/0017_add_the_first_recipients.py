"""This migration will add the first recipients of data, for staff to name and to confirm.

A row that is there already stays as staff have written it.
"""

from datetime import date
from typing import Any

from django.db import migrations

_DECISION = "https://eur-lex.europa.eu/legal-content/{}/TXT/?uri=CELEX:32021D1772"

ROWS: tuple[dict[str, Any], ...] = (
    {
        "key": "ourselves",
        "name": "Level 7 Systems",
        "purpose_pl": "wszystkie cele, które wymienia sekcja\u00a06",
        "purpose_en": "all purposes that section 6 names",
        "data_pl": "wszystkie dane, których dotyczy ta polityka",
        "data_en": "all data that this policy is about",
        "role": "ourselves",
        "country": "GB",
        "safeguard_pl": "decyzja Komisji Europejskiej stwierdzająca odpowiedni stopień ochrony "
        "danych (decyzja wykonawcza (UE)\u00a02021/1772), przedłużona do 27\u00a0grudnia 2031\u00a0r.",
        "safeguard_en": "adequacy decision of the European Commission (Implementing Decision (EU) "
        "2021/1772), extended until 27 December 2031",
        "safeguard_url_pl": _DECISION.format("PL"),
        "safeguard_url_en": _DECISION.format("EN"),
        "review_on": date(2031, 12, 27),
        "is_confirmed": True,
    },
    {
        "key": "hosting",
        "purpose_pl": "utrzymywanie serwisu, jego bazy danych i\u00a0kopii zapasowych",
        "purpose_en": "running Our Site, its database and its backups",
        "data_pl": "wszystkie dane, które serwis przechowuje, oraz adres IP odwiedzającego",
        "data_en": "all data that Our Site stores, and the IP address of a visitor",
        "role": "processor",
    },
    {
        "key": "mail",
        "purpose_pl": "wysyłanie i\u00a0odbieranie poczty elektronicznej",
        "purpose_en": "sending and receiving e-mail",
        "data_pl": "imię i\u00a0nazwisko, adres e-mail, treść wiadomości",
        "data_en": "name, e-mail address, content of the e-mails",
        "role": "processor",
    },
    {
        "key": "phone-system",
        "purpose_pl": "założenie i\u00a0prowadzenie konta na okres próbny w\u00a0systemie telefonicznym",
        "purpose_en": "setting up and running the trial account in the telephone system",
        "data_pl": "imię i\u00a0nazwisko, adres e-mail, firma, numer telefonu, język, początek i\u00a0koniec "
        "okresu próbnego",
        "data_en": "name, e-mail address, company, telephone number, language, start and end of the "
        "trial",
        "role": "processor",
    },
    {
        "key": "error-reports",
        "purpose_pl": "wykrywanie błędów serwisu",
        "purpose_en": "finding faults of Our Site",
        "data_pl": "miejsce i\u00a0czas błędu oraz rodzaj strony, bez adresów i\u00a0nazwisk",
        "data_en": "place and time of a fault and the kind of page, without addresses or names",
        "role": "processor",
    },
    {
        "key": "google-analytics",
        "name": "Google (Google Analytics)",
        "purpose_pl": "mierzenie, jak odwiedzający korzystają z\u00a0serwisu i\u00a0czy rozpoczynają okres "
        "próbny, za zgodą na grupę analityczną",
        "purpose_en": "measuring how visitors use Our Site, and whether they start a trial, with "
        "consent to the analytics group",
        "data_pl": "dane o\u00a0odwiedzinach i\u00a0rozpoczęciu okresu próbnego, adres IP, identyfikator "
        "przeglądarki",
        "data_en": "data about visits and the start of a trial, IP address, identifier of the "
        "browser",
        "role": "processor",
        "country": "US",
    },
    {
        "key": "google-ads",
        "name": "Google (Google Ads)",
        "purpose_pl": "mierzenie skuteczności reklam i\u00a0inne cele z\u00a0opisu grupy marketingowej w\u00a0"
        "sekcji\u00a013, za zgodą na tę grupę",
        "purpose_en": "measuring how well ads work, and any other purpose that section 13 names "
        "for the marketing group, with consent to that group",
        "data_pl": "dane o\u00a0odwiedzinach i\u00a0rozpoczęciu okresu próbnego, adres IP, identyfikator "
        "przeglądarki",
        "data_en": "data about visits and the start of a trial, IP address, identifier of the "
        "browser",
        "role": "controller",
        "country": "US",
    },
)


def add_missing(apps: Any, schema_editor: Any) -> None:
    recipients = apps.get_model("privacy", "Recipient").objects
    for row in ROWS:
        recipients.get_or_create(key=row["key"], defaults=row)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0016_name_the_recipients_of_data")]

    operations = [migrations.RunPython(add_missing, migrations.RunPython.noop)]
