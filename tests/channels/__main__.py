"""The figures of real mail: `python -m tests.channels [FOLDER]`; see `figures`."""

import os
import sys
import tempfile

os.environ["DJANGO_SETTINGS_MODULE"] = "genba.web.settings"
with tempfile.TemporaryDirectory(prefix="genba-figures-") as home:
    os.environ["GENBA_HOME"] = home

    import django

    django.setup()

    from tests.channels.figures import main

    sys.exit(main(sys.argv[1:]))
