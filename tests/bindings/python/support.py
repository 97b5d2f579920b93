"""What every test here needs: the library under test, a small log, and the binding on the path."""
import datetime
import os
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
if os.environ.get("CLV_BINDING") != "installed":
    sys.path.insert(0, str(ROOT / "abi" / "bindings" / "python"))

import libclv  # noqa: E402

ORDERS = ROOT / "examples" / "hosts" / "orders.csv"
MIDNIGHT = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
EUROS = {"amount": "EUR"}


def library():
    """CLV_LIBRARY; without it the one in the installed package."""
    return libclv.Clv(os.environ.get("CLV_LIBRARY"))


def three_orders():
    return {
        "customer": ["anna", "björn", "anna"],
        "time": [MIDNIGHT, MIDNIGHT + 7 * DAY, MIDNIGHT + 14 * DAY],
        "amount": [1999, 500, 2450],
    }


def needs(*names):
    """The modules, or a skipped test that says which is not there; CLV_EXPECTS may not skip."""
    found = []
    for name in names:
        try:
            found.append(__import__(name))
        except ImportError:
            if name in os.environ.get("CLV_EXPECTS", "").split(","):
                raise
            raise unittest.SkipTest(f"{name} is not installed") from None
    return found[0] if len(found) == 1 else found
