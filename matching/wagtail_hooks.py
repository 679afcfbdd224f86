"""What the matching adds to the admin; each subject registers its own hooks."""

from matching.alerts import hooks as alerts_hooks  # noqa: F401  (register their hooks)
from matching.demand import hooks as demand_hooks  # noqa: F401  (register their hooks)
from matching.plans import hooks as plan_hooks  # noqa: F401  (register their hooks)
from matching.records import hooks as record_hooks  # noqa: F401  (register their hooks)
from matching.reporting import hooks as decision_hooks  # noqa: F401  (register their hooks)
