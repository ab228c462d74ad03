"""The program's own Neo4j: one server per data folder, shared by all processes that use the folder."""

from kg.store.local.folder import ServerState
from kg.store.local.process import LocalServer, ensure_running, restart, status, stop

__all__ = ["LocalServer", "ServerState", "ensure_running", "restart", "status", "stop"]
