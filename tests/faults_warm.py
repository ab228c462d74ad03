"""Imported once by the process that clients are forked from: what each of them would otherwise read anew."""

import kg.cli.main
import kg.store.load
from ingest.gazetteer.own_places import LocalPlaces
from ingest.names.countries import country, relations
from ingest.names.kinds import body
from ingest.names.qualifiers import forms
from ingest.places.corrections import USUAL, Corrections
from ingest.run.protocol import source_module

_READY = (
    kg.cli.main,
    kg.store.load,
    source_module("wikidata"),
    country("Germany"),
    relations(),
    body("Landkreis X"),
    forms("X (Y)"),
)
_TABLES = (Corrections.open(), Corrections.open(USUAL), LocalPlaces.open())
