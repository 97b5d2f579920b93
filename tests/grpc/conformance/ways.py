"""The ways to ask: the C ABI, the clv command, gRPC, HTTP/JSON. Each takes a question and gives one
{quantity: double} per customer, without those that have no value."""
import csv
import ctypes
import http.client
import io
import json
import math
import socket
import subprocess

COLUMNS = ["x", "t_x", "T", "mean_spend"]
F64 = 3  # CLV_T_F64


def model_json(q):
    parts = {"purchase": q.purchase} | ({"spend": q.spend} if q.spend else {})
    return json.dumps({"format": "clv.model/1", "unit": "week", "currency": "EUR", **parts})


class column(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("data", ctypes.c_void_p),
                ("validity", ctypes.c_void_p), ("offsets", ctypes.c_void_p),
                ("unit", ctypes.c_char_p), ("stride", ctypes.c_int64),
                ("type", ctypes.c_uint32), ("spare_word", ctypes.c_uint32),
                ("spare", ctypes.c_void_p)]


class batch(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("n_columns", ctypes.c_uint32),
                ("n_rows", ctypes.c_int64), ("columns", ctypes.POINTER(column))]


class score_options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("threads", ctypes.c_uint32),
                ("horizon", ctypes.c_double), ("annual_discount", ctypes.c_double),
                ("margin", ctypes.c_double), ("quantities", ctypes.c_char_p),
                ("flags", ctypes.c_uint32), ("spare", ctypes.c_uint32),
                ("model", ctypes.c_char_p), ("as_of_us", ctypes.c_int64)]


class by_abi:
    """libclv.so without a header: what any language with a foreign function interface does."""

    def __init__(self, library):
        self.lib = ctypes.CDLL(library)
        self.lib.clv_result_rows.restype = ctypes.c_int64
        self.lib.clv_result_number.restype = ctypes.c_double
        for name in ("clv_result_text", "clv_diag_text"):
            getattr(self.lib, name).restype = ctypes.c_char_p
        self.lib.clv_diag_new.restype = ctypes.c_void_p
        self.diag = ctypes.c_void_p(self.lib.clv_diag_new())

    def check(self, status):
        if status < 0:
            raise RuntimeError(f"{status}: {self.lib.clv_diag_text(self.diag).decode()}")

    def catalogue(self):
        """Rows of clv_catalogue("models")."""
        table = ctypes.c_void_p()
        self.check(self.lib.clv_catalogue(b"models", ctypes.byref(table), self.diag))
        names = ("name", "kind", "parameters")
        rows = [{n: self.text(table, n, row) for n in names}
                for row in range(self.lib.clv_result_rows(table))]
        self.lib.clv_result_free(table)
        return rows

    def text(self, table, name, row):
        found = self.lib.clv_result_find(table, name.encode())
        return self.lib.clv_result_text(table, found, ctypes.c_int64(row), None).decode()

    def model(self, q):
        text, made = model_json(q).encode(), ctypes.c_void_p()
        self.check(self.lib.clv_model_load(text, ctypes.c_int64(len(text)), ctypes.byref(made),
                                           self.diag))
        return made

    def columns(self, q):
        """Absent values are NaN behind a bit that is not set."""
        kept, columns = [], (column * len(COLUMNS))()
        for i, name in enumerate(COLUMNS):
            values = [row[i] for row in q.rows]
            data = (ctypes.c_double * len(values))(*(math.nan if v is None else v for v in values))
            bits = bytearray((len(values) + 7) // 8)
            for row, value in enumerate(values):
                bits[row // 8] |= (value is not None) << row % 8
            validity = (ctypes.c_uint8 * len(bits))(*bits)
            kept += [data, validity]
            columns[i] = column(name=name.encode(), data=ctypes.addressof(data),
                                validity=ctypes.addressof(validity), type=F64)
        return columns, kept

    def __call__(self, q):
        columns, kept = self.columns(q)
        rows = batch(ctypes.sizeof(batch), len(COLUMNS), len(q.rows), columns)
        options = score_options(struct_size=ctypes.sizeof(score_options), horizon=q.horizon,
                                quantities=",".join(q.quantities).encode())
        model, job, table = self.model(q), ctypes.c_void_p(), ctypes.c_void_p()
        self.check(self.lib.clv_score_begin(ctypes.byref(options), model, ctypes.byref(rows),
                                            ctypes.byref(job), self.diag))
        del kept  # libclv has copied the columns
        self.check(self.lib.clv_job_step(job, 0, self.diag))
        self.check(self.lib.clv_job_take_result(job, None, ctypes.byref(table), self.diag))
        answer = [self.row(table, row, q) for row in range(self.lib.clv_result_rows(table))]
        for free, handle in (("clv_result_free", table), ("clv_job_free", job),
                             ("clv_model_free", model)):
            getattr(self.lib, free)(handle)
        return answer

    def row(self, table, row, q):
        numbers = {n: self.lib.clv_result_number(
            table, self.lib.clv_result_find(table, n.encode()), ctypes.c_int64(row))
            for n in q.quantities}
        return {n: value for n, value in numbers.items() if not math.isnan(value)}


class by_command:
    """clv predict on a CSV of the customers."""

    def __init__(self, clv, folder):
        self.clv, self.folder = clv, folder

    def __call__(self, q):
        model, summary = self.folder / "model.json", self.folder / "summary.csv"
        model.write_text(model_json(q))
        with open(summary, "w", newline="", encoding="utf-8") as table:
            writer = csv.writer(table)
            writer.writerows([COLUMNS, *q.rows])  # floats in the digits that read back the same
        done = subprocess.run([self.clv, "predict", "--model-file", model, "--summary", summary,
                               "--horizon", repr(q.horizon), "--quantities",
                               ",".join(q.quantities)],
                              check=True, capture_output=True, text=True)
        return [{name: float(cell) for name, cell in row.items() if cell}
                for row in csv.DictReader(io.StringIO(done.stdout))]


class by_grpc:
    """The generated classes of protoc."""

    def __init__(self, channel, messages):
        self.scoring = messages
        self.call = channel.unary_unary(
            "/clv.v1.ScoringService/ScoreSummaries",
            request_serializer=messages.ScoreSummariesRequest.SerializeToString,
            response_deserializer=messages.ScoreSummariesResponse.FromString)

    def __call__(self, q):
        request = self.scoring.ScoreSummariesRequest(horizon=q.horizon, quantities=q.quantities)
        request.parameters.unit, request.parameters.currency_code = "week", "EUR"
        for part in ("purchase", "spend"):
            given = getattr(q, part)
            if given:
                getattr(request.parameters, part).model = given["model"]
                getattr(request.parameters, part).parameters.update(given["parameters"])
        for values in q.rows:
            request.rows.add(**dict(zip(COLUMNS, values)))
        return [{n: getattr(row, n) for n in q.quantities if row.HasField(n)}
                for row in self.call(request, timeout=60).rows]


class unix_connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class by_json:
    """One POST, as curl would send it. JSON's numbers are Python's, read to the nearest double."""

    def __init__(self, path):
        self.path = path

    def __call__(self, q):
        rows = [{n: v for n, v in zip(COLUMNS, values) if v is not None} for values in q.rows]
        parts = {"purchase": q.purchase} | ({"spend": q.spend} if q.spend else {})
        body = {"parameters": {"unit": "week", "currency_code": "EUR", **parts}, "rows": rows,
                "horizon": q.horizon, "quantities": q.quantities}
        connection = unix_connection(self.path)
        connection.request("POST", "/clv.v1.ScoringService/ScoreSummaries", json.dumps(body),
                           {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {text.decode()}")
        return [{n: float(row[n]) for n in q.quantities if n in row}
                for row in json.loads(text)["rows"]]
