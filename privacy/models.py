"""The models of privacy: versions of policies with the log of their steps, and rate limits."""

from privacy.policies.versions import PolicyCode, PolicyStep, PolicyVersion, Stage, State
from privacy.rate_limits import RateCount

__all__ = ["PolicyCode", "PolicyStep", "PolicyVersion", "RateCount", "Stage", "State"]
