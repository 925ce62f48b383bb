"""Days as Vietnamese writes them; apart from reading dates, whose patterns take a tenth of a second to load."""

from __future__ import annotations

from datetime import date


def long_date(day: date, place: str = "") -> str:
    """ "Hải Phòng, ngày 05 tháng 02 năm 2026": 0 before days under 10 and months 1 and 2 (30/2020/NĐ-CP)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    said = f"ngày {day.day:02d} tháng {month} năm {day.year}"
    return f"{place}, {said}" if place else said


def short_date(day: date) -> str:
    """05/02/2026."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
