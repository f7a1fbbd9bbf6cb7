"""The mails about people's rights, and those to the witnesses of the seal.

The worker writes each one at the moment of sending.
"""

from privacy.rights.requests import mails as requests
from privacy.rights.your_data import mails as your_data
from privacy.seals import mails as seals

requests.register()
your_data.register()
seals.register()
