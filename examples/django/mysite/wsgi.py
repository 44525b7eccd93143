"""What juwsgi loads: `juwsgi --http :8000` finds it beside manage.py, or name it with `--module mysite.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

application = get_wsgi_application()
