"""`python -m sorterd`."""

from sorterd.cli import main

raise SystemExit(main())
