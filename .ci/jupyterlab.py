"""Starts `cargo lab` as a student would, runs a cell in the kernel that it offers, and restarts it.
Given a number, it also kills processes at so many random moments: nothing may run on, and the next
start must work.

Run with the lab's own Python, which has what talks to JupyterLab.
"""

import json
import os
import pty
import random
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import requests
import websocket
from jupyter_client import BlockingKernelClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = "notebooks/01-mutual-information.ipynb"
SECOND_START_LIMIT = 10  # seconds until the server answers, once all is set up
HEART_LIMIT = 10
KERNEL_LIMIT = 300


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class KernelDied(Exception):
    """Jupyter says so, and starts another one."""


class CellFailed(Exception):
    """A cell ends with an error."""


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

    def restart(self, kernel):
        answer = requests.post(
            f"http://{self.address}/api/kernels/{kernel}/restart", headers=self.headers, timeout=60
        )
        answer.raise_for_status()

    def execute_again(self, kernel, code):
        """What the cell puts out, if need be after what was killed has been noticed."""
        for _ in range(20):
            try:
                return self.execute(kernel, code, limit=60)
            except KernelDied:
                pass
            except CellFailed as failure:
                # It was on its way when the kernel ended, and says so.
                assert re.search("the kernel ended|was killed", str(failure)), failure
            except (OSError, websocket.WebSocketException):
                time.sleep(1)
        sys.exit("the kernel does not come back")

    def execute(self, kernel, code, limit=KERNEL_LIMIT):
        """What the cell puts out, as text."""
        channel = websocket.create_connection(
            f"ws://{self.address}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}",
            header=[f"Authorization: {self.headers['Authorization']}"],
            timeout=limit,
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
            state = message["content"].get("execution_state")
            if state in ("restarting", "autorestarting", "dead"):
                channel.close()
                raise KernelDied
            if message["parent_header"].get("msg_id") != message_id:
                continue
            content = message["content"]
            if message["msg_type"] == "execute_result":
                outputs.append(content["data"].get("text/plain", ""))
            elif message["msg_type"] == "stream":
                outputs.append(content["text"])
            elif message["msg_type"] == "error":
                channel.close()
                raise CellFailed(content["evalue"])
            elif content.get("execution_state") == "idle":
                channel.close()
                return "".join(outputs).strip()

    def stop(self):
        """Ctrl-C, after which nothing of it may run on."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)


PROGRAMS = {
    str(ROOT / "target/kernel/mutinfo-kernel"): "kernel",
    str(ROOT / "target/debug/mutinfo-lab"): "front",
}


def running():
    """This project's kernels, spares and fronts: (what, process number), the oldest first."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit():
                what = PROGRAMS.get(os.readlink(process / "exe"))
                arguments = (process / "cmdline").read_text().split("\0")
                if what and "/lab/spares/" in " ".join(arguments) and spare_waits(arguments):
                    what = "spare"
                if what:
                    found.append((what, int(process.name)))
        except OSError:
            pass  # it ended meanwhile
    return sorted(found, key=lambda process: process[1])


def spare_waits(arguments):
    """Whether nobody has taken it: then its file is still there."""
    return any(Path(argument).is_file() for argument in arguments if "/lab/spares/" in argument)


def wait_until_gone(why):
    for _ in range(200):
        if not running():
            return
        time.sleep(0.1)
    sys.exit(f"after {why} there still are {running()}")


def wait_for_spare():
    """Until a spare waits and answers, which it does once it is warm."""
    spares = ROOT / "target/lab/spares"
    for _ in range(600):
        for file in spares.glob("*.json"):
            client = BlockingKernelClient(connection_file=str(file))
            client.load_connection_file()
            # Until it is warm it answers nothing. From then on its heart must beat.
            client.start_channels(hb=False)
            client.wait_for_ready(timeout=KERNEL_LIMIT)
            client.hb_channel.start()
            client.hb_channel.unpause()
            start = time.monotonic()
            while not client.hb_channel.is_beating():
                assert time.monotonic() - start < HEART_LIMIT, "the spare's heart does not beat"
                time.sleep(0.1)
            client.stop_channels()
            return
        time.sleep(0.5)
    sys.exit("no spare gets ready")


def kill_at_random(rounds):
    """Kills a process, and sees to it that a student can go on."""
    chance = random.Random(15)
    lab = Lab()
    kernel = lab.start_session()
    for turn in range(rounds):
        what = ["front", "kernel", "spare", "JupyterLab"][turn % 4]
        if chance.random() < 0.5:
            lab.restart(kernel)
        time.sleep(chance.uniform(0, 5) ** 2 / 5)  # mostly soon after
        if what == "JupyterLab":
            lab.process.kill()
            lab.process.wait()
            wait_until_gone("the death of JupyterLab")
            lab = Lab()
            kernel = lab.start_session()
        else:
            victims = [number for of, number in running() if of == what]
            if victims:
                os.kill(chance.choice(victims), signal.SIGKILL)
        start = time.monotonic()
        output = lab.execute_again(kernel, "let answer = 6 * 7; answer")
        assert output.endswith("42"), output  # a front may say first that its kernel is starting
        print(f"killed the {what}: a cell ran {time.monotonic() - start:.1f} s later")
    lab.stop()
    wait_until_gone("the end of JupyterLab")


def main():
    lab = Lab()
    specs = lab.get("kernelspecs")
    assert specs["default"] == "rust", "new notebooks are offered another kernel"
    assert specs["kernelspecs"]["rust"]["spec"]["display_name"] == "Rust (mutinfo)", specs
    refused = requests.get(f"http://{lab.address}/api/sessions", timeout=60)
    assert refused.status_code == 403, "the server answers without its token"

    start = time.monotonic()
    kernel = lab.start_session()
    output = lab.execute(kernel, "let answer = 6 * 7; answer")
    assert output.endswith("42"), output  # a front may say first that its kernel is starting
    print(f"a cell answered {time.monotonic() - start:.1f} s after its kernel was asked for")
    wait_for_spare()
    for which in ["a", "another"]:
        start = time.monotonic()
        lab.restart(kernel)
        output = lab.execute(kernel, "let answer = 6 * 7; answer")
        assert output.endswith("42"), output  # a front may say first that its kernel is starting
        print(f"a cell answered {time.monotonic() - start:.1f} s after {which} restart was asked for")
    lab.stop()
    wait_until_gone("the end of JupyterLab")

    lab = Lab()
    print(f"the second start answered after {lab.start_time:.1f} s")
    lab.stop()
    assert lab.start_time < SECOND_START_LIMIT, "the second start is too slow"

    if sys.argv[1:]:
        kill_at_random(int(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
