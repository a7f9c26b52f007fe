"""What Paperclub asks a server for, each with its reason, and the link that invites it. Connects to nothing."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlencode

SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True)
class Permission:
    """What `reason` says is not done without it; what is not `needed` may be refused."""

    name: str  # as Discord's settings call it
    bit: int
    reason: str
    needed: bool = True
    threads: bool = False  # is about threads, which a voice channel does not have


PERMISSIONS = (
    Permission("View Channel", 10, "to see the channel that it posts in"),
    Permission("Send Messages", 11, "to post the day's papers"),
    Permission("Send Messages in Threads", 38, "to post in the thread of a day or of a discussion", threads=True),
    Permission("Create Public Threads", 35, "to open a day's thread, and a discussion under a paper", threads=True),
    Permission("Embed Links", 14, "to show papers as cards"),
    Permission("Read Message History", 16, "to find its own post again after a lost connection, and who reacted"),
    Permission("Add Reactions", 6, "to put a thumb under each card, so that voting takes one tap", needed=False),
    Permission("Manage Messages", 13, "to take a member's reaction away when they unvote by other means", needed=False),
    Permission("Pin Messages", 51, "to keep the next meeting's paper pinned", needed=False),
    Permission("Create Events", 44, "to put each meeting on the server's calendar", needed=False),
)

CONNECT = Permission("Connect", 20, "to read and write in the chat of a voice channel")  # asked for only there
MANAGE_THREADS = 34  # with it we may use a forum's tags that are for moderators


@dataclass(frozen=True, slots=True)
class Manifest:
    application: int  # 0: not known
    permissions: tuple[Permission, ...] = PERMISSIONS

    @property
    def bits(self) -> int:
        return sum(1 << permission.bit for permission in self.permissions)

    @property
    def url(self) -> str:
        """Opens Discord's own page, on which a server's owner agrees."""
        query = {
            "client_id": self.application or "YOUR_APPLICATION_ID",
            "permissions": self.bits,
            "scope": " ".join(SCOPES),
            "integration_type": 0,
        }
        return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def invite(application: int) -> Manifest:
    return Manifest(application)


def application_of(token: str) -> int:
    """A token begins with its application's id; 0 when this one does not."""
    first = token.strip().partition(".")[0]
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return 0
    return int(decoded) if decoded.isdecimal() else 0
