"""The least that asking through LiteLLM takes: a loop over `acompletion`."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from benchmarks.peers.harnesses.asked import ask_all


async def main() -> None:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    async def ask(url: str, question: str) -> str:
        reply: Any = await litellm.acompletion(
            model="openai/gpt-4o-mini",
            messages=[{"role": "user", "content": question}],
            api_base=url,
            api_key="none",
            temperature=0.0,
            max_tokens=1024,
            seed=0,
            timeout=600,
            num_retries=0,
            max_retries=0,
        )
        return str(reply["choices"][0]["message"]["content"])

    await ask_all(ask)


if __name__ == "__main__":
    asyncio.run(main())
