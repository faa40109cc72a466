"""The forms in which a composition is asked: each hop alone, the chain, and the controls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from reasongap.domain import Composition, Hop, Question
from reasongap.errors import UnknownName, UsageError
from reasongap.problems.mentions import fill

COMPOSED = "composed"
SOURCE = "hop2-source"
DISTRACTED = "hop2-distracted"
CONTROLS = (SOURCE, DISTRACTED)


def default_settings(hops: int = 2) -> tuple[str, ...]:
    """What the gap is made of: "hop1" … "hopk" alone, then "composed"."""
    return (*(f"hop{i}" for i in range(1, hops + 1)), COMPOSED)


def questions(
    composition: Composition,
    settings: Iterable[str],
    compositions: Sequence[Composition] = (),
    place: int | None = None,
) -> Iterator[Question]:
    """One question for each setting, in the order given. Raises UnknownName.

    `compositions` are all of the study, in their order: "hop2-distracted" takes its unrelated
    first problem from the nearest one before (else after) this one that is in another
    block, so that adding compositions at the end changes no question. `place` is where among
    them this one stands, None to look for it. Raises UsageError where there is none.
    """
    for setting in settings:
        yield _question(composition, setting, compositions, place)


def check_controls(compositions: Sequence[Composition], controls: Sequence[str]) -> None:
    """Raise `UsageError` where a composition cannot be asked in one of these settings."""
    if controls:
        for place, item in enumerate(compositions):
            for _ in questions(item, controls, compositions, place):
                pass


def _question(
    composition: Composition,
    setting: str,
    compositions: Sequence[Composition],
    place: int | None,
) -> Question:
    hops = composition.hops
    alone = default_settings(len(hops))[:-1]
    if setting == COMPOSED:
        texts = tuple(hop.question for hop in hops)
        golds = tuple(hop.answer for hop in hops)
    elif setting in alone:
        index = alone.index(setting)
        texts, golds = (_filled(composition, index),), (hops[index].answer,)
    elif setting == SOURCE and len(hops) > 1:
        source, answer = hops[1].source_question, hops[1].source_answer
        if source is None or answer is None:
            raise UsageError(
                f"{composition.id} does not hold the published question of its second hop, "
                f"which {SOURCE} asks. Leave that setting out"
            )
        texts, golds = (source,), (answer,)
    elif setting == DISTRACTED and len(hops) > 1:
        other = _unrelated(composition, compositions, place)
        texts, golds = (other.question, _filled(composition, 1)), (other.answer, hops[1].answer)
    else:
        raise UnknownName("setting", setting, (*alone, COMPOSED, *CONTROLS))
    return Question(composition.id, composition.block, setting, texts, golds)


def _filled(composition: Composition, index: int) -> str:
    """A hop's question on its own: with the answer of the hop before in place of X."""
    question = composition.hops[index].question
    return fill(question, composition.hops[index - 1].answer) if index else question


def _unrelated(
    composition: Composition, compositions: Sequence[Composition], place: int | None
) -> Hop:
    """The first hop of a composition of another block."""
    if place is None:
        place = next((i for i, item in enumerate(compositions) if item.id == composition.id), 0)
    sources = {hop.source for hop in composition.hops}
    nearest = chain(range(place - 1, -1, -1), range(place, len(compositions)))
    for other in (compositions[i] for i in nearest):
        if other.block != composition.block and other.hops[0].source not in sources:
            return other.hops[0]
    raise UsageError(
        f"{DISTRACTED} puts a problem of another block first, and {composition.id} is alone with "
        "its block. Ask for more compositions, or leave that setting out"
    )
