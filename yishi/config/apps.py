"""When Django is ready, the plan of the house is installed: who reacts to which fact."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "yishi.config"

    def ready(self) -> None:
        from yishi.config import checks  # noqa: F401  (registers the system checks)
        from yishi.flow import FLOW
        from yishi.kit.facts import install

        install(FLOW)
