"""What goes on while something is broken: visitors search, editors publish; every answer is timed and counted."""

import random
import threading
import time
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote, urlencode

from bench.faults.installation import Installation

WORDS = ("Bauantrag", "Kita", "Parkraum", "Sensor", "Hochwasser", "Bibliothek", "Glasfaser", "Terminvereinbarung")
OK = 200
SERVER_ERROR = 500
# Between two searches of one visitor.
PAUSE_SECONDS = 0.05


@dataclass
class Searches:
    """Answers of the search page in the order they came: seconds, and the status or 0 if the connection broke."""

    seconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(status >= SERVER_ERROR for status in self.statuses)

    @property
    def broken(self) -> int:
        return self.statuses.count(0)


@dataclass
class Publishes:
    """Milliseconds an editor waited for each publication, with and without the search; and what went wrong."""

    noticed: list[float] = field(default_factory=list)
    unnoticed: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    interrupted: int = 0  # the connection broke: nobody was told that it worked
    titles: dict[int, str] = field(default_factory=dict)  # as the editor was told they are now

    @property
    def ratio(self) -> float:
        return median(self.noticed) / median(self.unnoticed) if self.noticed and self.unnoticed else 0.0


class Visitor:
    """Searches again and again in a thread of its own."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.searches = Searches()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Searches:
        self._thread.start()
        return self.searches

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        chance = random.Random(3)
        while not self._ended.wait(PAUSE_SECONDS):
            search(self.installation, self.searches, chance.choice(WORDS))


def search(installation: Installation, searches: Searches, words: str) -> None:
    began = time.perf_counter()
    try:
        status = installation.get(f"/suche/?q={quote(words)}")[0]
    except OSError:
        status = 0
    searches.seconds.append(time.perf_counter() - began)
    searches.statuses.append(status)


def publish(installation: Installation, publishes: Publishes, page_id: int, title: str) -> None:
    """Publish one page under a new title; with none as if there were no search."""
    began = time.perf_counter()
    try:
        status, text = installation.post(f"/bench/publish/{page_id}/", urlencode({"title": title}) if title else "")
    except OSError:
        publishes.interrupted += 1
        return
    if status != OK:
        publishes.failed.append(f"{status} {text[:200]}")
        return
    milliseconds = (time.perf_counter() - began) * 1_000
    (publishes.noticed if title else publishes.unnoticed).append(milliseconds)
    if title:
        publishes.titles[page_id] = title


def publish_interleaved(installation: Installation, rounds: int, name: str) -> Publishes:
    """Publish with and without the search in turn, so many times each.

    Two pages make a pair: each is published both ways, and which way comes first changes as well, so that neither the
    pages nor the order make the difference.
    """
    publishes = Publishes()
    page_ids = installation.page_ids()
    for number in range(rounds):
        pair = number // 2
        pages = (page_ids[pair % len(page_ids)], page_ids[(pair + len(page_ids) // 2) % len(page_ids)])
        with_search, without = pages if number % 2 else reversed(pages)
        steps = ((with_search, f"{name} {number}"), (without, ""))
        for page, title in steps if pair % 2 else reversed(steps):
            publish(installation, publishes, page, title)
    return publishes
