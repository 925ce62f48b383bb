"""What a release is made of: licences that go with ours, a wheel that is the same every time, folders that are enough."""

import configparser
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from release import parts, wheel, wheelhouse  # noqa: E402


def test_every_package_that_we_need_has_a_licence_that_goes_with_ours():
    found = parts.installed()
    assert len(found) > 40 and "sqlalchemy" in found
    assert {
        name: parts.licence(one)
        for name, one in found.items()
        if not parts.goes_with_ours(parts.licence(one))
    } == {}


def test_licences_that_do_not_go_with_ours_are_seen():
    for spdx in ("AGPL-3.0-only", "GPL-2.0-only", "MIT AND GPL-3.0-only", "Proprietary", "?"):
        assert not parts.goes_with_ours(spdx)
    for spdx in ("MIT", "GPL-2.0-only OR LGPL-2.1-or-later", "Apache-2.0 AND (MIT)"):
        assert parts.goes_with_ours(spdx)


def test_the_list_of_parts_is_cyclonedx_and_names_each_once():
    made = json.loads(json.dumps(parts.cyclonedx(parts.installed(), "0.0")))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(refs) == len(set(refs)) and all(one["licenses"] for one in made["components"])
    assert set(made["dependencies"][0]["dependsOn"]) <= set(refs)


def small_wheel(folder: Path, name: str, tag: str, *needs: str) -> None:
    with zipfile.ZipFile(folder / f"{name}-1-{tag}.whl", "w") as made:
        lines = "".join(f"Requires-Dist: {one}\n" for one in needs)
        made.writestr(
            f"{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{lines}"
        )


def test_conditions_are_those_of_the_platform_that_it_is_for(tmp_path):
    small_wheel(tmp_path, "digest", "py3-none-any", "a", 'c; extra == "postgres"', 'd; extra == "dev"')
    small_wheel(
        tmp_path,
        "a",
        "py3-none-any",
        'w>=2; sys_platform == "win32"',
        'l; platform_system == "Linux"',
        "b[x]",
    )
    small_wheel(tmp_path, "b", "cp311-cp311-win_amd64", 'e; extra == "x"', 'n; python_version < "3.12"')
    assert set(wheelhouse.missing(tmp_path, "windows", "3.11")) == {"c", "w>=2", "e", "n"}
    assert set(wheelhouse.missing(tmp_path, "linux", "3.12")) == {
        "c",
        "l",
        "b",
    }  # b's wheel is of another Python


def test_what_is_to_be_typed_names_the_wheel_where_it_lies(tmp_path):
    house = tmp_path / "wheelhouse-windows"
    house.mkdir()
    small_wheel(house, "digest", "py3-none-any")
    words = wheelhouse.to_type(house).split()
    assert (tmp_path / words[-1]).is_file() and words[-2] == house.name


def test_every_extra_of_users_is_in_the_folder():
    made = configparser.ConfigParser()
    made.read(ROOT / "setup.cfg", encoding="utf-8")
    assert set(wheelhouse.EXTRAS) == set(made["options.extras_require"]) - {"dev"}


@pytest.mark.soak
def test_the_wheel_is_the_same_every_time_and_holds_everything(tmp_path):
    """Soak, since building fetches setuptools."""
    one, other = (wheel.build(tmp_path / name).read_bytes() for name in ("one", "other"))
    assert one == other
    names = set(zipfile.ZipFile(next((tmp_path / "one").glob("*.whl"))).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "digest"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {name for name in listed.stdout.splitlines() if "babel" not in name} <= names | {
        name for name in listed.stdout.splitlines() if name.endswith((".pot", ".gitkeep"))
    }


@pytest.mark.soak
@pytest.mark.skipif(os.name == "nt", reason="tried on Linux")
def test_an_environment_without_an_index_runs_the_demo_out_of_the_folder():
    """Soak, since filling the folder takes PyPI and minutes."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    done = subprocess.run(
        [sys.executable, "-m", "release.wheelhouse", "linux", version],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "digest demo ended with 0, 3 letters" in done.stdout, done.stderr
