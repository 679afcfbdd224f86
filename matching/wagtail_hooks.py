"""What the matching adds to the admin; each subject registers its own hooks."""

from matching import alerts_hooks, decision_hooks, demand_hooks, plan_hooks, record_hooks  # noqa: F401  (register their hooks)
