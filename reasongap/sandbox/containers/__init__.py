"""The Docker backend: hardened containers, each with the same worker as its first process.

`backend.py` is the sandbox, `worker.py` one container's worker, `hardening.py` how a
container is locked, `reaping.py` whose it is, `image.py` and `interpreter.py` what it runs,
and `engine.py` the only file that speaks to Docker.
"""
