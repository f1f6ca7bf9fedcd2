// libFuzzer target: a segment's header, its frames, and the search for frames behind damage. The
// first byte says what the rest is.
#include <cstdint>

#include "journal/frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace journal;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    const auto header = parse_header(bytes);
    if (header) CHECK(bytes.starts_with(encode(header->header)));
    return 0;
  }
  Frame frame;
  if (read_frame(bytes, data[0] / 2, {}, frame) == FrameFault::none) {
    CHECK(!frame.entries.empty() && frame.entries.size() == frame.leaves.size());
    CHECK(frame.bytes <= bytes.size());
    FrameBuilder builder;
    builder.begin(frame.first, {});
    for (const std::string_view entry : frame.entries) CHECK(builder.add(entry));
    CHECK(builder.finish() == bytes.substr(0, frame.bytes));
  }
  const auto found = find_frame(bytes, 0, 0);
  if (found) CHECK(*found >= sizeof(Digest) && *found < bytes.size());
  return 0;
}
