"""Programs that stand in for systemctl, loginctl and launchctl: they record command lines and answer as configured."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

_PROGRAM = """#!{python} -IS
import json, os, sys
with open({log!r}, "a") as log:
    offline = ["OFFLINE"] * ("SYSTEMD_OFFLINE" in os.environ)
    log.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:], *offline]) + "\\n")
with open({answers!r}) as file:
    answers = json.load(file)
line = " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:], *offline])
for words, (code, out, complaint) in answers:
    if all(word in line.split() for word in words.split()):
        sys.stdout.write(out)
        sys.stderr.write(complaint)
        sys.exit(code)
"""


@dataclass(slots=True)
class Managers:
    """Fake programs in a folder that is the whole PATH."""

    folder: Path

    def there(self, *names: str) -> None:
        """Create these programs. They report success."""
        self.folder.mkdir(exist_ok=True)
        self.answer({})
        for name in names:
            program = self.folder / name
            text = _PROGRAM.format(python=sys.executable, log=str(self._log), answers=str(self._answers))
            program.write_text(text)
            program.chmod(0o755)

    def answer(self, answers: dict[str, tuple[int, str, str]]) -> None:
        """Set the exit code, stdout and stderr for command lines with all of these words. The first match counts."""
        self._answers.write_text(json.dumps(list(answers.items())))

    @property
    def asked(self) -> list[str]:
        """Return the command lines, without the words that all of them share."""
        if not self._log.exists():
            return []
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        skipped = ("--user", "--no-ask-password", "--")
        return [" ".join(word for word in line if word not in skipped) for line in lines]

    @property
    def _log(self) -> Path:
        return self.folder / "asked"

    @property
    def _answers(self) -> Path:
        return self.folder / "answers"
