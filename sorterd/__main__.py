"""`python -m sorterd`."""

from __future__ import annotations

from sorterd.cli import main

raise SystemExit(main())
