"""Engines: where the calls and programs of a run are carried out, by name."""

from __future__ import annotations

from reasongap.errors import UnknownName, UsageError
from reasongap.runs.engines.local import HERE
from reasongap.runs.engines.seam import Engine, Opened

__all__ = ["HERE", "Engine", "Opened", "open_engine"]


def open_engine(name: str) -> Engine:
    """The engine of this name: "local", "ray", or "ray:ADDRESS" of a cluster ("ray:auto").

    Raises `UnknownName`, and `UsageError` for an address of Ray's client.
    """
    kind, _, address = name.partition(":")
    if name == "local":
        return HERE
    if kind != "ray":
        raise UnknownName("engine", name, ("local", "ray"))
    if address.startswith("ray://"):
        raise UsageError(
            f"{address} is for Ray's client, and a run is driven from inside the cluster. Start it "
            "on one of the nodes, with --ray-address auto"
        )
    from reasongap.runs.engines.ray_engine import RayEngine

    return RayEngine(address or None)
