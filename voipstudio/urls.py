"""Addresses: Polish at the root, English under /en/. The slugs are translated in locale/pl."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

import consent.device.views
import consent.views
import pricing.views
import privacy.policies.editor.counsel
from consent.receipts import views as receipts
from privacy.models import PolicyCode
from privacy.policies.reading import urls as policy_urls
from privacy.rights.your_data import urls as your_data_urls
from privacy.seals import urls as seal_urls
from trial.sign_up import views as sign_up
from voipstudio.pages import design, health, machines, views
from voipstudio.web import error_pages

handler400 = error_pages.bad_request
handler403 = error_pages.permission_denied
handler404 = error_pages.page_not_found
handler500 = error_pages.server_error

admin.site.site_header = admin.site.site_title = "voipstudio.pl"
admin.site.index_title = _("For our staff")

# Where bookmarks of staff lead that were made when mails belonged to another app.
_list_of_mails = RedirectView.as_view(url="/admin/delivery/mail/", query_string=True)

urlpatterns = [
    path("admin/design/", admin.site.admin_view(design.design), name="design"),
    path("admin/privacy/mail/", _list_of_mails),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("favicon.ico", machines.favicon, name="favicon"),
    path(".well-known/gpc.json", consent.views.gpc, name="gpc"),
    path(".well-known/security.txt", machines.security_txt, name="security_txt"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path(_("pricing/"), pricing.views.pricing, name="pricing"),
        path(_("free-trial/"), sign_up.free_trial, name="free_trial"),
        # <path:>, not <str:>: an address with a malformed token must reach its view too, which
        # is a private page (I15: no third party sees a token).
        path(
            _("free-trial/new-link/<path:token>/"),
            sign_up.new_link,
            name="trial_new_link",
        ),
        path(_("free-trial/confirm/<path:token>/"), sign_up.confirm, name="trial_confirm"),
        path(_("free-trial/started/"), sign_up.started, name="trial_started"),
        path(
            _("free-trial/consents/<path:consent_id>/"),
            sign_up.consents,
            name="trial_consents",
        ),
        *policy_urls.patterns(PolicyCode.PRIVACY, _("privacy-policy/")),
        path(
            _("policy-draft/<path:token>/"),
            privacy.policies.editor.counsel.draft_page,
            name="policy_draft",
        ),
        path(_("cookies/"), consent.views.cookies, name="cookies"),
        path(_("cookies/receipt/"), receipts.receipt, name="receipt"),
        path(_("cookies/check-receipt/"), receipts.check_receipt, name="check_receipt"),
        path(
            _("cookies/on-this-device/"),
            consent.device.views.on_this_device,
            name="on_this_device",
        ),
        *your_data_urls.patterns(),
        *seal_urls.patterns(),
        path(_("contact/"), views.contact, name="contact"),
        path(_("accessibility/"), views.accessibility, name="accessibility"),
        *policy_urls.patterns(PolicyCode.TERMS, _("terms/")),
        *policy_urls.patterns(PolicyCode.ACCEPTABLE_USE, _("acceptable-use/")),
        prefix_default_language=False,
    ),
]
