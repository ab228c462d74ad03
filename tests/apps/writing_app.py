"""The app's server with a page of the test's own, which always offers to write."""

from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from kg.app.door import Door
from kg.app.login import provider
from kg.settings import settings

PAGE = Path(__file__).with_name("writing_page.py")
app = App(PAGE, secrets=provider(settings()), middleware=[Middleware(Door, settings=settings())])
