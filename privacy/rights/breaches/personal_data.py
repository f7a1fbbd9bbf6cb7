"""The register of breaches on the map of personal data: nothing personal, and an end."""

from django.utils.translation import gettext_lazy as _

from privacy.models import Breach, BreachNotice
from privacy.rights.breaches.breach import past_their_period
from privacy.rights.map.declarations import Retention
from privacy.rights.map.periods import years
from privacy.rights.map.register import declare_nothing_personal

declare_nothing_personal(
    Breach,
    "id facts began_at aware_at people_kinds people_number data_kinds records_number effects "
    "measures risk risk_reason is_ico_competent is_uodo_competent is_other_competent late_reason "
    "people_not_told_reason closed_at",
    "Kinds of people and of data, and numbers of them. The texts are free, and the forms ask for "
    "no names: staff take out a name that was written all the same, of a closed breach after they "
    "reopened it.",
    retention=(
        Retention(
            years("PROOF_YEARS", _("%(period)s after the breach was closed")), past_their_period
        ),
    ),
)
declare_nothing_personal(
    BreachNotice,
    "id breach addressee told_at method about noted_at",
    "Offices and groups that were told. The text is free, and the form asks for no names: one that "
    "was written all the same stays as long as the breach, which the law wants to be documented.",
)
