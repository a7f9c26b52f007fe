"""Names and descriptions of the settings' parameters in other languages, as data. Knows no command.

Requests always come with the English names; only what a platform offers while someone types is translated.
"""

from collections.abc import Mapping

Texts = Mapping[str, Mapping[str, tuple[str, str]]]  # by English name and language: (name, what it does)


def _in_german(texts: Mapping[str, tuple[str, str]]) -> Texts:
    return {name: {"de": text} for name, text in texts.items()}


PARAMETERS = _in_german(
    {
        "zone": ("zeitzone", "wie Europe/Berlin, oder eine Stadt"),
        "time": ("uhrzeit", "wann gepostet wird, wie 9:00"),
        "days": ("tage", "an welchen Tagen: mon-fri, daily, oder eine Liste wie tue, thu"),
        "cards": ("karten", "wie viele Papers am Tag eine Karte bekommen, 1 bis 20"),
        "sources": ("quellen", "woher die Papers kommen, mit Kommas dazwischen; oder all"),
        "layout": ("layout", "Karten im Kanal, oder in einem Thread unter der Überschrift"),
        "channel": ("kanal", "ein anderer Kanal als dieser"),
        "when": ("wann", "wie thursdays 17:00, every other tue 12:30 until march, 3 dec 5pm; oder off"),
        "place": ("ort", "ein Raum oder ein Link"),
        "minutes": ("minuten", "wie lange ein Treffen dauert, wie 60"),
        "mode": ("modus", "ob die Gruppe abstimmt, oder wer vorstellt ein Paper mitbringt"),
        "rule": ("regel", "wie Stimmen gezählt werden"),
        "pick": ("wahl", "ob die Auszählung entscheidet oder vorschlägt"),
        "hidden": ("verdeckt", "Zahlen verdeckt bis zum Schluss; Reaktionen sind dann keine Stimmen"),
        "budget": ("budget", "Stimmen eines Mitglieds für jedes Treffen, 0 für beliebig viele"),
        "shortlist": ("auswahl", "Papers auf einem Stimmzettel, 2 bis 20"),
        "weighted": ("gewichtet", "Stimmen derer, die zuletzt kamen, zählen mehr"),
        "headcount": ("mindestzahl", "wie viele kommen müssen, sonst fällt es aus; 0: niemand muss"),
        "sleep": ("ruhen", "nach wie vielen Wochen eine nie gewählte Zusage ruht; 0: nie"),
        "roles": ("rollen", "angebotene Rollen: reviewer, critic, archaeologist, scribe; all oder none"),
        "nominations": ("vorschläge", "wie lange vor dem Treffen Vorschläge beginnen, wie 6 days"),
        "shortlisted": ("auswahl-steht", "wie lange vorher die Auswahl gemacht wird, wie 5 days"),
        "ballot": ("schluss", "wie lange vorher die Abstimmung schließt, wie 4 days"),
        "volunteers": ("freiwillige", "wie lange vorher jemand an die Reihe kommt, wenn niemand mag, wie 3 days"),
        "bring": ("mitbringen", "wie lange vorher ein Paper mitgebracht ist (Modus presenter), wie 3 days"),
        "confirm": ("zusagen", "wie lange vorher zugesagt sein muss, wie 2 days"),
        "reminders": ("erinnerungen", "wie lange vorher erinnert wird, wie 3 days, 1 hour; oder off"),
        "counted": ("zählung", "wie lange vorher geschaut wird, ob genug kommen, wie 3 hours"),
        "thread": ("thread", "wie lange vorher der Thread aufgeht, wie 1 day; oder off"),
        "recap": ("rückblick", "wie lange nach dem Ende danach gefragt wird, wie 10 minutes; oder off"),
    }
)
