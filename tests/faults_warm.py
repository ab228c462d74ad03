"""Imported once by the process that clients are forked from: what each of them would otherwise read anew."""

import kg.cli
import kg.store.load
from ingest.corrections import USUAL, Corrections
from ingest.countries import country, relations
from ingest.kinds import body
from ingest.local_places import LocalPlaces
from ingest.protocol import source_module
from ingest.qualifiers import forms

READY = (kg.cli, kg.store.load, source_module("wikidata"), country("Germany"), relations(), body("Landkreis X"), forms("X (Y)"))
TABLES = (Corrections.open(), Corrections.open(USUAL), LocalPlaces.open())
