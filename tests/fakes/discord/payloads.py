"""What exists, as the JSON that Discord sends. Decides nothing, but leaves out what the reader may not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.discord import permissions
from tests.fakes.discord.clock import iso
from tests.fakes.discord.model import HAS_THREAD, Channel, Message, Role, ScheduledEvent, User
from tests.fakes.discord.refusals import Json

if TYPE_CHECKING:
    from tests.fakes.discord.guilds import Guild
    from tests.fakes.discord.people import Member

VOICE = {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
NOBODYS = {"accent_color": None, "avatar_decoration_data": None, "collectibles": None, "primary_guild": None}


def user(who: User) -> Json:
    return {
        "id": str(who.id),
        "username": who.name if who.is_bot else who.name.lower().replace(" ", "_"),
        "global_name": None if who.is_bot else who.name,
        "discriminator": "0001" if who.is_bot else "0",
        "avatar": None,
        "banner": None,
        "bot": who.is_bot,
        "flags": 0,
        "public_flags": 0,
        **NOBODYS,
    }


def member_without_user(who: Member) -> Json:
    return {
        "avatar": None,
        "banner": None,
        "collectibles": None,
        "avatar_decoration_data": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": iso(who.joined),
        "nick": who.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role.id) for role in who.roles],
        "mute": False,
        "deaf": False,
    }


def member(who: Member) -> Json:
    return {"user": user(who.user), **member_without_user(who)}


def role(of: Role) -> Json:
    return {
        "id": str(of.id),
        "name": of.name,
        "permissions": str(of.permissions),
        "position": of.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": bool(of.of_bot),
        "mentionable": of.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        **({"tags": {"bot_id": str(of.of_bot)}} if of.of_bot else {}),
    }


def channel(of: Channel) -> Json:
    if of.guild is None:
        recipients = [user(of.recipient)] if of.recipient else []
        return {"id": str(of.id), "type": of.kind, "flags": 0, "last_message_id": _last(of), "recipients": recipients}
    return thread(of) if of.is_thread else _guild_channel(of)


def _guild_channel(of: Channel) -> Json:
    overwrites = [
        {"id": str(id), "type": found.kind, "allow": str(found.allow), "deny": str(found.deny)}
        for id, found in of.overwrites.items()
    ]
    return {
        "id": str(of.id),
        "type": of.kind,
        "guild_id": str(of.guild.id) if of.guild else "",
        "name": of.name,
        "topic": of.topic,
        "position": of.position,
        "parent_id": None,
        "nsfw": False,
        "flags": (1 << 4) if of.requires_tag else 0,
        "rate_limit_per_user": 0,
        "last_message_id": _last(of),
        **({"last_pin_timestamp": iso(of.last_pin)} if of.last_pin else {}),
        "permission_overwrites": overwrites,
        **(_forum(of) if of.is_forum else {}),
        **(VOICE if of.is_voice else {}),
    }


def _forum(of: Channel) -> Json:
    tags = [
        {"id": str(tag.id), "name": tag.name, "moderated": tag.moderated, "emoji_id": None, "emoji_name": None}
        for tag in of.tags
    ]
    return {
        "available_tags": tags,
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "default_tag_setting": "match_some",
        "default_thread_rate_limit_per_user": 0,
    }


def thread(of: Channel) -> Json:
    count = len(of.messages)
    return {
        "id": str(of.id),
        "type": of.kind,
        "guild_id": str(of.guild.id) if of.guild else "",
        "parent_id": str(of.parent.id) if of.parent else None,
        "owner_id": str(of.owner.id) if of.owner else "0",
        "name": of.name,
        "flags": 0,
        "rate_limit_per_user": 0,
        **VOICE,
        "last_message_id": _last(of),
        "message_count": count,
        "total_message_sent": of.sent,
        "member_count": min(len(of.joined), 50),
        "thread_metadata": {
            "archived": of.is_archived,
            "archive_timestamp": iso(of.archived_at or of.created),
            "auto_archive_duration": of.auto_archive_minutes,
            "locked": of.is_locked,
            "create_timestamp": iso(of.created),
        },
        **({"applied_tags": [str(tag) for tag in of.applied]} if of.parent and of.parent.is_forum else {}),
    }


def thread_member(of: Channel, who: User) -> Json:
    return {"id": str(of.id), "user_id": str(who.id), "join_timestamp": iso(of.created), "flags": 1}


def _last(of: Channel) -> str | None:
    return str(max(of.history)) if of.history else None


def message(of: Message, me: User, *, with_content: bool = True, is_new: bool = False) -> Json:
    """`me` is the bot that reads it, for "me" of reactions. Without content it is as for an app without the intent.

    The nonce is told only while the message is new: who reads it later does not find it there.
    """
    hidden: Json = {} if with_content else {"content": "", "embeds": [], "components": [], "attachments": []}
    found = {
        "id": str(of.id),
        "channel_id": str(of.channel.id),
        "type": of.kind,
        "author": user(of.author),
        "content": of.content,
        "embeds": of.embeds,
        "components": of.components,
        "attachments": of.attachments,
        **mentions(of),
        "timestamp": iso(of.created),
        "edited_timestamp": iso(of.edited),
        "flags": of.flags | (HAS_THREAD if of.thread else 0),
        "pinned": of.pinned_at is not None,
        "tts": False,
        **_references(of, me, with_content=with_content),
        **({"nonce": of.nonce} if is_new and of.nonce is not None else {}),
        **({"thread": thread(of.thread)} if of.thread else {}),
        **({"reactions": _reactions(of, me)} if of.reacted or of.super_reacted else {}),
        **({"poll": of.poll} if of.poll and with_content else {}),
        **({"interaction_metadata": of.interaction} if of.interaction else {}),
        **({"webhook_id": str(of.author.id)} if of.interaction else {}),
        **({"application_id": str(of.author.id)} if of.interaction else {}),
    }
    return found | hidden


def _references(of: Message, me: User, *, with_content: bool) -> Json:
    if of.reference is None:
        return {}
    earlier = of.replies_to
    shown = message(earlier, me, with_content=with_content) if earlier and not earlier.is_deleted else None
    if shown:
        shown.pop("referenced_message", None)
    return {"message_reference": of.reference, "referenced_message": shown}


def mentions(of: Message) -> Json:
    """Whom the message names, as far as it was allowed to."""
    everyone, users, roles = of.channel.world.named_in(of)
    return {
        "mention_everyone": everyone,
        "mentions": [user(who) for who in users],
        "mention_roles": [str(found.id) for found in roles],
    }


def emoji(key: str) -> Json:
    name, _, id = key.partition(":")
    return {"id": id or None, "name": name}


def _reactions(of: Message, me: User) -> list[Json]:
    return [
        {
            "emoji": emoji(key),
            "count": len(users) + len(supers),
            "count_details": {"burst": len(supers), "normal": len(users)},
            "burst_colors": [],
            "me": me.id in users,
            "me_burst": me.id in supers,
        }
        for key, users, supers in (
            (key, of.reacted.get(key, {}), of.super_reacted.get(key, {})) for key in {**of.reacted, **of.super_reacted}
        )
        if users or supers
    ]


def event(of: ScheduledEvent) -> Json:
    location = of.data.get("location")
    return {
        "id": str(of.id),
        "guild_id": str(of.guild.id),
        "channel_id": of.data.get("channel_id"),
        "creator_id": str(of.creator.id),
        "creator": user(of.creator),
        "name": of.data["name"],
        "description": of.data.get("description"),
        "image": None,
        "scheduled_start_time": of.data["scheduled_start_time"],
        "scheduled_end_time": of.data.get("scheduled_end_time"),
        "privacy_level": 2,
        "status": of.status,
        "entity_type": of.data["entity_type"],
        "entity_id": None,
        "entity_metadata": {"location": location} if location else None,
        "recurrence_rule": of.data.get("recurrence_rule"),
        "guild_scheduled_event_exceptions": [],
    }


def guild(of: Guild) -> Json:
    """What a read by REST and a GUILD_CREATE have in common."""
    return {
        **dict.fromkeys(("icon", "description", "home_header", "splash", "discovery_splash", "banner")),
        **dict.fromkeys(("application_id", "afk_channel_id", "system_channel_id", "widget_channel_id")),
        **dict.fromkeys(("vanity_url_code", "rules_channel_id", "safety_alerts_channel_id", "max_presences")),
        **dict.fromkeys(("public_updates_channel_id", "incidents_data")),
        "id": str(of.id),
        "name": of.name,
        "features": ["COMMUNITY", "NEWS"],
        "owner_id": str(of.owner.user.id),
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 1,
        "roles": [role(found) for found in of.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 2,
        "max_members": 25_000_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": of.locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
    }


def guild_create(of: Guild, me: User, *, with_members: bool) -> Json:
    seen = [found for found in of.channels.values() if found.may(me, "view_channel")]
    open_threads = [found for found in of.threads.values() if not found.is_archived and found.may(me, "view_channel")]
    return {
        **guild(of),
        "joined_at": iso(of.bot.joined),
        "large": False,
        "unavailable": False,
        "member_count": len(of.members),
        "members": [member(found) for found in of.members.values() if with_members or found.user is me],
        "channels": [channel(found) for found in seen],
        "threads": [thread(found) for found in open_threads],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "soundboard_sounds": [],
        "guild_scheduled_events": [event(found) for found in of.events.values() if found.is_open],
    }


def permission_names(of: Member) -> set[str]:
    return permissions.names(of.base_permissions)
