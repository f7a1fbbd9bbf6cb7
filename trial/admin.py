"""The trial in the admin: consents to marketing and mails sent on them, hand-overs, the funnel."""

from trial import sign_up_admin as sign_up_admin  # importing it registers the sign-ups
