"""What follows from two projects being alike: who decided what, and who wants to hear of it."""

from matching.models.decision import DecisionKind, OverlapDecision
from matching.models.watch import Watch

__all__ = ["DecisionKind", "OverlapDecision", "Watch"]
