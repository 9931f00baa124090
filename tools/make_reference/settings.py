"""The page of all settings, from the schema of the config."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from sorterd.config.differences import as_written
from sorterd.config.schema import Config
from sorterd.config.section import Section, section_of

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
    for name, field in model.model_fields.items():
        if inner := section_of(field):
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
    yield from ("| setting | default | meaning | must be |", "| --- | --- | --- | --- |")
    for name, field in model.model_fields.items():
        if not section_of(field):
            cells = (f"`{name}`", _default(field), field.title or "", field.description or "")
            yield f"| {' | '.join(map(_cell, cells))} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "none"
    if field.default_factory is not None:  # it depends on the system
        return f"`{(field.examples or [''])[0]}`"
    return f"`{as_written(field.default)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
