"""Addresses of everything around the account, below /konto/: allauth's views under names that can be read out."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from people.privacy import views

urlpatterns = [
    path("", views.account, name="people_account"),
    path("daten/", views.export_data, name="people_export"),
    path("loeschen/", views.delete_account, name="people_delete"),
    path("geloescht/", views.account_deleted, name="people_deleted"),
    # in and out
    path("anmelden/", account.login, name="account_login"),
    path("anmelden/abgebrochen/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("anmelden/fehler/", social.login_error, name="socialaccount_login_error"),
    path("anmelden/ueber/<slug:provider_id>/", views.log_in_by_provider, name="openid_connect_login"),
    path("anmelden/ueber/<slug:provider_id>/zurueck/", views.come_back_from_provider, name="openid_connect_callback"),
    path("anmelden/zweiter-faktor/", factors.authenticate, name="mfa_authenticate"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("einladung/", account.signup, name="account_signup"),
    # the address and the password
    path("e-mail/", account.email, name="account_email"),
    path("e-mail/bestaetigen/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^e-mail/bestaetigen/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/setzen/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("passwort/neu/fertig/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # asked again before something that matters
    path("pruefen/", account.reauthenticate, name="account_reauthenticate"),
    path("pruefen/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("pruefen/schluessel/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    # second factor
    path("zweiter-faktor/", factors.index, name="mfa_index"),
    path("zweiter-faktor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("zweiter-faktor/app/entfernen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("zweiter-faktor/schluessel/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("zweiter-faktor/schluessel/neu/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("zweiter-faktor/schluessel/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("zweiter-faktor/schluessel/<int:pk>/entfernen/", views.remove_webauthn, name="mfa_remove_webauthn"),
    path("zweiter-faktor/notfallcodes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("zweiter-faktor/notfallcodes/neu/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("zweiter-faktor/notfallcodes/datei/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sitzungen/", sessions.list_usersessions, name="usersessions_list"),
]
