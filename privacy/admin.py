"""The admin of privacy: versions of policies, the record of processing, recipients of data, runs of
retention, and erasures, restrictions and legal holds of people."""

from privacy.policies.editor.admin import PolicyVersionAdmin
from privacy.rights.admin import ProcessingRecordAdmin
from privacy.rights.cases_admin import ErasureCaseAdmin, LegalHoldAdmin, RestrictionAdmin
from privacy.rights.purge_admin import PurgeRunAdmin
from privacy.rights.recipients_admin import RecipientAdmin

__all__ = [
    "ErasureCaseAdmin",
    "LegalHoldAdmin",
    "PolicyVersionAdmin",
    "ProcessingRecordAdmin",
    "PurgeRunAdmin",
    "RecipientAdmin",
    "RestrictionAdmin",
]
