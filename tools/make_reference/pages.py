"""The pages that are generated, and the function that returns the text of each."""

from __future__ import annotations

from pathlib import Path

from tools.make_reference.commands import commands_page
from tools.make_reference.settings import settings_page

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {DOCS / "commands.md": commands_page, DOCS / "settings.md": settings_page}
