"""The parts that a release is made of: a CycloneDX list and docs/licences.md, out of what is installed.

`python -m release.parts [--check]`: with --check nothing is written, and a licence that does not go with
ours ends it with 1.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent.parent
EXTRAS = ("postgres", "dkim", "pptx")
# What may stand beside Apache-2.0 in what we hand on: permissive, or weak copyleft in files of its own.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "CNRI-Python", "HPND", "ISC",
    "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib", "BSD", "CC0-1.0", "BSL-1.0", "ZPL-2.1",
}  # fmt: skip
WEAK = {"LGPL-3.0-only", "LGPL-2.1-or-later", "LGPL-3.0-or-later", "MPL-1.1", "MPL-2.0"}
# Where a package says it in words only, or not at all: read from its LICENSE file.
SAID = {
    "apache software license": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "apache-2": "Apache-2.0", "bsd license": "BSD",
    "bsd-derived": "BSD", "dfsg approved": "Zlib", "3-clause bsd": "BSD-3-Clause", "new bsd": "BSD-3-Clause", "two-clause bsd license": "BSD-2-Clause",
    "mit license": "MIT", "the mit license (mit)": "MIT", "isc license (iscl)": "ISC",
    "python software foundation license": "PSF-2.0", "psf-2.0": "PSF-2.0", "zpl": "ZPL-2.1", "zope public license": "ZPL-2.1",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "the unlicense (unlicense)": "Unlicense",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
}  # fmt: skip
FONTS = (("Tinos", "OFL-1.1"), ("Be Vietnam Pro", "OFL-1.1"))


def installed(name: str = "digest", extras: tuple[str, ...] = EXTRAS) -> dict[str, Distribution]:
    """All distributions that a package needs here, by canonical name; the package itself left out."""
    found: dict[str, Distribution] = {}
    waiting = [(name, extras)]
    while waiting:
        here, wanted = waiting.pop()
        for text in distribution(here).requires or []:
            requirement = Requirement(text)
            if requirement.marker and not any(
                requirement.marker.evaluate({"extra": e}) for e in ("", *wanted)
            ):
                continue
            key = canonicalize_name(requirement.name)
            if key not in found:
                try:
                    found[key] = distribution(key)
                except PackageNotFoundError:
                    raise SystemExit(f"parts: {key} is not installed here: pip install 'digest[{','.join(EXTRAS)}]'") from None  # fmt: skip
                waiting.append((key, tuple(requirement.extras)))
    return dict(sorted(found.items()))


def licence(one: Distribution) -> str:
    """The licence as an SPDX expression, as far as the metadata says it."""
    said = one.metadata
    if said.get("License-Expression"):
        return str(said["License-Expression"])
    classes = [one for one in said.get_all("Classifier") or [] if one.startswith("License ::")]
    words = [one.rpartition(" :: ")[2] for one in classes] + (said.get("License") or "").splitlines()[:1]
    for word in words:
        if word not in ("", "OSI Approved"):
            return SAID.get(word.strip().lower(), word.strip())
    return "?"


def goes_with_ours(expression: str) -> bool:
    """Whether one of the choices that a licence gives may be handed on with Apache-2.0."""
    choices = re.split(r"\s+OR\s+|;", expression.replace("(", "").replace(")", ""))
    known = PERMISSIVE | WEAK
    return any(all(part.strip() in known for part in re.split(r"\s+AND\s+", one)) for one in choices)


def cyclonedx(parts: dict[str, Distribution], version: str) -> dict[str, Any]:
    """The list in CycloneDX 1.5; the same parts give the same bytes."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "digest",
                "name": "digest",
                "version": version,
                "licenses": [{"expression": "Apache-2.0"}],
            }
        },
        "components": [_component(name, one) for name, one in parts.items()]
        + [
            {
                "type": "file",
                "bom-ref": f"font:{name}",
                "name": f"font {name}",
                "licenses": [{"expression": spdx}],
            }
            for name, spdx in FONTS
        ],
        "dependencies": [{"ref": "digest", "dependsOn": [_purl(name, one) for name, one in parts.items()]}],
    }


def _purl(name: str, one: Distribution) -> str:
    return f"pkg:pypi/{name}@{one.version}"


def _component(name: str, one: Distribution) -> dict[str, Any]:
    spdx = licence(one)
    known = goes_with_ours(spdx) and "BSD" not in re.split(r"\W+OR\W+|\W+AND\W+", spdx)
    return {
        "type": "library",
        "bom-ref": _purl(name, one),
        "name": one.metadata["Name"],
        "version": one.version,
        "purl": _purl(name, one),
        "licenses": [{"expression": spdx} if known else {"license": {"name": spdx}}],
    }


def table(parts: dict[str, Distribution]) -> str:
    """docs/licences.md."""
    rows = "".join(
        f"| {one.metadata['Name']} | {licence(one).replace('|', '/')} |\n" for one in parts.values()
    )
    fonts = "".join(f"| {name} (font, inside) | {spdx} |\n" for name, spdx in FONTS)
    return f"""# Licences of what digest needs

Written by `python3 tasks.py parts` from the installed packages; the versions are in constraints.txt. digest itself is
Apache-2.0. All are permissive or weak copyleft that binds changes to their own files only (MPL, LGPL), so the whole
may be handed on under Apache-2.0 beside them. Packages of the extras `postgres`, `dkim` and `pptx` are included.

| package | licence |
| --- | --- |
{rows}{fonts}"""


def main() -> int:
    """Writes both, or only checks."""
    parts = installed()
    wrong = {name: licence(one) for name, one in parts.items() if not goes_with_ours(licence(one))}
    for name, spdx in wrong.items():
        print(f"parts: {name}: {spdx}: does it go with Apache-2.0?", file=sys.stderr)
    if "--check" not in sys.argv:
        made = HERE / "dist" / "digest.cdx.json"
        made.parent.mkdir(exist_ok=True)
        text = json.dumps(cyclonedx(parts, distribution("digest").version), ensure_ascii=False, indent=1)
        made.write_text(text + "\n", encoding="utf-8", newline="\n")
        (HERE / "docs" / "licences.md").write_text(table(parts), encoding="utf-8", newline="\n")
        print(f"{made}: {len(parts)} packages; docs/licences.md")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
