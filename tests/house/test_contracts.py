"""Each contract of the house: a planted violation is caught and named, and the real tree is clean."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# what import-linter must see: planted file → its text
PLANTED = {
    "people/queries.py": "from yishi.cases import planted\n",
    "cases/planted.py": "",
    "planted_room/__init__.py": "",
    "sla/rules/chain.py": "from yishi.sla import planted_helper\n",
    "sla/planted_helper.py": "import socket\n",
    "routing/rules/custody.py": "import yishi.kit.errors\n",
    "plugins/feeds/planted_one/__init__.py": "",
    "plugins/feeds/planted_one/mapping.py": "import yishi.plugins.feeds.planted_two.mapping\n",
    "plugins/feeds/planted_two/__init__.py": "",
    "plugins/feeds/planted_two/mapping.py": "",
    "feedback/reactions.py": "",
    "feedback/planted.py": "from yishi.feedback import reactions\n",
    "cases/models/planted.py": "",
    "web/desk/planted.py": "import yishi.cases.models.planted\n",
    "host/planted.py": "import django\nimport yishi.kit.ids\n",
}
SEEN_BY_IMPORT_LINTER = [
    ("Imports look upstream", "yishi.people is not allowed to import yishi.cases"),
    ("Imports look upstream", "planted_room"),
    ("Rules and the calendar are pure", "yishi.sla.rules is not allowed to import socket"),
    ("Rules and the calendar are pure", "yishi.routing.rules is not allowed to import django"),
    ("Plug-ins are independent of each other", "yishi.plugins.feeds.planted_one is not allowed"),
    ("Only flow imports reactions", "yishi.feedback.planted"),
    ("Web, API and edge never import models", "yishi.web is not allowed to import yishi.cases.models"),
    ("Host and simulator import no room", "yishi.host is not allowed to import django"),
    ("Host and simulator import no room", "yishi.host is not allowed to import yishi.kit"),
]


def lint(root: Path) -> tuple[int, str]:
    command = [sys.executable, "-c", LINT, "--no-cache"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, env={"PYTHONPATH": str(root)})
    return run.returncode, " ".join(f"{run.stdout} {run.stderr}".split())


def house(root: Path) -> tuple[int, str]:
    command = [sys.executable, str(ROOT / "tools" / "house.py"), str(root)]
    run = subprocess.run(command, capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def planted_report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the tree in which every contract is broken."""
    root = tmp_path_factory.mktemp("planted")
    shutil.copytree(
        ROOT / "yishi",
        root / "yishi",
        ignore=lambda folder, names: [
            n for n in names if (not n.endswith(".py") and "." in n) or n == "static"
        ],
    )
    shutil.copy(ROOT / ".importlinter", root)
    write(root / "yishi", PLANTED)
    status, report = lint(root)
    assert status == 1, report
    return report


@pytest.mark.parametrize(("contract", "message"), SEEN_BY_IMPORT_LINTER)
def test_a_planted_import_is_caught(planted_report: str, contract: str, message: str) -> None:
    assert f"{contract} BROKEN" in planted_report
    assert message in planted_report


def test_the_real_imports_are_kept() -> None:
    status, report = lint(ROOT)
    assert status == 0, report


def test_the_real_tree_is_clean() -> None:
    status, report = house(ROOT)
    assert status == 0, report


OTHERS_ROW = "from yishi.cases.models import Case\n\n\ndef f(case_id: int) -> None:\n"
SEEN_BY_HOUSE = [
    # 3: plug-ins, and packages without code
    ("yishi/plugins/feeds/x/mapping.py", "from yishi.cases.actions import open_case\n", "only by its port"),
    ("yishi/plugins/feeds/x/mapping.py", "from yishi.plugins.feeds.y import card\n", "only by its port"),
    ("yishi/feeds/actions.py", "from yishi.plugins.feeds.x import mapping\n", "found by walking"),
    ("yishi/cases/__init__.py", "from yishi.cases import models\n", "__init__ files are empty"),
    # the seven file names
    ("yishi/cases/utils.py", "", "a room has no `utils`"),
    ("yishi/sla/port.py", "", "a room has no `port`"),
    ("yishi/helpers.py", "", "only flow.py stands beside the rooms"),
    ("yishi/billing/models.py", "", "`billing` is no room of the house"),
    # 4: reactions
    ("yishi/sla/actions.py", "from yishi.cases.reactions import on_x\n", "only flow.py imports reactions"),
    ("yishi/sla/actions.py", "NAME = 'yishi.cases.reactions'\n", "also by name"),
    # a fact's own name
    ("yishi/sla/facts.py", "class ClockMoved(Fact):\n    name: str\n", "`ClockMoved.name` hides"),
    # 7: another room's tables, by ORM
    (
        "yishi/sla/actions.py",
        OTHERS_ROW + "    Case.objects.filter(pk=case_id).update(x=1)\n",
        "Case….update()",
    ),
    ("yishi/sla/actions.py", OTHERS_ROW + "    Case(pk=case_id).save()\n", "Case….save()"),
    ("yishi/sla/actions.py", OTHERS_ROW + "    c = Case.objects.get()\n    c.delete()\n", "c….delete()"),
    (
        "yishi/sla/actions.py",
        OTHERS_ROW + "    for c in Case.objects.all():\n        c.save()\n",
        "c….save()",
    ),
    (
        "yishi/sla/actions.py",
        "from yishi.cases.models import Case\n\n\ndef f(case: Case) -> None:\n    case.save()\n",
        "case….save()",
    ),
    (
        "yishi/web/desk/views.py",
        "from yishi.cases import queries\n\n\ndef f():\n    c = queries.get_case(1)\n    c.save()\n",
        "c….save()",
    ),
    ("yishi/sla/actions.py", "def f(apps):\n    return apps.get_model('cases', 'Case')\n", "not looked up"),
    # 7: another room's tables, by SQL
    ("yishi/sla/actions.py", "Q = 'update cases_case set x = 1'\n", "`sla` writes `cases_case`"),
    ("yishi/sla/actions.py", "Q = f'INSERT INTO kit_fact ({1})'\n", "`sla` writes `kit_fact`"),
    (
        "yishi/sla/migrations/0002_x.py",
        "Q = 'ALTER TABLE cases_case ADD x int'\n",
        "`sla` writes `cases_case`",
    ),
    ("yishi/sla/hot.sql", "DELETE FROM cases_case", "`sla` writes `cases_case`"),
    # 7: the clock
    ("yishi/sla/rules.py", "from django.utils import timezone\nX = timezone.now()\n", "`timezone.now` reads"),
    ("yishi/sla/models.py", "from django.utils import timezone\nD = dict(default=timezone.now)\n", "reads"),
    ("yishi/sla/rules.py", "from datetime import datetime\nX = datetime.now()\n", "`datetime.now` reads"),
    ("yishi/sla/rules.py", "import datetime\nX = datetime.date.today()\n", "`datetime.date.today` reads"),
    ("yishi/sla/rules.py", "from time import time\n", "`time.time` reads the clock"),
    ("yishi/sla/actions.py", "from yishi.kit.clock import now\n", "only edges and jobs ask kit.clock"),
    ("yishi/sla/models.py", "F = dict(auto_now_add=True)\nG = F or f(auto_now=True)\n", "reads the clock"),
    ("yishi/sla/actions.py", "Q = 'SELECT 1 WHERE due_at < now()'\n", "SQL that reads the clock"),
    # 7: migrations
    ("yishi/sla/migrations/0001_x.py", "import yishi.kit.personal\n", "imports nothing of the project"),
    # sizes
    ("yishi/sla/rules.py", "X = 1\n" * 401, "401 lines"),
    ("tests/sla/test_x.py", "def f():\n" + "    x = 1\n" * 60, "`f` has 61 lines"),
    ("yishi/web/desk/templates/x.html", "<p>\n" * 401, "401 lines"),
    # what is committed
    ("locks/core.lock", "# https://example.org/simple\n", "a lock file names no host"),
    ("frontend/x.txt", "https://registry." + "npmjs.org/x\n", "names a registry"),
    ("docs/x.md", "see " + "/" + "root/x\n", "a folder of one machine"),
    ("yishi/cli/x.py", "X = '" + "/" + "tmp/x'\n", "a folder of one machine"),
    # pages
    ("yishi/web/desk/templates/x.html", "<p\nstyle='x'>", "no style="),
    ("yishi/web/desk/templates/x.html", "<script>\n</script>", "no inline script"),
    ("yishi/web/desk/templates/x.html", "<p hx-on:click='x'>", "no inline handler"),
    ("yishi/web/desk/templates/x.html", "<p onclick='x'>", "no inline handler"),
    ("yishi/web/desk/templates/x.html", "<script src='https://example.org/x.js'>", "foreign hosts"),
]


@pytest.fixture(scope="module")
def contracts() -> list:
    """The checks themselves: in this process, so that forty plants take a second."""
    sys.path.insert(0, str(ROOT / "tools"))
    import house

    return house


@pytest.mark.parametrize(("path", "text", "message"), SEEN_BY_HOUSE, ids=lambda value: str(value)[:40])
def test_a_planted_violation_is_caught(tmp_path, capsys, contracts, path, text, message) -> None:
    write(tmp_path, {"yishi/__init__.py": "", path: text})
    assert contracts.main([str(tmp_path)]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if message in line]
    assert found and found[0].startswith(f"{path}:"), found


INNOCENT = [
    ("yishi/kit/facts.py", "class Fact:\n    name: ClassVar[str]\n"),
    ("yishi/sla/facts.py", "class ClockMoved(Fact):\n    title: str\n    by_name: str\n"),
    ("yishi/cases/actions/open.py", "Q = 'UPDATE cases_case SET x = 1'\n"),
    ("yishi/cases/actions.py", "from yishi.cases.models import Case\nCase.objects.create()\n"),
    ("yishi/cases/queries.py", "Q = 'SELECT * FROM kit_fact FOR UPDATE SKIP LOCKED'\n"),
    ("yishi/cases/actions.py", "Q = 'INSERT INTO cases_x VALUES (1) ON CONFLICT DO UPDATE SET x = 2'\n"),
    ("yishi/cases/actions.py", "from yishi.network.models import Outlet\nX = list(Outlet.objects.all())\n"),
    ("yishi/cases/jobs.py", "from yishi.kit.clock import now\nX = now()\n"),
    ("yishi/cases/rules.py", "from datetime import datetime\nX = datetime.fromisoformat('2026-01-01')\n"),
    ("yishi/feeds/port.py", ""),
    ("yishi/plugins/feeds/x/mapping.py", "from yishi.feeds.port import Parsed\nimport yishi.kit.errors\n"),
    ("yishi/plugins/feeds/x/mapping.py", "from yishi.plugins.feeds.x import card\n"),
    ("yishi/plugins/feeds/x/mapping.py", "from yishi.plugins.common import sign\n"),
    ("yishi/flow.py", "from yishi.cases import reactions\n"),
    ("yishi/web/desk/templates/x.html", "<script src='/static/x.js' defer></script><p data-style=x>"),
    ("yishi/notifications/templates/mail/x.html", "<p style='margin:0'>"),
    ("docs/x.md", "GET https://example.cn/work/list and yishi/tmp/x\n"),
]


@pytest.mark.parametrize(("path", "text"), INNOCENT, ids=lambda value: str(value)[:40])
def test_what_is_allowed_is_left_alone(tmp_path, contracts, path, text) -> None:
    write(tmp_path, {"yishi/__init__.py": "", path: text})
    assert contracts.main([str(tmp_path)]) == 0
