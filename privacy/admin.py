"""The admin of privacy: versions of policies, the record of processing, recipients of data."""

from privacy.policies.editor.admin import PolicyVersionAdmin
from privacy.rights.admin import ProcessingRecordAdmin
from privacy.rights.recipients_admin import RecipientAdmin

__all__ = ["PolicyVersionAdmin", "ProcessingRecordAdmin", "RecipientAdmin"]
