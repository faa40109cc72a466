"""Building the image, and finding it again."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from reasongap.errors import SandboxUnavailable, UsageError
from reasongap.sandbox.containers import image as room
from reasongap.sandbox.containers.engine import Engine, Image
from reasongap.sandbox.containers.image import (
    build_on,
    find_image,
    outdated,
    worker_hash,
    write_tar,
)

BASE = f"python@sha256:{'0' * 64}"


class PlayedEngine:
    """An engine that has these images, and keeps what it is given to build."""

    def __init__(self, *images: Image) -> None:
        self._images = images
        self.built: dict[str, str] = {}

    def images(self, label: str) -> list[Image]:
        name, _, value = label.partition("=")
        wanted = {value} if value else {image.labels.get(name) for image in self._images} - {None}
        return [image for image in self._images if image.labels.get(name) in wanted]

    def image(self, name: str) -> Image | None:
        if name in self.built:
            return Image(name, name, {}, 0)
        return next((image for image in self._images if image.tag == name), None)

    def build(self, context: Path, tag: str) -> Iterator[str]:
        with tarfile.open(context) as tar:
            recipe = tar.extractfile("Dockerfile")
            assert recipe is not None
            self.built[tag] = recipe.read().decode()
            assert "python/packages/reasongap/sandbox/worker.py" in tar.getnames()
            assert "python/packages/RestrictedPython/__init__.py" in tar.getnames()
        yield "Step 1"


def _image(tag: str, worker: str | None = None, packages: str = "") -> Image:
    labels = {room.WORKER: worker or worker_hash(), room.HOLDS: packages}
    return Image(f"sha256:{tag}", tag, labels, 0)


def _engine(*images: Image) -> Any:
    return PlayedEngine(*images)


def test_finds_the_newest_image_that_holds_the_packages() -> None:
    engine = _engine(
        _image("mine:1", packages="numpy,sympy"),  # made from ours by someone else
        _image("reasongap-sandbox:3"),
        _image("reasongap-sandbox:2", packages="numpy,sympy"),
        _image("reasongap-sandbox:1", packages="numpy,sympy"),
    )
    assert find_image(engine, ()).tag == "reasongap-sandbox:3"
    assert find_image(engine, ("sympy",)).tag == "reasongap-sandbox:2"


@pytest.mark.parametrize(
    ("images", "packages", "name", "said"),
    [
        ((), (), None, r"no sandbox image for this version.*: reasongap sandbox build$"),
        ((_image("reasongap-sandbox:1", "old"),), (), None, r"for this version"),
        ((_image("reasongap-sandbox:1"),), ("sympy",), None, r"holds sympy.*build --with sympy$"),
        ((), (), "my:image", r"no sandbox image 'my:image'"),
        ((_image("my:image", "old"),), (), "my:image", r"another version's worker"),
    ],
)
def test_an_image_that_is_missing_names_the_command(
    images: tuple[Image, ...], packages: tuple[str, ...], name: str | None, said: str
) -> None:
    with pytest.raises(SandboxUnavailable, match=said):
        find_image(_engine(*images), packages, name)


def test_images_of_another_worker_are_outdated_where_they_are_ours_by_name() -> None:
    engine = _engine(
        _image("reasongap-sandbox:3"),
        _image("reasongap-sandbox:2", "old", packages="numpy"),
        _image("mine:1", "old"),
        Image("sha256:0", "reasongap-sandbox:0", {}, 0),
    )
    assert outdated(engine) == ["reasongap-sandbox:2"]


def test_building_on_a_base_pins_what_it_adds_and_builds_once() -> None:
    engine, said = _engine(), cast(list[str], [])
    tag = build_on(engine, BASE, ("numpy",), said.append)
    assert build_on(engine, BASE, ("numpy",), said.append) == tag
    assert said == ["Step 1"]
    recipe = engine.built[tag].splitlines()
    assert recipe[0] == f"FROM {BASE}"
    assert any('"numpy==' in line for line in recipe)
    assert f"LABEL {room.WORKER}={worker_hash()}" in recipe
    assert "USER 65534:65534" in recipe
    assert build_on(engine, BASE, (), said.append) != tag


@pytest.mark.parametrize("base", ["python:3.12", "python@sha256:12", "a b@sha256:" + "0" * 64])
def test_a_base_that_is_not_pinned_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="not pinned"):
        build_on(_engine(), base, (), print)


def test_a_package_that_is_not_installed_is_refused() -> None:
    with pytest.raises(UsageError, match="'nonesuch' is not installed here"):
        build_on(_engine(), BASE, ("nonesuch",), print)


def test_the_same_files_give_the_same_archive_whenever_they_were_written(tmp_path: Path) -> None:
    digests = set()
    for name, order in (("one", "ab"), ("two", "ba")):
        root = tmp_path / name
        (root / "folder").mkdir(parents=True)
        for letter in order:
            (root / "folder" / letter).write_text(letter)
        (root / "folder" / "a").chmod(0o600 if name == "one" else 0o644)
        digests.add(write_tar(root, tmp_path / f"{name}.tar"))
    assert len(digests) == 1
    (tmp_path / "two" / "folder" / "a").write_text("other")
    assert write_tar(tmp_path / "two", tmp_path / "two.tar") not in digests


@pytest.mark.needs("docker")
def test_the_same_host_gives_the_same_image(sandbox_image: str) -> None:
    engine, said = Engine.connect(), cast(list[str], [])
    assert room.build_from_host(engine, ("sympy", "numpy"), said.append) == sandbox_image
    assert not any("importing" in line for line in said)
    engine.close()
