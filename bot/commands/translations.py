"""Names and descriptions of commands and parameters in other languages, as data. Knows no command.

Requests always come with the English names; only what a platform offers while someone types is translated.
"""

from collections.abc import Mapping

Texts = Mapping[str, Mapping[str, tuple[str, str]]]  # by English name and language: (name, what it does)


def _in_german(texts: Mapping[str, tuple[str, str]]) -> Texts:
    return {name: {"de": text} for name, text in texts.items()}


COMMANDS = _in_german(
    {
        "help": ("hilfe", "diese Befehle, oder einer davon"),
        "today": ("heute", "die neueste Liste, ganz; oder die Liste eines Tages"),
        "search": ("suchen", "Papers auf den Listen der Gruppe, nach Wörtern aus Titel, Abstract oder Autoren"),
        "show": ("zeigen", "alles, was über ein Paper bekannt ist"),
        "summary": ("zusammenfassung", "worum es in einem Paper geht, in einem Satz"),
        "vote": ("stimmen", "das möchte ich lesen; unvote oder der Knopf noch einmal nimmt es zurück"),
        "unvote": ("stimme-zurück", "meine Stimme zurücknehmen"),
        "pass": ("passen", "nichts für uns; noch einmal gesagt gilt es nicht mehr"),
        "claim": ("übernehmen", "das stelle ich vor; release oder der Knopf noch einmal gibt es zurück"),
        "release": ("zurückgeben", "ich kann es doch nicht vorstellen; Moderatoren geben auch anderer Papers frei"),
        "discuss": ("besprechen", "einen Thread zu einem Paper öffnen, unter seiner Karte"),
        "submit": ("einreichen", "ein Paper vorschlagen: es kommt mit einer Karte auf die neueste Liste"),
        "mine": ("meine", "was ich übernommen habe, wofür ich gestimmt und wobei ich gepasst habe"),
        "status": ("status", "wie es dem Bot geht: Posts, Quellen, was nicht zugestellt werden konnte"),
        "join": ("beitreten", "dein Name in dieser Gruppe"),
        "moderate": ("moderieren", "Moderator werden"),
        "assign": ("zuweisen", "einem Mitglied ein Paper zum Vorstellen geben, wer es auch hat"),
        "setup": ("einrichten", "die Gruppe dieses Kanals einrichten; ohne Angaben eine Tafel mit allen Einstellungen"),
        "start": ("starten", "die Papers dieser Gruppe von nun an in diesem Kanal posten"),
        "stop": ("anhalten", "in diesem Kanal nichts mehr posten; Stimmen und Zusagen bleiben"),
        "settings": ("einstellungen", "jede Einstellung, woher sie kommt und wie man sie zurücksetzt"),
        "reset": ("zurücksetzen", "eine Einstellung wieder wie in der Konfiguration"),
        "preview": ("vorschau", "der nächste Post, wie ihn Mitglieder sähen; postet nichts"),
        "undo": ("rückgängig", "die letzte Änderung an Einstellung, Kanal oder Zusage zurücknehmen"),
        "audit": ("protokoll", "was Moderatoren getan haben: die letzten zehn Schritte"),
    }
)

PARAMETERS = _in_german(
    {
        "paper": ("paper", "welches Paper (Nummer auf der Liste von heute, arXiv-Id, Link oder Wörter des Titels)"),
        "query": ("suchwort", "wonach gesucht wird"),
        "date": ("datum", "das Datum einer Liste, wie 2026-01-31"),
        "name": ("name", "dein Name"),
        "code": ("code", "der Code, den das Programm beim Start ausgegeben hat"),
        "command": ("befehl", "welcher Befehl"),
        "link": ("link", "ein Link oder eine Id, wie 2411.01234"),
        "title": ("titel", "sein Titel, wenn der Link ihn nicht verrät"),
        "member": ("mitglied", "wer es vorstellt"),
        "zone": ("zeitzone", "wie Europe/Berlin, oder eine Stadt"),
        "time": ("uhrzeit", "wann gepostet wird, wie 9:00"),
        "days": ("tage", "an welchen Tagen: mon-fri, daily, oder eine Liste wie tue, thu"),
        "cards": ("karten", "wie viele Papers am Tag eine Karte bekommen, 1 bis 20"),
        "sources": ("quellen", "woher die Papers kommen, mit Kommas dazwischen; oder all"),
        "layout": ("layout", "Karten im Kanal, oder in einem Thread unter der Überschrift"),
        "channel": ("kanal", "ein anderer Kanal als dieser"),
        "setting": ("einstellung", "welche Einstellung"),
    }
)
