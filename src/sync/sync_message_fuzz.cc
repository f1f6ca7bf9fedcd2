// libFuzzer target: any bytes as a request, an answer, or evidence of a rewritten history.
#include <cstdint>

#include "sync/evidence.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncing;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto request = parse_request(bytes))
    CHECK(encode(request->number, request->body) == bytes);
  if (const auto answer = parse_answer(bytes)) CHECK(encode(answer->number, answer->body) == bytes);
  static const journal::Signer signer =
      journal::make_signer("stockade/a/b/1", journal::KeyKind::signer, crypto::Seed{1});
  if (const auto evidence = parse_evidence(bytes, signer.verifier)) CHECK(holds(*evidence));
  return 0;
}
