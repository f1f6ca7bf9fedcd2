// libFuzzer target: an archive whose manifest is any bytes under a good signature.
#include <cstdint>

#include "io/sim_disk.h"
#include "journal/archive.h"
#include "journal/scan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace journal;
  const std::string_view manifest(reinterpret_cast<const char*>(data), size);
  static const Signer signer = make_signer("stockade/a/b/1", KeyKind::signer, crypto::Seed{1});
  io::SimDisk disk(1);
  CHECK(disk.make_folders("copy").has_value());
  const auto put = [&](const std::string& name, std::string_view bytes) {
    CHECK(io::write_file(disk, io::Path("copy") / name, bytes).has_value());
  };
  put("manifest", manifest);
  put("manifest.minisig", crypto::minisign(signer.key, manifest, "x"));
  put(segment_name(0), encode(SegmentHeader{signer.verifier, 0, {}}));
  const auto key = crypto::minisign_key(signer.verifier.key);
  const auto restored = restore(disk, "copy", "back", key);
  CHECK(restored.has_value() == disk.exists("back"));
  const auto names = disk.list(".");
  CHECK(names.has_value());
  for (const std::string& name : *names) CHECK(name == "copy" || name == "back");
  return 0;
}
