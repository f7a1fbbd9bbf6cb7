"""The admin of privacy: versions of policies, and the record of processing activities."""

from privacy.policies.editor.admin import PolicyVersionAdmin
from privacy.rights.admin import ProcessingRecordAdmin

__all__ = ["PolicyVersionAdmin", "ProcessingRecordAdmin"]
