"""What belongs to each field of action, a topic a line: by these a text is recognised while it is typed.

Written for this platform; from here on the staff's. Fields that say something already are left alone.
"""

from django.db import migrations

# By slug; topics are separated by semicolons.
BELONGS = {
    "verwaltung": """
        Anträge stellen und Formulare ausfüllen; Termine im Bürgerbüro buchen; elektronische Akte und
        papierloses Büro; Dokumentenmanagement; Post scannen und verteilen; Fachverfahren und
        Onlinezugangsgesetz; Serviceportal und Bürgerkonto; Bescheide elektronisch zustellen; Gebühren online
        bezahlen; Rechnungen, Haushalt und Kasse; Rechnungseingang und E-Rechnung; Steuern und Abgaben;
        Personal, Bewerbung und Zeiterfassung; Vergabe, Ausschreibung und Einkauf; Ratsinformationssystem und
        Gremienarbeit; Satzungen und Beschlüsse; Abläufe im Rathaus beschleunigen und automatisieren; Prozesse
        aufnehmen und verbessern; Wissensmanagement der Beschäftigten; mobiles Arbeiten im Rathaus; Chatbot und
        Telefonauskunft der Stadtverwaltung; Website der Gemeinde; Mängel und Schäden melden; Anliegen von
        Bürgern bearbeiten; Personalausweis, Meldewesen und Standesamt; Urkunden bestellen; Gewerbe anmelden;
        Friedhofsverwaltung; Bauhof und Fuhrpark steuern; Wahlen und Wahlhelfer organisieren; Zusammenarbeit
        zwischen Ämtern und Gemeinden; Digitalstrategie und Organisation der Verwaltung; Statistik und Berichte
        für die Verwaltungsspitze; Unterschrift und Siegel elektronisch; Ausländerbehörde und Sozialamt
    """,
    "it-und-kommunikation": """
        Breitband und Glasfaser; Mobilfunk und Funklöcher; öffentliches WLAN; Funknetz für Sensoren (LoRaWAN);
        Internet der Dinge; urbane Datenplattform; offene Daten (Open Data) und Datenportal; Schnittstellen
        zwischen Programmen; Rechenzentrum und Server; Cloud; IT-Sicherheit und Cyberangriffe; Datenschutz und
        Verschlüsselung; Open-Source-Software; künstliche Intelligenz und Sprachmodelle; Geodaten und digitaler
        Zwilling; Arbeitsplätze mit Computern ausstatten; Telefonanlage und Videokonferenzen; Netzwerk der
        Behörden; Nutzerkonto und digitale Identität; Datenaustausch und Standards; Softwareentwicklung;
        Datenanalyse und Dashboards; Support, Wartung und Betrieb von Technik; Netzausbau in Gewerbegebieten und
        Ortsteilen; Funkmasten; 5G; digitale Infrastruktur; Daten sammeln und auswerten
    """,
    "energie-und-umwelt": """
        Strom sparen und Energieverbrauch messen; Straßenbeleuchtung und LED; Photovoltaik und Solarenergie;
        Windkraft und erneuerbare Energien; Wärmeplanung und Fernwärme; Heizungen und Gebäude energetisch
        sanieren; Energiemanagement in Schulen und Turnhallen; Smart Meter und Stromnetz; Stromspeicher und
        Wasserstoff; Klimaschutz und CO2-Bilanz; Klimaanpassung, Hitze und Trockenheit; Luftqualität und
        Schadstoffe messen; Lärm messen; Bäume, Parks und Stadtgrün pflegen; Bodenfeuchte und Bewässerung;
        Abfall, Müll und Recycling; Mülleimer und Sammelbehälter leeren; Abfallkalender; Trinkwasser und
        Leitungsnetz; Abwasser und Kläranlage; Flüsse, Bäche und Grundwasser; Starkregen und Überflutung;
        Naturschutz, Artenvielfalt und Insekten; Wald und Forst; Wetter und Temperatur messen; Boden und
        Altlasten; Umweltdaten veröffentlichen; Kreislaufwirtschaft, Mehrweg und Reparatur; Tiere und Pflanzen
        zählen; Badegewässer und Seen; Energieberatung für Haushalte; Wärmepumpe und Heizkosten
    """,
    "mobilitaet": """
        Bus und Bahn; Nahverkehr auf Abruf (Rufbus); Fahrplan und Fahrkarten; Parken und Parkplätze; Radverkehr
        und Radwege; Fahrradverleih und Lastenräder; Abstellanlagen für Fahrräder; Carsharing und Mitfahren;
        Elektroautos und Ladesäulen; E-Roller; Verkehr zählen und steuern; Ampeln und Kreuzungen; Stau,
        Baustellen und Umleitungen; autonome Fahrzeuge; Lieferverkehr und Logistik; Mobilitätsstation und
        Umsteigen; Bahnhof und Haltestelle; Fußverkehr und Schulweg; Barrierefrei unterwegs und Routenplanung;
        Pendler; Straßenzustand und Winterdienst; Verkehrssicherheit und Geschwindigkeit; Schülerverkehr;
        Mobilitäts-App und Auskunft; Bewohnerparken; Flotte und Dienstwagen teilen; Taxi; Verkehrsdaten und
        Navigation; Fähre und Schiff; Verkehrsversuch und Verkehrswende
    """,
    "gesellschaft": """
        Bürgerbeteiligung und Mitbestimmung; Ideen einreichen und abstimmen; Bürgerhaushalt; Ehrenamt, Vereine
        und Freiwillige; Nachbarschaftshilfe und Dorf-App; Seniorinnen und Senioren; Jugendbeteiligung und
        Jugendarbeit; Familien und Kinder; Integration von Zugewanderten und Geflüchteten; Inklusion und
        Barrierefreiheit; Menschen mit Behinderung; Leichte Sprache; digitale Teilhabe und Hilfe am Smartphone;
        Einsamkeit und Begegnung; Treffpunkt und Mehrgenerationenhaus; Makerspace und offene Werkstatt;
        Dorfgemeinschaft und Quartier; Gleichstellung; soziale Beratung und Hilfe in Not; Spenden, Tauschen und
        Teilen; Sport im Verein; Spielplätze und Treffpunkte für Jugendliche; Umfragen unter Einwohnern;
        Zusammenhalt und Demokratie; Transparenz und Information über Politik; bürgerschaftliches Engagement;
        Nachrichten aus dem Ort; Lokaljournalismus; Haustiere und Freizeit; Religion und Gemeinschaft; Armut und
        Teilhabe
    """,
    "bildung": """
        Schule und Unterricht; Grundschule und Gymnasium; Lernplattform; Tablets für Schülerinnen und Schüler;
        digitale Tafel und WLAN im Klassenzimmer; Lehrkräfte fortbilden; Kita und Kindergarten; Platzvergabe und
        Anmeldung in der Kita; Ganztagsbetreuung und Hort; Mittagessen in der Schule; Volkshochschule und
        Erwachsenenbildung; Bücherei und Bibliothek; Ausleihe von Medien; Medienkompetenz und digitale
        Kenntnisse vermitteln; Programmieren und Technik für Kinder; Ausbildung, Praktikum und
        Berufsorientierung; Hochschule, Studium und Forschung; Musikschule; Weiterbildung und Kurse; Lernort
        außerhalb der Schule; Nachhilfe; Schulverwaltung und Schulanmeldung; Sprachförderung; Naturwissenschaft
        und Experimente; Bildungsangebote finden; Elternportal; Wissen und Lernen; Ausbildungsplatz und Lehre;
        Bildungsbericht
    """,
    "gesundheit": """
        Arzt und Hausarztpraxis; Telemedizin und Videosprechstunde; Krankenhaus und Klinik; Pflege und
        Pflegedienst; Pflegeheim und Pflegeplätze; Gesundheitsamt und Infektionsschutz; Impfung; Rettungsdienst
        und Notfallversorgung von Patienten; Notarzt; elektronische Patientenakte; Medikamente und Apotheke;
        Vorsorge und Bewegung; Sport für die Gesundheit; psychische Gesundheit und Sucht; Demenz und Hilfe im
        Alter; Sturz und Hausnotruf; Hilfe für pflegende Angehörige; ärztliche Versorgung auf dem Land; Hygiene
        und Meldepflicht von Krankheiten; Geburt und Hebammen; Hitzeschutz für Kranke und Alte; Defibrillator
        und Ersthelfer; Allergien und Pollen; Rehabilitation; gesunde Ernährung; selbstbestimmt zu Hause leben
        im Alter; Assistenzsysteme in der Wohnung; Labor und Tests; Blutspende
    """,
    "kultur-und-tourismus": """
        Museum und Ausstellung; Theater, Konzert und Kino; Denkmal und Geschichte der Stadt; Stadtführung und
        Rundgang; virtuelle Rundgänge; Gäste, Urlaub und Reisen; Tourist-Information; Wanderwege und Radtouren
        für Gäste; Ferienwohnung und Hotel; Kurabgabe und Gästekarte; Sehenswürdigkeiten; Veranstaltungskalender
        und Feste; Eintrittskarten; Archiv und alte Dokumente digitalisieren; Kunst im öffentlichen Raum; Burg,
        Schloss und Kirche; Strand, See und Ausflugsziele; Besucher lenken und zählen; Reiseführer und Karte für
        Besucher; Heimatpflege, Brauchtum und Dialekt; Musik und Tanz; Kulturschaffende und Kreative; Gedenken
        und Erinnerung; Freibad, Zoo und Freizeitpark; Stadtmarketing; Weihnachtsmarkt und Volksfest; Zeitzeugen
        und Ortschronik
    """,
    "wirtschaft-und-handel": """
        Läden und Geschäfte in der Innenstadt; Einzelhandel und Händler; Online-Marktplatz; Gutschein und
        Kundenkarte; Leerstand von Läden; Wochenmarkt; Dorfladen und Nahversorgung; Gründung und Start-ups;
        Beratung von Unternehmen; Wirtschaftsförderung; Gewerbegebiet und Gewerbeflächen; Unternehmen ansiedeln;
        Handwerk und Betriebe; Industrie und Produktion; Landwirtschaft und regionale Produkte; Hofladen und
        Direktvermarktung; Fachkräfte und Arbeitsplätze; Stellenbörse; Coworking und Arbeiten auf dem Land;
        Innovation und Förderung für Firmen; Gastronomie; Lieferdienst für Einkäufe; Digitalisierung kleiner und
        mittlerer Unternehmen; Messe und Netzwerk von Unternehmen; Kundenfrequenz in der Fußgängerzone;
        Genehmigungen für Unternehmen; Selbstständige und Freiberufler; Abholstation und Automaten
    """,
    "sicherheit": """
        Feuerwehr und Brandschutz; Katastrophenschutz und Krisenstab; Warnung der Bevölkerung und Sirenen;
        Warn-App; Hochwasser früh erkennen und warnen; Unwetter und Evakuierung; Leitstelle, Notruf und Einsatz;
        Lagebild und Einsatzkarten; Polizei und Ordnungsamt; Ordnungswidrigkeiten und Kontrolle; Stromausfall
        und Notversorgung; Notfalltreffpunkt; Drohnen im Einsatz; vermisste Personen suchen; Waldbrand erkennen;
        Videoüberwachung und Einbruch; Sicherheit auf Plätzen und Wegen; Kriminalität vorbeugen;
        Großveranstaltungen absichern; kritische Infrastruktur schützen; Zivilschutz; Alarmierung der
        Einsatzkräfte; technisches Hilfswerk und Rettung; Gefahren melden; Brandmeldeanlage; Lawinen, Erdrutsch
        und Eis; Wasserrettung; Jugendschutz und Gewalt; Verkehrsüberwachung durch Polizei
    """,
    "bauen-und-wohnen": """
        Bauantrag und Baugenehmigung; Bauen und Umbauen; Bebauungsplan und Bauleitplanung; Beteiligung an
        Bauvorhaben; Baugrundstücke und Baulücken; Stadtplanung und Stadtentwicklung; dreidimensionales
        Stadtmodell; digitales Gebäudemodell (BIM); Neubau und Sanierung; Gebäude und Liegenschaften verwalten;
        Wohnung suchen und mieten; Mietspiegel; Wohngeld und Wohnungsförderung; Wohnungsbaugesellschaft und
        Genossenschaft; Quartiersentwicklung; Denkmalschutz am Haus; Grundstück, Kataster und Vermessung;
        Bodenrichtwert; Leerstand von Häusern; Ortskern und Dorferneuerung; Architektur und Gestaltung;
        Baustelle und Hausbau; Smart Home und vernetztes Wohnen; Obdachlosigkeit und Unterkunft; Mieter und
        Vermieter; Flächen und Nutzung planen; Schulgebäude und Hallen bauen; altersgerechte Wohnungen; Dach und
        Fassade
    """,
}


def topics(text):
    return "\n".join(" ".join(topic.split()) for topic in text.split(";"))


def describe(apps, schema_editor):
    fields = apps.get_model("projects", "FieldOfAction").objects
    for slug, text in BELONGS.items():
        fields.filter(slug=slug, description="").update(description=topics(text))


def forget(apps, schema_editor):
    """Takes back what nobody has changed since."""
    fields = apps.get_model("projects", "FieldOfAction").objects
    for slug, text in BELONGS.items():
        fields.filter(slug=slug, description=topics(text)).update(description="")


class Migration(migrations.Migration):
    dependencies = [("projects", "0017_removed_pages")]

    operations = [migrations.RunPython(describe, forget)]
