"""Permission names and their bits. Who has which is computed by the channels."""

from collections.abc import Iterable
from typing import Final

BITS: Final = {
    "create_instant_invite": 0,
    "kick_members": 1,
    "ban_members": 2,
    "administrator": 3,
    "manage_channels": 4,
    "manage_guild": 5,
    "add_reactions": 6,
    "view_audit_log": 7,
    "priority_speaker": 8,
    "stream": 9,
    "view_channel": 10,
    "send_messages": 11,
    "send_tts_messages": 12,
    "manage_messages": 13,
    "embed_links": 14,
    "attach_files": 15,
    "read_message_history": 16,
    "mention_everyone": 17,
    "use_external_emojis": 18,
    "view_guild_insights": 19,
    "connect": 20,
    "speak": 21,
    "mute_members": 22,
    "deafen_members": 23,
    "move_members": 24,
    "use_vad": 25,
    "change_nickname": 26,
    "manage_nicknames": 27,
    "manage_roles": 28,
    "manage_webhooks": 29,
    "manage_guild_expressions": 30,
    "use_application_commands": 31,
    "request_to_speak": 32,
    "manage_events": 33,
    "manage_threads": 34,
    "create_public_threads": 35,
    "create_private_threads": 36,
    "use_external_stickers": 37,
    "send_messages_in_threads": 38,
    "use_embedded_activities": 39,
    "moderate_members": 40,
    "create_guild_expressions": 43,
    "create_events": 44,
    "use_external_sounds": 45,
    "send_voice_messages": 46,
    "send_polls": 49,
    "use_external_apps": 50,
    "pin_messages": 51,
}
ALL: Final = sum(1 << bit for bit in BITS.values())

# What a new server gives to @everyone, mentions included: what pings by accident must really ping here.
EVERYONE: Final = frozenset(
    {
        *("view_channel", "send_messages", "embed_links", "attach_files", "read_message_history", "add_reactions"),
        *("mention_everyone", "use_external_emojis", "use_application_commands", "change_nickname"),
        *("create_public_threads", "create_private_threads", "send_messages_in_threads", "send_polls"),
        *("create_instant_invite", "connect", "speak", "stream", "use_vad"),
    }
)
# What the bot's own role adds, as an invite link would ask for it.
USUAL_FOR_BOTS: Final = frozenset({"manage_messages", "pin_messages", "create_events"})


def bits(names: Iterable[str]) -> int:
    total = 0
    for name in names:
        total |= 1 << BITS[name]
    return total


def names(value: int) -> set[str]:
    return {name for name, bit in BITS.items() if value >> bit & 1}
