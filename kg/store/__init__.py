"""The one way to Neo4j.

The driver imports pandas, PyArrow and numpy where they are installed, to hand out data frames and take arrays, which nothing
here asks for: more than a second at every start. It is imported here, before any module of the store, without them.
"""

import sys

_UNUSED = [name for name in ("numpy", "pandas", "pyarrow") if name not in sys.modules]
for _name in _UNUSED:
    sys.modules[_name] = None  # pyright: ignore[reportArgumentType] - what makes an import of it fail
try:
    import neo4j as neo4j
finally:
    for _name in _UNUSED:
        del sys.modules[_name]
