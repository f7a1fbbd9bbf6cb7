"""The admin of privacy: versions of policies, the record of processing, runs of retention."""

from privacy.policies.editor.admin import PolicyVersionAdmin
from privacy.rights.admin import ProcessingRecordAdmin
from privacy.rights.purge_admin import PurgeRunAdmin

__all__ = ["PolicyVersionAdmin", "ProcessingRecordAdmin", "PurgeRunAdmin"]
