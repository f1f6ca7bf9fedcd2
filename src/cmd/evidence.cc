#include "cmd/evidence.h"

#include <algorithm>

#include <fmt/core.h>

#include "io/clock.h"
#include "io/disk.h"
#include "io/entropy.h"

namespace cmd {

using base::ErrorCode;
using base::Result;

Result<journal::Signer> read_signer(const std::string& path) {
  std::string text = TRY(io::read_file(io::real_disk(), path));
  if (text.ends_with('\n')) text.pop_back();  // as a site writes its own
  auto signer = journal::parse_signer(text);
  if (!signer) return base::fail(signer.error().code, path + ": " + signer.error().message);
  return signer;
}

Result<journal::VerifierKey> read_verifier(const std::string& text) {
  if (!io::real_disk().exists(text)) return journal::parse_verifier(text);
  std::string file = TRY(io::read_file(io::real_disk(), text));
  if (file.ends_with('\n')) file.pop_back();
  return journal::parse_verifier(file);
}

Result<> make_key(const std::string& name, journal::KeyKind kind, const std::string& out) {
  if (!journal::is_key_name(name))
    return base::fail(ErrorCode::input_bad,
                      fmt::format("'{}': a key's name is ASCII without spaces and '+'", name));
  if (io::real_disk().exists(out))
    return base::fail(ErrorCode::input_bad, fmt::format("{}: is there already", out));
  crypto::Seed seed;
  io::real_entropy().fill(seed);
  const journal::Signer signer = journal::make_signer(name, kind, seed);
  seed.fill(0);
  TRY(io::write_secret_file(io::real_disk(), out, journal::secret_text(signer) + "\n"));
  fmt::print("{}\n", journal::to_string(signer.verifier));
  return {};
}

journal::Stamp stamp_after(const journal::Stamp& last) {
  static const double start = io::real_clock().seconds();
  static const std::int64_t start_tick_ms = last.tick_ms;
  const auto run_ms = static_cast<std::int64_t>((io::real_clock().seconds() - start) * 1000);
  return {io::real_clock().wall_ms(), std::max(last.tick_ms, start_tick_ms + run_ms)};
}

}  // namespace cmd
