"""Who gets in, and by which letters: accounts, second factor, providers of identities, limits, mail, retention.

Read from the environment: OIDC_PROVIDERS, SECOND_FACTOR_FOR_EDITORS, TRUSTED_PROXIES, EMAIL_URL,
DEFAULT_FROM_EMAIL, CONTACT_REMINDER_DAYS, INVITATION_DAYS, JOINING_REMINDER_DAYS, REVIEW_WORKING_DAYS,
RETENTION_DAYS and ERASURE_NOTICE_DAYS.
"""

from datetime import timedelta

import environ

from config.retention import retention_days
from people.accounts.oidc import provider_apps

env = environ.Env()

AUTH_USER_MODEL = "people.User"
# Django's own backend is left out: nothing but allauth's log-in knows of the second factor.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people_account"
LOGOUT_REDIRECT_URL = "/"

# --- accounts by e-mail address ---------------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "people.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whoever asks for an unknown address gets the same page; the letter alone says that there is no account.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds since log-in or the last time one was asked
# What each is for, and what its key is, stands in docs/operations.md under “Limits”. The connection counts first: what
# it may not do any more takes nothing from others. A town hall shares one address on the internet.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "login_failed_anywhere": "100/h/key",
    "password_letter": "30/h/ip,5/d/key",
    "reset_password": "",  # allauth's, which counts each spelling of an address by itself
    "new_address": "10/d/user,5/d/key",
    "letters_to_strangers": "100/h/key",
    "ask_for_access": "20/h/ip,3/d/key",
    "invite": "100/d/user,5/d/key",
    "contact": "20/h/ip,5/h/key",
    "contact_project": "30/d/key",
    "take_part": "30/d/user",
    "barrier_report": "10/h/ip,60/h/key",
    "similar": "120/m/user",
}
# Proxies in front of us that add to X-Forwarded-For; limits count the address before them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# A working day; a browser that is closed ends the session as well.
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

ACCOUNT_FORMS = {
    "login": "people.accounts.forms.LoginForm",
    "signup": "people.accounts.forms.SignupForm",
    "add_email": "people.accounts.forms.AddEmailForm",
    "change_password": "people.accounts.forms.ChangePasswordForm",
    "set_password": "people.accounts.forms.SetPasswordForm",
    "reset_password": "people.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "people.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "people.accounts.forms.ReauthenticateForm",
}

# --- second factor ----------------------------------------------------------------------------------------------------
MFA_ADAPTER = "people.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# One's own address may be changed all the same: the old one counts until the new one is verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ
MFA_FORMS = {
    "authenticate": "people.accounts.forms.AuthenticateForm",
    "reauthenticate": "people.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "people.accounts.forms.ActivateAppForm",
    "add_webauthn": "people.accounts.forms.AddKeyForm",
    "edit_webauthn": "people.accounts.forms.EditKeyForm",
}
# Who must have one stands in people/accounts/second_factor.py. False makes it an offer; only development and tests may.
SECOND_FACTOR_REQUIRED = True
SECOND_FACTOR_FOR_EDITORS = env.bool("SECOND_FACTOR_FOR_EDITORS", default=False)

# --- log-in by an identity provider -----------------------------------------------------------------------------------
OIDC_PROVIDERS = env("OIDC_PROVIDERS", default="")
SOCIALACCOUNT_ADAPTER = "people.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": provider_apps(OIDC_PROVIDERS)}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
# A link, not a form: our policy forbids forms to lead elsewhere, and a provider may send people on to another one.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
# Seconds; somebody waits for the answer.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# --- Wagtail's own doors are closed -----------------------------------------------------------------------------------
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/konto/anmelden/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# --- mail -------------------------------------------------------------------------------------------------------------
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
# What the queue hands its mails to; everything else hands them to the queue.
MAIL_DELIVERY_BACKEND = vars().get("EMAIL_BACKEND", "") if EMAIL_URL else ""
EMAIL_BACKEND = "people.mail.queue.QueueBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="noreply@localhost")
# Where letters cannot be sent, an administrator has to set a new person's password.
WAGTAILUSERS_PASSWORD_ENABLED = not EMAIL_URL

# --- joining ----------------------------------------------------------------------------------------------------------
# So long a request for access waits for the e-mail address to be confirmed.
CONFIRMATION_HOURS = 48
# So long the link of an invitation works.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
# Staff are reminded of a request that nobody has decided for so long.
JOINING_REMINDER_DAYS = env.int("JOINING_REMINDER_DAYS", default=5)

# --- questions to projects --------------------------------------------------------------------------------------------
# Who was asked and has not answered is reminded after so many days, once.
CONTACT_REMINDER_DAYS = env.int("CONTACT_REMINDER_DAYS", default=7)

# --- moderation -------------------------------------------------------------------------------------------------------
# So many days from Monday to Friday staff have to check what was submitted.
REVIEW_WORKING_DAYS = env.int("REVIEW_WORKING_DAYS", default=3)

# --- retention --------------------------------------------------------------------------------------------------------
# Such as `questions=90,unused_accounts=`: what is left empty is kept for ever.
RETENTION_DAYS = retention_days(env.dict("RETENTION_DAYS", default={}))
# So long before an unused account is erased, its owner is told.
ERASURE_NOTICE_DAYS = env.int("ERASURE_NOTICE_DAYS", default=60)
