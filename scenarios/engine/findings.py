"""What the checker says about a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from scenarios.engine.fitting import Fitting
from scenarios.engine.heat import Heat
from scenarios.engine.model import NEWEST, Case

Severity = Literal["fault", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing to mend, or to look at: the rule, what is so, where, and what to do."""

    rule: str
    message: str
    line: int | None
    remedy: str
    severity: Severity = "fault"

    def say(self, path: str) -> str:
        """Write it as one line."""
        where = f"{path}:{self.line}" if self.line else path
        label = "warning: " if self.severity == "warning" else ""
        return f"{where}: {label}{self.message}; {self.remedy} [{self.rule}]"

    def plain(self) -> dict[str, Any]:
        """Give it as data for JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "line": self.line,
            "message": self.message,
            "remedy": self.remedy,
        }


@dataclass
class Report:
    """All findings about one case, and what was computed on the way."""

    case: str
    path: str
    kind: str = "case"
    title: str = ""
    findings: list[Finding] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    read: Case | None = None
    """The case itself, where it could be read."""
    heat: Heat | None = None
    """Where play goes, where the case could be explored."""
    fitting: Fitting | None = None
    """Which choices keep the best ending within reach, where the case could be explored."""

    @property
    def rules(self) -> int:
        """Edition of the rules that the case declares to be held to."""
        return self.read.rules if self.read else NEWEST

    @property
    def faults(self) -> list[Finding]:
        """Findings that make the case wrong."""
        return [finding for finding in self.findings if finding.severity == "fault"]

    @property
    def passed(self) -> bool:
        """Tell whether nothing has to be mended."""
        return not self.faults

    def plain(self) -> dict[str, Any]:
        """Give it as data for JSON."""
        return {
            "case": self.case,
            "path": self.path,
            "kind": self.kind,
            "passed": self.passed,
            "findings": [finding.plain() for finding in self.findings],
            "figures": self.figures,
        }
