"""Streamlit's entry: the server with its door and its login; the pages stand in `kg.app`."""

from starlette.middleware import Middleware
from streamlit.starlette import App

from kg.app.door import Door
from kg.app.login import provider
from kg.app.script import SCRIPT
from kg.settings import settings

app = App(SCRIPT, secrets=provider(settings()), middleware=[Middleware(Door, settings=settings())])
