// Any bytes as a claim, as a copy's name and as a manifest: each is refused or has one spelling.
#include <cstdint>
#include <string>

#include "vault/claim.h"
#include "vault/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto claim = vault::parse_claim(text)) CHECK(to_text(*claim) == text);
  if (const auto name = vault::parse_copy_name(text)) CHECK(to_string(*name) == text);
  if (const auto files = vault::read_listed_files(text))
    for (const vault::ListedFile& file : *files) CHECK(file.name.find('/') == file.name.npos);
  return 0;
}
