"""This migration will give the stored addresses one form: the domain in ASCII, as it was mailed to.

The mailbox that confirmed a sign-up is the one that the mail server was told. Earlier releases wrote
it by Django's `punycode`, so this migration does the same: who typed straße.de was mailed at
strasse.de.

Two trials of one mailbox may meet here. Both rows stay, run to their end and keep their consents.
One of them gets the new form for comparison: the row that has it already, else the one that was
confirmed first. The other keeps its old form, which no spelling leads to any more. So the mailbox
gets no further trial.

A block of an address with an international domain is forgotten, as its hash covers the old form: the
next mail that comes back blocks it again.

Going back changes nothing: an address in ASCII is as good for the earlier release.
"""

from typing import Any

from django.db import migrations
from django.db.models import F
from django.utils.encoding import punycode

# The length of both columns; a longer address cannot be mailed to (RFC 5321, section 4.5.3.1.3).
MAX_LENGTH = 254


def give_one_form(apps: Any, schema_editor: Any) -> None:
    sign_up = apps.get_model("trial", "SignUp")
    rows = sign_up.objects.order_by(F("confirmed_at").asc(nulls_last=True), "created_at")
    trials = sign_up.objects.filter(confirmed_at__isnull=False)
    for row in rows.only("email", "email_folded", "confirmed_at"):
        email = as_it_was_mailed_to(row.email)
        changed = {"email": email, "email_folded": email.lower()}
        if row.confirmed_at and trials.filter(email_folded=email.lower()).exists():
            del changed["email_folded"]
        sign_up.objects.filter(pk=row.pk).update(**changed)


def as_it_was_mailed_to(address: str) -> str:
    local, _at, domain = address.strip().rpartition("@")
    try:
        in_ascii = f"{local}@{punycode(domain).lower()}"
    except UnicodeError:  # no mail server was told of such a domain
        return address
    return in_ascii if len(in_ascii) <= MAX_LENGTH else address


class Migration(migrations.Migration):
    dependencies = [("trial", "0002_make_consents_append_only")]

    operations = [migrations.RunPython(give_one_form, migrations.RunPython.noop)]
