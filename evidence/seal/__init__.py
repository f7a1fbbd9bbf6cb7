"""The seal: one Merkle tree over all evidence, and a checkpoint of it for each day.

From the moment somebody outside holds a checkpoint, nobody can alter what it covers unnoticed, the
operator included: docs/seal.md.
"""
