"""The network as one file to keep or to send: opens anywhere, asks no other host for anything."""

import json
from functools import cache
from importlib.resources import files

from kg.present.pictures.graph import GraphView
from kg.present.pictures.vis_library import vis_script

_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def download_html(view: GraphView, *, title: str, note: str = "", language: str = "de") -> str:
    """The text of an HTML file with the view, its legend and vis-network in it; encode it as UTF-8.

    ``note`` is a line below the picture (source, date). pyvis' own template names three other hosts even when asked to bring
    everything along, so the page is ours; its policy forbids every request. Names are data and text, never markup.
    """
    data = view.payload() | {"title": title, "note": note, "language": language}
    parts = {
        "__LANGUAGE__": "de" if language == "de" else "en",
        "__LIBRARY__": vis_script().replace("</script", "<\\/script"),
        "__DATA__": json.dumps(data, ensure_ascii=False).translate(_UNSAFE),
    }
    before, language_mark, rest = _page().partition("__LANGUAGE__")
    head, library_mark, rest = rest.partition("__LIBRARY__")
    middle, data_mark, end = rest.partition("__DATA__")
    return "".join((before, parts[language_mark], head, parts[library_mark], middle, parts[data_mark], end))


@cache
def _page() -> str:
    return files("kg.present.pictures").joinpath("data", "network.html").read_text(encoding="utf-8")
