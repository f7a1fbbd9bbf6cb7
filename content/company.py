"""Facts about the company behind the site. Pages, policies and mails read them from here."""

NAME = "Level 7 Systems"

COMPANY = {
    "name": NAME,
    "company_number": "6978512",
    "registered_address": "Gable House, 18-24 Turnham Green Terrace, W4 1QP London, United Kingdom",
    "address_lines": [
        "Gable House",
        "18-24 Turnham Green Terrace",
        "W4 1QP London",
        "United Kingdom",
    ],
    "street": "Gable House, 18-24 Turnham Green Terrace",
    "postal_code": "W4 1QP",
    "city": "London",
    "vat_number": "GB982288750",
    "ico_number": "A8087849",
    "regulator": "Ofcom",
    "trade_body": "Internet Telephony Services Providers’ Association",
    "trade_body_pl": "Stowarzyszenie Dostawców Usług Telefonii Internetowej",
    "dpo_name": "Neil Adams",
    "dpo_email": "marketing@voipstudio.pl",
    "phone": "+44 203 432 9230",
    "phone_href": "tel:+442034329230",
    "email": "marketing@voipstudio.pl",
    "gdpr_email": "gdpr@voipstudio.pl",
    # The supervisory authorities of Poland and of the United Kingdom.
    "uodo_url": "https://uodo.gov.pl/",
    "ico_url": "https://ico.org.uk/make-a-complaint/",
}
