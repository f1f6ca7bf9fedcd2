// libFuzzer target: a whole folder around any segment and checkpoint bytes: verified, read by a
// cursor, and opened as a site would. The first two bytes say how much is the segment.
#include <cstdint>

#include "io/sim_disk.h"
#include "journal/cursor.h"
#include "journal/files.h"
#include "journal/testing/kit.h"
#include "journal/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace journal;
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t split = std::min<std::size_t>(bytes.size(), data[0] * 256u + data[1]);
  io::SimDisk disk(1);
  CHECK(disk.make_folders("j").has_value());
  const std::string segment(bytes.substr(0, split));
  CHECK(io::write_file(disk, io::Path("j") / segment_name(0), segment).has_value());
  if (split < bytes.size())
    CHECK(io::write_file(disk, io::Path("j") / checkpoint_file, bytes.substr(split)).has_value());
  const auto report = verify(disk, "j", {});
  CHECK(report.has_value());
  if (report->trustworthy > 0) {
    auto cursor = Cursor::open(disk, "j", 0);
    CHECK(cursor.has_value());
    for (std::uint64_t i = 0; i < report->trustworthy; ++i) {
      const auto item = cursor->next(report->trustworthy);
      CHECK(item.has_value() && item->has_value() && (*item)->index == i);
    }
  }
  class Nothing final : public Fold {
   public:
    void reset() override {}
    base::Result<> load(std::string_view) override { return {}; }
    void apply(std::uint64_t, const Entry&) override {}
  } fold;
  const auto opened = Journal::open(disk, "j", {}, fold);
  // A site starts over nothing that verify finds wrong, and its bytes stay as they were.
  if (opened && opened->opening().standing == Standing::ready)
    for (const Fault& fault : report->faults) CHECK(fault.file != segment_name(0) || !fault.byte);
  CHECK(*io::read_file(disk, io::Path("j") / segment_name(0)) == segment);
  return 0;
}
