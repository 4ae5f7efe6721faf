"""For each file on standard input (4 bytes of length, little-endian, then the file) writes 1 if the reference library
reads it, else 0. Needs safetensors. fuzz.ts runs it."""
import struct
import sys

import safetensors

while prefix := sys.stdin.buffer.read(4):
    data = sys.stdin.buffer.read(struct.unpack("<I", prefix)[0])
    try:
        safetensors.deserialize(data)
        sys.stdout.write("1")
    except safetensors.SafetensorError:
        sys.stdout.write("0")
