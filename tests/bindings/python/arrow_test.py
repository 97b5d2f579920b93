"""Tables to and from Arrow: by the capsule alone, and with pyarrow, pandas and polars."""
import gc
import unittest

from support import EUROS, ORDERS, libclv, library, needs, three_orders


class Capsules(unittest.TestCase):
    """Without any Arrow library: what a result gives goes back into libclv."""

    def setUp(self):
        self.clv = library()
        self.orders = self.clv.csv(ORDERS, currency="EUR").result()

    def by_arrow(self, table):
        class Foreign:  # anything that is no Result of ours
            def __arrow_c_stream__(self, requested_schema=None):
                return table.__arrow_c_stream__(requested_schema)

        return Foreign()

    def test_a_table_is_the_same_by_arrow(self):
        given = self.clv.summarize(self.by_arrow(self.orders)).result()
        self.assertEqual(given.fingerprint, self.clv.summarize(self.orders).result().fingerprint)

    def test_a_capsule_that_nobody_took_is_released(self):
        from libclv import arrow

        gc.collect()
        before = len(arrow._streams)
        capsules = [self.orders.__arrow_c_stream__() for _ in range(10)]
        self.assertEqual(len(arrow._streams), before + 10)
        del capsules
        gc.collect()
        self.assertEqual(len(arrow._streams), before)

    def test_a_capsule_is_taken_once(self):
        capsule = self.orders.__arrow_c_stream__()

        class Taken:
            def __arrow_c_stream__(self, requested_schema=None):
                return capsule

        self.clv.summarize(Taken())
        with self.assertRaises(libclv.Error) as caught:
            self.clv.summarize(Taken())
        self.assertEqual(caught.exception.name, "CLV_E_INVALID")

    def test_a_stream_outlives_its_result(self):
        result = self.clv.csv(ORDERS, currency="EUR").result()
        capsule = result.__arrow_c_stream__()
        result.close()

        class Late:
            def __arrow_c_stream__(self, requested_schema=None):
                return capsule

        self.assertEqual(len(self.clv.summarize(Late()).result()), 300)

    def test_a_thousand_streams_leave_no_memory_behind(self):
        def resident():
            with open("/proc/self/statm") as statm:
                return int(statm.read().split()[1]) * 4096

        def many(times):
            for _ in range(times):
                self.clv.summarize(self.by_arrow(self.orders))
                self.orders.__arrow_c_stream__()

        many(200)
        before = resident()
        many(1000)  # 760 rows of about 100 bytes a time: 76 MB if they were kept
        self.assertLess(resident() - before, 8 << 20)

    def test_an_arrow_table_without_units_is_told_them(self):
        """pandas and polars drop a field's metadata: money comes back as a plain integer."""
        given = self.clv.summarize(self.by_arrow(self.orders), units={"amount": "USD"}).result()
        self.assertEqual((given["revenue"].unit, len(given)), ("USD", 300))
        with self.assertRaisesRegex(KeyError, "a unit for 'total'"):
            self.clv.summarize(self.by_arrow(self.orders), units={"total": "EUR"})


class Pyarrow(unittest.TestCase):
    def setUp(self):
        self.clv, self.pa = library(), needs("pyarrow")

    def orders(self):
        pa, columns = self.pa, three_orders()
        euros = {"clv.type": "money", "clv.unit": "EUR"}
        fields = [
            pa.field("customer", pa.large_string()),
            pa.field("time", pa.timestamp("us", "UTC")),
            pa.field("amount", pa.int64(), metadata=euros),
        ]
        return pa.table(list(columns.values()), schema=pa.schema(fields))

    def test_a_table_goes_in(self):
        plain = self.clv.summarize(three_orders(), units=EUROS).result()
        self.assertEqual(self.clv.summarize(self.orders()).result().fingerprint, plain.fingerprint)
        in_parts = self.pa.concat_tables([self.orders().slice(0, 1), self.orders().slice(1)])
        self.assertEqual(self.clv.summarize(in_parts).result().fingerprint, plain.fingerprint)

    def test_a_result_is_a_table_with_its_types_and_units(self):
        table = self.pa.table(self.clv.csv(ORDERS, currency="EUR").result())
        self.assertTrue(table.validate(full=True) is None)
        self.assertEqual(table.schema.field("time").type, self.pa.timestamp("us", "UTC"))
        self.assertEqual(table.schema.field("amount").metadata, {b"clv.type": b"money", b"clv.unit": b"EUR"})
        self.assertEqual(table.num_rows, 760)

    def test_a_result_is_not_copied_and_kept_by_the_table(self):
        result = self.clv.csv(ORDERS, currency="EUR").result()
        at = {k.name.decode(): k.data for k in result.batch().columns[: len(result.names)]}
        table = self.pa.table(result)
        for name in ("time", "amount", "customer"):
            seen = table.column(name).chunk(0).buffers()[-1].address
            self.assertEqual(seen, at[name], name)
        amounts = result["amount"].tolist()
        del result
        gc.collect()
        self.clv.csv(ORDERS, currency="EUR").result()  # would write over freed memory
        self.assertEqual(table.column("amount").to_pylist(), amounts)

    def test_a_table_that_lies_as_libclv_reads_it_is_not_copied(self):
        from libclv.arrow import imported

        table = self.orders()
        held = imported(self.clv._library, table)
        taken = held.batch()
        for i, name in enumerate(table.column_names):
            self.assertEqual(taken.columns[i].data, table.column(name).chunk(0).buffers()[-1].address, name)

    def test_a_column_of_a_type_that_libclv_has_not_is_named(self):
        table = self.orders().append_column("tags", self.pa.array([["a"], ["b"], []]))
        with self.assertRaises(libclv.Error) as caught:
            self.clv.summarize(table)
        self.assertEqual((caught.exception.name, caught.exception.column), ("CLV_E_UNSUPPORTED", "tags"))

    def test_a_million_rows_go_in_and_out(self):
        np, pa, many = needs("numpy"), self.pa, 1_000_000
        age = np.random.default_rng(2).uniform(10, 50, many)
        table = pa.table({"x": np.ones(many), "t_x": age / 2, "T": age, "mean_spend": np.full(many, 25.0)})
        from library_test import model

        scores = self.clv.score(model(self.clv), table, quantities="clv").result()
        values = pa.table(scores).column("clv")
        self.assertEqual(len(values), many)
        self.assertEqual(values.chunk(0).buffers()[1].address, np.asarray(scores["clv"]).ctypes.data)


class Frames(unittest.TestCase):
    def test_pandas_frames_go_in_and_come_out(self):
        pyarrow, pandas = needs("pyarrow", "pandas")
        clv = library()
        frame = pandas.DataFrame(three_orders())
        by_columns = clv.summarize({k: frame[k] for k in frame}, units=EUROS).result()
        plain = clv.summarize(three_orders(), units=EUROS).result()
        self.assertEqual(by_columns.fingerprint, plain.fingerprint)
        summary = pyarrow.table(by_columns).to_pandas()
        if hasattr(pandas.DataFrame, "from_arrow"):  # pandas 3
            self.assertTrue(summary.equals(pandas.DataFrame.from_arrow(by_columns)))
        self.assertEqual(summary["customer"].tolist(), ["anna", "björn"])
        self.assertEqual(summary["x"].tolist(), [1.0, 0.0])
        units = {"revenue": "EUR", "refunds": "EUR"}  # a frame has integers
        again = clv.score(a_model(clv), summary, quantities="clv", units=units).result()
        first = clv.score(a_model(clv), by_columns, quantities="clv").result()
        self.assertEqual(again["clv"].tolist(), first["clv"].tolist())

    def test_polars_frames_go_in_and_come_out(self):
        polars = needs("polars")
        clv = library()
        frame = polars.DataFrame(three_orders())
        by_columns = clv.summarize({k: frame[k] for k in frame.columns}, units=EUROS).result()
        plain = clv.summarize(three_orders(), units=EUROS).result()
        self.assertEqual(by_columns.fingerprint, plain.fingerprint)
        summary = polars.DataFrame(by_columns)
        self.assertEqual(summary["customer"].to_list(), ["anna", "björn"])
        self.assertEqual(summary["last_time"].to_list(), by_columns["last_time"].tolist())
        units = {"revenue": "EUR", "refunds": "EUR"}  # a frame has integers
        again = clv.score(a_model(clv), summary, quantities="clv", units=units).result()
        first = clv.score(a_model(clv), by_columns, quantities="clv").result()
        self.assertEqual(again["clv"].tolist(), first["clv"].tolist())


def a_model(clv):
    from library_test import model

    return model(clv)


if __name__ == "__main__":
    unittest.main()
