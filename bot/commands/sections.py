"""Under which headings help lists commands, and behind which words they are typed. Knows no command.

Discord takes 25 words behind `/paper`, and 25 behind each word that stands before others: what members say every day
stays on top, what belongs to one occasion stands behind its section's word.
"""

from bot.languages import msgid
from bot.ports import Section

PAPERS = Section(msgid("Papers"), asked="papers")
MEETING = Section(
    msgid("The meeting"),
    "meeting",
    "the next meeting and those before it: who comes, who presents, what is asked and taken home",
    {"de": ("treffen", "das nächste Treffen und frühere: wer kommt, wer vorstellt, was gefragt und mitgenommen wird")},
)
YOURS = Section(
    msgid("Your own"),
    "my",
    "what is yours alone: your turns in presenting, your leave, your accounts",
    {"de": ("eigenes", "was nur dich angeht: wann du vorstellst, Abwesenheit, deine Konten")},
)
BOT = Section(msgid("About Paperclub"), asked="bot")
DESK = Section(msgid("For moderators"), asked="moderators")

SECTIONS = (PAPERS, MEETING, YOURS, BOT, DESK)  # in the order of the help
