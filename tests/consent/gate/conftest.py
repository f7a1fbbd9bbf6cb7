"""Every test of the gate passes on the long way, and on the short way."""

from tests.voipstudio.web.caching.twice import way

__all__ = ["way"]
