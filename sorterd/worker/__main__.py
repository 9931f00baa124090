"""`python -m sorterd.worker`: the worker process. Only the daemon starts it."""

from __future__ import annotations

from sorterd.worker.child.main import main

main()
