"""Django's settings, from `environment`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy

from wayhome.config import logs
from wayhome.config.environment import Environment

environment = Environment.read()
_HERE = Path(__file__).resolve().parents[1]

SECRET_KEY = environment.secret
DEBUG = environment.debug
ALLOWED_HOSTS = list(environment.hosts)
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": environment.django_database()}
WAYHOME_DB_ROLE = environment.role
WAYHOME_KEYS = environment.keys
WAYHOME_INDEX = environment.index
WAYHOME_OPENS = environment.opens
WAYHOME_MAP = environment.map
WAYHOME_ON_REFUSAL = "wayhome.casework.audit.actions.on_refusal"
ROOT_URLCONF = "wayhome.config.urls"
WSGI_APPLICATION = "wayhome.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "wayhome.casework.core",
    "wayhome.casework.vault",
    "wayhome.casework.audit",
    "wayhome.casework.accounts",
    "wayhome.casework.operations",
    "wayhome.casework.children",
    "wayhome.casework.families",
    "wayhome.casework.custody",
    "wayhome.casework.clues",
    "wayhome.casework.medical",
    "wayhome.casework.laboratory",
    "wayhome.casework.placements",
    "wayhome.casework.matching",
    "wayhome.casework.reunification",
    "wayhome.casework.exchange",
    "wayhome.casework.overview",
    # Before allauth, so that its pages are found here first.
    "wayhome.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wayhome.web.middleware.SessionLimits",
    "wayhome.web.middleware.Desk",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "wayhome.web.desk.context",
            ],
        },
    },
]
FORM_RENDERER = "wayhome.web.forms.base.Renderer"

# Who may come in.
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "wayhome.web.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_PREVENT_ENUMERATION = True
# Codes of a second factor; passwords are slowed down earlier, by axes below.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/5m/key"}
MFA_ADAPTER = "wayhome.web.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "wayhome"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not environment.https
# Guessing is slowed down for an account at an address, and never stopped for ever: somebody must be able to approve tonight.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "wayhome.web.adapters.login_name"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# How long, and what a browser may keep.
SESSION_COOKIE_NAME = "__Host-wayhome" if environment.https else "wayhome"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = environment.https
CSRF_COOKIE_NAME = "__Host-wayhome-csrf" if environment.https else "wayhome-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = environment.https
CSRF_FAILURE_VIEW = "wayhome.web.views.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "__Host-wayhome-language" if environment.https else "wayhome-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SECURE = environment.https
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
SECURE_SSL_REDIRECT = environment.https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if environment.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.https else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "require-trusted-types-for": ["'script'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# A photo of a child is kept in memory and then in the database, never in a file of the web server's.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", gettext_lazy("English")), ("zh-hans", gettext_lazy("Chinese")), ("vi", gettext_lazy("Vietnamese"))]
LOCALE_PATHS = [_HERE / "locale"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = environment.debug
WHITENOISE_MAX_AGE = 3600

LOGGING = logs.configuration()
