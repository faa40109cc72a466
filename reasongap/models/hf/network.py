"""A checkpoint in memory, and sequences that grow on it together; the only user of torch."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

from reasongap.domain import Request
from reasongap.errors import BadRequest
from reasongap.models.hf.checkpoint import Checkpoint
from reasongap.models.hf.loading import PLAIN, empty_memory, load
from reasongap.models.local.engine import default_threads

Tokens = list[int]

MEMORY = ("cache", "past_key_values")
"""What transformers calls the memory of positions, from 5.24 on and before."""

SHARED = 32
"""A prefix that several prompts share is evaluated once, in multiples of so many tokens."""

KEPT = 4
"""Prefixes that are kept: those of single problems and of chains, under two strategies."""


def device() -> str:
    """Where networks run fastest here."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


class Network:
    """A checkpoint in memory: texts to tokens and back, tokens to those that follow.

    Positions that only fill up a batch are masked, so that a reply does not depend on its
    neighbours but for the last bits of sums that are taken in another order. `context` is
    the longest prompt and reply together in tokens, None without a limit; `ends` are the
    tokens that end a reply. Where every layer remembers all positions, batches share prefixes
    and `joins` is true: rows may join them on the way. `batches` is false where layers remember
    something else than positions: such a model takes one prompt at a time.
    """

    def __init__(
        self, checkpoint: Checkpoint, *, dtype: str | None = None, threads: int | None = None
    ) -> None:
        import torch

        torch.set_num_threads(threads or default_threads())
        model, self._tokenizer = load(checkpoint, dtype)
        self._model = model.to(device())
        _, kinds = empty_memory(model)
        self.joins = kinds == {PLAIN}
        self.batches = kinds <= {PLAIN, "DynamicSlidingWindowLayer"}
        config = model.config.get_text_config()
        self.context: int | None = getattr(config, "max_position_embeddings", None)
        self.ends = frozenset(
            end for end in _flat(model.generation_config.eos_token_id, self._tokenizer.eos_token_id)
        )
        inner = model.get_base_model() if hasattr(model, "get_base_model") else model
        taken = inspect.signature(inner.forward).parameters
        known = [name for name in MEMORY if name in taken]
        if not known:
            raise ValueError(f"{type(inner).__name__} remembers in a way of its own")
        self._memory = known[0]
        self._places = "position_ids" in taken
        self._lean = {"logits_to_keep": 1} if "logits_to_keep" in taken else {}
        self._prefixes: list[tuple[Tokens, Any]] = []

    def encode(self, request: Request, name: str) -> Tokens:
        """The tokens of a request: its messages through the chat template, or its text.

        Raises `BadRequest` where the model, called `name`, has no template or refuses.
        """
        if request.prompt is not None:
            return list(self._tokenizer(request.prompt)["input_ids"])
        if not self._tokenizer.chat_template:
            raise BadRequest(name, "it has no chat template. Ask it in base form: --form base")
        from jinja2 import TemplateError

        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        try:
            text = self._tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True
            )
        except TemplateError as error:
            raise BadRequest(name, f"its chat template refuses: {error}") from error
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def text(self, tokens: Sequence[int], after: Sequence[int] = ()) -> str:
        """What tokens say where they stand behind others; special ones say nothing."""
        before = self._decoded(after)
        return self._decoded([*after, *tokens])[len(before) :]

    def begin(self, prompts: Sequence[Tokens]) -> Batch:
        """The prompts evaluated, ready for their next tokens.

        Prompts in lexical order, as `alike` needs them, may share several prefixes.
        """
        import torch

        with torch.inference_mode():
            parts = alike(prompts) if self.joins else [prompts]
            first, *others = [self._begun(part) for part in parts]
        for other in others:
            first.join(other)
        return first

    def forward(self, tokens: Any, mask: Any, cache: Any) -> tuple[Any, Any]:
        """Scores (rows, vocabulary) of what follows `tokens`, and the cache with them in it."""
        import torch

        width = tokens.shape[1]
        if self._places:
            places = {"position_ids": (mask.cumsum(1) - 1).clamp(min=0)[:, -width:]}
        else:
            places = {}
        with torch.inference_mode():
            out = self._model(
                input_ids=tokens,
                # One row by itself is whole, and Mamba misreads the mask of a row that grows.
                attention_mask=mask if self.batches else None,
                use_cache=True,
                **{self._memory: empty_memory(self._model)[0] if cache is None else cache},
                **places,
                **self._lean,
            )
        return out.logits[:, -1].float(), out[self._memory]

    def _begun(self, prompts: Sequence[Tokens]) -> Batch:
        """The prompts, filled up on the left of what they do not share."""
        start, cache = self._shared(prompts)
        rests = [prompt[len(start) :] for prompt in prompts]
        width = max(map(len, rests))
        tokens = self.tensor([[0] * (width - len(rest)) + rest for rest in rests])
        mask = self.tensor(
            [[1] * len(start) + [0] * (width - len(rest)) + [1] * len(rest) for rest in rests]
        )
        if cache is not None:
            cache = deepcopy(cache)
            cache.batch_select_indices([0] * len(prompts))
        return Batch(self, mask, *self.forward(tokens, mask, cache))

    def _shared(self, prompts: Sequence[Tokens]) -> tuple[Tokens, Any]:
        """What all prompts begin with, evaluated: kept from a batch before where that fits."""
        if not self.joins:
            return [], None
        length = shared(prompts)
        fitting = [
            (start, cache)
            for start, cache in self._prefixes
            if len(start) + SHARED >= length
            and all(len(p) > len(start) and p[: len(start)] == start for p in prompts)
        ]
        if fitting:
            used = max(fitting, key=lambda kept: len(kept[0]))
        elif length:
            row = self.tensor([prompts[0][:length]])
            used = prompts[0][:length], self.forward(row, row.new_ones(row.shape), None)[1]
        else:
            return [], None
        others = [kept for kept in self._prefixes if kept[1] is not used[1]]
        self._prefixes = [used, *others[: KEPT - 1]]
        return used

    def tensor(self, rows: Sequence[Sequence[int]]) -> Any:
        """Rows of equal length, where the network is."""
        import torch

        return torch.tensor(rows, device=self._model.device)

    def _decoded(self, tokens: Sequence[int]) -> str:
        text = self._tokenizer.decode(
            list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return str(text)


class Batch:
    """Sequences that grow together on a network, a token each at every step."""

    def __init__(self, network: Network, mask: Any, scores: Any, cache: Any) -> None:
        self._network, self._mask, self._scores, self._cache = network, mask, scores, cache

    def choose(self, temperatures: Sequence[float], dice: Sequence[Dice]) -> list[int]:
        """The next token of each row: the best one, or one drawn where it is warmer than 0."""
        best: list[int] = self._scores.argmax(1).tolist()
        rows = zip(best, self._scores, temperatures, dice, strict=True)
        return [die.drawn(scores / t) if t else top for top, scores, t, die in rows]

    def advance(self, tokens: Sequence[int]) -> None:
        """Let each row go on with its token."""
        import torch

        step = self._network.tensor([[token] for token in tokens])
        self._mask = torch.cat([self._mask, torch.ones_like(step)], 1)
        self._scores, self._cache = self._network.forward(step, self._mask, self._cache)

    @property
    def positions(self) -> int:
        """How many positions each row has, those that fill it up included."""
        return int(self._mask.shape[1])

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone."""
        places = self._network.tensor([rows])[0]
        self._cache.batch_select_indices(places)
        self._mask = self._mask[places]

    def join(self, other: Batch) -> None:
        """Take in the rows of another batch on the same network, which `joins`.

        What is masked in all rows is dropped, so that a batch does not grow for ever.
        """
        import torch

        spare = int((self._mask.cumsum(1) == 0).all(0).sum())
        masks = self._mask[:, spare:], other._mask
        width = max(mask.shape[1] for mask in masks)
        pad = torch.nn.functional.pad
        self._mask = torch.cat([pad(mask, (width - mask.shape[1], 0)) for mask in masks])
        self._scores = torch.cat([self._scores, other._scores])
        with torch.inference_mode():
            for mine, theirs in zip(self._cache.layers, other._cache.layers, strict=True):
                mine.join(theirs, spare)


class Dice:
    """Draws for one reply: the same for the same seed and prompt, None for a seed by chance."""

    def __init__(self, seed: int | None, prompt: Sequence[int]) -> None:
        import torch

        self._generator = torch.Generator()
        if seed is None:
            self._generator.seed()
        else:
            digest = hashlib.sha256(f"{seed} {list(prompt)}".encode()).digest()
            self._generator.manual_seed(int.from_bytes(digest[:8], "big", signed=True))

    def drawn(self, scores: Any) -> int:
        """A token with the chances that softmax gives the scores (the Gumbel-max trick)."""
        import torch

        noise = torch.empty(scores.shape).exponential_(generator=self._generator)
        return int((scores.cpu() - noise.log()).argmax())


def alike(prompts: Sequence[Tokens]) -> list[Sequence[Tokens]]:
    """Prompts in lexical order, parted wherever that halves the tokens to be evaluated."""
    if len(prompts) < 2:
        return [prompts]
    pairs = [(_in_common(*pair), i) for i, pair in enumerate(pairwise(prompts), 1)]
    parts = prompts[: min(pairs)[1]], prompts[min(pairs)[1] :]
    if 2 * sum(map(_evaluated, parts)) > _evaluated(prompts):
        return [prompts]
    return [smaller for part in parts for smaller in alike(part)]


def shared(prompts: Sequence[Tokens]) -> int:
    """How many tokens of a prefix several prompts are to share, at least one of each left out.

    The first and the last of them in lexical order differ where any two do.
    """
    if len(prompts) < 2:
        return 0
    return _in_common(min(prompts), max(prompts)) // SHARED * SHARED


def _evaluated(prompts: Sequence[Tokens]) -> int:
    """Tokens that are evaluated for a batch: the prefix, and what follows, filled up."""
    start = shared(prompts)
    return start + len(prompts) * (max(map(len, prompts)) - start)


def _in_common(one: Tokens, other: Tokens) -> int:
    longest = min(len(one), len(other)) - 1
    pairs = enumerate(zip(one, other, strict=False))
    return min(next((i for i, (a, b) in pairs if a != b), longest), longest)


def _flat(*ends: int | Sequence[int] | None) -> list[int]:
    """Ends of a text, given as one token, several or none."""
    given = [[end] if isinstance(end, int) else end or [] for end in ends]
    return [end for several in given for end in several]
