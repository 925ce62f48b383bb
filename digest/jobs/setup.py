"""A new workspace: the folders and the packaged sources.yaml."""

from __future__ import annotations

from digest import config
from digest.errors import UsageError
from digest.wording import _
from digest.workspace import Workspace, atomic_write

RECIPIENTS = "email,name\n"


def make_workspace(workspace: Workspace, sources: str | None = None) -> Workspace:
    """Makes the folders and sources.yaml (the packaged one unless given); refuses to overwrite one."""
    if workspace.sources_path.exists():
        raise UsageError(
            _("Thư mục này đã có sources.yaml"),
            str(workspace.home),
            _("Chọn thư mục khác, hoặc dùng luôn thư mục này"),
        )
    text = sources if sources is not None else config.default_text()
    for folder in (workspace.index_dir, workspace.output_dir, workspace.recipients_dir):
        folder.mkdir(parents=True, exist_ok=True)
    for center in config.parse(text).centers:
        path = workspace.home / center.recipients
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # A byte order mark, or Excel shows Vietnamese letters wrongly.
            atomic_write(path, RECIPIENTS.encode("utf-8-sig"))
    atomic_write(workspace.sources_path, text.encode("utf-8"))
    return workspace
