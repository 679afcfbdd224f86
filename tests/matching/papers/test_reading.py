"""What papers of different styles say is read, in every format they come in."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from matching.papers.reading import Paper, read, read_pasted
from matching.papers.sentences import names_person
from tests.matching.papers import making
from tests.matching.papers.samples import SAMPLES, Sample

# Fields of action and services are looked up.
pytestmark = pytest.mark.django_db
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def said(paper: Paper) -> dict[str, Any]:
    found = paper.as_dict()
    low, high = found["cost_from"], found["cost_to"]
    return {
        "title": found["title"],
        "decision_on": found["decision_on"],
        "costs": None if low is None else f"{low}-{high}",
        "office": found["office"],
        "proposal": found["proposal"],
    }


def in_file(sample: Sample, ending: str) -> Paper:
    return read(ContentFile(getattr(making, ending)(sample.text)), ending)


def check(paper: Paper, sample: Sample) -> None:
    assert said(paper) == sample.expected
    assert sample.problem in paper.as_dict()["problem"]


@each_sample
def test_pasted_paper_is_read(sample: Sample) -> None:
    check(read_pasted(sample.text), sample)


@each_sample
@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_office_document_is_read(sample: Sample, ending: str) -> None:
    check(in_file(sample, ending), sample)


@pytest.mark.process
@each_sample
def test_printed_paper_is_read_with_words_broken_at_the_end_of_lines(sample: Sample) -> None:
    check(in_file(sample, "pdf"), sample)


@each_sample
def test_sentences_stand_in_the_paper_word_for_word(sample: Sample) -> None:
    whole = " ".join(sample.text.split())
    paper = read_pasted(sample.text)
    quoted = [quotation.value for quotation in paper.problem]
    quoted += [paper.proposal.value] if paper.proposal else []
    assert quoted
    assert [sentence for sentence in quoted if sentence not in whole] == []


@each_sample
def test_nobody_is_named(sample: Sample) -> None:
    found = read_pasted(sample.text).as_dict()
    texts = [found["title"], found["office"], found["proposal"], *found["problem"]]
    assert [text for text in texts if text and names_person(text)] == []


@pytest.mark.process
def test_place_is_the_heading_and_the_page() -> None:
    text = "\n\n".join(["Betreff: Neue Wege", *["Der Anlass wird dargestellt."] * 60, "Sachverhalt:"])
    paper = read(ContentFile(making.pdf(f"{text}\n\nDerzeit fehlt eine Übersicht über die Wege.")), "pdf")
    assert paper.title
    assert paper.problem
    assert (paper.title.heading, paper.title.page) == ("Betreff", 1)
    assert (paper.problem[0].heading, paper.problem[0].page) == ("Sachverhalt", 2)


def test_text_in_which_nothing_is_said_says_nothing() -> None:
    found = read_pasted("Guten Tag").as_dict()
    assert {name for name, value in found.items() if value} == set()
