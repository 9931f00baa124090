"""`python -m sorterd.pool.coordinator`: the coordinator. Only the daemon starts it."""

from sorterd.pool.coordinator.main import main

main()
