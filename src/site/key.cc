#include "site/key.h"

#include <charconv>

#include <fmt/core.h>

#include "journal/scan.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t header_bytes_max = 1'024;
constexpr std::size_t code_digits = 4;

Result<journal::Signer> make_key(io::Disk& disk, io::Entropy& entropy, const io::Path& folder,
                                 const std::string& name) {
  crypto::Seed seed;
  entropy.fill(seed);
  journal::Signer signer = journal::make_signer(name, journal::KeyKind::signer, seed);
  seed.fill(0);
  TRY(put_site_key(disk, folder, signer));
  return signer;
}

}  // namespace

journal::Origin origin_of(std::string_view estate, trade::SiteCode site, std::uint64_t epoch) {
  return {std::string(estate), fmt::format("{:04}", static_cast<std::uint16_t>(site)), epoch};
}

std::optional<trade::SiteCode> code_of(const journal::Origin& origin) {
  std::uint16_t code = 0;
  const char* end = origin.site.data() + origin.site.size();
  const auto parsed = std::from_chars(origin.site.data(), end, code);
  if (origin.site.size() != code_digits || parsed.ec != std::errc() || parsed.ptr != end)
    return std::nullopt;
  return trade::SiteCode{code};
}

Result<> put_site_key(io::Disk& disk, const io::Path& folder, const journal::Signer& signer) {
  return io::write_secret_file(disk, folder / key_file, journal::secret_text(signer) + "\n");
}

Result<journal::Signer> site_key(io::Disk& disk, io::Entropy& entropy, const io::Path& folder,
                                 const journal::Origin& origin) {
  const io::Path path = folder / key_file;
  const std::string name = journal::to_string(origin);
  if (!disk.exists(path)) {
    const io::Path journal = folder / journal_folder;
    if (disk.exists(journal) && !TRY(journal::list_segments(disk, journal)).empty())
      return base::fail(ErrorCode::evidence_bad,
                        fmt::format("{}: is missing, and the journal beside it is under that key",
                                    path.string()));
    return make_key(disk, entropy, folder, name);
  }
  std::string text = TRY(io::read_file(disk, path));
  if (text.ends_with('\n')) text.pop_back();
  auto signer = journal::parse_signer(text);
  if (!signer)
    return base::fail(signer.error().code,
                      fmt::format("{}: {}", path.string(), signer.error().message));
  if (signer->verifier.name != name)
    return base::fail(ErrorCode::input_bad,
                      fmt::format("{}: is the key of {}; this site is {}", path.string(),
                                  signer->verifier.name, name));
  return signer;
}

Result<std::optional<journal::VerifierKey>> journal_key(io::Disk& disk, const io::Path& folder) {
  if (!disk.exists(folder)) return std::nullopt;
  const auto segments = TRY(journal::list_segments(disk, folder));
  if (segments.empty()) return std::nullopt;
  const auto reader = TRY(disk.open(folder / segments.front()));
  std::string bytes(header_bytes_max, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const std::size_t got = TRY(reader->read(std::span(bytes).subspan(size)));
    if (got == 0) break;
    size += got;
  }
  const auto header = journal::parse_header(std::string_view(bytes).substr(0, size));
  if (!header) return std::nullopt;
  return header->header.key;
}

}  // namespace site
