"""What can keep an installation from starting. The docstring is what a person reads."""

from typing import Any


class HostError(Exception):
    """无法启动"""

    def __init__(self, **values: Any) -> None:
        super().__init__()
        self.values = values

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split()) % self.values


class PortTaken(HostError):
    """端口 %(port)s 已被别的程序占用。换一个端口（设置 %(setting)s=别的端口号），或先停掉占用它的程序。
    Port %(port)s is taken; set %(setting)s to another one."""


class DiskFull(HostError):
    """磁盘空间不足：%(folder)s 所在的磁盘已满（至少需要 %(needed_mb)s MB）。清理后再启动，数据不会丢失。
    No space left on the disk of %(folder)s."""


class NotWritable(HostError):
    """文件夹 %(folder)s 不能写入。改它的权限，或用 %(setting)s 指定另一个文件夹。
    The folder %(folder)s is not writable; set %(setting)s to another one."""


class WrongVersion(HostError):
    """%(folder)s 里的数据是 PostgreSQL %(found)s 的，当前程序是 PostgreSQL %(expected)s，不能直接打开。
    用 YISHI_PG_BIN 指向 %(found)s 版的程序，或先备份再恢复到新版本。
    The cluster was made by PostgreSQL %(found)s, these binaries are %(expected)s; set YISHI_PG_BIN."""


class NoBinaries(HostError):
    """在 %(folder)s 找不到 PostgreSQL 的程序文件。重新安装依赖，或设置 YISHI_PG_BIN 或 DATABASE_URL。
    No PostgreSQL binaries in %(folder)s; set YISHI_PG_BIN or DATABASE_URL."""


class StartFailed(HostError):
    """数据库没有启动成功，日志在 %(log)s。最后几行：%(tail)s
    The database did not start; see %(log)s."""


class DatabaseUnreachable(HostError):
    """连接不上 DATABASE_URL 指定的数据库（%(address)s）：%(reason)s。检查地址、密码和网络。
    The database at %(address)s cannot be reached."""


class ServerTooOld(HostError):
    """DATABASE_URL 指定的数据库是 PostgreSQL %(found)s，驿使需要 %(least)s 或更新的版本。
    The server is PostgreSQL %(found)s; %(least)s or newer is needed."""


class AlreadyUp(HostError):
    """这个安装已经在运行（文件夹 %(home)s）。先在原来的窗口按 Ctrl-C 停止，或用 YISHI_HOME 指定另一个文件夹。
    This installation is already up; stop it first or set YISHI_HOME."""


class NotOurs(HostError):
    """%(home)s 不是驿使的文件夹，不会清空它。
    %(home)s is not a Yishi home and will not be wiped."""


class StepFailed(HostError):
    """启动步骤失败：%(step)s。上面的输出说明了原因。
    The step %(step)s failed; its output above tells why."""
