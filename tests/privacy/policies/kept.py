"""What a process keeps about policies, for tests of what it does without that."""

import gc

from privacy.policies.text import sections


def forget_all() -> None:
    """Forget whatever the process keeps about policies, as if it had just started."""
    kind = type(sections._chunks)
    # isinstance() would ask lazy objects of the requests before for their class.
    caches = [each for each in gc.get_objects() if type(each) is kind]
    ours = [cache for cache in caches if cache.__module__.startswith("privacy.policies.")]
    assert len(ours) >= 9
    for cache in ours:
        cache.cache_clear()
