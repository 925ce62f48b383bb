"""The command `digest`: its group, its exit codes, and what is said when something fails."""

from __future__ import annotations

import logging
import os
import platform
import sys
import tempfile
import time
import traceback
from datetime import datetime
from pathlib import Path

import click

from digest import __version__, clock
from digest.cli.lazy import WORDS, LazyGroup
from digest.errors import DigestError, FileFaults, LockedError, UsageError
from digest.wording import _, speak
from digest.workspace import Workspace, atomic_write

DONE, FAILED, WRONG_USE, PARTLY, LOCKED = 0, 1, 2, 3, 4
_opened: list[Workspace] = []
_logged: list[click.Context] = []

COMMANDS = {
    "init": "digest.cli.init:init",
    "demo": "digest.cli.demo:demo",
    "check": "digest.cli.check:check",
    "status": "digest.cli.status:status",
    "weekly": "digest.cli.weekly:weekly",
    "collect": "digest.cli.collect:collect",
    "search": "digest.cli.search:search",
    "article": "digest.cli.article:article",
    "draft": "digest.cli.draft:draft",
    "build": "digest.cli.build:build",
    "approve": "digest.cli.build:approve",
    "send": "digest.cli.send:send",
    "serve": "digest.cli.serve:serve",
    "admin": "digest.cli.admin:admin",
}


def _language(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    speak(value)
    return value


@click.group(
    "digest", cls=LazyGroup, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), envvar="DIGEST_HOME", default=".")
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    envvar="DIGEST_LANG",
    is_eager=True,
    callback=_language,
    default="vi",
)
@click.version_option(__version__, prog_name="digest")
@click.pass_context
def group(context: click.Context, home: Path, lang: str) -> None:
    """Bản tin cập nhật kiến thức: thu thập, tìm, chọn, dựng và gửi."""
    context.obj = Workspace(home.resolve())
    _opened.append(context.obj)
    if context.get_parameter_source("lang") is click.core.ParameterSource.DEFAULT:
        speak(context.obj.setting("DIGEST_LANG", lang) or lang)
    if context.obj.setting("DIGEST_LOG"):
        from digest import logs  # seldom wanted, and `digest search` should not wait for it

        logs.begin(context.obj)
        _logged.append(context)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and ends the program with its exit code (see docs/cli.md)."""
    _speak_utf8()
    speak(os.environ.get("DIGEST_LANG", "vi"))
    raise SystemExit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """One command line; every failure is said once, becomes an exit code, and a log line if wanted."""
    began = time.monotonic()
    _logged.clear()
    code = _run(arguments)
    for context in _logged:
        from digest import logs

        logs.ended(context.meta.get(WORDS, ()), code, time.monotonic() - began)
    return code


def _run(arguments: list[str] | None) -> int:
    try:
        return int(group.main(args=arguments, prog_name="digest", standalone_mode=False) or DONE)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        _say(_("Đã dừng theo ý bạn. Những gì đã lưu vẫn còn; chạy lại sẽ làm tiếp phần còn lại."))
        return 130
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except LockedError as locked:
        _say(str(locked))
        return LOCKED
    except FileFaults as faults:
        _say(str(faults))
        return FAILED if faults.path.endswith(".md") else WRONG_USE
    except UsageError as wrong_use:
        _say(str(wrong_use))
        return WRONG_USE
    except DigestError as failed:
        _say(str(failed))
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as unforeseen:
        if _logged:
            logging.getLogger("digest.run").exception("%s", type(unforeseen).__name__)
        _say(_crashed(unforeseen))
        return FAILED


def _say(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"digest: {line}", err=True)


def _speak_utf8() -> None:
    # Windows consoles default to a code page without Vietnamese letters.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # Windows' pythonw has no console
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _crashed(error: Exception) -> str:
    """Writes what a developer needs into the workspace, or the folder for temporary files."""
    if isinstance(error, OSError) and error.errno in (28, 30):
        return _(
            "Không ghi được ra đĩa ({why}). Dọn chỗ trống rồi chạy lại: những gì đã lưu vẫn còn",
            why=error.strerror,
        )
    report = _crash_report(error, clock.now())
    for folder in (
        _home_of_crash(),
        Path.cwd(),
        Path(tempfile.gettempdir()),
    ):
        path = folder / f"digest-su-co-{clock.local(clock.now()):%Y%m%d-%H%M%S}.txt"
        try:
            atomic_write(path, report.encode())
        except (OSError, DigestError):
            continue
        return _(
            "Có sự cố chưa lường trước. Kho bài không mất. Xin gửi tệp này cho người hỗ trợ: {path}",
            path=path,
        )
    return _(
        "Có sự cố chưa lường trước, và cũng không ghi được tệp báo sự cố: {error}", error=type(error).__name__
    )


def _home_of_crash() -> Path:
    # The click context is gone by now; the workspace that was opened last is not.
    return _opened[-1].home if _opened else Path.cwd()


def _crash_report(error: Exception, when: datetime) -> str:
    """Where it happened and with what versions; no values, so no names and no addresses."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}\n" for frame in frames)
    return (
        f"digest {__version__}, Python {platform.python_version()}\n{platform.system()} {platform.release()}\n"
        f"{when.isoformat()}\n{type(error).__module__}.{type(error).__name__}\n{where}"
    )
