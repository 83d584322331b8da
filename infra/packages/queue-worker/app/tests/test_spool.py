"""The queue, as several workers see it."""

import json
import os
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from worker.spool import MAX_TASK_BYTES, BadTask, Spool, Task


class SpoolTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.spool = Spool(self.root)

    def claim(self) -> Task:
        task = self.spool.claim()
        assert task
        return task

    def put(self, name: str, content: bytes) -> None:
        (self.root / "queued" / name).write_bytes(content)

    def test_tasks_are_claimed_in_the_order_in_which_they_came(self) -> None:
        names = [self.spool.submit(prompt) for prompt in ("one", "two", "three")]
        claimed = [self.claim() for _ in names]
        self.assertEqual([task.name for task in claimed], names)
        self.assertEqual([task.prompt() for task in claimed], ["one", "two", "three"])
        self.assertIsNone(self.spool.claim())

    def test_many_workers_claim_each_task_once(self) -> None:
        names = [self.spool.submit(str(number)) for number in range(200)]

        def drain(_: int) -> list[str]:
            spool, found = Spool(self.root), []
            while task := spool.claim():
                found.append(task.name)
            return found

        with ThreadPoolExecutor(8) as threads:
            claimed = [name for found in threads.map(drain, range(8)) for name in found]
        self.assertEqual(sorted(claimed), sorted(names))

    def test_an_answer_or_a_reason_takes_the_place_of_the_task(self) -> None:
        done, failed = self.spool.submit("a"), self.spool.submit("b")
        self.spool.finish(self.claim(), {"response": "c"})
        self.spool.fail(self.claim(), "because")
        for path, content in (
            (self.root / "done" / done, {"response": "c"}),
            (self.root / "failed" / failed, {"error": "because"}),
        ):
            self.assertEqual(json.loads(path.read_text()), content)
        self.assertEqual(os.listdir(self.root / "claimed"), [])

    def test_only_what_was_claimed_long_ago_is_queued_again(self) -> None:
        old, young = self.spool.submit("old"), self.spool.submit("young")
        # Waiting in the queue does not count.
        os.utime(self.root / "queued" / young, (0, 0))
        self.claim(), self.claim()
        os.utime(self.root / "claimed" / old, (0, 0))
        self.assertEqual(self.spool.recover(60), 1)
        self.assertEqual(self.claim().name, old)
        self.assertIsNone(self.spool.claim())

    def test_files_that_are_being_written_and_links_are_not_claimed(self) -> None:
        self.put(".half.json", b"{")
        self.put("notes.txt", b"{}")
        (self.root / "queued" / "link.json").symlink_to("/etc/passwd")
        (self.root / "queued" / "folder.json").mkdir()
        self.assertIsNone(self.spool.claim())

    def test_a_file_that_is_no_task_is_refused_with_the_reason(self) -> None:
        contents = {
            b"": "not JSON",
            b"\xff\xfe": "not JSON",
            b"[" * 50_000: "not JSON",
            b"[]": "not JSON",
            b'{"prompt": 1}': "not a text",
            b'{"prompt": " "}': "empty",
            b'{"prompt": "' + b"x" * MAX_TASK_BYTES + b'"}': "longer than",
        }
        for content, reason in contents.items():
            with self.subTest(reason=reason, length=len(content)):
                self.put("1.json", content)
                task = self.claim()
                with self.assertRaisesRegex(BadTask, reason):
                    task.prompt()
                self.spool.fail(task, reason)
                failed = (self.root / "failed" / "1.json").read_text()
                self.assertEqual(json.loads(failed), {"error": reason})


if __name__ == "__main__":
    unittest.main()
