// libFuzzer target: minisign's files, base64 and hexadecimal, from any bytes.
#include <cstdint>

#include "crypto/hex.h"
#include "crypto/minisign.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crypto;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto raw = from_base64(bytes)) CHECK(to_base64(*raw) == bytes);
  if (const auto raw = from_hex(bytes)) CHECK(to_hex(*raw) == bytes);
  if (const auto key = parse_minisign_public(bytes))
    CHECK(parse_minisign_public(minisign_public_file(*key))->key == key->key);
  static const MinisignKey key = minisign_key(SigningKey(Seed{1}).public_key());
  CHECK(!check_minisign(key, "content", bytes));
  return 0;
}
