"""Faults over the real site in processes: a short form in tests/test_nothing_is_lost.py, a long one
by `make chaos`."""
