"""How a station reminds people of parcels that wait."""

from yishi.stations.models.places import StationSetting
from yishi.stations.rules.ladder import LadderRule


def rule_of(station_id: int) -> LadderRule:
    """The station's own; as shipped where nobody has set it."""
    row = StationSetting.objects.filter(pk=station_id).first() or StationSetting()
    return LadderRule(
        remind_after_hours=row.remind_after_hours,
        call_after_days=row.call_after_days,
        return_after_days=row.return_after_days,
    )
