"""Which word of two stands, where sources speak of one paper. Pure."""

from dataclasses import replace

from bot.model import Paper


def merge(old: Paper, new: Paper) -> Paper:
    """The later word where it says something; an outdated version of the paper only fills gaps."""
    upvotes = old.upvotes if new.upvotes is None else new.upvotes
    if new.version and old.version and new.version < old.version:
        old, new = new, old
    return Paper(
        key=new.key,
        title=new.title or old.title,
        abstract=new.abstract or old.abstract,
        authors=new.authors or old.authors,
        published=new.published or old.published,
        version=new.version or old.version,
        url=new.url or old.url,
        upvotes=upvotes,
        links=new.links or old.links,
        origin=new.origin if new.abstract else old.origin,
    )


def says_more(old: Paper, new: Paper) -> bool:
    """More than other upvotes."""
    return replace(new, upvotes=old.upvotes) != old
