"""The site as gunicorn serves it, but for one limit: how many choices all networks may make together.

The bench makes as many as it can, where the product raises an alarm at ten in a second. The limit of
each network holds here too. The statement does the work that it does in a flood: it counts as many
recent records as the limit allows, and stores the choice all the same. With a higher limit it would
count every record of the last minute, which no site does.
"""

from voipstudio.wsgi import application  # noqa: F401 - gunicorn asks for it

from consent.records import storing  # isort: skip - Django is set up above

_BELOW, _UP_TO = "< %(most_of_all)s", "<= %(most_of_all)s"


def lifted(statement: str) -> str:
    """The statement without the limit. Fails where it is written in another way now."""
    assert statement.count(_BELOW) == 1, "The bench would measure a limit that is in force."
    return statement.replace(_BELOW, _UP_TO)


storing._STORE_UNLESS_FLOODED = lifted(storing._STORE_UNLESS_FLOODED)
storing._COUNT_AND_STORE = lifted(storing._COUNT_AND_STORE)
