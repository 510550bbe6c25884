"""What an HTTP server is pointed at: `wsgi:app`."""

import os

from training.app import create_app
from training.settings import read_settings

app = create_app(read_settings(os.environ))
