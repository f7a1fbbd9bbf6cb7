"""The admin of privacy: versions of policies."""

from privacy.policy_admin import PolicyVersionAdmin

__all__ = ["PolicyVersionAdmin"]
