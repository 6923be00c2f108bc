"""event_file.py FILE: reads TensorBoard's events by their file format alone, checks every checksum, and prints them as JSON."""
import json
import struct
import sys


def crc32c(data):
    value = 0xffffffff
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82f63b78 if value & 1 else 0)
    value ^= 0xffffffff
    return (((value >> 15) | (value << 17)) + 0xa282ead8) & 0xffffffff


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a protobuf message: {number: [values]}."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = data[at:at + size], at + size
        found.setdefault(number, []).append(value)
    return found


def number(value):                                          # google.protobuf.Value
    kind = fields(value)
    return (struct.unpack("<d", kind[2][0])[0] if 2 in kind else kind[3][0].decode() if 3 in kind else bool(kind[4][0]) if 4 in kind
            else None)


events = []
with open(sys.argv[1], "rb") as file:
    while head := file.read(8):
        assert struct.unpack("<I", file.read(4))[0] == crc32c(head), "checksum of a length"
        data = file.read(struct.unpack("<Q", head)[0])
        assert struct.unpack("<I", file.read(4))[0] == crc32c(data), "checksum of an event"
        event = fields(data)
        entry = {"step": event.get(2, [0])[0], "time": struct.unpack("<d", event[1][0])[0]}
        if 3 in event:
            entry["version"] = event[3][0].decode()
        if 7 in event:
            entry["session"] = fields(event[7][0])[1][0]
        for summary in event.get(5, []):
            for value in map(fields, fields(summary).get(1, [])):
                tag = value[1][0].decode()
                if 2 in value:
                    entry.setdefault("scalars", {})[tag] = struct.unpack("<f", value[2][0])[0]
                if 4 in value:
                    image = fields(value[4][0])
                    entry["image"] = [tag, image[1][0], image[2][0], image[3][0], image[4][0][:8].hex()]
                if 5 in value:
                    histogram = fields(value[5][0])
                    unpack = lambda packed: list(struct.unpack(f"<{len(packed) // 8}d", packed))
                    entry["histogram"] = [tag, struct.unpack("<d", histogram[3][0])[0], unpack(histogram[6][0]), unpack(histogram[7][0])]
                if 9 in value:
                    plugin = fields(fields(value[9][0])[1][0])
                    entry["plugin"] = [tag, plugin[1][0].decode()]
                    content = fields(plugin[2][0])
                    if 3 in content:
                        pairs = map(fields, fields(content[3][0]).get(1, []))
                        entry["hparams"] = {pair[1][0].decode(): number(pair[2][0]) for pair in pairs}
                    if 4 in content:
                        entry["status"] = fields(content[4][0])[1][0]
        events.append(entry)
print(json.dumps(events))
