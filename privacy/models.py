"""The models of privacy: policies with the log of their steps, rate limits, runs of retention."""

from privacy.policies.versions import PolicyCode, PolicyStep, PolicyVersion, Stage, State
from privacy.rate_limits import RateCount
from privacy.rights.purge_runs import PurgeRun

__all__ = [
    "PolicyCode",
    "PolicyStep",
    "PolicyVersion",
    "PurgeRun",
    "RateCount",
    "Stage",
    "State",
]
