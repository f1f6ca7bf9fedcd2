#pragma once
// The claim beside a copy: who made it when, of which journal, and the digests by which every byte
// of it is checked. It is the text of a signed note.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/sha256.h"
#include "vault/sums.h"

namespace vault {

inline constexpr std::string_view archive_ending = ".tar.gz.age", note_ending = ".note";

// Seconds UTC since 1970 as "2026-06-15T03:00:12Z"; years 1970 to 2199.
std::string text_of_time(std::int64_t seconds);
std::optional<std::int64_t> parse_time(std::string_view text);

// What a copy is called: "9901-1-20260615T030012Z", before either ending.
struct CopyName {
  std::string site;  // as in the journal's name
  std::uint64_t epoch = 1;
  std::int64_t made_s = 0;  // seconds UTC since 1970
  friend auto operator<=>(const CopyName&, const CopyName&) = default;
};
std::string to_string(const CopyName& name);
std::optional<CopyName> parse_copy_name(std::string_view text);

struct FileDigest {
  std::uint64_t bytes = 0;
  crypto::Digest digest;
  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

struct Claim {
  std::string origin;  // the journal of the site that made it, which is also its key's name
  std::int64_t made_s = 0;
  std::uint64_t entries = 0;  // the first so many of that journal are in the copy
  crypto::Digest root;        // of them
  FileDigest archive;         // the encrypted file
  FileDigest manifest;        // the file inside it that lists the others
  Sums sums;
  friend bool operator==(const Claim&, const Claim&) = default;
};

std::string to_text(const Claim& claim);
// Takes what to_text writes and nothing else. Error: evidence_bad.
base::Result<Claim> parse_claim(std::string_view text);

}  // namespace vault
