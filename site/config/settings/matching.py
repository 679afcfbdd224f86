"""What is made known of searches and matches, and how long it is kept.

Read from the environment: DEMAND_THRESHOLD and SEARCH_MISS_DAYS.
"""

import environ

env = environ.Env()

# What was looked for in vain is stored as typed, and shown to staff, only once so many visitors have asked it.
DEMAND_THRESHOLD = env.int("DEMAND_THRESHOLD", default=5)
# So long a search without a hit counts.
SEARCH_MISS_DAYS = env.int("SEARCH_MISS_DAYS", default=180)
