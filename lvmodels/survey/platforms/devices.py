"""Addresses turned into numbers that tell who shares one, and not which one it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import pandas as pd

from lvmodels.survey.raw import RawTable
from lvmodels.survey.raw_columns import renamed

__all__ = ["DEVICE", "numbered_addresses"]

DEVICE = "device_number"
"""The column of the numbers."""
_ADDRESSES = ("ip", "IPAddress")


def numbered_addresses(raw: RawTable, dropped: Collection[str]) -> RawTable:
    """Put 1, 2, ... in the place of IP addresses that are to be dropped, in order of appearance.

    Equal numbers are equal addresses, so that the screening finds who answered twice. The numbers are worth nothing
    outside the file: other than a hash, they cannot be turned back by trying all addresses. Where all respondents
    share one address, there is nothing to tell.

    Parameters
    ----------
    raw : RawTable
    dropped : collection of str
        Columns that identify a person.

    Examples
    --------
    >>> frame = pd.DataFrame({"ip": ["203.0.113.9", "", "203.0.113.4", "203.0.113.9"]})
    >>> raw = RawTable(frame, "f", str, False, (), (), respondents=("ip",), personal=("ip",))
    >>> numbered_addresses(raw, raw.personal).frame["device_number"].tolist()
    ['1', '', '2', '1']
    """
    address = next((name for name in raw.respondents if name in _ADDRESSES and name in dropped), None)
    if address is None or DEVICE in raw.frame.columns:
        return raw
    cells = [str(cell).strip() for cell in raw.frame[address]]
    number = {cell: str(place) for place, cell in enumerate(dict.fromkeys(filter(None, cells)), start=1)}
    if len(number) < 2:
        return raw
    numbered = renamed(raw, {address: DEVICE})
    frame = numbered.frame.assign(**{DEVICE: pd.Series([number.get(cell, "") for cell in cells], dtype=object)})
    log = f"The addresses in {address} became numbers, in column '{DEVICE}': equal ones for equal addresses."
    personal = tuple(name for name in numbered.personal if name != DEVICE)
    return dataclasses.replace(numbered, frame=frame, personal=personal, log=(*raw.log, log))
