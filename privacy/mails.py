"""The mails about people's rights. The worker writes each one at the moment of sending."""

from privacy.rights.requests import mails as requests
from privacy.rights.your_data import mails as your_data

requests.register()
your_data.register()
