"""The models of privacy: versions of policies with the log of their steps, rate limits, the record
of processing activities, recipients of data, and what the tables of a policy said on each day."""

from privacy.policies.versions import PolicyCode, PolicyStep, PolicyVersion, Stage, State
from privacy.rate_limits import RateCount
from privacy.rights.recipients import Recipient
from privacy.rights.recipients_table import RecipientsSnapshot
from privacy.rights.record import ProcessingRecord
from privacy.rights.retention_table import RetentionSnapshot

__all__ = [
    "PolicyCode",
    "PolicyStep",
    "PolicyVersion",
    "ProcessingRecord",
    "RateCount",
    "Recipient",
    "RecipientsSnapshot",
    "RetentionSnapshot",
    "Stage",
    "State",
]
