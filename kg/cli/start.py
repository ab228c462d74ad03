"""The commands that open the app."""

from kg.cli.terminal import say


def demo() -> None:
    """Start everything: local Neo4j, bundled facts if the graph is empty, the app.

    Example: kg demo
    """
    from kg.app import launch
    from kg.settings import settings

    launch.demo(settings(), say)


def run_app() -> None:
    """Open the app on the graph as it is.

    Example: KG_NO_BROWSER=1 kg app
    """
    from kg.app import launch
    from kg.settings import settings

    launch.serve(settings(), say)
