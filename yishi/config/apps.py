"""When Django is ready, the plan of the house is installed: who reacts to which fact."""

import pkgutil
from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "yishi.config"

    def ready(self) -> None:
        from yishi.config import checks  # noqa: F401  (registers the system checks)
        from yishi.flow import FLOW
        from yishi.kit.facts import install

        install(FLOW)


class RoomOfManyTables(AppConfig):
    """A room whose `models` is a package: every file of it is read, since its `__init__` is empty."""

    def import_models(self) -> None:
        super().import_models()
        assert self.models_module is not None
        for found in pkgutil.iter_modules(self.models_module.__path__):
            import_module(f"{self.models_module.__name__}.{found.name}")


class ShipmentsConfig(RoomOfManyTables):
    name = "yishi.shipments"


class StationsConfig(RoomOfManyTables):
    name = "yishi.stations"


class DetectionConfig(RoomOfManyTables):
    name = "yishi.detection"


class ConversationsConfig(RoomOfManyTables):
    name = "yishi.conversations"


class CasesConfig(RoomOfManyTables):
    name = "yishi.cases"


class ClaimsConfig(RoomOfManyTables):
    name = "yishi.claims"


class AutomationConfig(RoomOfManyTables):
    name = "yishi.automation"


class SlaConfig(RoomOfManyTables):
    name = "yishi.sla"
