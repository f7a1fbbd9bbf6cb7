"""The models of privacy: versions of policies with the log of their steps, rate limits, the record
of processing activities, recipients of data, what the tables of a policy said on each day, runs of
retention, requests of people and links to their data, erasures, restrictions and legal holds, the
log of who read their data, and the register of breaches."""

from privacy.policies.versions import PolicyCode, PolicyStep, PolicyVersion, Stage, State
from privacy.rate_limits import RateCount
from privacy.rights.breaches.breach import Breach
from privacy.rights.breaches.breach_notice import BreachNotice
from privacy.rights.cases.erasure_cases import ErasureCase
from privacy.rights.cases.legal_holds import LegalHold
from privacy.rights.cases.restrictions import Restriction
from privacy.rights.readings.reading import PersonNumber, Reading
from privacy.rights.recipients.recipients import Recipient
from privacy.rights.recipients.recipients_table import RecipientsSnapshot
from privacy.rights.record.record import ProcessingRecord
from privacy.rights.requests.data_request import DataRequest, RequestStep
from privacy.rights.retention.purge_runs import PurgeRun
from privacy.rights.retention.retention_table import RetentionSnapshot
from privacy.rights.your_data.data_link import DataLink

__all__ = [
    "Breach",
    "BreachNotice",
    "DataLink",
    "DataRequest",
    "ErasureCase",
    "LegalHold",
    "PersonNumber",
    "PolicyCode",
    "PolicyStep",
    "PolicyVersion",
    "ProcessingRecord",
    "PurgeRun",
    "RateCount",
    "Reading",
    "Recipient",
    "RecipientsSnapshot",
    "RequestStep",
    "Restriction",
    "RetentionSnapshot",
    "Stage",
    "State",
]
