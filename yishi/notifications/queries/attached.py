"""Files that go with a message, read when it is sent: never kept in the Delivery."""

from dataclasses import replace

from yishi.kit.errors import Refusal
from yishi.kit.files import Quarantined, open_file
from yishi.kit.models import StoredFile
from yishi.notifications.port import Notice, PluginError, SentFile


def with_files(notice: Notice) -> Notice:
    """The notice with its files' bytes. Raises PluginError: permanent for one that nobody may open."""
    wanted = [str(each) for each in notice.extra.get("files", [])]
    if not wanted:
        return notice
    rows = {str(row.pk): row for row in StoredFile.objects.filter(pk__in=wanted)}
    try:
        files = [rows[each] for each in wanted]
        return replace(
            notice, files=tuple(SentFile(row.name, row.content_type, open_file(row)) for row in files)
        )
    except (KeyError, FileNotFoundError, Quarantined) as gone:
        raise PluginError("a file of it cannot be opened", permanent=True) from gone
    except Refusal as early:
        raise PluginError("a file of it is being scanned") from early
