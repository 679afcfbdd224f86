"""What a paper is called: behind “Betreff”, or the lines before its text begins."""

import re

from matching.papers.dates import dates_in
from matching.papers.labels import Kind, label_of
from matching.papers.lines import Line, join
from matching.papers.parts import FURTHER, GOES_ON, Parts
from matching.papers.quotation import Quotation
from matching.papers.sentences import names_person

TITLE_MAX_LENGTH = 300
# Lines of the head that call no undertaking: who, to whom, what kind of paper, which number.
NO_TITLE = re.compile(
    r"(?:(?:große\s+|kreis\w*\s+|universitäts|hanse|landeshaupt)*(?:stadt|gemeinde|markt|landkreis|kreis|samtgemeinde"
    r"|verbandsgemeinde|amt|rat|der rat|landtag|freistaat|land|bezirk|region)\b.{0,60}"
    r"|\w*(?:beschluss|sitzungs|verwaltungs|mitteilungs|informations|berichts)?(?:vorlage|drucksache)\b.{0,60}"
    r"|(?:öffentlich|nicht-?\s?öffentlich|nichtöffentlich)\w*.{0,40}|\d+\.\s+wahlperiode.*|wahlperiode.*"
    r"|(?:kleine |große |dringliche |schriftliche )?(?:antrag|anfrage|mitteilung|bericht|antwort|unterrichtung"
    r"|gesetzentwurf|beschlussempfehlung|änderungsantrag|prüfantrag|eilantrag)"
    r"(?:\s+(?:der|des|von|gemäß|nach|und|zur sitzung|zum)\b.{0,90})?"
    r"|(?:der|des|von|gemeinsam\w*|und)\s+(?:der\s+)?(?:fraktion|abgeordnete|stadtrat|ratsmitglied"
    r"|landesregierung|gruppe)\w*.*"
    r"|fraktion\b.*|.{0,40}\bfraktion(?:en)?(?: im .*)?|an (?:den|die|das|herrn|frau)\b.*|(?:herrn|frau|herr)\b.*"
    r"|rathaus.*"
    r"|.{0,40}stra(?:ß|ss)e \d+.*|.{0,30}\b\d{5}\s+[A-ZÄÖÜ].*|.*@.*|(?:tel|fax|www)\b.*|az\b.*|nr\b.*|top\b.{0,6}"
    r"|per e-?mail.*"
    r"|(?:der|die) (?:ober)?bürgermeister(?:in)?.*|der landrat.*|eingang.*|anwesend.*|tagesordnung.*|seite \d.*)",
    re.IGNORECASE | re.DOTALL,
)
LEADING = re.compile(r"^(?:antrag|anfrage|mitteilung|beschlussvorlage|vorlage)\s*:\s*(?=\S)", re.IGNORECASE)


def find_title(parts: Parts) -> Quotation | None:
    for value in parts.named(Kind.SUBJECT):
        text = value.text.strip(' „“"»«')
        if text and len(text) <= TITLE_MAX_LENGTH and any(sign.isalpha() for sign in text):
            return None if names_person(text) else Quotation(text, value.text, value.label.printed, value.page)
    return _from_head(parts)


def _from_head(parts: Parts) -> Quotation | None:
    """The last paragraph before the text that is nothing else."""
    found: list[list[Line]] = []
    for line in parts.head:
        if not _may_be_title(line):
            found.append([])
        elif (
            found
            and found[-1]
            and (not line.is_apart or GOES_ON.search(found[-1][-1].text) or FURTHER.match(line.text))
        ):
            found[-1].append(line)
        else:
            found.append([line])
    for lines in reversed(found):
        text = LEADING.sub("", join(line.text for line in lines)).strip(' „“"»«')
        if lines and len(text.split()) >= 2 and len(text) <= TITLE_MAX_LENGTH and not names_person(text):
            return Quotation(text, text, "", lines[0].page)
    return None


def _may_be_title(line: Line) -> bool:
    text = line.text.strip()
    return not (
        len(line.cells) > 1
        or NO_TITLE.fullmatch(text)
        or label_of(text, is_apart=line.is_apart)
        or text.endswith(":")
        or any(True for _found in dates_in(text))
    )
