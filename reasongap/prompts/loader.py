"""Prompts by name: the package's own, with a user's folder laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from reasongap.errors import BadFile, UnknownName
from reasongap.prompts.files import DEFAULT, Exemplar, exemplars, parse, prompt_file
from reasongap.prompts.prompt import Prompt

Texts = tuple[tuple[str, str], ...]
"""The files of a user's prompt folder: names without their ending, and texts."""

EXEMPLARS = "exemplars"


@cache
def load_prompt(
    name: str, wording: str = DEFAULT, exemplar_set: str = DEFAULT, own: Texts = ()
) -> Prompt:
    """The prompt of this name in one wording, with one set of exemplars.

    `own` files (see `read_folder`) are laid over the package's: their fields replace those
    of the same prompt, their wordings join it. Raises `UnknownName`, and `BadFile` for an own
    file that is no prompt.
    """
    ours, theirs = _package(), dict(own)
    known = [stem for stem in {**ours, **theirs} if not stem.startswith(EXEMPLARS)]
    if name not in known:
        raise UnknownName("prompt", name, sorted(known))
    file = prompt_file(f"{name}.toml", _laid_over(name, ours, theirs))
    if wording != DEFAULT and wording not in file.wording:
        raise UnknownName(f"wording of {name}", wording, (DEFAULT, *file.wording))
    return Prompt(name, file.worded(wording), _exemplars(exemplar_set, ours, theirs))


def prompt_names(own: Texts = ()) -> dict[str, tuple[str, ...]]:
    """Every prompt with the names of its wordings."""
    ours, theirs = _package(), dict(own)
    names = sorted(stem for stem in {**ours, **theirs} if not stem.startswith(EXEMPLARS))
    tables = {name: _laid_over(name, ours, theirs) for name in names}
    return {name: (DEFAULT, *tables[name].get("wording", {})) for name in names}


def exemplar_sets(own: Texts = ()) -> tuple[str, ...]:
    """The names of the sets of exemplars."""
    stems = sorted({**_package(), **dict(own)})
    return tuple(
        stem.removeprefix(EXEMPLARS).removeprefix("-") or DEFAULT
        for stem in stems
        if stem.startswith(EXEMPLARS)
    )


def read_folder(folder: Path) -> Texts:
    """The files of a user's prompt folder, checked.

    Each NAME.toml is laid over the package's prompt NAME, or is a whole prompt of its own;
    exemplars.toml replaces the exemplars, exemplars-NAME.toml adds a set. Raises `BadFile`.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
        texts = tuple((path.stem, path.read_text(encoding="utf-8")) for path in files)
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(str(folder), f"no prompt folder can be read there ({error})") from error
    if not texts:
        raise BadFile(str(folder), "holds no prompt", "A prompt is a file such as cot.toml")
    for stem, text in texts:
        place = str(folder / f"{stem}.toml")
        if stem.startswith(EXEMPLARS):
            exemplars(place, parse(place, text))
        else:
            prompt_file(place, _laid_over(stem, _package(), {stem: text}, place))
    return texts


def _laid_over(
    name: str, ours: Mapping[str, str], theirs: Mapping[str, str], place: str = ""
) -> dict[str, Any]:
    """The tables of a prompt: of the one that it is `like`, of ours, and of theirs on top."""
    place = place or f"{name}.toml"
    below = parse(place, ours[name]) if name in ours else {}
    above = parse(place, theirs[name]) if name in theirs else {}
    tables = {**below, **above}
    wordings = {**below.get("wording", {}), **above.get("wording", {})}
    like = tables.pop("like", None)
    if like is not None and like not in ours:
        raise BadFile(place, f"is like {like!r}, which is none of ours: {', '.join(ours)}")
    model = parse(place, ours[like]) if like else {}
    return {**model, **tables, "wording": wordings}


def _exemplars(
    name: str, ours: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[Exemplar, ...]:
    stem = EXEMPLARS if name == DEFAULT else f"{EXEMPLARS}-{name}"
    if stem not in ours and stem not in theirs:
        raise UnknownName("set of exemplars", name, exemplar_sets(tuple(theirs.items())))
    return exemplars(f"{stem}.toml", parse(f"{stem}.toml", theirs.get(stem) or ours[stem]))


@cache
def _package() -> Mapping[str, str]:
    """The texts of the package's own files by name."""
    folder = resources.files("reasongap.prompts")
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
