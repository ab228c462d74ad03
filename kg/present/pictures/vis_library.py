"""vis-network as the installed pyvis brings it, so that nothing is fetched and nothing is kept twice."""

from functools import cache
from importlib.resources import files

_FOLDER = "templates/lib/vis-9.1.2"


@cache
def vis_script() -> str:
    """The text of vis-network; begins with its licence comment, and without the name of a source map that nobody has."""
    text = files("pyvis").joinpath(_FOLDER, "vis-network.min.js").read_text(encoding="utf-8")
    return text.rpartition("//# sourceMappingURL=")[0] or text
