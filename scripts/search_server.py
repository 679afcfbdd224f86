"""Run a real Elasticsearch on this machine for development, tests and measurements: one node, or a cluster of some.

Fetched once into var/search-server, it runs in a folder that goes when it stops, and listens on 127.0.0.1 only. Needs
Maven and a JDK 21 or newer. Not for production: nothing is kept, and a full disk is not noticed.
"""

import argparse
import base64
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.search_node import (
    HEAP,
    QUICK_START,
    VERSION,
    Account,
    Node,
    ServerError,
    as_unprivileged,
    distribution,
    environment,
    hand_over,
    java_home,
)

# A node answers after 8 to 15 seconds; a busy machine with three of them takes longer.
START_SECONDS = 180
PREFIX = "platform"
# What the account of production may do: as `compose.yaml` gives it to the server.
ROLES = Path(__file__).resolve().parents[1] / "search" / "engines" / "elasticsearch_roles.yml"
ROLE = "platform"
# It protects a throw-away key in a throw-away folder.
KEYSTORE_PASSWORD = "throw-away"  # noqa: S105


class Cluster:
    """Nodes that know each other. Entering starts them, leaving stops them and removes everything they wrote."""

    def __init__(
        self,
        nodes: int = 1,
        *,
        port: int = 0,
        account: Account | None = None,
        tls: bool = False,
        heap: str = HEAP,
        is_quick: bool = False,
    ) -> None:
        """`is_quick`: it starts sooner and works slower; not for measurements."""
        self.size = nodes
        self.port = port
        self.account = account
        self.tls = tls
        self.options = f"-Xms{heap} -Xmx{heap} {QUICK_START if is_quick else ''}"
        self.nodes: list[Node] = []
        self.folder = Path()

    def __enter__(self) -> "Cluster":
        archive, java = distribution(), java_home()
        self.folder = Path(tempfile.mkdtemp(prefix="search-server-"))
        try:
            with zipfile.ZipFile(archive) as zipped:
                zipped.extractall(self.folder)
            self._prepare(self.folder / f"elasticsearch-{VERSION}", java)
            for node in self.nodes:
                node.start()
            self.wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        for node in self.nodes:
            node.signal(signal.SIGCONT)
            node.signal(signal.SIGTERM)
        for node in self.nodes:
            node.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, prefix: str = PREFIX, options: str = "") -> str:
        """The SEARCH_URL of this cluster."""
        scheme = "elasticsearch+https" if self.tls else "elasticsearch"
        login = f"{self.account.user}:{self.account.password}@" if self.account else ""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        asked = "&".join(filter(None, (f"ca={self.certificate}" if self.tls else "", options)))
        return f"{scheme}://{login}{hosts}/{prefix}{'?' if asked else ''}{asked}"

    @property
    def certificate(self) -> Path:
        """What a client has to trust with TLS, in PEM format."""
        return self.folder / "certificate.pem"

    def wait(self, nodes: int | None = None, seconds: float = START_SECONDS) -> None:
        """Return when so many nodes (all of them) form a cluster that answers. Raises ServerError after the time."""
        expected = self.size if nodes is None else nodes
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            running = [node for node in self.nodes if node.process is not None]
            for node in running:
                if node.process is not None and node.process.poll() is not None:
                    raise ServerError(f"{node.name} ended:\n{node.log()}")
            path = f"/_cluster/health?wait_for_nodes={expected}&wait_for_status=yellow&timeout=1s"
            if running and all(self._answers(node, path) for node in running):
                return
            time.sleep(0.2)
        raise ServerError(f"The search server did not answer within {seconds:.0f} s:\n{self.nodes[0].log()}")

    def _answers(self, node: Node, path: str) -> bool:
        request = urllib.request.Request(f"{'https' if self.tls else 'http'}://127.0.0.1:{node.port}{path}")
        if self.account:
            login = base64.b64encode(f"{self.account.user}:{self.account.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {login}")
        trusted = ssl.create_default_context(cafile=str(self.certificate)) if self.tls else None
        try:
            with urllib.request.urlopen(request, timeout=5, context=trusted) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _prepare(self, home: Path, java: Path) -> None:
        for program in (home / "bin").iterdir():
            program.chmod(0o755)
        ports = free_ports(2 * self.size)
        https, transports = ports[: self.size], ports[self.size :]
        if self.port:
            https = [self.port + position for position in range(self.size)]
        if self.tls:
            self._make_certificate(java)
        for position, port in enumerate(https):
            folder = self.folder / f"node-{position + 1}"
            shutil.copytree(home / "config", folder / "config")
            for name in ("tmp", "logs", "data"):
                (folder / name).mkdir()
            settings = self._settings(folder, port, transports, position)
            (folder / "config" / "elasticsearch.yml").write_text("\n".join(settings) + "\n")
            if self.tls:
                shutil.copy(self.folder / "http.p12", folder / "config")
            self.nodes.append(Node(folder.name, folder, home, port, self.options))
        hand_over(self.folder)
        if self.account:
            self._add_account(home, self.account)

    def _settings(self, folder: Path, port: int, transports: Sequence[int], position: int) -> list[str]:
        if self.size == 1:
            discovery = ["discovery.type: single-node"]
        else:
            seeds = [f"127.0.0.1:{other}" for other in transports]
            names = [f"node-{number + 1}" for number in range(self.size)]
            # JSON is YAML.
            discovery = [
                f"discovery.seed_hosts: {json.dumps(seeds)}",
                f"cluster.initial_master_nodes: {json.dumps(names)}",
            ]
        encryption = [
            "xpack.security.http.ssl.enabled: true",
            "xpack.security.http.ssl.keystore.path: http.p12",
            f"xpack.security.http.ssl.keystore.password: {KEYSTORE_PASSWORD}",
        ]
        return [
            f"cluster.name: {PREFIX}",
            f"node.name: {folder.name}",
            f"path.data: {folder / 'data'}",
            f"path.logs: {folder / 'logs'}",
            "network.host: 127.0.0.1",
            f"http.port: {port}",
            f"transport.port: {transports[position]}",
            *discovery,
            # A developer's disk may be nearly full; the server would refuse every write.
            "cluster.routing.allocation.disk.threshold_enabled: false",
            f"xpack.security.enabled: {'true' if self.account or self.tls else 'false'}",
            *(encryption if self.tls else []),
        ]

    def _make_certificate(self, java: Path) -> None:
        keytool, store = str(java / "bin" / "keytool"), str(self.folder / "http.p12")
        access = ["-keystore", store, "-storepass", KEYSTORE_PASSWORD, "-alias", "http"]
        subject = ["-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1"]
        key = ["-keyalg", "EC", "-storetype", "PKCS12", "-validity", "30"]
        subprocess.run([keytool, "-genkeypair", *access, *subject, *key], check=True, capture_output=True)
        export = [keytool, "-exportcert", "-rfc", *access, "-file", str(self.certificate)]
        subprocess.run(export, check=True, capture_output=True)

    def _add_account(self, home: Path, account: Account) -> None:
        for node in self.nodes:
            shutil.copy(ROLES, node.folder / "config" / "roles.yml")
        hand_over(self.folder)
        first = self.nodes[0].folder
        command = [str(home / "bin" / "elasticsearch-users"), "useradd", account.user]
        command += ["-p", account.password, "-r", ROLE]
        done = subprocess.run(
            command,
            cwd=first,
            env=environment(first),
            capture_output=True,
            text=True,
            check=False,
            **as_unprivileged(),
        )
        if done.returncode:
            raise ServerError(f"The account could not be made: {done.stdout}{done.stderr}")
        for node in self.nodes[1:]:
            for name in ("users", "users_roles"):
                shutil.copy(first / "config" / name, node.folder / "config" / name)
        hand_over(self.folder)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for listening in sockets:
            listening.bind(("127.0.0.1", 0))
        return [int(listening.getsockname()[1]) for listening in sockets]


# --- command ----------------------------------------------------------------------------------------------------------


def _input_ends(seconds: float) -> bool:
    """Wait so long for the end of standard input: who shares the server holds the other end open, and may be killed."""
    readable, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1024)


@contextlib.contextmanager
def _until_told() -> Iterator[None]:
    """SIGTERM ends the program as Ctrl+C does, so that everything is cleaned up."""

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    with contextlib.suppress(KeyboardInterrupt):
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--nodes", type=int, default=1, help="how many, default 1")
    parser.add_argument("--port", type=int, default=9200, help="of the first node, the others count up; 0: free ones")
    parser.add_argument("--user", default="", help="with --password: the server asks for them")
    parser.add_argument("--password", default="", help="at least six characters")
    parser.add_argument("--tls", action="store_true", help="encrypted, with a certificate of its own")
    parser.add_argument("--heap", default=HEAP, help=f"memory of each node, default {HEAP}")
    parser.add_argument("--quick", action="store_true", help="it starts sooner and works slower: for tests")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    options = parser.parse_args()
    account = Account(options.user, options.password) if options.user else None
    with _until_told():
        try:
            with Cluster(
                options.nodes,
                port=options.port,
                account=account,
                tls=options.tls,
                heap=options.heap,
                is_quick=options.quick,
            ) as cluster:
                print(f"SEARCH_URL={cluster.url()}", flush=True)
                print("Ctrl+C stops it and removes everything it wrote.", flush=True)
                while all(node.process and node.process.poll() is None for node in cluster.nodes):
                    if not options.until_eof:
                        time.sleep(0.5)
                    elif _input_ends(0.5):
                        return
                raise ServerError("\n".join(node.log() for node in cluster.nodes))
        except ServerError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
