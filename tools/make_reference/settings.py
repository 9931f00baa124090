"""The page of all settings, from the schema of the config."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING

from sorterd.config.differences import as_written
from sorterd.config.schema import Config
from sorterd.config.section import Section, Setting, settings

HEAD = """\
# Settings

<!-- Written by `make example` from the schema of the config. Do not edit. -->

The config is a YAML file: `config.yaml` in the folder in which you start sorterd, or `~/.config/sorterd/config.yaml`
(macOS: that or `~/Library/Application Support/sorterd/config.yaml`). Only `videos` must be set:

```yaml
videos: ~/Videos/TikTok
move:
  threshold: 0.9
```

`sorterd config check` says whether it is valid, `config show` names each setting and where it comes from, and
`config edit` opens it in your editor. `sorterd config schema` prints a JSON schema, with which an editor completes and
checks the file. A relative path is relative to the file, and `~` is your home folder. A running service reads the
config again when you send it SIGHUP (`systemctl --user reload sorterd`).
"""


def settings_page() -> str:
    """Return the page in Markdown."""
    return "\n".join([HEAD, "## The library", "", *_table(Config), *_sections(Config)]) + "\n"


def _sections(model: type[Section], above: str = "") -> Iterator[str]:
    for name, inner in settings(model).items():
        if not isinstance(inner, Setting):
            yield from (
                "",
                f"{'##' if not above else '###'} {above}{name}",
                "",
                inner.__doc__ or "",
                "",
                *_table(inner),
            )
            yield from _sections(inner, f"{above}{name}.")


def _table(model: type[Section]) -> Iterator[str]:
    yield from ("| setting | meaning, *what it must be*, and its default |", "| --- | --- |")
    for name, one in settings(model).items():
        if isinstance(one, Setting):
            meaning = f"{one.meaning}<br><em>{one.kind.must_be}</em>; ".replace("*", "\\*")
            yield f"| `{name}` | {_cell(meaning)}{_cell(_default(one))} |"


def _default(one: Setting) -> str:
    return "must be set" if one.default is MISSING else f"`{one.example or as_written(one.default)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
