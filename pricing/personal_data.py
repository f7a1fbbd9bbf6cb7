"""Plans and prices hold nothing about people."""

from pricing.models import ComparisonCell, ComparisonRow, Plan, Price
from privacy.rights.map.register import declare_nothing_personal

_OFFER = "The offer, the same for everybody."

declare_nothing_personal(
    Plan,
    "id code name_pl name_en description_pl description_en features_pl features_en "
    "billing_period vat order is_active is_sample",
    _OFFER,
)
declare_nothing_personal(Price, "id plan currency amount", _OFFER)
declare_nothing_personal(ComparisonRow, "id name_pl name_en order", _OFFER)
declare_nothing_personal(ComparisonCell, "id row plan answer text_pl text_en", _OFFER)
