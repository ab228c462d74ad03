"""How thorough a run is: ``make test`` takes some of each sort, ``make test-all`` (``KG_TESTS=all``) all of them."""

import os

EVERYTHING = os.environ.get("KG_TESTS", "") == "all"
