#include "journal/checkpoint.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"

namespace journal {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("checkpoint: {}", why));
}

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::string to_string(const Origin& origin) {
  return fmt::format("stockade/{}/{}/{}", origin.estate, origin.site, origin.epoch);
}

std::optional<Origin> parse_origin(std::string_view text) {
  constexpr std::string_view prefix = "stockade/";
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  const std::size_t first = text.find('/'), last = text.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto epoch = parse_size(text.substr(last + 1));
  const Origin origin{std::string(text.substr(0, first)),
                      std::string(text.substr(first + 1, last - first - 1)), epoch.value_or(0)};
  if (!is_id(origin.estate) || !is_id(origin.site) || origin.epoch == 0) return std::nullopt;
  return origin;
}

std::string to_text(const Checkpoint& checkpoint) {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size,
                     crypto::to_base64(checkpoint.root.view()));
}

base::Result<Checkpoint> parse_checkpoint(std::string_view text) {
  ByteReader lines(text);
  const std::string_view origin = lines.line(), size_text = lines.line(), root_text = lines.line();
  const auto size = parse_size(size_text);
  const auto root = crypto::from_base64(root_text);
  if (!lines.at_end() || origin.empty())
    return bad("expected origin, size and root on three lines");
  if (!size) return bad("line 2 is not a size");
  if (!root || root->size() != sizeof(Digest)) return bad("line 3 is not a root");
  Checkpoint checkpoint{std::string(origin), *size, {}};
  std::copy(root->begin(), root->end(), checkpoint.root.bytes.begin());
  return checkpoint;
}

SignedCheckpoint sign(const Signer& signer, const Checkpoint& checkpoint) {
  CHECK(signer.verifier.name == checkpoint.origin);
  const std::string text = to_text(checkpoint);
  return {checkpoint, {text, {sign(signer, text)}}};
}

base::Result<SignedCheckpoint> open_checkpoint(std::string_view bytes, const VerifierKey& key) {
  Note note = TRY(parse_note(bytes));
  const Signed outcome = check(note, key).outcome;
  if (outcome == Signed::no) return bad(fmt::format("not signed by {}", to_string(key)));
  if (outcome == Signed::bad) return bad(fmt::format("the signature of {} does not fit", key.name));
  Checkpoint checkpoint = TRY(parse_checkpoint(note.text));
  if (checkpoint.origin != key.name)
    return bad(fmt::format("of {}, but signed by {}", checkpoint.origin, key.name));
  return SignedCheckpoint{std::move(checkpoint), std::move(note)};
}

}  // namespace journal
