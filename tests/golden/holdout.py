"""Golden values of sdk/src/retention/experiments/holdout: python3 holdout.py > holdout.csv.

XXH64 (seed 0) written here from its published specification (Yann Collet, xxHash fast digest
algorithm, version 0.1.1, doc/xxhash_spec.md) with Python's whole numbers, and checked below against
the specification's own test values. The first cell is salt|customer; the hash is high * 2^32 + low,
because cells are doubles; held_P is 1 when the customer is among the P per cent held out.
"""
from fractions import Fraction

P1, P2, P3, P4, P5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
                      0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
MASK = (1 << 64) - 1


def rotl(x, r):
    return ((x << r) | (x >> (64 - r))) & MASK


def round_(acc, lane):
    return rotl((acc + lane * P2) & MASK, 31) * P1 & MASK


def merge(acc, lane):
    return ((acc ^ round_(0, lane)) * P1 + P4) & MASK


def xxh64(data, seed=0):
    at, n = 0, len(data)
    if n >= 32:
        acc = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK]
        while at + 32 <= n:
            for i in range(4):
                acc[i] = round_(acc[i], int.from_bytes(data[at + 8 * i:at + 8 * i + 8], "little"))
            at += 32
        h = (rotl(acc[0], 1) + rotl(acc[1], 7) + rotl(acc[2], 12) + rotl(acc[3], 18)) & MASK
        for a in acc:
            h = merge(h, a)
    else:
        h = (seed + P5) & MASK
    h = (h + n) & MASK
    while at + 8 <= n:
        h = (rotl(h ^ round_(0, int.from_bytes(data[at:at + 8], "little")), 27) * P1 + P4) & MASK
        at += 8
    if at + 4 <= n:
        h = (rotl(h ^ (int.from_bytes(data[at:at + 4], "little") * P1 & MASK), 23) * P2 + P3) & MASK
        at += 4
    while at < n:
        h = rotl(h ^ (data[at] * P5 & MASK), 11) * P1 & MASK
        at += 1
    h = (h ^ (h >> 33)) * P2 & MASK
    h = (h ^ (h >> 29)) * P3 & MASK
    return h ^ (h >> 32)


assert xxh64(b"") == 0xEF46DB3751D8E999
assert xxh64(b"a") == 0xD24EC4F1A98C6E5B
assert xxh64(b"abc") == 0x44BC2CF5AD770999
assert xxh64(b"Nobody inspects the spammish repetition") == 0xFBCEA83C8A378BF1

SHARES = [(1, 0.01), (5, 0.05), (10, 0.1), (50, 0.5), (90, 0.9)]
BARS = [(p, int(Fraction(share) * 2**64)) for p, share in SHARES]

print("function,high,low," + ",".join(f"held_{p}" for p, _ in SHARES))
for salt in ["clv", "winback-1", "", "été 2026", "a salt that is longer than thirty-two bytes on its own"]:
    customers = [f"c{i:06d}" for i in range(1, 31)]
    customers += ["1", "42", "K\u00f6ln/7", "\u9867\u5ba2-0001", "x" * 27, "y" * 61, "z" * 128,
                  "8f14e45f-ceea-467f-a0e6-1f2d3c4b5a69", "someone@example.org", "'quoted' id"]
    for customer in customers:
        h = xxh64((salt + customer).encode())
        held = ",".join(str(int(h < bar)) for _, bar in BARS)
        print(f"{salt}|{customer},{h >> 32},{h & 0xFFFFFFFF},{held}")
