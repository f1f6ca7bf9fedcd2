// libFuzzer target: whatever a listed site sends, a listener answers, and its copy stays whole.
#include <cstdint>

#include "io/sim_disk.h"
#include "journal/verify.h"
#include "sync/listener.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncing;
  static const journal::Signer signer =
      journal::make_signer("stockade/a/b/1", journal::KeyKind::signer, crypto::Seed{1});
  static const RosterIndex roster([] {
    journal::Roster lines;
    lines.estate = "a";
    lines.lines.push_back({signer.verifier, journal::Role::centre, {}, std::nullopt});
    return lines;
  }());
  io::SimDisk disk(1);
  auto copies =
      Copies::open(disk, {"copies", [](const auto&) { return Want::entries; }, {}}, roster);
  CHECK(copies.has_value());
  Holdings holdings(disk, std::nullopt, *copies);
  Listener listener(holdings);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Reply reply = listener.answer(bytes, signer.verifier.key, 1);
  CHECK(parse_answer(reply.bytes).has_value());
  const Copy& copy = **copies->find(signer.verifier.name);
  CHECK(copy.damage().empty());
  if (copy.size() > 0) CHECK(journal::verify(disk, copy.folder(), {})->entries == copy.size());
  return 0;
}
