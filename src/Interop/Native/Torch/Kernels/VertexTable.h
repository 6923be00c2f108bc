// The vertices of a permutohedral lattice that are in use: a hash table with open addressing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace vision {

/// Numbers lattice vertices by their coordinates, from 0 in the order in which they are first inserted.
class VertexTable {
 public:
  explicit VertexTable(int64_t dimensions) : dimensions(dimensions), slots(1 << 12, kNone) {}

  static constexpr int32_t kNone = -1;

  int64_t size() const {
    return static_cast<int64_t>(coordinates.size()) / dimensions;
  }

  const int32_t* vertex(int64_t number) const {
    return coordinates.data() + number * dimensions;
  }

  /// The number of a vertex, kNone where it was never inserted.
  int32_t find(const int32_t* key) const {
    return slots[slotOf(key)];
  }

  int32_t insert(const int32_t* key) {
    size_t slot = slotOf(key);
    if (slots[slot] == kNone) {
      slots[slot] = static_cast<int32_t>(size());
      coordinates.insert(coordinates.end(), key, key + dimensions);
      if (coordinates.size() * 2 > slots.size() * dimensions) {
        grow();
        slot = slotOf(key);
      }
    }
    return slots[slot];
  }

 private:
  int64_t dimensions;
  std::vector<int32_t> slots;  // a power of two; at most half are taken
  std::vector<int32_t> coordinates{};

  size_t slotOf(const int32_t* key) const {
    uint64_t hash = 0;
    for (int64_t i = 0; i < dimensions; ++i) {
      hash = (hash ^ static_cast<uint32_t>(key[i])) * 0x9E3779B97F4A7C15u;
      hash ^= hash >> 32;
    }
    size_t mask = slots.size() - 1;
    size_t slot = hash & mask;
    while (slots[slot] != kNone && !std::equal(key, key + dimensions, vertex(slots[slot]))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void grow() {
    slots.assign(slots.size() * 2, kNone);
    for (int64_t number = 0; number < size(); ++number) {
      slots[slotOf(vertex(number))] = static_cast<int32_t>(number);
    }
  }
};

}  // namespace vision
