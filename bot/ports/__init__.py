"""Every seam of the program on one page. The core calls these; adapters implement them and know nothing else of it.

    Core        what a surface may ask of the program
    Adapter     one surface: shows messages, turns what it hears into Requests
    Source      where papers come from
    Finder      who knows a paper that nobody announced
    Summarizer  what says in a sentence what a paper is about
    Store       the group's memory: runs functions of Rows, each as one transaction; Reads are what they may ask
    Clock       the time, which tests move

What holds for all of them: an implementation raises only the PortError of its kind (and CancelledError), with a text
that an operator can act on; times are UTC-aware.
"""

from bot.ports.clock import Clock
from bot.ports.papers import Finder, Source, Summarizer
from bot.ports.rows import Pace, Reads, Rows
from bot.ports.store import Action, Store, answered_by, answered_with, perform
from bot.ports.surfaces import Adapter, CommandInfo, Core, Delivery, Kind, ParameterInfo, Posted, Section, Words

__all__ = [
    "Action",
    "Adapter",
    "Clock",
    "CommandInfo",
    "Core",
    "Delivery",
    "Finder",
    "Kind",
    "Pace",
    "ParameterInfo",
    "Posted",
    "Reads",
    "Rows",
    "Section",
    "Source",
    "Store",
    "Summarizer",
    "Words",
    "answered_by",
    "answered_with",
    "perform",
]
