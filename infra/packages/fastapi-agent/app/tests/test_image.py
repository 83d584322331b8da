"""Installing wheels without pip."""

import hashlib
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "image" / "unpack_wheels.py"
PYTHON = f"cp{sys.version_info.major}{sys.version_info.minor}"


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    (tmp_path / "wheels").mkdir()
    return tmp_path / "wheels"


def make_wheel(wheels: Path, name: str, tags: str = "py3-none-any") -> str:
    """Write a wheel with one module; returns its line in the requirements."""
    path = wheels / f"{name}-1.0-{tags}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"built = {tags!r}\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def unpack(wheels: Path, requirements: str) -> subprocess.CompletedProcess[str]:
    (wheels.parent / "requirements.txt").write_text(requirements)
    target = wheels.parent / "target"
    files = (SCRIPT, wheels.parent / "requirements.txt", wheels, target)
    command = [sys.executable, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_takes_the_wheels_that_fit_this_machine_and_compiles_them(wheels: Path) -> None:
    lines = make_wheel(wheels, "pure_one")
    for machine in (platform.machine(), "another"):
        lines += make_wheel(wheels, "native", f"{PYTHON}-{PYTHON}-manylinux2014_{machine}")
    result = unpack(wheels, lines.replace("pure_one", "pure-one"))
    assert result.returncode == 0, result.stderr
    target = wheels.parent / "target"
    assert platform.machine() in (target / "native.py").read_text()
    assert len(list((target / "__pycache__").glob("*.pyc"))) == 2


def test_it_refuses_a_wheel_that_was_changed_and_writes_nothing(wheels: Path) -> None:
    line = make_wheel(wheels, "good")
    make_wheel(wheels, "evil")
    result = unpack(wheels, line)
    assert result.returncode == 1
    assert "evil-1.0-py3-none-any.whl: its SHA-256 is not in the requirements" in result.stderr
    assert not (wheels.parent / "target").exists()


def test_it_names_every_requirement_without_a_wheel(wheels: Path) -> None:
    line = make_wheel(wheels, "native", "cp27-cp27-manylinux2014_another")
    result = unpack(wheels, line + "absent==2.0 --hash=sha256:" + "0" * 64 + "\n")
    assert result.returncode == 1
    assert "native: no wheel" in result.stderr
    assert "absent: no wheel" in result.stderr
