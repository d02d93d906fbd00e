"""A mailbox as a way in: letters are fetched by IMAP and answered by SMTP."""

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import Answer, ChannelCard, Heard, Incoming, SettingField
from yishi.plugins.channels.mail.fetching import MailboxFetcher
from yishi.plugins.channels.mail.reading import read_letter

CARD = ChannelCard(
    name="mail",
    label=_("电子邮箱"),
    channel="EMAIL",
    settings=(
        SettingField("address", _("邮箱地址（别人写信到这里，回信也从这里发出）"), is_required=True),
        SettingField("name", _("发件人名称")),
        SettingField("password", _("密码或授权码（QQ、163 邮箱用授权码）"), is_secret=True, is_required=True),
        SettingField("user", _("登录名（不填就是邮箱地址）")),
        SettingField("imap_host", _("IMAP 服务器"), is_required=True),
        SettingField("imap_port", _("IMAP 端口（不填：加密 993，其余 143）")),
        SettingField("imap_tls", _("IMAP 加密：implicit（不填就是它）、starttls 或 none")),
        SettingField("folder", _("收件夹（不填就是 INBOX）")),
        SettingField("done_folder", _("收进来以后移到哪个文件夹（不填就留在原处，标为已读）")),
        SettingField("since", _("从哪天起的邮件，如 2026-11-01（不填就只收未读的）")),
        SettingField("smtp_host", _("SMTP 服务器"), is_required=True),
        SettingField("smtp_port", _("SMTP 端口（不填：implicit 465，starttls 587，none 25）")),
        SettingField("smtp_tls", _("SMTP 加密：implicit（不填就是它）、starttls 或 none")),
        SettingField("smtp_user", _("SMTP 登录名（不填就和收信一样；填 - 表示不登录）")),
        SettingField("smtp_password", _("SMTP 密码（不填就和收信一样）"), is_secret=True),
    ),
    docs=_(
        "在邮箱后台打开 IMAP 和 SMTP，建一个授权码填在这里。每半分钟取一次信；"
        "登录被拒时停用并提示，改好密码以后自动继续。退信、自动回复不会被回复。"
    ),
)


class Mail:
    """Reads letters; a mailbox signs nothing, and pushes nothing."""

    def check_signature(self, incoming: Incoming) -> bool:
        return True

    def read(self, incoming: Incoming) -> Heard:
        return read_letter(incoming.body, incoming.settings, at=incoming.at, zone=incoming.zone)

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        """A gateway that pushes whole letters to our address hears that they lie with us."""
        return Answer(200, "text/plain; charset=utf-8", outcome.encode())


PLUGIN = Mail()
FETCHER = MailboxFetcher()
