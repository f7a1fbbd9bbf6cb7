"""Declares the seal itself as series of evidence: its leaves, nodes and checkpoints."""

from evidence import audit
from evidence.audit import EvidenceSeries
from evidence.seal import verification

audit.register(EvidenceSeries("leaves of the seal", verification.leaves))
audit.register(EvidenceSeries("rows without a leaf", verification.rows))
audit.register(EvidenceSeries("nodes of the seal", verification.nodes))
audit.register(EvidenceSeries("checkpoints of the seal", verification.checkpoints))
