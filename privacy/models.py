"""The models of privacy: versions of policies with the log of their steps, rate limits, the record
of processing activities, recipients of data, what the tables of a policy said on each day, runs of
retention, and erasures, restrictions and legal holds of people."""

from privacy.policies.versions import PolicyCode, PolicyStep, PolicyVersion, Stage, State
from privacy.rate_limits import RateCount
from privacy.rights.erasure_cases import ErasureCase
from privacy.rights.legal_holds import LegalHold
from privacy.rights.purge_runs import PurgeRun
from privacy.rights.recipients import Recipient
from privacy.rights.recipients_table import RecipientsSnapshot
from privacy.rights.record import ProcessingRecord
from privacy.rights.restrictions import Restriction
from privacy.rights.retention_table import RetentionSnapshot

__all__ = [
    "ErasureCase",
    "LegalHold",
    "PolicyCode",
    "PolicyStep",
    "PolicyVersion",
    "ProcessingRecord",
    "PurgeRun",
    "RateCount",
    "Recipient",
    "RecipientsSnapshot",
    "Restriction",
    "RetentionSnapshot",
    "Stage",
    "State",
]
