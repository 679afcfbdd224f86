"""The address of a search server in SEARCH_URL, taken apart and checked; nothing is asked of the server.

elasticsearch://[user:password@]host:port[,host:port…]/prefix[?option=value&…]      elasticsearch+https:// with TLS
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from search.engines.contract import UnknownEngineError

SCHEMES = {"elasticsearch": "http", "elasticsearch+https": "https"}
EXAMPLE = "elasticsearch://user:password@host:9200/prefix"
DEFAULT_PORT = 9200
# What a server allows in names of indexes and aliases, short enough for what is added to it.
PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
# Endings of our own aliases: with such a prefix two installations could take each other's index.
RESERVED_ENDINGS = ("-building", "-previous")
OPTIONS = ("ca", "verify", "timeout", "write_timeout", "shards", "replicas")
SWITCH = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
MAX_SECONDS = 300.0
MAX_COPIES = 100


@dataclass(frozen=True)
class Address:
    """Where the server is and how it is to be used."""

    hosts: tuple[str, ...]  # "https://host:port"
    prefix: str  # of all indexes and aliases
    user: str = ""
    password: str = ""
    ca: str = ""  # file with the certificates to trust, in PEM format; empty: those of the machine
    verify: bool = True  # False: any certificate will do
    timeout: float = 5.0  # seconds an answer may take
    write_timeout: float = 20.0  # seconds a write may take
    shards: int = 1  # one holds 100,000 documents and more
    replicas: int = 0  # copies of each shard on other nodes

    @property
    def is_encrypted(self) -> bool:
        return self.hosts[0].startswith("https:")


def parse(url: str) -> Address:
    """Take an address apart. Raises UnknownEngineError with a sentence for whoever set it; it repeats no password."""
    scheme, _mark, rest = url.partition("://")
    if scheme not in SCHEMES:
        raise UnknownEngineError(f"The address does not start with {' or '.join(f'{name}://' for name in SCHEMES)}.")
    place, _mark, query = rest.partition("?")
    location, _slash, prefix = place.partition("/")
    login, _at, hosts = location.rpartition("@")
    user, _colon, password = login.partition(":")
    if login and not (user and password):
        raise UnknownEngineError(f"A user needs a name and a password: {EXAMPLE}.")
    options = _options(query, is_encrypted=scheme.endswith("https"))
    return Address(
        hosts=tuple(_host(SCHEMES[scheme], host) for host in hosts.split(",")),
        prefix=_prefix(prefix.rstrip("/")),
        user=unquote(user),
        password=unquote(password),
        ca=_readable_ca(options.get("ca", "")),
        verify=_switch("verify", options.get("verify", "true")),
        timeout=_number(options, "timeout", Address.timeout, 0.05, MAX_SECONDS),
        write_timeout=_number(options, "write_timeout", Address.write_timeout, 0.05, MAX_SECONDS),
        shards=_whole(options, "shards", Address.shards, 1),
        replicas=_whole(options, "replicas", Address.replicas, 0),
    )


def _host(scheme: str, host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError:
        name, port = None, 0
    if not name or not re.fullmatch(r"[a-z0-9._:-]+", name):
        raise UnknownEngineError(f"{host!r} is no host with a port; write {EXAMPLE}.")
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"


def _prefix(prefix: str) -> str:
    if not PREFIX.fullmatch(prefix) or prefix.endswith(RESERVED_ENDINGS):
        raise UnknownEngineError(
            f"{prefix!r} cannot begin the names of indexes: write small letters, digits, - and _ after the host, "
            f"not ending in {' or '.join(RESERVED_ENDINGS)}, as in {EXAMPLE}."
        )
    return prefix


def _options(query: str, *, is_encrypted: bool) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise UnknownEngineError(f"Options are written ?{OPTIONS[0]}=…&{OPTIONS[2]}=…") from None
    for name, _value in pairs:
        if name not in OPTIONS:
            raise UnknownEngineError(f"The option {name!r} is unknown; there are {', '.join(OPTIONS)}.")
    options = dict(pairs)
    if not is_encrypted and options.keys() & {"ca", "verify"}:
        raise UnknownEngineError("Certificates are for elasticsearch+https:// only.")
    return options


def _readable_ca(path: str) -> str:
    if not path:
        return ""
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # also what is no certificate
        raise UnknownEngineError(f"ca={path} is no readable file with certificates: {error}.") from error
    return path


def _switch(name: str, value: str) -> bool:
    if value.lower() not in SWITCH:
        raise UnknownEngineError(f"{name}={value} has to be true or false.")
    return SWITCH[value.lower()]


def _number(options: Mapping[str, str], name: str, default: float, lowest: float, highest: float) -> float:
    text = options.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not lowest <= value <= highest:
        raise UnknownEngineError(f"{name}={text} has to be a number between {lowest:g} and {highest:g}.")
    return value


def _whole(options: Mapping[str, str], name: str, default: int, lowest: int) -> int:
    value = _number(options, name, default, lowest, MAX_COPIES)
    if value != int(value):
        raise UnknownEngineError(f"{name}={options[name]} has to be a whole number.")
    return int(value)
