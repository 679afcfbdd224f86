"""Word lists of the analysis, written for this platform: stop words, protected stems, short parts of compounds.

All words stand in folded spelling (small letters, ä as a, ß as ss); a test holds the lists to it.
"""

# Words that say nothing about what is looked for. Question words are in it, since people type whole questions.
_STOP_WORDS = """
    aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus
    ausser bei beim bereits bin bis bist bzw da dabei dadurch dafur daher dahin damit danach daran darauf daraus darf
    darin darum daruber das dass davon davor dazu dein deine dem den denen denn der deren des dessen dich die dies diese
    diesem diesen dieser dieses dir doch dort du durch eben ein eine einem einen einer eines einige einigen einiger
    einiges er es etwa etwas euch euer eure fur gegen gem gemass gibt habe haben hat hatte hatten hier hin hinter ich
    ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in indem ins ist ja jede jedem jeden jeder jedes jedoch jene
    jenem jenen jener jenes jetzt kann kein keine keinem keinen keiner keines konnen konnte man manche mehr mein
    meine meinem meinen meiner mich mir mit muss mussen nach nachdem nein nicht nichts noch nun nur ob obwohl oder
    ohne sehr sein seine seinem seinen seiner seines seit sich sie sind so solche solchem solchen solcher soll sollen
    sollte sondern sonst soweit sowie uber um und uns unser unsere unserem unseren unserer unter usw viel viele vom
    von vor wahrend war waren warum was weil welche welchem welchen welcher welches wenn wer werde werden wie wieder
    will wir wird wo wobei wodurch woher wohin wurde wurden zb zu zum zur zwar zwischen
    bspw ca dh evtl ggf idr inkl sog ua uam uva vgl
    the of and for to with from this that your our are
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Words whose stem would be that of another word (Bürger and Burg, Gemeinde and gemein …), with a stem of their own.
_PROTECTED_FAMILIES = {
    "burger": "burger burgern burgers burgerin burgerinnen",
    "gemeinde": "gemeinde gemeinden",
    "stadt": "stadt stadte stadten",
    "staat": "staat staates staaten staats",
    "rate": "rate raten",
    "rat": "rat rats rates",
    "kommune": "kommune kommunen kommunal kommunale kommunalen kommunaler kommunales kommunalem",
    "leiter": "leiter leitern leiterin leiterinnen",
    "wasser": "wasser wassers gewasser gewassers gewassern",
    "messe": "messe messen",
    "mieter": "mieter mietern mieters mieterin mieterinnen",
    "feuer": "feuer feuers",
    "paradies": "paradies paradiese paradiesen paradieses",
}
PROTECTED = {word: stem for stem, family in _PROTECTED_FAMILIES.items() for word in family.split()}

# Parts of three letters that make real compounds; all other words that short would split by accident.
_SHORT_PARTS = """
    abo amt app bad bau bio bot bus eid eis erb fuss gas gut hof lkw mut not ort pkw rad rat see tag tod tor tur typ
    uhr weg zug
"""
SHORT_PARTS = frozenset(_SHORT_PARTS.split())

# First parts that are no nouns: verb stems and adjectives that administrations and technology build words with.
_OTHER_PARTS = """
    allgemein arbeits auslands breit dauer digital eigen elektro energie fahr fern fruh gesamt gross grund halte
    handy haupt hilfs hoch inlands kauf klein kurz lade lager lang leih lern melde mess miet mindest mobil nachtrags
    nah neben neu noten online park parkier pflege regel roh ruhe sammel schreib schwer smart sofort solar sonder
    spar sperr spiel steuer strom such teil tief trage trink uber um unter video vor wander warn warte wasch wechsel
    weit wohn zahl zeit zentral zusatz zwangs
"""
OTHER_PARTS = frozenset(_OTHER_PARTS.split())

# Endings that look like nouns and are none in a compound ("-ung", "-heit" never stand alone).
_NO_PARTS = "ander chen eine enden ende ente erin ertag heit keit lich lings rein schaft sten stel stell tion ungen"
NO_PARTS = frozenset(_NO_PARTS.split())

# Words that look like compounds and mean nothing of what they are made of.
_UNSPLIT = "werkstatt werkstatte werkstatten statthalter"
UNSPLIT = frozenset(_UNSPLIT.split())

# Parts that hold a compound together and say nothing by themselves ("Gast-stätte", "Betriebs-stätte").
_SILENT_PARTS = "statt statte"
SILENT_PARTS = frozenset(_SILENT_PARTS.split())

# Tokens of words that say how and not what: here nearly everything is digital, whether a text says so or not. They
# count as any word, but nothing is left out for lack of them ("Bauantrag online", "digitale Ratsarbeit").
_MANNERS = "digital elektron onlin"
MANNERS = frozenset(_MANNERS.split())
