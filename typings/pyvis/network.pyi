"""The part of pyvis 0.3 that is used here; the package itself has no types."""

from typing import Any

class Network:
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    options: dict[str, Any]
    def __init__(
        self,
        height: str = ...,
        width: str = ...,
        directed: bool = ...,
        *,
        bgcolor: str = ...,
        font_color: str | bool = ...,
        cdn_resources: str = ...,
    ) -> None: ...
    def add_node(self, n_id: str, label: str | None = ..., shape: str = ..., color: object = ..., **options: object) -> None: ...
    def add_edge(self, source: str, to: str, **options: object) -> None: ...
