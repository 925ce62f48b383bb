"""The weekly run by the machine's own scheduler: what to hand it, handing it in, and what was missed.

None of the three schedulers alone is enough for a PC that is switched off: Windows and systemd catch up
a run whose time passed while the machine was off, but not one that began and was cut off or found no
network; cron catches up nothing, `@reboot` comes before the network does and never after sleep, and
anacron knows days only and is seldom installed. So each asks again every hour, and
`weekly --if-missed` ends at once where nothing was missed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from digest import clock
from digest.errors import DigestError, UsageError
from digest.jobs.session import Session
from digest.storage import runs
from digest.storage.runs import Run
from digest.wording import _
from digest.workspace import Workspace, atomic_write, safe_name

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SCHEDULERS = ("windows", "systemd", "cron")


@dataclass(frozen=True, slots=True)
class Due:
    """When the weekly run is due, by clocks in Việt Nam: "fri 16:30"."""

    weekday: int
    at: time

    def __str__(self) -> str:
        return f"{DAYS[self.weekday]} {self.at:%H:%M}"

    def before(self, now: datetime) -> datetime:
        """The last instant it was due, up to now."""
        there = clock.local(now)
        moment = datetime.combine(there.date(), self.at, clock.ZONE)
        moment -= timedelta(days=(there.weekday() - self.weekday) % 7)
        return moment if moment <= there else moment - timedelta(days=7)


def due(said: str) -> Due:
    """The moment in "fri 16:30"; UsageError otherwise."""
    found = re.fullmatch(r"([a-z]{3})[ -](\d{1,2}):(\d{2})", said.strip().lower())
    if not found or found[1] not in DAYS or int(found[2]) > 23 or int(found[3]) > 59:
        raise UsageError(
            _("“{said}” không phải một lúc trong tuần", said=said[:40]),
            fix=_("Viết như “fri 16:30”: mon tue wed thu fri sat sun, rồi giờ:phút"),
        )
    return Due(DAYS.index(found[1]), time(int(found[2]), int(found[3])))


def missed(session: Session, when: Due) -> bool:
    """Whether no weekly run that began since it was last due has come to its end."""
    since = when.before(session.now())
    with session.archive.reading() as conn:
        return not any(_done(run) for run in runs.begun_since(conn, "weekly", since))


def _done(run: Run) -> bool:
    """Whether a run need not be made again: it did all, or (3) all but something, with the network there."""
    return run.code == 0 or (run.code == 3 and bool(run.report.get("answered", True)))  # older ones don't say


@dataclass(frozen=True, slots=True)
class Plan:
    """`files`: what the scheduler reads, by path; `commands`: what hands it in, in this order.

    `by_hand`: what somebody types who hands it in themselves.
    """

    files: tuple[tuple[Path, bytes], ...]
    commands: tuple[tuple[str, ...], ...]
    by_hand: tuple[tuple[str, ...], ...]

    @property
    def shown(self) -> str:
        """All of it as text, to read or to do by hand."""
        parts = [f"# {path}\n{data.decode(_encoding(data))}" for path, data in self.files]
        return "\n".join(
            [*parts, *("# " + _("rồi gõ: {command}", command=_line(command)) for command in self.by_hand)]
        )


def _line(command: tuple[str, ...]) -> str:
    """A command as it is typed at that system's prompt."""
    return subprocess.list2cmdline(command) if command[0] == "schtasks" else shlex.join(command)


def _encoding(data: bytes) -> str:
    return "utf-16" if data[:2] == b"\xff\xfe" else "utf-8"


def plan(workspace: Workspace, scheduler: str, when: Due) -> Plan:
    """What a scheduler has to be told; pure but for the paths of this machine."""
    weekly = ("weekly", "--notify", "--if-missed", str(when))
    command = (sys.executable, "-m", "digest", "--home", str(workspace.home), *weekly)
    # Two workspaces may have folders of the same name: each has a task of its own.
    which = hashlib.sha256(str(workspace.home.resolve()).encode()).hexdigest()[:8]
    name = f"digest-{safe_name(workspace.home.name).lower()}-{which}"
    return {"windows": _windows, "systemd": _systemd, "cron": _cron}[scheduler](
        workspace, name, command, when
    )


def _windows(workspace: Workspace, name: str, command: tuple[str, ...], when: Due) -> Plan:
    monday = date(2026, 1, 5)  # any; the task begins on the right day of that week
    text = WINDOWS.format(
        begin=datetime.combine(monday + timedelta(days=when.weekday), when.at).isoformat(),
        day=_LONG[when.weekday],
        program=escape(_without_window(command[0])),
        arguments=escape(subprocess.list2cmdline(command[1:])),
        home=escape(str(workspace.home)),
    )
    path = workspace.home / "schedule.xml"
    hand_in = ("schtasks", "/Create", "/F", "/TN", f"digest\\{name}", "/XML", str(path))
    return Plan(
        ((path, b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")),), (hand_in,), (hand_in,)
    )


def _without_window(python: str) -> str:
    """The Python that opens no console window, where there is one."""
    quiet = Path(python).with_name("pythonw.exe")
    return str(quiet) if quiet.exists() else python


def _systemd(workspace: Workspace, name: str, command: tuple[str, ...], when: Due) -> Plan:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    folder = Path("/etc/systemd/system") if root else Path.home() / ".config" / "systemd" / "user"
    service = SERVICE.format(command=" ".join(_unit(one) for one in command))
    timer = TIMER.format(calendar=f"{DAYS[when.weekday].title()} *-*-* {when.at:%H:%M}:00 {clock.ZONE.key}")
    files = ((folder / f"{name}.service", service.encode()), (folder / f"{name}.timer", timer.encode()))
    control = ("systemctl",) if root else ("systemctl", "--user")
    hand_in: tuple[tuple[str, ...], ...] = (
        (*control, "daemon-reload"),
        (*control, "enable", "--now", f"{name}.timer"),
    )
    # A user's timers otherwise stop when that user logs out.
    if not root:
        hand_in = (*hand_in, ("loginctl", "enable-linger"))
    return Plan(files, hand_in, hand_in)


def _unit(word: str) -> str:
    """A word as systemd's ExecStart takes it (systemd.service(5), "Command lines")."""
    word = word.replace("%", "%%").replace("$", "$$").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{word}"' if re.search(r"[\s\"'\\;]", word) else word


def _cron(workspace: Workspace, name: str, command: tuple[str, ...], when: Due) -> Plan:
    # A line of cron ends at a bare % (crontab(5)).
    line = shlex.join(command).replace("%", "\\%")
    # Cron sends what a command says by local mail: the hourly "nothing missed" need not go.
    text = f"# {name}: begin\n{when.at.minute} * * * * {line} >/dev/null\n# {name}: end\n"
    path = workspace.home / "schedule.cron"
    return Plan(((path, text.encode()),), (("crontab", str(path)),), (("crontab", "-e"),))


def install(made: Plan, scheduler: str) -> None:
    """Hands it in; DigestError says what the scheduler answered. Done again, it replaces itself."""
    for path, data in made.files:
        atomic_write(path, _merged(data) if scheduler == "cron" else data)
    for command in made.commands:
        _ask(command)


def _merged(block: bytes) -> bytes:
    """The user's crontab with our block in it, in place of an earlier one."""
    before = _ask(("crontab", "-l"), nothing=b"no crontab for")
    first, *_line, last = (re.escape(line) for line in block.splitlines())
    kept = re.sub(rb"^%b\n.*?^%b\n" % (first, last), b"", before, flags=re.M | re.S)
    return (kept + b"\n" if kept and not kept.endswith(b"\n") else kept) + block


def _ask(command: tuple[str, ...], *, nothing: bytes = b"") -> bytes:
    """What a program prints; DigestError if it refuses, but where it says `nothing` that is what it has."""
    try:
        # Some say "no crontab" in the user's language.
        told = {**os.environ, "LC_ALL": "C"} if nothing else None
        done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=told)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DigestError(
            _("Không gọi được {program}", program=command[0]),
            fix=_("Bỏ --install, rồi tự làm theo những gì in ra"),
        ) from error
    if done.returncode and not (nothing and nothing in done.stderr):
        said = done.stderr.decode(errors="replace").strip()[:300]
        raise DigestError(
            _("{program} không nhận lịch ({said})", program=command[0], said=said),
            fix=_("Bỏ --install, rồi tự làm theo những gì in ra"),
        )
    return b"" if done.returncode else done.stdout


WINDOWS = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <CalendarTrigger>
      <Repetition><Interval>PT1H</Interval><Duration>P6DT12H</Duration></Repetition>
      <StartBoundary>{begin}</StartBoundary>
      <ScheduleByWeek><DaysOfWeek><{day} /></DaysOfWeek><WeeksInterval>1</WeeksInterval></ScheduleByWeek>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>PT6H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{home}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""

SERVICE = """[Unit]
Description=digest: the weekly bulletins
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command}
# A failing entry point (3) is told by letter, and is no failure of the service.
SuccessExitStatus=3
"""

TIMER = """[Unit]
Description=digest: every week, and hourly until a missed run is made up for

[Timer]
OnCalendar={calendar}
Persistent=true
OnStartupSec=10min
OnUnitInactiveSec=1h

[Install]
WantedBy=timers.target
"""
