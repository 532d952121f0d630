"""How bad it is and what it calls for: class, scope, priority and severity, each with its reason; and by when to acknowledge."""

from tocsin.incidents.triage.severity import SEVERITY_OF_WORD, Severity, Triage
from tocsin.incidents.triage.start import triage

__all__ = ["SEVERITY_OF_WORD", "Severity", "Triage", "triage"]
