"""Recipients of personal data, and transfers to third countries (GDPR Art. 30(1)(d) and (e))."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from privacy.rights.register import Text

HOSTING = _("hosting provider")
MAIL = _("provider of the mail server")
PHONE_SYSTEM = _("operator of the telephone system in which the account is set up")
ERROR_REPORTS = _("provider of the error reports, if one is set up")
GOOGLE_ANALYTICS = _("Google (Google Analytics), as a processor")
GOOGLE_ADS = _("Google (Google Ads), as a controller")

_GOOGLE = (GOOGLE_ANALYTICS, GOOGLE_ADS)
_OF_GOOGLE = _("Google may process data in the United States; staff confirm the safeguard.")
_OF_SUPPLIERS = _("None by us. A supplier outside the EEA is used only with safeguards.")
_NONE = _("None.")


def transfers(recipients: Iterable[Text]) -> Text:
    """The text about transfers to third countries, for these recipients (GDPR Art. 30(1)(e))."""
    names = list(recipients)
    if any(name in _GOOGLE for name in names):
        return _OF_GOOGLE
    return _OF_SUPPLIERS if names else _NONE
