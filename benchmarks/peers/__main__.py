"""Install the peers, or say which versions are there.

    python -m benchmarks.peers install [PEER…]     a few minutes, about 1 GB
    python -m benchmarks.peers list

Each goes into a virtual environment in the user's cache folder; nothing else changes.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.peers.environments import PEERS, home, install, versions


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("wish", choices=("install", "list"))
    parser.add_argument("peers", nargs="*", metavar="PEER", default=list(PEERS))
    asked = parser.parse_args()
    if unknown := set(asked.peers) - set(PEERS):
        parser.error(f"no such peer: {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    failed = False
    if asked.wish == "install":
        for peer in asked.peers:
            print(f"{peer} into {home() / peer}", file=sys.stderr, flush=True)
            if reason := install(peer):
                failed = True
                print(f"{peer} cannot be installed: {reason}", file=sys.stderr)
    there = versions()
    for peer in asked.peers:
        print(f"{peer:<16} {there.get(peer, 'not installed')}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
