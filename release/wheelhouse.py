"""A folder of wheels from which a machine without internet installs:
`python -m release.wheelhouse [PLATFORM] [PYTHON…]`.

PLATFORM is linux, windows or macos; PYTHON 3.11, 3.12, 3.13 (default: all three). Pip evaluates the
conditions of requirements ("only on Windows") for the machine that it runs on, not for the one it downloads
for: so what the target still lacks is found here, out of the wheels themselves, and fetched by name. On the
machine's own platform the folder is tried: an empty environment without any index, and `digest demo`.
"""

from __future__ import annotations

import email
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from release.wheel import HERE, build

CONSTRAINTS = HERE / "constraints.txt"
# With the patch, which pip would take for 0: some packages want a later one.
PYTHONS = {"3.11": "3.11.9", "3.12": "3.12.9", "3.13": "3.13.5"}
EXTRAS = ("postgres", "cluster", "dkim", "pptx")
# pip takes a tag given by hand literally, so the older ones that a machine also accepts are listed.
TAGS = {
    "linux": [f"manylinux_2_{n}_x86_64" for n in (28, 27, 26, 24, 17, 12, 5)] + ["manylinux2014_x86_64"],
    "windows": ["win_amd64"],
    "macos": [f"macosx_{n}_0_{arch}" for n in (14, 13, 12, 11) for arch in ("arm64", "universal2")]
    + ["macosx_10_12_universal2", "macosx_10_9_universal2", "macosx_10_13_universal2"],
}
NAMES = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
}  # fmt: skip


def pip(*words: str | Path) -> None:
    """Runs pip; ends this program with its code if it fails."""
    command = [sys.executable, "-m", "pip", *map(str, words), "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, cwd=HERE, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def fill(house: Path, platform: str, pythons: tuple[str, ...]) -> None:
    """Digest's own wheel, then all that it needs on that platform and those Pythons."""
    own = build(house)
    with tempfile.TemporaryDirectory() as pool:
        # Built here where PyPI has sources only; what is pure Python serves on every platform.
        pip("wheel", "-c", CONSTRAINTS, "-w", pool, f"{own}[{','.join(EXTRAS)}]")
        for path in Path(pool).glob("*-none-any.whl"):
            shutil.copy(path, house)
    for python in pythons:
        while wanted := sorted(set(missing(house, platform, python))):
            _download(house, platform, python, wanted)
    for python in pythons:
        _resolve(house, own, platform, python)


def _target(platform: str, python: str) -> list[str]:
    tags = [word for tag in TAGS[platform] for word in ("--platform", tag)]
    return ["--only-binary=:all:", "--python-version", PYTHONS[python], "--implementation", "cp", *tags]


def _download(house: Path, platform: str, python: str, wanted: list[str]) -> None:
    pip("download", "--no-deps", "-c", CONSTRAINTS, "-d", house, *_target(platform, python), *wanted)


def _resolve(house: Path, own: Path, platform: str, python: str) -> None:
    """Asks pip itself whether the folder alone is enough."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--dry-run", "--no-index", "--find-links", house, "--target", folder]
        pip("install", *options, *_target(platform, python), f"{own}[{','.join(EXTRAS)}]")


def missing(house: Path, platform: str, python: str) -> Iterator[str]:
    """What digest needs on that platform and Python, and what that needs in turn, and is not in the folder."""
    names = NAMES[platform] | {"python_version": python, "python_full_version": PYTHONS[python]}
    environment = {**default_environment(), **names}
    have = {}
    for path in house.glob("*.whl"):
        name, _version, _build, tags = parse_wheel_filename(path.name)
        if any(_fits(tag.interpreter, tag.abi, python) for tag in tags):
            have[name] = path
    seen: set[tuple[str, str]] = set()
    waiting = [("digest", extra) for extra in ("", *EXTRAS)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for one in _requirements(have[canonicalize_name(name)]):
            if one.marker is not None and not one.marker.evaluate(environment | {"extra": extra}):
                continue
            if canonicalize_name(one.name) in have:
                waiting += [(one.name, wanted) for wanted in ("", *one.extras)]
            else:
                yield f"{one.name}{one.specifier}"


def _fits(interpreter: str, abi: str, python: str) -> bool:
    """Whether a wheel of these tags runs on that Python; all wheels in the folder are of its platform."""
    minor = int(python.partition(".")[2])
    if abi == "abi3":
        return int(interpreter.removeprefix("cp3") or 0) <= minor
    return interpreter in ("py3", f"py3{minor}", f"cp3{minor}", "py2.py3")


def _requirements(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as zipped:
        name = next(one for one in zipped.namelist() if one.endswith(".dist-info/METADATA"))
        said = email.message_from_bytes(zipped.read(name)).get_all("Requires-Dist") or []
    return [Requirement(one) for one in said]


def seal(house: Path) -> None:
    """SHA256SUMS, in the form that `sha256sum -c` reads."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(house.glob("*.whl"))
    ]
    (house / "SHA256SUMS").write_text("".join(lines), encoding="ascii", newline="\n")  # fmt: skip


def install(house: Path, folder: Path) -> Path:
    """An environment of its own filled from the folder alone; the `digest` in it."""
    venv.EnvBuilder(with_pip=True, clear=True).create(folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    command = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-index", "--find-links", house, next(house.glob("digest-*.whl"))]
    subprocess.run(list(map(str, command)), check=True)
    return programs / "digest"


def attempt(house: Path) -> None:
    """The whole job out of the folder, in a temporary environment."""
    with tempfile.TemporaryDirectory() as folder:
        digest = install(house, Path(folder) / "environment")
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            [str(digest), "demo", "demo"], cwd=folder, env=clean, capture_output=True, check=False
        )
        letters = len(list(Path(folder, "demo", "mailbox").glob("*.eml")))
        print(f"tried here without an index: digest demo ended with {done.returncode}, {letters} letters")
        if done.returncode or not letters:
            raise SystemExit(done.stderr.decode("utf-8", "replace"))  # fmt: skip


def to_type(house: Path) -> str:
    """What installs from the folder, typed where the folder lies."""
    own = next(house.glob("digest-*.whl")).name
    return f"python -m pip install --no-index --find-links {house.name} {house.name}/{own}"


def main() -> None:
    """Makes the folder anew under dist/."""
    platform, *pythons = sys.argv[1:] or ["linux"]
    if unknown := set(pythons) - set(PYTHONS):
        raise SystemExit(f"wheelhouse: Python is one of {', '.join(PYTHONS)}, not {', '.join(unknown)}")
    if platform not in TAGS:
        raise SystemExit(f"wheelhouse: {platform!r} is none of {', '.join(TAGS)}")
    house = HERE / "dist" / f"wheelhouse-{platform}"
    shutil.rmtree(house, ignore_errors=True)
    house.mkdir(parents=True)
    fill(house, platform, tuple(pythons or PYTHONS))
    seal(house)
    wheels = list(house.glob("*.whl"))
    print(f"{house}: {len(wheels)} wheels, {sum(path.stat().st_size for path in wheels) >> 20} MB")
    here = {"linux": "linux", "win32": "windows", "darwin": "macos"}.get(sys.platform)
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    if platform == here and running in (pythons or PYTHONS):
        attempt(house)
    print("there: " + to_type(house))


if __name__ == "__main__":
    main()
