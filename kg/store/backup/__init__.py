"""Backups: what cannot be made again – sources, runs, marks and claims – as one checked stream of records."""
