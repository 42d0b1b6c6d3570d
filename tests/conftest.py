"""What all tests share: Django, set up with a home of its own below the temporary folder."""

import os
import tempfile

import django

os.environ["GENBA_HOME"] = tempfile.mkdtemp(prefix="genba-tests-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genba.web.settings")
django.setup()
