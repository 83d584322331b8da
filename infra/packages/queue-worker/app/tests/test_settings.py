"""What the worker makes of its environment."""

import tempfile
import unittest
from pathlib import Path

from worker.settings import SettingsError, load_settings


class Settings(unittest.TestCase):
    def test_defaults_hold_where_nothing_is_said(self) -> None:
        settings = load_settings({"LOG_LEVEL": "", "OPENAI_API_KEY_FILE": "/nowhere"})
        self.assertEqual(settings.spool, Path("/var/spool/agent"))
        self.assertEqual((settings.concurrency, settings.longest_task_seconds), (4, 60))
        self.assertIsNone(settings.upstream)

    def test_every_bad_value_is_told_at_once_and_none_is_repeated(self) -> None:
        canary = "canary-77c1"
        environ = {
            "LOG_LEVEL": canary,
            "MAX_CONCURRENCY": "0",
            "LONGEST_TASK_SECONDS": canary,
            "OPENAI_BASE_URL": f"https://user:{canary}@example.com/v1",
            "OPENAI_API_KEY_FILE": "/proc/self/mem",
        }
        with self.assertRaises(SettingsError) as caught:
            load_settings(environ)
        text = str(caught.exception)
        for name in environ:
            self.assertIn(f"  {name} ", text)
        self.assertNotIn(canary, text)

    def test_the_key_comes_from_its_file_and_shows_in_no_repr(self) -> None:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("key-canary\n")
            file.flush()
            settings = load_settings({"OPENAI_API_KEY_FILE": file.name})
        assert settings.upstream
        self.assertEqual(settings.upstream.api_key, "key-canary")
        self.assertNotIn("key-canary", repr(settings))


if __name__ == "__main__":
    unittest.main()
