"""Install wheels without pip: `unpack_wheels.py REQUIREMENTS WHEELS TARGET`.

Runs while the image is built, on bases that may have no pip and with no network. Takes
the wheels that fit this interpreter and machine, and refuses any whose SHA-256 the
requirements do not list.
"""

import compileall
import hashlib
import platform
import py_compile
import re
import sys
import zipfile
from pathlib import Path

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class WheelError(Exception):
    """The wheels are not the ones that the requirements ask for."""


def unpack(requirements: str, wheels: Path, target: Path) -> list[str]:
    """Unpack one fitting wheel for each requirement; returns the file names.

    Raises WheelError with every problem before anything is written.
    """
    allowed = set(_HASH.findall(requirements))
    fitting = sorted(wheel for wheel in wheels.glob("*.whl") if _fits(wheel.name))
    problems = [
        f"{wheel.name}: its SHA-256 is not in the requirements"
        for wheel in fitting
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in allowed
    ]
    present = {_canonical(wheel.name.split("-")[0]) for wheel in fitting}
    problems += [
        f"{name}: no wheel for {_interpreter()} on {platform.machine()}"
        for name in _PIN.findall(requirements)
        if _canonical(name) not in present
    ]
    if problems:
        raise WheelError("\n".join(problems))
    for wheel in fitting:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return [wheel.name for wheel in fitting]


def _fits(name: str) -> bool:
    """The compatibility tags of a wheel's name, by the binary distribution format (PEP 427)."""
    python, _, machines = name.removesuffix(".whl").rsplit("-", 3)[1:]
    return (python == _interpreter() or "py3" in python.split(".")) and (
        machines == "any" or machines.endswith(f"_{platform.machine()}")
    )


def _interpreter() -> str:
    return f"cp{sys.version_info.major}{sys.version_info.minor}"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(requirements: str, wheels: str, target: str) -> None:
    """Unpack and compile; ends with status 1 and every problem when it cannot."""
    try:
        unpack(Path(requirements).read_text(encoding="utf-8"), Path(wheels), Path(target))
    except WheelError as error:
        sys.exit(f"cannot install the wheels:\n{error}")
    # The image's root is read-only at run time, so bytecode is made now; by hash, because
    # time stamps would make every build another image.
    compileall.compile_dir(
        target, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
