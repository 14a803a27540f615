"""Starts `cargo lab` as a student would, and runs a cell in the kernel that it offers.

Run with the lab's own Python, which has what talks to JupyterLab.
"""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import requests
import websocket

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = "notebooks/01-mutual-information.ipynb"
SECOND_START_LIMIT = 10  # seconds until the server answers, once all is set up
KERNEL_LIMIT = 300


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """A running `cargo lab`."""

    def __init__(self):
        port = free_port()
        start = time.monotonic()
        # At a terminal, as a student is: Jupyter minds Ctrl-C only there.
        self.terminal, stdin = pty.openpty()
        self.process = subprocess.Popen(
            ["cargo", "lab", "--no-browser", "--port", str(port)], cwd=ROOT, stdin=stdin
        )
        runtime = ROOT / "target/lab/jupyter/runtime" / f"jpserver-{self.process.pid}.json"
        while True:
            try:
                token = json.loads(runtime.read_text())["token"]
                self.address = f"127.0.0.1:{port}"
                self.headers = {"Authorization": f"token {token}"}
                self.get("status")
                break
            except (OSError, ValueError, requests.ConnectionError):
                assert self.process.poll() is None, "cargo lab ended"
                time.sleep(0.05)
        self.start_time = time.monotonic() - start

    def get(self, what):
        answer = requests.get(f"http://{self.address}/api/{what}", headers=self.headers, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def start_session(self):
        wish = {"path": NOTEBOOK, "name": "", "type": "notebook", "kernel": {"name": "rust"}}
        answer = requests.post(
            f"http://{self.address}/api/sessions", headers=self.headers, json=wish, timeout=60
        )
        answer.raise_for_status()
        return answer.json()["kernel"]["id"]

    def execute(self, kernel, code):
        """What the cell puts out, as text."""
        channel = websocket.create_connection(
            f"ws://{self.address}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}",
            header=[f"Authorization: {self.headers['Authorization']}"],
            timeout=KERNEL_LIMIT,
        )
        message_id = uuid.uuid4().hex
        header = {"msg_id": message_id, "msg_type": "execute_request", "session": uuid.uuid4().hex,
                  "username": "", "version": "5.3", "date": ""}
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": True}
        channel.send(json.dumps({"channel": "shell", "header": header, "parent_header": {},
                                 "metadata": {}, "content": content}))
        outputs = []
        while True:
            message = json.loads(channel.recv())
            if message["parent_header"].get("msg_id") != message_id:
                continue
            content = message["content"]
            if message["msg_type"] == "execute_result":
                outputs.append(content["data"].get("text/plain", ""))
            elif message["msg_type"] in ("stream", "error"):
                outputs.append(content.get("text") or content["evalue"])
            elif content.get("execution_state") == "idle":
                channel.close()
                return "".join(outputs).strip()

    def stop(self):
        """Ctrl-C, after which nothing of it may run on."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)


def running_kernels():
    """The processes of this project's kernel."""
    program = str(ROOT / "target/kernel/mutinfo-kernel")
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and os.readlink(process / "exe") == program:
                found.append(process.name)
        except OSError:
            pass  # it ended meanwhile
    return found


def main():
    lab = Lab()
    specs = lab.get("kernelspecs")["kernelspecs"]
    assert specs["rust"]["spec"]["display_name"] == "Rust (mutinfo)", specs
    refused = requests.get(f"http://{lab.address}/api/sessions", timeout=60)
    assert refused.status_code == 403, "the server answers without its token"

    start = time.monotonic()
    output = lab.execute(lab.start_session(), "let answer = 6 * 7; answer")
    assert output == "42", output
    print(f"a cell answered {time.monotonic() - start:.1f} s after its kernel was asked for")
    lab.stop()
    assert not running_kernels(), f"kernels run on: {running_kernels()}"

    lab = Lab()
    print(f"the second start answered after {lab.start_time:.1f} s")
    lab.stop()
    assert lab.start_time < SECOND_START_LIMIT, "the second start is too slow"


if __name__ == "__main__":
    sys.exit(main())
