"""Web processes and the worker are killed at random, hundreds of times, while editors publish."""

import random
import signal
import threading
import time

from bench.faults.installation import Installation, kill
from bench.faults.traffic import Publishes, publish

# A worker needs about two seconds to start; some are killed before they did anything, some in the middle of a batch.
LIFE_SECONDS = (0.1, 4.0)
WEB_EVERY = 3


def kill_at_random(installation: Installation, rounds: int) -> Publishes:
    """So many kills, every third of a web process, the others of the worker, which is started again at once."""
    chance = random.Random(9)
    publishes = Publishes()
    ended = threading.Event()
    editors = [
        threading.Thread(target=edit, args=(installation, publishes, ended, number), daemon=True) for number in range(2)
    ]
    for editor in editors:
        editor.start()
    for number in range(rounds):
        time.sleep(chance.uniform(*LIFE_SECONDS) / 2)
        if number % WEB_EVERY == 0 and (processes := installation.web_processes()):
            kill(chance.choice(processes))
        else:
            installation.stop_worker(signal.SIGKILL)
            installation.start_worker()
    ended.set()
    for editor in editors:
        editor.join()
    return publishes


def edit(installation: Installation, publishes: Publishes, ended: threading.Event, seed: int) -> None:
    """Publish without end, each editor its own pages; now and then rename a tag of hundreds of projects."""
    page_ids = installation.page_ids()[seed::2]
    number = 0
    while not ended.is_set():
        number += 1
        if seed == 0 and number % 25 == 0:
            try:
                installation.post("/bench/tag/", f"name=Schlagwort+{number}")
            except OSError:
                publishes.interrupted += 1
        publish(installation, publishes, page_ids[number % len(page_ids)], f"Fassung {seed}-{number}")
