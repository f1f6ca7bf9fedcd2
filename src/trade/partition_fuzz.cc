// libFuzzer target: the bytes of a partition. What is read writes back the same.
#include <cstdint>

#include "base/result.h"
#include "trade/book.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trade;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Catalogue catalogue;
  if (const auto partition = decode_partition(bytes, catalogue)) CHECK(encode(*partition) == bytes);
  return 0;
}
