"""The program's own Neo4j: one server per data folder, shared by all processes that use the folder."""

from kg.store.local.folder import ServerState
from kg.store.local.process import LocalServer, ensure_running, renew_password, restart, status, stop
from kg.store.local.replace import discard_successor, set_aside, take_over

__all__ = [
    "LocalServer", "ServerState", "discard_successor", "ensure_running", "renew_password", "restart", "set_aside", "status",
    "stop", "take_over",
]  # fmt: skip
