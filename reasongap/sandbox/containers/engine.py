"""The Docker engine, reached through its SDK: every call that we make of it, and no other.

Whatever goes wrong there becomes `SandboxUnavailable` with the command that mends it, or its
kind `EngineGone` where no engine answers: that one may pass. Every call blocks.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reasongap.errors import SandboxUnavailable

if TYPE_CHECKING:
    from docker import DockerClient

CALL_SECONDS = 60
CONFLICT = 409
BUILD_COMMAND = "reasongap sandbox build"
START_IT = "Start it (`sudo systemctl start docker`, or `sudo dockerd &`), or set DOCKER_HOST"
JOIN_GROUP = "Join its group (`sudo usermod -aG docker $USER`) and log in again"
ATTACHED = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}


class EngineGone(SandboxUnavailable):
    """No engine answers now, or it took a container away: that may pass."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its id (the digest of its configuration), first tag, labels, Unix time."""

    id: str
    tag: str
    labels: Mapping[str, str]
    created: int


class Engine:
    """An open connection to the engine that the Docker settings of this user name."""

    def __init__(self, client: DockerClient) -> None:
        self._client = client

    @classmethod
    def connect(cls) -> Engine:
        """The engine; `SandboxUnavailable` says why there is none and what to do."""
        import docker

        with _explained():
            return cls(docker.from_env(timeout=CALL_SECONDS))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def facts(self) -> dict[str, Any]:
        """What the engine says of itself and of its machine."""
        with _explained():
            facts: dict[str, Any] = self._client.info()
            return facts

    def start(
        self, image: str, command: list[str], options: Mapping[str, Any]
    ) -> tuple[str, socket.socket]:
        """A started container's id, and the stream that was attached before it started."""
        with _explained():
            created = self._client.containers.create(image, command, **options)
            identity = str(created.id)
            try:
                end = self._attach(identity)
                try:
                    created.start()
                except BaseException:
                    end.close()
                    raise
            except BaseException:
                with suppress(SandboxUnavailable):
                    self.remove(identity)
                raise
            return identity, end

    def allow_memory(self, identity: str, memory: int) -> None:
        """Let the container have that many bytes."""
        with _explained():
            self._client.api.update_container(identity, mem_limit=memory, memswap_limit=memory)

    def containers(self, label: str) -> dict[str, dict[str, str]]:
        """The labels of each container with this label (`name` or `name=value`), by id."""
        with _explained():
            found = self._client.api.containers(all=True, filters={"label": label})
            return {each["Id"]: each["Labels"] for each in found}

    def remove(self, identity: str) -> None:
        """End and remove the container, if it is still there."""
        import docker.errors

        with _explained():
            try:
                self._client.api.remove_container(identity, force=True)
            except docker.errors.NotFound:
                return
            except docker.errors.APIError as error:
                if error.status_code != CONFLICT:  # it is being removed
                    raise

    def ran_out_of_memory(self, identity: str, since: int) -> bool:
        """Whether the system killed something in the container for memory since that time."""
        now: Any = f"{time.time():.6f}"  # the engine knows parts of a second, the SDK's types not
        with _explained():
            events = self._client.api.events(
                since=since,
                until=now,
                filters={"container": identity, "event": "oom"},
                decode=True,
            )
            return any(True for _ in events)

    def images(self, label: str) -> list[Image]:
        """The images with this label (`name` or `name=value`), the newest first."""
        with _explained():
            found = self._client.api.images(filters={"label": label})
        images = [
            Image(
                each["Id"], (each["RepoTags"] or [each["Id"]])[0], each["Labels"], each["Created"]
            )
            for each in found
        ]
        return sorted(images, key=lambda image: image.created, reverse=True)

    def image(self, name: str) -> Image | None:
        """The image of that name or id, None where there is none."""
        import docker.errors

        with _explained():
            try:
                found = self._client.images.get(name)
            except docker.errors.ImageNotFound:
                return None
        return Image(str(found.id), (found.tags or [name])[0], found.labels, 0)

    def take(self, archive: Path, tag: str, changes: list[str]) -> None:
        """Make an image of a tar file, its configuration given as lines of a Dockerfile."""
        repository, _, version = tag.partition(":")
        with _explained():
            self._client.api.import_image(str(archive), repository, version, changes=changes)

    def build(self, context: Path, tag: str) -> Iterator[str]:
        """Build a tar file that holds a Dockerfile; yields what the engine says meanwhile."""
        with _explained(), context.open("rb") as file:
            steps = self._client.api.build(
                fileobj=file, custom_context=True, tag=tag, rm=True, forcerm=True, decode=True
            )
            for step in steps:
                if "error" in step:
                    raise SandboxUnavailable(f"Docker could not build {tag}: {step['error']}")
                if text := step.get("stream", step.get("status", "")).strip():
                    yield text

    def _attach(self, identity: str) -> socket.socket:
        """The container's stream as a socket of our own."""
        stream: Any = self._client.api.attach_socket(identity, ATTACHED)
        kind = type(stream)
        if kind is not socket.SocketIO:
            stream.close()
            raise SandboxUnavailable(
                f"this Docker engine is reached through a {kind.__name__}; programs need a "
                "Unix or plain TCP socket: set DOCKER_HOST to one (an `ssh -L` tunnel serves)"
            )
        end = socket.socket(fileno=os.dup(stream.fileno()))
        stream._response.close()  # the SDK's own hold on the stream
        return end


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the SDK raises into our own error."""
    import docker.errors
    import requests.exceptions

    try:
        yield
    except docker.errors.ImageNotFound as error:
        raise SandboxUnavailable(f"{error.explanation}. Build it: {BUILD_COMMAND}") from None
    except docker.errors.APIError as error:
        raise SandboxUnavailable(f"Docker refuses: {error.explanation}") from None
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError) as error:
        raise _unreachable(error) from None


def _unreachable(error: BaseException) -> SandboxUnavailable:
    """Why no engine answers, by what lies at the root of the error."""
    root = error
    while (inner := root.__cause__ or root.__context__) is not None:
        root = inner
    if isinstance(root, PermissionError):
        return SandboxUnavailable(f"Docker's socket may not be used by this user. {JOIN_GROUP}")
    if isinstance(root, FileNotFoundError):
        return EngineGone(f"no Docker engine is here. {START_IT}")
    return EngineGone(f"no Docker engine answers ({root}). {START_IT}")
