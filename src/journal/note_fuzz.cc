// libFuzzer target: signed notes, checkpoints, keys and origins. What is read writes back the same.
#include <cstdint>

#include "journal/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace journal;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static const Signer signer = make_signer("k", KeyKind::signer, crypto::Seed{1});
  static const Signer witness = make_signer("w", KeyKind::witness, crypto::Seed{2});
  if (const auto note = parse_note(bytes)) {
    CHECK(to_string(*note) == bytes);
    CHECK(check(*note, signer.verifier).outcome != Signed::yes);
    CHECK(check(*note, witness.verifier).outcome != Signed::yes);
  }
  if (const auto checkpoint = parse_checkpoint(bytes)) CHECK(to_text(*checkpoint) == bytes);
  if (const auto key = parse_verifier(bytes)) CHECK(to_string(*key) == bytes);
  if (const auto key = parse_signer(bytes)) CHECK(bytes.starts_with(secret_text(*key)));
  if (const auto origin = parse_origin(bytes)) CHECK(to_string(*origin) == bytes);
  return 0;
}
