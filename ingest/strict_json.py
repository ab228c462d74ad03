"""JSON of others, read as the standard has it."""

import json
from typing import Any

from kg.errors import DataError


def json_of(body: bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN, no endless nesting.

    Raises:
        DataError: with what is wrong and where.
    """
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise DataError(f"no UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        kind = "a page of HTML" if body.lstrip()[:1] == b"<" else "no complete JSON"
        raise DataError(f"{kind} (line {error.lineno}, column {error.colno}: {error.msg})") from error
    except RecursionError as error:
        raise DataError("JSON nested too deeply") from error
    except ValueError as error:  # Python takes no number of more than 4,300 digits
        raise DataError("a number of thousands of digits") from error


def _refuse(constant: str) -> None:
    raise DataError(f"{constant} is no number of JSON")
