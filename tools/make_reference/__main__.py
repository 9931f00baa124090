"""Write docs/commands.md and docs/settings.md again: `make example`."""

from __future__ import annotations

from tools.make_reference.pages import PAGES

for path, page in PAGES.items():
    path.write_text(page(), encoding="utf-8")
