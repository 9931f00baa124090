"""`python -m sorterd.worker`: the worker process, started by the daemon and of no use without it."""

from sorterd.worker.child.main import main

main()
