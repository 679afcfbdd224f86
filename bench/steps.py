"""Runs the steps that measure inside one process, at both sizes, and prints them."""

from pathlib import Path
from typing import Any

from bench.interleave import Timing
from bench.report import COMPARED, compared, growth, milliseconds, section, table
from bench.sandbox import Sandbox

MEBIBYTE = 1024 * 1024
# What comparing, explaining and drawing may take beside the embedding, with 20,000 projects.
PANEL_MS = 40


def search(sandboxes: list[Sandbox], rounds: int) -> None:
    small, large = (timed(sandbox.step("stock", str(rounds))) for sandbox in sandboxes)
    section(
        "Search with six facets",
        "Milliseconds in one process. The platform: 20 hits with excerpts, bodies and tags, total, six facets.\n"
        "Wagtail's stock search on the same data: 20 pages, total, one facet (it refuses related fields); and with\n"
        "the five other facets counted the way its own does.",
    )
    table(COMPARED, compared(large, "platform"))
    print_growth(sandboxes, small, large)


def similar(sandboxes: list[Sandbox], rounds: int) -> None:
    small, large = (timed(sandbox.step("similar", str(rounds))) for sandbox in sandboxes)
    section(
        "Similar projects beside a draft",
        "Milliseconds in one process, with a text of about 120 tokens that is new each time: the three nearest with\n"
        "their reasons; the whole answer that the panel beside the form gets; and the embedding of such a text alone.",
    )
    if not large:
        print("Left out: the model is not installed.")
        return
    table(COMPARED, compared(large, "embedding alone"))
    allowed = large["embedding alone"].median + PANEL_MS
    print(f"\nThe panel against the embedding alone and {PANEL_MS} ms: {large['panel'].median / allowed:.2f}")
    print_growth(sandboxes, small, large)


def papers(sandbox: Sandbox, folder: Path) -> None:
    sandbox.make_empty()
    found = sandbox.step("papers", str(folder.resolve()))
    section("What is read from council papers", "Share of the papers of which it was read as it is.")
    table(("", "share"), [(measure, f"{share:.2f}") for measure, share in found["shares"].items()])
    print(f"\n{found['papers']} papers, {found['median_ms']:.0f} ms at the median, {found['most_ms']:.0f} ms at most")
    for each in found["wrong"]:
        print(f"- {each}")


def warned(sandbox: Sandbox, drafts: Path, qrels: Path, collections: list[Path]) -> None:
    sandbox.make_empty()
    files = [str(path.resolve()) for path in (drafts, qrels, *collections)]
    section(
        "Warnings of something much like a draft",
        "Share of the drafts that are warned: where the project that fits is there, and where it was taken out.",
    )
    rows = [
        (
            f"{found['projects']:,} projects{'' if found['is_by_meaning'] else ', words alone'}",
            found["fits"]["queries"],
            f"{found['fits']['warned']:.2f}",
            f"{found['fits_not']['warned']:.2f}",
            f"{found['fits']['r5']:.2f}",
        )
        for found in sandbox.step("warned", *files)
    ]
    table(("", "drafts", "something fits", "nothing fits", "among the first five"), rows)


def many(sandbox: Sandbox) -> None:
    """Ratios are those of each size to the first of its part."""
    section(
        "Plans, letters and kept searches by the thousand",
        "Of the queue a page; of letters and kept searches one of them; of letters not due and searches without news\n"
        "the whole run.",
    )
    rows = []
    for name, measured in sandbox.step("many").items():
        first = measured[0]
        for found in measured:
            statements, processor = found["statements"], found["processor"]
            rows.append(
                (
                    f"{name}, {found['size']:,.0f}",
                    f"{statements:.1f}",
                    growth(statements, first["statements"]),
                    f"{processor:.2f}",
                    growth(processor, first["processor"]),
                    f"{1_000 / found['ms']:,.0f}",
                    f"{processor / found['engine']:.2f}" if "engine" in found else "–",
                )
            )
    head = ("", "statements", "growth", "processor ms", "growth", "a second", "to the engine alone")
    table(head, rows)


def publish(sandboxes: list[Sandbox], rounds: int) -> None:
    small, large = (timed(sandbox.step("publish", str(rounds))) for sandbox in sandboxes)
    section(
        "Publishing",
        "Milliseconds from the editor's click to the end of the request's work, with the embedded index: revision,\n"
        "publication, commit, and bringing the page into the index.",
    )
    table(COMPARED, compared(large, "without indexing"))
    print_growth(sandboxes, small, large)


def index(sandboxes: list[Sandbox]) -> None:
    built = [sandbox.step("rebuilding") for sandbox in sandboxes]
    section(
        "Import and index",
        "An import publishes project after project, here without indexing; a rebuild reads and indexes them all.",
    )
    rows = [
        (
            f"{sandbox.size:,} projects",
            f"{sandbox.load_report['import_ms']:.1f}" if sandbox.load_report["import_ms"] else "–",
            f"{found['documents']:,}",
            f"{found['per_second']:,.0f}",
            f"{found['per_processor_second']:,.0f}",
            f"{found['bytes'] / MEBIBYTE:.1f}",
        )
        for sandbox, found in zip(sandboxes, built, strict=True)
    ]
    table(
        ("", "import, processor ms a project", "documents", "rebuild, documents/s", "of processor time", "index, MiB"),
        rows,
    )


def timed(measured: dict[str, Any]) -> dict[str, Timing]:
    return {name: Timing(tuple(found["rounds"]), tuple(found["processor"])) for name, found in measured.items()}


def print_growth(sandboxes: list[Sandbox], small: dict[str, Timing], large: dict[str, Timing]) -> None:
    few, many = (sandbox.size for sandbox in sandboxes)
    print(f"\nGrowth of the processor time, data {growth(many, few)}:\n")
    rows = []
    for name, timing in large.items():
        before, after = small[name].of_processor, timing.of_processor
        rows.append((name, milliseconds(before), milliseconds(after), growth(after.median, before.median)))
    table(("", f"{few:,}", f"{many:,}", "growth"), rows)
