#!/usr/bin/python3
"""The protocol breaks no client of the last release; and this check sees what would.

usage: breaking_test.py SOURCE_ROOT PROTOC
Exit status 77 (skipped) when python3-protobuf is not there.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    from google.protobuf import descriptor_pb2
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

sys.dont_write_bytecode = True
from breaking import breaking  # noqa: E402

ROOT, PROTOC = pathlib.Path(sys.argv[1]), sys.argv[2]
PROTOS = ROOT / "grpc" / "proto"


def released():
    files = descriptor_pb2.FileDescriptorSet()
    files.ParseFromString((PROTOS / "released" / "base.binpb").read_bytes())
    return files


def present():
    names = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.glob("clv/**/*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "now.binpb"
        subprocess.run([PROTOC, "-I", PROTOS, "--include_imports", f"--descriptor_set_out={out}",
                        *names], check=True)
        files = descriptor_pb2.FileDescriptorSet()
        files.ParseFromString(out.read_bytes())
    return files


def file_of(files, name):
    return next(file for file in files.file if file.name == f"clv/v1/{name}.proto")


def message_of(files, file, name):
    return next(m for m in file_of(files, file).message_type if m.name == name)


def field_of(files, name):
    """A field of SummaryRow, the message that every client writes."""
    return next(f for f in message_of(files, "common", "SummaryRow").field if f.name == name)


class present_protocol(unittest.TestCase):
    def test_breaks_no_client_of_the_last_release(self):
        self.assertEqual(list(breaking(released(), present())), [])

    def test_is_all_there_in_the_image(self):
        packages = {file.package for file in released().file}
        self.assertLessEqual({"clv.v1", "clv.plugin.v1", "google.rpc"}, packages)


class check(unittest.TestCase):
    """Each change is one that buf breaking (FILE) refuses too."""

    def setUp(self):
        self.new = released()

    def expect(self, *sentences):
        told = list(breaking(released(), self.new))
        self.assertEqual(len(told), len(sentences), told)
        for sentence, words in zip(told, sentences):
            for word in words:
                self.assertIn(word, sentence)

    def test_sees_another_type(self):
        field_of(self.new, "x").type = descriptor_pb2.FieldDescriptorProto.TYPE_FLOAT
        self.expect(["SummaryRow field 2", "TYPE_DOUBLE", "TYPE_FLOAT"])

    def test_sees_another_message_type(self):
        field = message_of(self.new, "ingest_service", "IngestBatchRequest").field[3]
        field.type_name = ".clv.v1.Table"
        self.expect(["IngestBatchRequest field 4", ".clv.v1.EventBatch", ".clv.v1.Table"])

    def test_sees_another_number_as_a_field_gone(self):
        field_of(self.new, "mean_spend").number = 50
        self.expect(["SummaryRow field 5", "gone"])

    def test_sees_another_name(self):
        field_of(self.new, "t_x").name = "recency"
        self.expect(["SummaryRow field 3", "'t_x'", "'recency'"])

    def test_sees_a_field_that_is_repeated_now(self):
        field_of(self.new, "customer").label = descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
        self.expect(["SummaryRow field 1", "LABEL_OPTIONAL", "LABEL_REPEATED"])

    def test_sees_an_optional_that_is_none_any_more(self):
        field_of(self.new, "x").proto3_optional = False
        self.expect(["presence"], ["oneof"])

    def test_sees_a_field_gone(self):
        message = message_of(self.new, "common", "SummaryRow")
        del message.field[4]
        self.expect(["SummaryRow field 5 is gone"])

    def test_sees_an_enum_value_that_means_something_else(self):
        states = file_of(self.new, "job_service").enum_type[0]
        states.value[3].name = "JOB_STATE_DONE"
        self.expect(["JobState value 3", "JOB_STATE_SUCCEEDED", "JOB_STATE_DONE"])

    def test_sees_a_method_gone_or_of_another_shape(self):
        methods = file_of(self.new, "ingest_service").service[0].method
        methods[1].server_streaming = False
        del methods[2]
        self.expect(["IngestStream", "True True", "True False"], ["GetWatermark is gone"])

    def test_sees_a_file_gone_with_all_that_was_in_it(self):
        gone = next(i for i, f in enumerate(self.new.file) if f.name == "clv/v1/desk_service.proto")
        del self.new.file[gone]
        told = list(breaking(released(), self.new))
        self.assertIn("clv/v1/desk_service.proto is gone", told)
        self.assertGreater(len(told), 10)

    def test_lets_anything_be_added(self):
        message = message_of(self.new, "common", "SummaryRow")
        message.field.add(name="n", number=90, label=1, type=1, json_name="n")
        file_of(self.new, "desk_service").service[0].method.add(
            name="Another", input_type=".clv.v1.Table", output_type=".clv.v1.Table")
        file_of(self.new, "job_service").enum_type[0].value.add(name="JOB_STATE_PAUSED", number=7)
        file_of(self.new, "table").message_type.add(name="Another")
        self.expect()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
