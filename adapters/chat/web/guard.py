"""Who may come in: host names, cross-site requests, cookies, rates, headers. Knows no page and no command."""

import hashlib
import logging
import os
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from itsdangerous import BadSignature, Signer

from bot.errors import StartError, StoreLost
from bot.model import WebSettings

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Now = Callable[[], float]
ErrorPage = Callable[[web.Request, int], web.Response]

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
HOUR = 3600.0
PRESSES, PRESSES_A_SECOND = 90.0, 6.0  # from one network; a campus may have one address
NAMES = 20.0  # chosen from one network, at once and in an hour
MOST_PER_VISITOR = 20  # open pages
MOST_PER_NETWORK = 100
YEAR = 365 * 24 * 3600
KEY_BYTES = 32


# --- the signing key and the cookie


def read_key(path: Path) -> bytes:
    """The signing key, made on first use: readable by its owner only, and whole or not there. Raises StartError."""
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise StartError(f"the web page's signing key {path} can't be used ({error.strerror})") from error
    if len(key) < KEY_BYTES:
        raise StartError(
            f"{path} is not a signing key; delete it and a new one is made (members pick their names anew)"
        )
    return key


def _make_key(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike a rename, never replaces the key of a process that was faster
    except FileExistsError:
        pass
    finally:
        draft.unlink()


class Passports:
    """Tells visitors apart by a signed cookie. A cookie that does not verify is no cookie."""

    PLAIN, SECURE = "paperclub", "__Host-paperclub"
    ACCOUNT = re.compile(r"web:[0-9a-f]{32}")

    def __init__(self, key: bytes) -> None:
        self._signer = Signer(key, salt="paperclub.web.account", digest_method=hashlib.sha256)

    def account(self, request: web.BaseRequest) -> str:
        """ "" for a visitor whom we do not know."""
        signed = request.cookies.get(self.SECURE) or request.cookies.get(self.PLAIN, "")
        try:
            account = self._signer.unsign(signed).decode()
        except (BadSignature, UnicodeError):
            return ""
        return account if self.ACCOUNT.fullmatch(account) else ""

    def new_account(self) -> str:
        return f"web:{secrets.token_hex(16)}"

    def stamp(self, request: web.BaseRequest, response: web.StreamResponse, account: str) -> None:
        """Gives the account its cookie, good for another year."""
        secure = is_https(request)
        response.set_cookie(
            self.SECURE if secure else self.PLAIN,
            self._signer.sign(account).decode(),
            max_age=YEAR,
            path="/",
            httponly=True,
            secure=secure,
            samesite="Lax",
        )


class Tickets:
    """Addresses that are nobody else's to guess: a member's number, signed for one group."""

    def __init__(self, key: bytes, purpose: str) -> None:
        self._key, self._purpose = key, purpose

    def write(self, group: str, member: int) -> str:
        return self._signer(group).sign(str(member)).decode()

    def read(self, group: str, ticket: str) -> int | None:
        """None for what we did not sign."""
        try:
            return int(self._signer(group).unsign(ticket))
        except (BadSignature, ValueError):
            return None

    def _signer(self, group: str) -> Signer:
        return Signer(self._key, salt=f"paperclub.web.{self._purpose}.{group}", digest_method=hashlib.sha256)


def is_https(request: web.BaseRequest) -> bool:
    """Also behind a proxy that ends TLS. Who lies here only spoils a cookie of their own."""
    claims = (request.headers.get("X-Forwarded-Proto", ""), urlsplit(request.headers.get("Origin", "")).scheme)
    return request.secure or "https" in claims


# --- may this request come in?


def host_name(host: str) -> str:
    """The name in a Host header, without the port: `[::1]:80` → `::1`."""
    bracketed = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::\d*)?", host)
    return bracketed[1] if bracketed else re.sub(r":\d*$", "", host).rstrip(".").lower()


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether an unsafe request comes from our own page, or from no page at all (curl). The algorithm of Go's
    http.CrossOriginProtection: browsers set these headers and no page can forge them."""
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers.get("Host", "").lower() != ""
    except ValueError:
        return False


Address = IPv4Address | IPv6Address


class Proxies:
    """Whose word on visitors' addresses is taken: a proxy's on this machine, and of those that are configured."""

    def __init__(self, configured: Sequence[str] = ()) -> None:
        self._trusted = [*LOOPBACK, *(ip_network(network, strict=False) for network in configured)]

    def client(self, peer: str, forwarded: str = "") -> str:
        """The visitor's address: the last that no trusted proxy has, since anybody may write what stands before. Nobody
        comes from this machine by way of another."""
        passed = [*(part.strip() for part in forwarded.split(",") if part.strip()), peer]
        elsewhere = ""
        while len(passed) > 1 and self._is_trusted(passed[-1]):
            hop = passed.pop()
            elsewhere = elsewhere if is_loopback(hop) else hop
        return (elsewhere if elsewhere and is_loopback(passed[-1]) else passed[-1])[:64]

    def _is_trusted(self, address: str) -> bool:
        found = read_address(address)
        return found is not None and any(found in network for network in self._trusted)


def read_address(text: str) -> Address | None:
    """Without a port or zone, and IPv4 in IPv6's clothes as what it is."""
    for bare in (text.partition("%")[0], host_name(text)):
        with suppress(ValueError):
            address = ip_address(bare)
            return getattr(address, "ipv4_mapped", None) or address
    return None


def network_of(address: str) -> str:
    """What a visitor has one of: an IPv4 address, or an IPv6 /64, in which anybody has all addresses."""
    found = read_address(address)
    if found is None or found.version == 4:
        return str(found or address)
    return str(ip_network((found, 64), strict=False))


def is_loopback(address: str) -> bool:
    found = read_address(address)
    return found is not None and found.is_loopback


class Buckets:
    """A token bucket per key: `burst` at once, `rate` a second in the long run."""

    MOST_KEYS = 10_000

    def __init__(self, burst: float = 30, rate: float = 2, now: Now = time.monotonic) -> None:
        self._burst, self._rate, self._now = burst, rate, now
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def take(self, key: str) -> bool:
        now = self._now()
        level, since = self._levels.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - since) * self._rate)
        is_free = level >= 1
        self._levels[key] = (level - 1 if is_free else level, now)
        if len(self._levels) > self.MOST_KEYS:
            self._levels.popitem(last=False)
        return is_free


class Guard:
    """The gate before every route. A cookie costs nothing, so what an address may do is limited beside what an account
    may; but not on this machine itself."""

    def __init__(self, settings: WebSettings, passports: Passports, error_page: ErrorPage, now: Now) -> None:
        self._is_open = bool(settings.allowed_hosts)
        self._hosts = LOCAL_NAMES | {host_name(host) for host in settings.allowed_hosts}
        self._passports = passports
        self._error_page = error_page
        self._proxies = Proxies(settings.proxies)
        self._buckets = Buckets(now=now)
        self._networks = Buckets(burst=PRESSES, rate=PRESSES_A_SECOND, now=now)
        self._names = Buckets(burst=NAMES, rate=NAMES / HOUR, now=now)

    def _client(self, request: web.BaseRequest) -> str:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        return self._proxies.client(request.remote or "", ",".join(forwarded))

    def network(self, request: web.BaseRequest) -> str:
        """Where the visitor comes from; "" from this machine itself."""
        client = self._client(request)
        is_here = host_name(request.headers.get("Host", "")) in LOCAL_NAMES and is_loopback(client)
        return "" if is_here else network_of(client)

    def is_outside(self, request: web.BaseRequest) -> bool:
        """Whether anybody may come in that way, so that who chooses a name has to be invited."""
        return self._is_open or bool(self.network(request))

    def may_choose_name(self, request: web.BaseRequest) -> bool:
        network = self.network(request)
        return not network or self._names.take(network)

    def seats(self, request: web.BaseRequest) -> Mapping[str, int]:
        """Of which the visitor takes one, and how many there are: of the account's, and of their network's."""
        network, account = self.network(request), self._passports.account(request)
        own = account or ("" if network else self._client(request))
        limits = {own: MOST_PER_VISITOR, f"from {network}": MOST_PER_NETWORK}
        return {key: most for key, most in limits.items() if key not in ("", "from ")}

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self._admit(request)
            return await handler(request)
        except web.HTTPException as refusal:
            if refusal.status < 400:
                raise
            return self._refuse(request, refusal)
        except ConnectionError:
            raise  # the visitor left
        except StoreLost:  # the store has told the log
            return self._error_page(request, 500)
        except Exception:
            # aiohttp would answer too, but without our headers and not in our words
            log.exception("%s %s", request.method, request.path)
            return self._error_page(request, 500)

    def _admit(self, request: web.Request) -> None:
        if host_name(request.headers.get("Host", "")) not in self._hosts:
            raise web.HTTPMisdirectedRequest
        if request.method in SAFE_METHODS:
            return
        if not is_same_origin(request.headers):
            raise web.HTTPForbidden
        network = self.network(request)
        visitor = self._passports.account(request) or network or self._client(request)
        if not self._buckets.take(visitor) or (network and not self._networks.take(network)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "5"})

    def _refuse(self, request: web.Request, refusal: web.HTTPException) -> web.Response:
        page = self._error_page(request, refusal.status)
        for name in ("Allow", "Retry-After"):
            if name in refusal.headers:
                page.headers[name] = refusal.headers[name]
        return page


async def add_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """For `on_response_prepare`, so that streams have them too."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.pop("Server", None)
