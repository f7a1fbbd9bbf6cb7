"""The admin of privacy: versions of policies."""

from privacy.policies.editor.admin import PolicyVersionAdmin

__all__ = ["PolicyVersionAdmin"]
