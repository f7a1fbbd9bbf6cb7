"""The admin of privacy: versions of policies, and runs of retention."""

from privacy.policies.editor.admin import PolicyVersionAdmin
from privacy.rights.purge_admin import PurgeRunAdmin

__all__ = ["PolicyVersionAdmin", "PurgeRunAdmin"]
