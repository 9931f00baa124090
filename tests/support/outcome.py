"""The outcome of one part, as one row of the table."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What was `tried` and how often (`times`), the figures that were `found`, and everything that went `wrong`."""

    part: str
    tried: str
    times: int = 0
    found: dict[str, int | float | str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, what: str, times: int = 1) -> None:
        """Add to one of the counts."""
        before = self.found.get(what, 0)
        assert isinstance(before, int)
        self.found[what] = before + times

    def row(self) -> tuple[str, str, str, str]:
        """Return the row: part, what was tried, how often, outcome."""
        said = ", ".join(
            f"{value} {what}" if isinstance(value, (int, float)) else f"{what}: {value}"
            for what, value in self.found.items()
        )
        wrong = f"WRONG: {'; '.join(self.wrong[:5])}" if self.wrong else "all as it should be"
        return self.part, self.tried, f"{self.times:,}", f"{wrong} ({said})" if said else wrong
