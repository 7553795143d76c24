"""The catalogues: ``messages`` (our pages), ``admin`` (Flask-Admin's words), ``wtforms`` (its messages)."""

from pathlib import Path

FOLDER = Path(__file__).parent
