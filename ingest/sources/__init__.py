"""One module and one descriptor a source; every module has the same functions in the same order.

``open_source(request)`` checks the structure and says which dataset it is, ``read(opened)`` gives rows with line numbers,
``to_claims(row, opened, places)`` makes claims of a row or raises `Reject` or `Ignore`.
"""
