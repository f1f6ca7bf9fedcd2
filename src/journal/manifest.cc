#include "journal/manifest.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;
using crypto::Digest;

constexpr std::string_view signature_file = "manifest.minisig";
constexpr std::string_view key_file = "minisign.pub";

std::unexpected<base::Error> bad(const io::Path& folder, std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", folder.string(), why));
}

std::string to_text(const ManifestLine& line) {
  return fmt::format("file {} {} {}\n", to_hex(line.digest), line.size_bytes, line.path);
}

// Inside the folder, and nothing else: no way up, no way round.
bool is_inside(const std::string& text, bool (*owns)(std::string_view)) {
  const io::Path path(text);
  if (text.empty() || !path.is_relative() || path.lexically_normal() != path) return false;
  const std::string top = path.begin()->string();
  return top != ".." && !is_manifest_file(top) && owns(top);
}

std::optional<ManifestLine> parse_line(std::string_view text) {
  const std::size_t first = text.find(' '), second = text.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const auto digest = crypto::from_hex(text.substr(0, first));
  const auto size = parse_size(text.substr(first + 1, second - first - 1));
  if (!digest || digest->size() != sizeof(Digest) || !size) return std::nullopt;
  ManifestLine line{{}, *size, std::string(text.substr(second + 1))};
  std::ranges::copy(*digest, line.digest.bytes.begin());
  return line;
}

}  // namespace

bool is_manifest_file(std::string_view name) {
  return name == manifest_file || name == signature_file || name == key_file;
}

SignedFolder::SignedFolder(io::Disk& disk, io::Path folder, std::string_view magic)
    : disk_(&disk), folder_(std::move(folder)), manifest_(fmt::format("{}\n", magic)) {}

Result<> SignedFolder::put(const std::string& path, std::string_view bytes) {
  manifest_ += to_text({crypto::sha256(bytes), bytes.size(), path});
  return put_file(*disk_, folder_ / path, bytes);
}

Result<> SignedFolder::sign(const Signer& signer, std::string_view trusted_comment) {
  const auto key = crypto::minisign_key(signer.verifier.key);
  TRY(put_file(*disk_, folder_ / manifest_file, manifest_));
  TRY(put_file(*disk_, folder_ / signature_file,
               crypto::minisign(signer.key, manifest_, trusted_comment)));
  return put_file(*disk_, folder_ / key_file, crypto::minisign_public_file(key));
}

Result<std::vector<ManifestLine>> read_manifest(io::Disk& disk, const io::Path& folder,
                                                std::string_view magic,
                                                const crypto::MinisignKey& key,
                                                bool (*owns)(std::string_view name)) {
  const std::string text = TRY(io::read_file(disk, folder / manifest_file));
  const std::string signature = TRY(io::read_file(disk, folder / signature_file));
  if (const auto trusted = crypto::check_minisign(key, text, signature); !trusted)
    return bad(folder, trusted.error().message);
  std::vector<ManifestLine> lines;
  ByteReader reader(text);
  if (reader.line() != magic) return bad(folder, fmt::format("not {}", magic));
  while (!reader.at_end()) {
    const auto line = parse_line(reader.field("file"));
    if (!reader.good() || !line || !is_inside(line->path, owns))
      return bad(folder, "a line of the manifest is malformed");
    lines.push_back(*line);
  }
  return lines;
}

Result<std::string> read_listed(io::Disk& disk, const io::Path& folder, const ManifestLine& line) {
  std::string bytes = TRY(io::read_file(disk, folder / line.path));
  if (bytes.size() != line.size_bytes || crypto::sha256(bytes) != line.digest)
    return bad(folder / line.path, "not the file that was signed");
  return bytes;
}

Result<> put_file(io::Disk& disk, const io::Path& path, std::string_view bytes) {
  TRY(disk.make_folders(path.parent_path()));
  const auto writer = TRY(disk.create(path));
  TRY(writer->write(bytes));
  return writer->finish();
}

}  // namespace journal
