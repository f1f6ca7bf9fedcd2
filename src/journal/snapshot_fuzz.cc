// libFuzzer target: snapshots, with and without a digest that fits.
#include <cstdint>

#include "journal/snapshot.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace journal;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string fitting = bytes + std::string(crypto::sha256(bytes).view());
  for (const std::string& input : {bytes, fitting})
    if (const auto snapshot = parse_snapshot(input)) CHECK(encode(*snapshot) == input);
  return 0;
}
