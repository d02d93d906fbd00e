"""Django's settings, derived from `environment`. Secrets come from `kit`'s key ring, never from here."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from yishi.config.environment import read_environment
from yishi.config.logging import logging_for
from yishi.kit.keyring import load_keyring

ENVIRONMENT = read_environment()
KEYRING = load_keyring(ENVIRONMENT.home)
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = KEYRING.session_secret
DEBUG = False
_OUR_HOSTS = [urlsplit(ENVIRONMENT.web_origin).hostname or "localhost", "127.0.0.1", "localhost"]
ALLOWED_HOSTS = ["*"] if ENVIRONMENT.is_demo else _OUR_HOSTS
ROOT_URLCONF = "yishi.config.urls"
WSGI_APPLICATION = "yishi.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    "yishi.kit",
    "yishi.people",
    "yishi.network",
    "yishi.consignees",
    "yishi.feeds",
    "yishi.config.apps.ShipmentsConfig",
    "yishi.config.apps.StationsConfig",
    "yishi.config.apps.DetectionConfig",
    "yishi.config.apps.ConversationsConfig",
    "yishi.knowledge",
    "yishi.config.apps.CasesConfig",
    "yishi.config.apps.ClaimsConfig",
    "yishi.routing",
    "yishi.config.apps.SlaConfig",
    "yishi.notifications",
    "yishi.assistant",
    "yishi.feedback",
    "yishi.config.apps.AutomationConfig",
    "yishi.insight",
    "yishi.web.shared",
    "yishi.web.consumer",
    "yishi.web.courier",
    "yishi.web.station",
    "yishi.web.desk",
    "yishi.web.manage",
    "yishi.config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "yishi.config.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "yishi.web.shared.compress.CompressPages",
    "yishi.web.shared.policy.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yishi.web.shared.errors.ErrorPages",
    "yishi.api.answers.ProblemAnswers",
    "yishi.config.middleware.Bounds",
    "yishi.api.idempotent.IdempotencyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# Django would forbid psycopg to keep plans at all; this way those that hot paths ask for (`prepare=True`) are
# kept, and the ORM's never are.
_NEVER_UNASKED = 2**31

_POOL = {"web": 4, "edge": 3, "worker": 8}  # as many as the process has threads that ask


def database_from(url: str) -> dict[str, object]:
    """Django's form of a PostgreSQL address; settings of the query string become connection options."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    options: dict[str, object] = {
        "options": "-c statement_timeout=30000 -c lock_timeout=10000"
        " -c idle_in_transaction_session_timeout=60000",
        "prepare_threshold": _NEVER_UNASKED,
    }
    if ENVIRONMENT.process in _POOL:
        # A pool tries again after 1, 2, 4, 8 … s. It gives up early, so that after an outage the next request
        # begins anew instead of waiting for a try that is half a minute away.
        size = {"min_size": 1, "max_size": _POOL[ENVIRONMENT.process]}
        options["pool"] = {**size, "timeout": 4, "reconnect_timeout": 3}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "yishi",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": database_from(ENVIRONMENT.database_url or "postgresql:///yishi")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "/desk/sign-in"
LOGIN_REDIRECT_URL = "/desk/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = ENVIRONMENT.home / "files"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = ENVIRONMENT.is_secure
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = ENVIRONMENT.is_secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "yishi.web.shared.errors.form_too_old"
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.web_origin]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bodies of programs and words of forms; files go to disk
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = logging_for(ENVIRONMENT.process)
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # HTTPS ends at the proxy before us

# Procrastinate would import every `tasks.py` of an app at the start; ours are about tasks of people
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "procrastinate_tasks"
