#pragma once
// The estate's card key: 32 bytes under which the codes of gift cards and credit receipts become
// the digests that journals hold. Every site that reads a code has the same one.
//
// Whoever holds it and a journal can tell whether a code that he has is that of a card; codes
// cannot be made from it. Whoever loses it knows no card any more, so it is also sealed for people.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/disk.h"
#include "io/entropy.h"
#include "trade/card_code.h"
#include "trade/number.h"
#include "trade/words.h"

namespace site {

class CardKey {
 public:
  static CardKey make(io::Entropy& entropy);
  // Reads what secret_text wrote. Error: input_bad, which does not say what stood there.
  static base::Result<CardKey> parse(std::string_view text);
  // Of a file. Errors: input_missing, io_failed, input_bad.
  static base::Result<CardKey> read(io::Disk& disk, const io::Path& path);

  // HMAC-SHA-256 of the code's 20 characters.
  trade::CardDigest digest_of(const trade::CardCode& code) const;
  // Of a membership's number: HMAC-SHA-256 of "member " and the number. No code has a space.
  trade::CardDigest digest_of_member(std::string_view number) const;
  // The code of a card that a request makes with a document of its site, the index-th: always the
  // same one, so that the same request gives it again from nothing but a journal. It is of an HMAC
  // of "code", the three, and spaces, which is the digest of no card. Requires a request.
  trade::CardCode new_code(const trade::RequestId& request, const trade::DocumentNumber& document,
                           std::uint32_t index) const;
  // Names the key and says nothing of it: 16 hexadecimal digits, the same at every site.
  std::string id() const;
  // "stockade-card-key-1 ID BASE64": for a file that only its owner may read.
  std::string secret_text() const;

  friend bool operator==(const CardKey&, const CardKey&) = default;

 private:
  std::array<std::uint8_t, 32> bytes_{};
};

// Makes a key for the file `out`, and seals it for the recipients in the file `sealed`, which comes
// first: a key that is in use can be opened again. Neither file may be there: another key would
// make every card unknown. Errors: input_bad, io_failed (also where age cannot be run).
base::Result<CardKey> make_card_key(io::Disk& disk, io::Entropy& entropy,
                                    const io::Path& recipients, const io::Path& sealed,
                                    const io::Path& out);

// Opens the sealed key with somebody's identity into the file `out`. One that lies there must be
// the same. Errors: as above, and input_bad for what is no card key.
base::Result<CardKey> open_card_key(io::Disk& disk, const io::Path& sealed,
                                    const io::Path& identity, const io::Path& out);

}  // namespace site
