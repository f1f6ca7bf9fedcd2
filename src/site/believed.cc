#include "site/believed.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"

namespace site {
namespace {

constexpr std::string_view magic = "stockade-believed-1";

}  // namespace

std::string to_text(const Believed& believed) {
  std::string why = believed.why;
  std::ranges::replace(why, '\n', ' ');
  return fmt::format("{}\nentries {}\nroot {}\nwhy {}\n", magic, believed.entries,
                     to_hex(believed.root), why);
}

base::Result<Believed> parse_believed(std::string_view text) {
  journal::ByteReader lines(text);
  const std::string_view first = lines.line();
  const auto entries = journal::parse_size(lines.field("entries"));
  const auto root = crypto::from_hex(lines.field("root"));
  const std::string_view why = lines.field("why");
  if (!lines.at_end() || first != magic || !entries || !root ||
      root->size() != sizeof(journal::Digest))
    return base::fail(base::ErrorCode::evidence_bad,
                      "no decision about what is believed of a journal");
  Believed believed{*entries, {}, std::string(why)};
  std::ranges::copy(*root, believed.root.bytes.begin());
  return believed;
}

base::Result<std::optional<Believed>> load_believed(io::Disk& disk, const io::Path& folder) {
  const io::Path path = folder / believed_file;
  if (!disk.exists(path)) return std::nullopt;
  auto read = parse_believed(TRY(io::read_file(disk, path)));
  if (read) return std::move(*read);
  return base::fail(read.error().code, path.string() + ": " + read.error().message);
}

}  // namespace site
