"""`python -m sorterd.worker`: the worker process. Only the daemon starts it."""

from sorterd.worker.child.main import main

main()
