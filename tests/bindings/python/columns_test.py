"""Columns in and out: lists, numpy, absent values, what is refused."""
import array
import datetime
import decimal
import math
import unittest

from support import DAY, EUROS, MIDNIGHT, ORDERS, library, needs, three_orders


def stored_customers(clv):
    """Three, the second of whom has nothing, read back in this order."""
    rows = {
        "customer": ["a", "b", "c"],
        "open_tickets": [0.5, None, 0.0],
        "erased": [1, None, 0],
        "order_value": [1200, None, 0],
        "tier": ["gold", None, "ä"],
    }
    with clv.engine() as engine:
        engine.record("customers", rows, units={"order_value": "EUR"})
        return engine.read("customers")


class Lists(unittest.TestCase):
    def setUp(self):
        self.clv = library()

    def summary(self, **columns):
        return self.clv.summarize(three_orders() | columns, units=EUROS).result()

    def test_texts_times_and_money_come_out_as_they_went_in(self):
        with self.clv.engine() as engine:
            engine.ingest(three_orders(), units=EUROS)
            stored = engine.read("transactions")
            rows = sorted((r["customer"], r["time"], r["amount"]) for r in stored.rows())
        self.assertEqual(stored["amount"].unit, "EUR")
        self.assertEqual(rows, sorted(zip(*three_orders().values())))

    def test_an_array_is_a_column(self):
        by_array = self.summary(amount=array.array("q", [1999, 500, 2450]))
        self.assertEqual(by_array.fingerprint, self.summary().fingerprint)

    def test_a_time_of_another_zone_is_the_same_instant(self):
        berlin = datetime.timezone(datetime.timedelta(hours=1))
        shifted = [t.astimezone(berlin) for t in three_orders()["time"]]
        self.assertEqual(self.summary(time=shifted).fingerprint, self.summary().fingerprint)

    def test_a_date_is_its_midnight_in_utc(self):
        dates = [t.date() for t in three_orders()["time"]]
        self.assertEqual(self.summary(time=dates).fingerprint, self.summary().fingerprint)

    def test_a_time_without_a_zone_is_refused(self):
        naive = [t.replace(tzinfo=None) for t in three_orders()["time"]]
        with self.assertRaisesRegex(ValueError, "has no time zone"):
            self.summary(time=naive)

    def test_money_that_is_no_count_of_minor_units_is_refused(self):
        with self.assertRaisesRegex(TypeError, "column 'amount' has Decimal: .*minor units"):
            self.summary(amount=[decimal.Decimal("19.99")] * 3)

    def test_a_number_that_does_not_fit_is_refused_and_not_wrapped(self):
        with self.assertRaises(OverflowError):
            self.summary(amount=[1, 2, 1 << 63])

    def test_columns_of_different_lengths_are_refused(self):
        with self.assertRaisesRegex(ValueError, "different lengths: {'customer': 3, 'time': 3, 'amount': 2}"):
            self.summary(amount=[1, 2])

    def test_a_unit_of_no_column_is_refused(self):
        with self.assertRaisesRegex(KeyError, "a unit for 'total'"):
            self.clv.summarize(three_orders(), units={"total": "EUR"})

    def test_what_is_no_table_is_refused(self):
        with self.assertRaisesRegex(TypeError, "list is no table"):
            self.clv.summarize([1, 2])

    def test_a_result_and_its_columns_go_into_the_next_verb(self):
        read = self.clv.csv(ORDERS, currency="EUR").result()
        whole = self.clv.summarize(read).result()
        parts = {name: read[name] for name in ("customer", "time", "amount")}
        self.assertEqual(self.clv.summarize(parts).result()["x"].tolist(), whole["x"].tolist())

    def test_an_absent_value_is_none(self):
        stored = stored_customers(self.clv)
        self.assertEqual(stored["open_tickets"].tolist(), [0.5, None, 0.0])
        self.assertEqual(stored["erased"].tolist(), [1, None, 0])
        self.assertEqual(stored["order_value"].tolist(), [1200, None, 0])
        self.assertEqual(stored["tier"].tolist(), ["gold", None, "ä"])

    def test_a_column_is_a_sequence(self):
        times = self.clv.summarize(three_orders(), units=EUROS).result()["last_time"]
        self.assertEqual((len(times), times[-1], times[0:1]), (2, MIDNIGHT + 7 * DAY, [MIDNIGHT + 14 * DAY]))
        with self.assertRaises(IndexError):
            times[2]

    def test_a_column_that_is_not_there_is_named_beside_those_that_are(self):
        with self.assertRaisesRegex(KeyError, "no column 'clv' among customer, x, t_x"):
            self.summary()["clv"]


class Numpy(unittest.TestCase):
    def setUp(self):
        self.clv, self.np = library(), needs("numpy")

    def arrays(self, **columns):
        times = [t.replace(tzinfo=None) for t in three_orders()["time"]]
        return {
            "customer": self.np.array(three_orders()["customer"]),
            "time": self.np.array(times, dtype="M8[us]"),
            "amount": self.np.array([1999, 500, 2450]),
        } | columns

    def fingerprint(self, **columns):
        return self.clv.summarize(self.arrays(**columns), units=EUROS).result().fingerprint

    def plain(self):
        return self.clv.summarize(three_orders(), units=EUROS).result().fingerprint

    def test_arrays_are_columns(self):
        self.assertEqual(self.fingerprint(), self.plain())

    def test_arrays_of_other_types_are_brought_to_those_of_libclv(self):
        np, amounts, seconds = self.np, self.arrays()["amount"], self.arrays()["time"].astype("M8[s]")
        for kind in ("<i2", ">i4", "<u2", "<u8", ">i8"):
            self.assertEqual(self.fingerprint(amount=amounts.astype(kind)), self.plain(), kind)
        self.assertEqual(self.fingerprint(time=seconds), self.plain())
        self.assertEqual(self.fingerprint(time=seconds.astype("M8[ns]")), self.plain())
        with self.assertRaises(OverflowError):
            self.fingerprint(amount=np.array([1, 2, 1 << 63], dtype="u8"))

    def test_an_array_is_read_where_it_lies_also_every_second_item_of_it(self):
        np = self.np
        wide = np.array([1999, 0, 500, 0, 2450, 0])
        self.assertEqual(self.fingerprint(amount=wide[::2]), self.plain())
        self.assertEqual(self.fingerprint(amount=np.array([2450, 500, 1999])[::-1]), self.plain())
        from libclv.columns import Columns  # what the call is handed

        taken = Columns({"amount": wide[::2]}, {}).batch().columns[0]
        self.assertEqual((taken.data, taken.stride), (wide.ctypes.data, 16))

    def test_what_is_masked_or_not_a_time_is_absent(self):
        from libclv.columns import Columns

        np = self.np
        masked = np.ma.array([1, 2, 3], mask=[False, True, False])
        nothing = np.array(["2025-01-01", "NaT"], dtype="M8[us]")
        self.assertEqual(Columns({"a": masked}, {}).batch().columns[0].validity[0], 0b101)
        self.assertEqual(Columns({"a": nothing}, {}).batch().columns[0].validity[0], 0b01)
        self.assertFalse(Columns({"a": np.ma.array([1, 2])}, {}).batch().columns[0].validity)

    def test_an_array_of_two_dimensions_is_refused(self):
        with self.assertRaisesRegex(ValueError, "one dimension, not 2"):
            self.fingerprint(amount=self.np.zeros((3, 2), dtype="i8"))

    def test_a_result_is_read_where_it_lies(self):
        np = self.np
        result = self.clv.csv(ORDERS, currency="EUR").result()
        batch = result.batch()
        for name, kind in (("amount", "<i8"), ("time", "<M8[us]")):
            seen = np.asarray(result[name])
            at = next(k.data for k in batch.columns[: batch.n_columns] if k.name == name.encode())
            self.assertEqual((seen.ctypes.data, seen.dtype.str), (at, kind))
            self.assertFalse(seen.flags.writeable)
        amounts = np.asarray(self.clv.csv(ORDERS, currency="EUR").result()["amount"])
        self.assertEqual(int(amounts.sum()), sum(result["amount"]))  # the array keeps its table

    def test_an_absent_number_is_nan_and_an_absent_time_nat_through_numpy(self):
        stored = stored_customers(self.clv)
        for name, value in (("open_tickets", 0.5), ("erased", 1.0), ("order_value", 1200.0)):
            seen = self.np.asarray(stored[name]).tolist()
            self.assertEqual((seen[0], math.isnan(seen[1]), seen[2]), (value, True, 0.0), name)
        contacts = {
            "customer": ["a", "b"],
            "time": [MIDNIGHT] * 2,
            "kind": ["sent"] * 2,
            "channel": ["email"] * 2,
            "benefit_until": [None, MIDNIGHT],
        }
        with self.clv.engine() as engine:
            engine.record("contacts", contacts)
            until = self.np.asarray(engine.read("contacts")["benefit_until"])
        self.assertEqual(until.astype(str).tolist(), ["NaT", "2025-01-01T00:00:00.000000"])

    def test_text_is_no_array(self):
        with self.assertRaisesRegex(AttributeError, "column 'customer' is text"):
            self.clv.csv(ORDERS, currency="EUR").result()["customer"].__array_interface__

    def test_a_million_rows_go_in_and_out(self):
        np, many = self.np, 1_000_000
        rng = np.random.default_rng(1)
        x = rng.integers(0, 9, many).astype("f8")
        age = rng.uniform(10, 50, many)
        summary = {"x": x, "t_x": np.where(x > 0, age / 2, 0), "T": age, "mean_spend": np.full(many, 25.0)}
        scores = self.clv.score(library_model(self.clv), summary, quantities="clv").result()
        values = np.asarray(scores["clv"])
        self.assertEqual(values.shape, (many,))
        scorer = self.clv.scorer(library_model(self.clv))
        for row in (0, 499_999, many - 1):
            one = scorer(x=x[row], t_x=summary["t_x"][row], T=age[row], mean_spend=25.0)
            self.assertEqual(one.clv, values[row])


def library_model(clv):
    from library_test import model

    return model(clv)


if __name__ == "__main__":
    unittest.main()
