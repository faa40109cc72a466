"""Replies that grow in a batch are those that grow alone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reasongap.domain import Message, Request
from reasongap.errors import BadRequest, ContextTooLong
from reasongap.models.hf.checkpoint import find_checkpoint
from reasongap.models.hf.decoding import Ask, Generated, answer
from reasongap.models.hf.network import Batch, Dice, Network, alike
from tests.models.hf.tiny import END, save_adapter, save_model

pytestmark = pytest.mark.needs("hf")

SHOWN = "Question: What is 1 plus 2?\nAnswer: 3\n\n" * 3
PROMPTS = [f"{SHOWN}Question: What is {'9' * i} plus {i}?\nAnswer:" for i in (1, 5, 2, 11)]


def open_network(folder: Path, dtype: str | None = None) -> Network:
    return Network(find_checkpoint(str(folder)), dtype=dtype)


@pytest.fixture(scope="module")
def network(tiny: Path) -> Network:
    return open_network(tiny)


def replies(network: Network, requests: Sequence[Request]) -> list[Generated]:
    asks = [Ask("tiny", request) for request in requests]
    answer(network, asks)
    return [ask.reply.result(timeout=0) for ask in asks]


def texts(network: Network, prompts: Sequence[str] = PROMPTS, **settings: Any) -> list[str]:
    requests = [Request(prompt=prompt, **{"max_tokens": 24, **settings}) for prompt in prompts]
    return [reply.text for reply in replies(network, requests)]


def generated(folder: Path, prompt: str, tokens: int = 24) -> str:
    """What transformers' own loop says."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model: Any = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    given = tokenizer(prompt, return_tensors="pt")
    with torch.inference_mode():
        out = model.generate(**given, max_new_tokens=tokens, do_sample=False)
    return str(tokenizer.decode(out[0][given.input_ids.shape[1] :], skip_special_tokens=True))


@pytest.mark.parametrize(
    "kind",
    [
        ("Llama", {}),
        ("Mistral", {"sliding_window": 16}),
        ("Lfm2", {"layer_types": ["conv", "full_attention"]}),
        ("Mamba", {}),
    ],
    ids=lambda kind: kind[0],
)
def test_a_batch_says_what_each_prompt_says_alone(
    kind: tuple[str, dict[str, Any]], tmp_path: Path
) -> None:
    folder = save_model(tmp_path, kind[0], **kind[1])
    network = open_network(folder)
    together = texts(network)
    assert together == [texts(network, [prompt])[0] for prompt in PROMPTS]
    assert together == [generated(folder, prompt) for prompt in PROMPTS]
    assert len(set(together)) > 1


def test_a_model_that_remembers_in_a_way_of_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"Rwkv.* remembers in a way of its own"):
        open_network(save_model(tmp_path, "Rwkv"))


def tokens_evaluated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens each pass through the network evaluates, from now on."""
    evaluated: list[int] = []
    forward = Network.forward

    def counted(self: Network, tokens: Any, mask: Any, cache: Any) -> Any:
        evaluated.append(tokens.numel())
        return forward(self, tokens, mask, cache)

    monkeypatch.setattr(Network, "forward", counted)
    return evaluated


def test_a_shared_prefix_is_evaluated_once_and_changes_nothing(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [texts(network, [prompt])[0] for prompt in PROMPTS]
    evaluated = tokens_evaluated(monkeypatch)
    other = [f"Another beginning, quite as long as a prefix has to be. {p}" for p in PROMPTS]
    texts(network, other, max_tokens=1)
    assert sum(evaluated) < 0.6 * sum(map(len, other))
    evaluated.clear()
    assert texts(network, max_tokens=1) == [text[:1] for text in alone]
    first = sum(evaluated)
    evaluated.clear()
    assert texts(network) == alone
    assert sum(evaluated[:1]) < first, "the prefix of the batch before was evaluated again"
    evaluated.clear()
    assert texts(network, PROMPTS[:1]) == alone[:1]
    assert sum(evaluated) < len(PROMPTS[0]), "a prompt by itself did not use it"


def test_each_prefix_of_a_mixed_batch_is_evaluated_once_and_changes_nothing(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    singles = [f"One worked problem after another, {'and one more, ' * 20}{p}" for p in PROMPTS]
    chains = [f"Chains of two of them, {'and another chain of two, ' * 25}{p}" for p in PROMPTS]
    mixed = [prompt for pair in zip(singles, chains, strict=True) for prompt in pair]
    alone = [texts(network, [prompt])[0] for prompt in mixed]
    evaluated = tokens_evaluated(monkeypatch)
    assert texts(network, mixed, max_tokens=1) == [text[:1] for text in alone]
    assert sum(evaluated) < len(singles[0]) + len(chains[0]) + sum(map(len, PROMPTS)) * 3
    evaluated.clear()
    assert texts(network, mixed) == alone
    assert evaluated[0] < len(singles[0]), "both prefixes were not kept"


def test_prompts_are_parted_where_that_halves_the_work_and_nowhere_else() -> None:
    def prompts(start: int, length: int, own: int, n: int) -> list[list[int]]:
        return [[start] * length + [100 + i] * own for i in range(n)]

    short, long = prompts(1, 320, 40, 5), prompts(2, 1280, 90, 7)
    assert alike([*short, *long]) == [short, long]
    assert alike([*long]) == [long]
    assert alike(prompts(1, 64, 200, 9)) == [prompts(1, 64, 200, 9)]
    assert alike(short[:1]) == [short[:1]]


def test_a_stop_text_ends_a_reply_and_is_no_part_of_it(network: Network) -> None:
    (text,) = texts(network, PROMPTS[:1], max_tokens=40)
    stop = text[10:13]
    (reply,) = replies(network, [Request(prompt=PROMPTS[0], max_tokens=40, stop=("§", stop))])
    place = text.index(stop)
    assert (reply.text, reply.finish_reason) == (text[:place], "stop")
    assert reply.tokens < 40


def test_a_reply_that_reaches_its_limit_says_so_and_tokens_are_counted(network: Network) -> None:
    long, short = replies(
        network, [Request(prompt=PROMPTS[0], max_tokens=n, stop=("§",)) for n in (20, 3)]
    )
    assert (long.tokens, short.tokens) == (20, 3)
    assert (long.finish_reason, short.finish_reason) == ("length", "length")
    assert long.prompt_tokens == len(PROMPTS[0])
    assert long.text.startswith(short.text)


def test_the_token_that_ends_a_text_is_counted_and_not_shown(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = replies(network, [Request(prompt=PROMPTS[1], max_tokens=12)])
    tokens = network.encode(Request(prompt=before.text), "tiny")
    end = next(token for token in tokens[2:] if token not in tokens[:2])
    monkeypatch.setattr(network, "ends", frozenset({end}))
    (reply,) = replies(network, [Request(prompt=PROMPTS[1], max_tokens=12)])
    assert reply.finish_reason == "stop"
    assert reply.tokens == tokens.index(end) + 1
    assert reply.text == network.text(tokens[: tokens.index(end)])


def test_messages_go_through_the_chat_template(network: Network) -> None:
    asked = Request(messages=(Message("user", "hello"),))
    assert network.text(network.encode(asked, "tiny")) == "<user>hello\n<assistant>"
    assert network.text(network.encode(Request(prompt=f"a{END}b"), "tiny")) == "ab"


def test_sampling_follows_seed_and_prompt_and_not_the_neighbours(network: Network) -> None:
    warm: dict[str, Any] = {"temperature": 1.5, "seed": 3}
    together = texts(network, **warm)
    assert together == texts(network, **warm)
    assert together[1] == texts(network, PROMPTS[1:2], **warm)[0]
    assert together[1] != texts(network, PROMPTS[1:2], temperature=1.5, seed=4)[0]
    assert together != texts(network)
    chance = {texts(network, PROMPTS[:1], temperature=1.5)[0] for _ in range(3)}
    assert len(chance) > 1


def test_tokens_are_drawn_with_the_chances_that_the_model_gives(network: Network) -> None:
    import torch

    scores = torch.tensor([0.0, 1.0, 2.0])
    dice = Dice(1, [1, 2])
    drawn = [dice.drawn(scores) for _ in range(4000)]
    for token, chance in enumerate(scores.softmax(0).tolist()):
        assert abs(drawn.count(token) / 4000 - chance) < 0.03


def test_greedy_and_warm_requests_share_a_batch(network: Network) -> None:
    mixed = [
        Request(prompt=PROMPTS[0], max_tokens=24),
        Request(prompt=PROMPTS[0], max_tokens=24, temperature=1.5, seed=1),
    ]
    cold, warm = replies(network, mixed)
    assert cold.text == texts(network, PROMPTS[:1])[0] != warm.text


def test_one_request_that_cannot_be_met_leaves_the_others_alone(tmp_path: Path) -> None:
    network = open_network(save_model(tmp_path, max_position_embeddings=64, chat=False))
    asks = [
        Ask("tiny", Request(prompt="x" * 64)),
        Ask("tiny", Request(messages=(Message("user", "hello"),))),
        Ask("tiny", Request(prompt="")),
        Ask("tiny", Request(prompt="x" * 60)),
    ]
    answer(network, asks)
    with pytest.raises(ContextTooLong, match="takes 64 tokens, and 64 are all"):
        asks[0].reply.result(timeout=0)
    with pytest.raises(BadRequest, match=r"no chat template\. Ask it in base form: --form base"):
        asks[1].reply.result(timeout=0)
    with pytest.raises(BadRequest, match="empty"):
        asks[2].reply.result(timeout=0)
    last = asks[3].reply.result(timeout=0)
    assert (last.finish_reason, last.tokens) == ("length", 4)


def test_a_template_that_refuses_names_its_reason(network: Network) -> None:
    ask = Ask("tiny", Request(messages=(Message("system", "be"), Message("user", "hello"))))
    answer(network, [ask])
    with pytest.raises(BadRequest, match="chat template refuses: no system"):
        ask.reply.result(timeout=0)


def test_what_nobody_waits_for_leaves_the_batch(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = [Ask("tiny", Request(prompt=prompt, max_tokens=24)) for prompt in PROMPTS[:2]]
    rows: list[int] = []
    advance = Batch.advance

    def step(self: Batch, tokens: Sequence[int]) -> None:
        rows.append(len(tokens))
        if len(rows) == 3:
            asks[0].reply.cancel()
        advance(self, tokens)

    monkeypatch.setattr(Batch, "advance", step)
    answer(network, asks)
    assert rows == [2] * 3 + [1] * 20
    assert asks[1].reply.result(timeout=0).tokens == 24


@pytest.mark.parametrize("dtype", [None, "bfloat16"])
def test_an_adapter_speaks_otherwise_than_its_base(
    dtype: str | None, tiny: Path, network: Network, tmp_path: Path
) -> None:
    adapted = open_network(save_adapter(tmp_path, tiny), dtype)
    assert texts(adapted) != texts(network)
    assert texts(adapted)[0] == texts(adapted, PROMPTS[:1])[0]


def test_a_batch_that_others_join_does_not_grow_for_ever(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[int] = []
    join = Batch.join

    def noted(self: Batch, other: Batch) -> None:
        join(self, other)
        widths.append(self.positions)

    monkeypatch.setattr(Batch, "join", noted)
    asks = [Ask("tiny", Request(prompt=PROMPTS[0], max_tokens=6)) for _ in range(20)]
    waiting, steps = asks[1:], itertools.count(1)

    def more(growing: int) -> list[Ask]:
        return [waiting.pop(0)] if next(steps) % 4 == 0 and waiting else []

    answer(network, asks[:1], more)
    assert len(widths) == 19
    assert max(widths) < len(PROMPTS[0]) + 10
    assert len({ask.reply.result(timeout=0).text[:3] for ask in asks}) == 1


def test_those_who_join_on_the_way_change_nothing(network: Network) -> None:
    alone = [texts(network, [prompt], max_tokens=12)[0] for prompt in PROMPTS]
    asks = [Ask("tiny", Request(prompt=prompt, max_tokens=12)) for prompt in PROMPTS]
    waiting, sizes = [asks[1:2], [], [], asks[2:]], []

    def more(growing: int) -> list[Ask]:
        sizes.append(growing)
        return waiting.pop(0) if waiting else []

    answer(network, asks[:1], more)
    assert [ask.reply.result(timeout=0).text for ask in asks] == alone
    assert sizes[:5] == [1, 2, 2, 2, 4]
    assert sizes[-1] == 2, "who is finished is still in the batch"
