"""Names that drivers in several environments share."""

from __future__ import annotations

IMAGE = "reasongap-benchmarks:peers"
"""The image that peers' containers run; `image.py` builds it."""

KERNEL_COMMAND = [
    "python",
    "-c",
    "import sys; sys.argv[0] = 'jupyter-kernelgateway'; "
    "from kernel_gateway import launch_instance; launch_instance()",
    "--KernelGatewayApp.ip=0.0.0.0",
    "--KernelGatewayApp.port=8888",
]
"""What smolagents' own image starts: a Jupyter kernel behind HTTP."""
