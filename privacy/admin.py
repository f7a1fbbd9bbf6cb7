"""The admin of privacy: versions of policies, the record of processing, recipients of data, runs of
retention, requests of people, and their erasures, restrictions and legal holds."""

from privacy.policies.editor.admin import PolicyVersionAdmin
from privacy.rights.cases.admin import ErasureCaseAdmin, LegalHoldAdmin, RestrictionAdmin
from privacy.rights.recipients.admin import RecipientAdmin
from privacy.rights.record.admin import ProcessingRecordAdmin
from privacy.rights.requests.staff.admin import DataRequestAdmin
from privacy.rights.retention.admin import PurgeRunAdmin

__all__ = [
    "DataRequestAdmin",
    "ErasureCaseAdmin",
    "LegalHoldAdmin",
    "PolicyVersionAdmin",
    "ProcessingRecordAdmin",
    "PurgeRunAdmin",
    "RecipientAdmin",
    "RestrictionAdmin",
]
