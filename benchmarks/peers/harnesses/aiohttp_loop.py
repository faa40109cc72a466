"""The least that asking takes: a loop over one aiohttp session."""

from __future__ import annotations

import asyncio

from benchmarks.peers.harnesses.asked import CONNECTIONS, ask_all


async def main() -> None:
    import aiohttp

    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(url: str, question: str) -> str:
            body = {
                "model": "gpt-4o-mini",
                "messages": [{"role": "user", "content": question}],
                "temperature": 0,
                "max_tokens": 1024,
            }
            async with session.post(f"{url}/chat/completions", json=body) as answer:
                reply = await answer.json()
            return str(reply["choices"][0]["message"]["content"])

        await ask_all(ask)


if __name__ == "__main__":
    asyncio.run(main())
