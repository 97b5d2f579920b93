#!/usr/bin/python3
"""A full disk: reads and deletions go on, writes are refused with a reason, and when there is room
again they work without a restart.

usage: disk_full_test.py CLVD SOURCE_ROOT PROTOC. Skipped where a tmpfs cannot be mounted.
"""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

import service
from service import (batch, caller, channel_to, expect, grpc, messages, page, reason, running_clvd,
                     skip, until)

DISK = "40m"
BALLAST = 4  # MiB


def mount_for_this_process(folder):
    """A namespace of its own, so that nothing stays mounted."""
    if os.environ.get("CLV_OWN_MOUNTS") != "1":
        command = ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv]
        try:
            probe = subprocess.run([*command[:4], "true"], capture_output=True, check=False)
        except OSError as missing:
            skip(missing)
        if probe.returncode != 0:
            skip("no mount namespace may be made here")
        os.execvpe(command[0], command, {**os.environ, "CLV_OWN_MOUNTS": "1"})
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", folder],
                          capture_output=True, check=False)
    if done.returncode != 0:
        skip("no tmpfs may be mounted here")


def refusal(call, m, number):
    """The reason why a batch was not taken; "" = it was."""
    try:
        call("IngestService/IngestBatch", batch(m, number, 50))
        return ""
    except grpc.RpcError as failure:
        return reason(m, failure) or str(failure.code())


def fill(folder, leave=0):
    """Somebody else's file takes all the room."""
    disk = os.statvfs(folder)
    with open(folder / "other", "wb") as other:
        os.posix_fallocate(other.fileno(), 0, disk.f_bavail * disk.f_frsize - leave)


def ingest_until_full(call, m, kept):
    for number in range(kept.next, kept.next + 5_000):
        kept.next = number + 1
        kept.sent[number] = 50
        why = refusal(call, m, number)
        if why:
            expect(why == "READ_ONLY_DISK_FULL", f"a full disk is told as {why}")
            return
        kept.acknowledged.add(number)
    raise AssertionError("the disk did not become full")


def check_serves_and_deletes(call, m, ops, customer):
    """With the disk full."""
    known = next(t.customer for t in batch(m, 1, 50).events.transactions
                 if t.customer != customer)
    read = call("CustomerService/GetCustomer", m.GetCustomerRequest(customer=known))
    expect(read.ListFields(), "reads go on")
    info = call("AdminService/GetServerInfo", m.GetServerInfoRequest())
    expect(info.read_only, "the server says that it only reads")
    until(lambda: page(ops)["clv_ballast_bytes"] == 0, "the ballast is given up")
    job = call("CustomerService/ForgetCustomer", m.ForgetCustomerRequest(customer=customer)).job
    job = call.finished(job)
    expect(job.state == 3, f"a deletion with the disk full: {job}")


def full_and_free_again(call, m, data, ops, kept, customer):
    fill(data, leave=512 * 1024)
    ingest_until_full(call, m, kept)
    check_serves_and_deletes(call, m, ops, customer)
    expect(refusal(call, m, 1_000_000) == "READ_ONLY_DISK_FULL", "writes are still refused")
    (data / "other").unlink()
    until(lambda: refusal(call, m, 1_000_000) == "", "writes go on without a restart")
    kept.sent[1_000_000] = 50
    kept.acknowledged.add(1_000_000)
    expect(page(ops)["clv_ballast_bytes"] == BALLAST << 20, "the ballast is there again")


def main():
    clvd, root, protoc = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data, ops = folder / "data", folder / "ops"
        mount_for_this_process(data)
        try:
            m, kept = messages(root, folder, protoc), service.history()
            kept.next = 1
            options = ["--data", data, "--ballast-mib", str(BALLAST), "--ops", f"unix:{ops}"]
            with running_clvd(clvd, folder, *options), channel_to(folder / "s") as channel:
                call = caller(channel, m)
                for number in range(1, 5):
                    expect(refusal(call, m, number) == "", "there is room at first")
                    kept.sent[number], kept.next = 50, number + 1
                    kept.acknowledged.add(number)
                job = call.finished(call("ModelService/FitModel", m.FitModelRequest()).job)
                expect(job.state == 3, f"a fit with room: {job}")
                expect((data / "ballast").stat().st_blocks * 512 == BALLAST << 20, "real blocks")
                for row in (1, 2):
                    forgotten = batch(m, 2, 50).events.transactions[row].customer
                    full_and_free_again(call, m, data, ops, kept, forgotten)
                fill(data)
            # It starts with a full disk, and comes back.
            with running_clvd(clvd, folder, *options), channel_to(folder / "s") as channel:
                call = caller(channel, m)
                expect(refusal(call, m, 2_000_000) == "READ_ONLY_DISK_FULL", "full from the start")
                (data / "other").unlink()
                until(lambda: refusal(call, m, 2_000_000) == "", "writes go on")
            kept.sent[2_000_000] = 50
            kept.acknowledged.add(2_000_000)
            check_rows(kept, data / "tenants/default/store.clv")
            expect((folder / "clvd.log").read_text().count('"disk_full"') == 3, "told each time")
            print(f"{len(kept.acknowledged)} batches acknowledged and there, full three times")
        finally:
            subprocess.run(["umount", "--lazy", data], check=False)
    return 0


def check_rows(kept, store):
    """All but the rows of the customer who was forgotten."""
    with contextlib.closing(service.sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        expect(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the store is whole")
    stored = service.stored_events(store)
    expect(len(stored) == len(set(stored)), "no row is there twice")
    numbers = {int(event.split(".")[0]) for event in stored}
    expect(kept.acknowledged <= numbers <= kept.sent.keys(), "what was acknowledged is there")


if __name__ == "__main__":
    sys.exit(main())
