"""Whether the computer runs on its battery, from what Linux and macOS say of it."""

from pathlib import Path

import pytest

from sorterd.power import discharging, drawn_from_battery

BATTERY = {"type": "Battery", "present": "1", "capacity": "80"}
MAINS = {"type": "Mains"}


@pytest.mark.parametrize(
    ("supplies", "on_battery"),
    [
        ({}, False),
        ({"BAT0": {**BATTERY, "status": "Discharging"}, "AC": {**MAINS, "online": "0"}}, True),
        ({"BAT0": {**BATTERY, "status": "Charging"}, "AC": {**MAINS, "online": "1"}}, False),
        ({"BAT0": {**BATTERY, "status": "Discharging"}, "AC": {**MAINS, "online": "1"}}, False),  # a weak charger
        ({"BAT0": {**BATTERY, "status": "Full"}, "AC": {**MAINS, "online": "0"}}, False),
        ({"BAT0": {**BATTERY, "status": "Not charging"}, "BAT1": {**BATTERY, "status": "Discharging"}}, True),
        ({"BAT0": {**BATTERY, "status": "Discharging"}, "usb": {"type": "USB", "online": "1"}}, False),
        ({"mouse": {**BATTERY, "status": "Discharging", "scope": "Device"}}, False),
        ({"AC": {**MAINS, "online": "0"}}, False),
        ({"BAT0": {"type": "Battery"}}, False),
    ],
)
def test_linux(tmp_path: Path, supplies: dict[str, dict[str, str]], on_battery: bool) -> None:
    for name, attributes in supplies.items():
        (tmp_path / name).mkdir()
        for attribute, value in attributes.items():
            (tmp_path / name / attribute).write_text(f"{value}\n")
    assert discharging(tmp_path) is on_battery


def test_what_cannot_be_read_counts_as_mains(tmp_path: Path) -> None:
    assert not discharging(tmp_path / "nowhere")
    (tmp_path / "BAT0").mkdir()
    (tmp_path / "BAT0" / "type").write_text("Battery\n")
    (tmp_path / "BAT0" / "status").mkdir()  # reading it is an error
    assert not discharging(tmp_path)


@pytest.mark.parametrize(
    ("said", "on_battery"),
    [
        ("Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t63%; discharging; 4:12 remaining\n", True),
        (
            "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t80%; charging; 0:40 remaining present: true\n",
            False,
        ),
        ("Now drawing from 'AC Power'\n", False),
        ("Now drawing from 'UPS Power'\n", True),
        ("", False),
    ],
)
def test_macos(said: str, on_battery: bool) -> None:
    assert drawn_from_battery(said) is on_battery
