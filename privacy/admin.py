"""The admin of privacy: versions of policies, the record of processing, recipients of data, runs of
retention, requests of people, their erasures, restrictions and legal holds, the log of who read
their data, and the register of breaches."""

from privacy.policies.editor.admin import PolicyVersionAdmin
from privacy.rights.breaches.admin import BreachAdmin
from privacy.rights.cases.admin import ErasureCaseAdmin, LegalHoldAdmin, RestrictionAdmin
from privacy.rights.readings.admin import ReadingAdmin
from privacy.rights.recipients.admin import RecipientAdmin
from privacy.rights.record.admin import ProcessingRecordAdmin
from privacy.rights.requests.staff.admin import DataRequestAdmin
from privacy.rights.retention.admin import PurgeRunAdmin

__all__ = [
    "BreachAdmin",
    "DataRequestAdmin",
    "ErasureCaseAdmin",
    "LegalHoldAdmin",
    "PolicyVersionAdmin",
    "ProcessingRecordAdmin",
    "PurgeRunAdmin",
    "ReadingAdmin",
    "RecipientAdmin",
    "RestrictionAdmin",
]
