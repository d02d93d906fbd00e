"""Models and migrations agree: fails when a change of a table has no migration."""

import os
import sys
import warnings
from pathlib import Path

os.environ.setdefault("YISHI_HOME", str(Path(__file__).resolve().parent.parent / "var"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")

import django
from django.core.management import call_command

django.setup()
try:
    # the history on disk is compared with the models; no database is needed
    warnings.simplefilter("ignore", RuntimeWarning)
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
except SystemExit:
    sys.exit("A table has changed: run `python -m django makemigrations` and read what it wrote.")
