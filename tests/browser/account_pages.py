"""Every page around the account: which template it shows, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountPage:
    """`template` is a file below templates/ that extends the frame of these pages."""

    template: str
    path: str


FOR_EVERYBODY = (
    AccountPage("account/login.html", "/konto/anmelden/"),
    AccountPage("account/password_reset.html", "/konto/passwort/vergessen/"),
    AccountPage("account/password_reset_done.html", "/konto/passwort/vergessen/gesendet/"),
    AccountPage("account/password_reset_from_key.html", "/konto/passwort/neu/1-x/"),
    AccountPage("account/password_reset_from_key_done.html", "/konto/passwort/neu/fertig/"),
    AccountPage("account/email_confirm.html", "/konto/e-mail/bestaetigen/x/"),
    AccountPage("account/verification_sent.html", "/konto/e-mail/bestaetigen/"),
    AccountPage("account/account_inactive.html", "/konto/gesperrt/"),
    AccountPage("account/signup_closed.html", "/konto/einladung/"),
    AccountPage("socialaccount/login_cancelled.html", "/konto/anmelden/abgebrochen/"),
    AccountPage("socialaccount/authentication_error.html", "/konto/anmelden/fehler/"),
    AccountPage("people/account_deleted.html", "/konto/geloescht/"),
    AccountPage("people/unknown_person.html", "/fehler/unbekannt/"),
    AccountPage("people/link_gone.html", "/aktuell/unsinn/"),
    AccountPage("matching/alert_no_link.html", "/abo/unsinn/"),
    AccountPage("people/contact/no_link.html", "/projekte/frage/unsinn/"),
    AccountPage("429.html", "/fehler/429/"),
    AccountPage("people/joining/start.html", "/mitmachen/"),
    AccountPage("people/joining/choose.html", "/mitmachen/stelle/?q=Neuenkirchen"),
    AccountPage("people/joining/ask.html", "/mitmachen/stelle/land/03/"),
    AccountPage("people/joining/ask.html", "/mitmachen/stelle/andere/"),
    AccountPage("people/joining/asked.html", "/mitmachen/gesendet/"),
    AccountPage("people/joining/confirm.html", "/mitmachen/bestaetigen/x/"),
    AccountPage("people/joining/invitation_ended.html", "/mitmachen/einladung/x/"),
)
# For a person with an app, a key numbered {key}, and recovery codes.
FOR_OWNERS = (
    AccountPage("people/account.html", "/konto/"),
    AccountPage("people/delete_account.html", "/konto/loeschen/"),
    AccountPage("matching/alert_settings.html", "/konto/benachrichtigungen/"),
    AccountPage("account/logout.html", "/konto/abmelden/"),
    AccountPage("account/password_change.html", "/konto/passwort/"),
    AccountPage("account/email_change.html", "/konto/e-mail/"),
    AccountPage("account/reauthenticate.html", "/konto/pruefen/"),
    AccountPage("mfa/reauthenticate.html", "/konto/pruefen/code/"),
    AccountPage("mfa/webauthn/reauthenticate.html", "/konto/pruefen/schluessel/"),
    AccountPage("mfa/index.html", "/konto/zweiter-faktor/"),
    AccountPage("mfa/totp/deactivate_form.html", "/konto/zweiter-faktor/app/entfernen/"),
    AccountPage("mfa/recovery_codes/index.html", "/konto/zweiter-faktor/notfallcodes/"),
    AccountPage("mfa/recovery_codes/generate.html", "/konto/zweiter-faktor/notfallcodes/neu/"),
    AccountPage("mfa/webauthn/authenticator_list.html", "/konto/zweiter-faktor/schluessel/"),
    AccountPage("mfa/webauthn/add_form.html", "/konto/zweiter-faktor/schluessel/neu/"),
    AccountPage("mfa/webauthn/edit_form.html", "/konto/zweiter-faktor/schluessel/{key}/"),
    AccountPage("mfa/webauthn/authenticator_confirm_delete.html", "/konto/zweiter-faktor/schluessel/{key}/entfernen/"),
    AccountPage("usersessions/usersession_list.html", "/konto/sitzungen/"),
)
# Seen on the way in, by tests that walk it.
ON_THE_WAY = (
    AccountPage("mfa/authenticate.html", "/konto/anmelden/zweiter-faktor/"),
    AccountPage("mfa/totp/activate_form.html", "/konto/zweiter-faktor/app/"),
    AccountPage("account/signup.html", "/konto/einladung/"),
    AccountPage("account/password_set.html", "/konto/passwort/setzen/"),
    AccountPage("people/joining/invitation.html", "/mitmachen/einladung/"),
    AccountPage("people/joining/accepted.html", "/mitmachen/einladung/"),
)
# Seen by whoever follows a link from a letter, or offers to take an entry over.
BY_LINK = (
    AccountPage("people/freshness/choose.html", "/aktuell/…/"),
    AccountPage("people/freshness/confirm.html", "/aktuell/…/stimmt/"),
    AccountPage("people/freshness/answered.html", "/aktuell/…/stimmt/"),
    AccountPage("people/freshness/change.html", "/aktuell/…/aendern/"),
    AccountPage("people/freshness/change_sent.html", "/aktuell/…/aendern/"),
    AccountPage("people/takeover/offer.html", "/projekt-uebernehmen/1/"),
    AccountPage("people/takeover/offered.html", "/projekt-uebernehmen/1/"),
)
# Seen by members on the way of a plan, which a test walks.
FOR_PLANS = (
    AccountPage("matching/plan_form.html", "/vorhaben/melden/"),
    AccountPage("matching/paper_draft.html", "/vorhaben/vorlage/"),
    AccountPage("matching/plan.html", "/vorhaben/1/"),
    AccountPage("matching/plan_publish.html", "/vorhaben/1/veroeffentlichen/"),
    AccountPage("matching/plans.html", "/vorhaben/"),
    AccountPage("matching/plan_no_body.html", "/vorhaben/melden/"),
    AccountPage("people/members_only.html", "/vorhaben/"),
)
# Seen by members who watch something; a test walks them.
FOR_WATCHERS = (
    AccountPage("matching/saved_list.html", "/merkliste/"),
    AccountPage("matching/saved_form.html", "/merkliste/neu/?q=Hund"),
    AccountPage("matching/alert_unsubscribe.html", "/abo/…/"),
)
# Seen by those who file what was searched and decided; a test walks them.
FOR_RECORDS = (
    AccountPage("matching/council_paper.html", "/vorhaben/1/beschlussvorlage/"),
    AccountPage("matching/records.html", "/vorhaben/1/pruefvermerk/"),
    AccountPage("matching/record.html", "/vorhaben/1/pruefvermerk/1/"),
)
# Seen by those who ask or want to take part; a test walks them.
FOR_PARTNERS = (
    AccountPage("people/contact/ask.html", "/projekte/1/kontakt/"),
    AccountPage("people/contact/sent.html", "/projekte/1/kontakt/gesendet/"),
    AccountPage("people/contact/answered.html", "/projekte/frage/…/"),
    AccountPage("people/contact/ask_page.html", "/kontakt/1/…/"),
    AccountPage("people/contact/sent_page.html", "/kontakt/1/…/gesendet/"),
    AccountPage("people/partners/offer.html", "/projekte/1/mitarbeit/"),
)
# Seen by those who use a project, or say who does; a test walks them.
FOR_USERS = (
    AccountPage("people/reuse/declare.html", "/projekte/1/nutzen/"),
    AccountPage("people/reuse/no_body.html", "/projekte/1/nutzen/"),
    AccountPage("people/reuse/show.html", "/nachnutzung/1/"),
    AccountPage("people/reuse/removed.html", "/nachnutzung/1/"),
    AccountPage("people/reuse/choose_unit.html", "/projekte/1/nutzer-melden/"),
    AccountPage("people/reuse/claim.html", "/projekte/1/nutzer-melden/gemeinde/…/"),
    AccountPage("people/reuse/answer.html", "/nachnutzung/antwort/…/"),
)
# Seen by those whose plan is like another; a test walks them.
FOR_WEIGHING = (
    AccountPage("matching/plan_weigh.html", "/vorhaben/melden/"),
    AccountPage("matching/decide.html", "/vorhaben/1/entscheiden/"),
)
ACCOUNT_PAGES = (
    *FOR_EVERYBODY,
    *FOR_OWNERS,
    *ON_THE_WAY,
    *BY_LINK,
    *FOR_PLANS,
    *FOR_WEIGHING,
    *FOR_WATCHERS,
    *FOR_RECORDS,
    *FOR_PARTNERS,
    *FOR_USERS,
)
