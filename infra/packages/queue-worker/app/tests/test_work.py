"""The worker as the cluster runs it: a process, signals and probes."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from worker.probe import MAX_AGE_SECONDS, answers
from worker.spool import Spool

APP = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 30.0


class Upstream(ThreadingHTTPServer):
    """A model's service that answers with `status` when it is allowed to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.asked = threading.Semaphore(0)
        self.allowed = threading.Event()
        self.keys: list[str | None] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Upstream

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.keys.append(self.headers["Authorization"])
        self.server.asked.release()
        self.server.allowed.wait(PATIENCE_SECONDS)
        text = f"about {body['messages'][0]['content']}"
        answer = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


class WorkTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.spool = Spool(self.root)
        self.heartbeat = self.root / "heartbeat"

    def start(self, upstream: Upstream | None = None) -> subprocess.Popen[str]:
        variables = {"OPENAI_API_KEY_FILE": str(self.root / "key")}
        if upstream:
            (self.root / "key").write_text("key-canary")
            variables["OPENAI_BASE_URL"] = f"http://127.0.0.1:{upstream.server_port}"
        worker = self.run_module(variables)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        self.addCleanup(lambda: worker.stdout and worker.stdout.close())
        return worker

    def run_module(self, variables: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "worker", *arguments],
            cwd=APP,
            # Nothing from the developer's own environment: no key, no proxy.
            env={
                "PATH": os.environ["PATH"],
                "PYTHONDONTWRITEBYTECODE": "1",
                "SPOOL": str(self.root),
                "HEARTBEAT": str(self.heartbeat),
                "MAX_CONCURRENCY": "2",
                **variables,
            },
            stdin=subprocess.PIPE if arguments else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def upstream(self) -> Upstream:
        upstream = Upstream()
        self.addCleanup(upstream.server_close)
        self.addCleanup(upstream.shutdown)
        self.addCleanup(upstream.allowed.set)
        return upstream

    def result(self, folder: str, name: str) -> dict[str, object]:
        path = self.root / folder / name
        wait_until(path.exists)
        content = json.loads(path.read_text())
        assert isinstance(content, dict)
        return content

    def test_a_submitted_prompt_is_answered_offline(self) -> None:
        submit = self.run_module({}, "submit")
        name = submit.communicate("Hello")[0].strip()
        self.start()
        answer = self.result("done", name)
        self.assertEqual((answer["response"], answer["model"]), ("You said: Hello", "echo"))

    def test_what_is_no_task_fails_and_the_others_are_done(self) -> None:
        (self.root / "queued" / "0.json").write_text("nonsense")
        name = self.spool.submit("Hello")
        self.start()
        self.result("done", name)
        self.assertIn("not JSON", str(self.result("failed", "0.json")["error"]))

    def test_sigterm_finishes_the_tasks_at_hand_and_takes_no_other(self) -> None:
        upstream = self.upstream()
        first, second, third = [self.spool.submit(prompt) for prompt in "abc"]
        worker = self.start(upstream)
        for _ in range(2):
            self.assertTrue(upstream.asked.acquire(timeout=PATIENCE_SECONDS))
        self.assertTrue(self.says("ready"))
        worker.send_signal(signal.SIGTERM)
        wait_until(lambda: not self.says("ready"))
        # It is going, but it is not stuck.
        self.assertTrue(self.says("live"))
        upstream.allowed.set()
        self.assertEqual(worker.wait(PATIENCE_SECONDS), 0)
        self.assertEqual(self.result("done", first)["response"], "about a")
        self.assertEqual(self.result("done", second)["response"], "about b")
        self.assertTrue((self.root / "queued" / third).exists())
        self.assertEqual(os.listdir(self.root / "claimed"), [])

    def test_a_model_that_is_down_loses_no_task_and_one_that_refuses_fails_it(self) -> None:
        upstream = self.upstream()
        upstream.allowed.set()
        upstream.status = 503
        name = self.spool.submit("a")
        worker = self.start(upstream)
        upstream.asked.acquire(timeout=PATIENCE_SECONDS)
        wait_until((self.root / "queued" / name).exists)
        upstream.status = 400
        self.assertIn("answers 400", str(self.result("failed", name)["error"]))
        worker.terminate()
        output = worker.communicate()[0]
        self.assertIn(f"{name} is queued again", output)
        self.assertEqual(upstream.keys[0], "Bearer key-canary")
        self.assertNotIn("key-canary", output)

    def test_bad_settings_end_the_start_with_status_2(self) -> None:
        for variables in ({"MAX_CONCURRENCY": "many"}, {"SPOOL": "/proc/nowhere"}):
            worker = self.run_module(variables)
            output = worker.communicate(timeout=PATIENCE_SECONDS)[0]
            self.assertEqual(worker.returncode, 2)
            self.assertIn(next(iter(variables)), output)

    def says(self, question: str) -> bool:
        """The probe as the kubelet runs it."""
        probe = [sys.executable, "-IS", str(APP / "worker" / "probe.py"), question]
        return subprocess.run(probe, env={"HEARTBEAT": str(self.heartbeat)}).returncode == 0


class ProbeTest(unittest.TestCase):
    def test_a_heartbeat_counts_while_it_is_fresh(self) -> None:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("working")
            file.flush()
            for age, expected in ((0, True), (MAX_AGE_SECONDS + 1, False)):
                now = time.time() + age
                for question in ("startup", "ready", "live"):
                    self.assertIs(answers(question, file.name, now), expected)

    def test_without_a_heartbeat_every_answer_is_no(self) -> None:
        for question in ("startup", "ready", "live"):
            self.assertFalse(answers(question, "/nowhere", time.time()))


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once `condition()` holds; fail when it never does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()
