#include "vault/verify.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "estate/read.h"
#include "io/private_folder.h"
#include "io/program.h"
#include "site/age.h"
#include "vault/copy.h"
#include "vault/manifest.h"

namespace vault {
namespace {

using base::ErrorCode;
using base::Result;

std::string without_ending(std::string path) {
  for (const std::string_view ending : {archive_ending, note_ending})
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  return path;
}

// The claim, if the roster's key for its journal has signed it and may speak.
Result<Claim> open_claim(std::string_view bytes, const journal::Roster& roster) {
  const journal::Note note = TRY(journal::parse_note(bytes));
  Claim claim = TRY(parse_claim(note.text));
  const auto line = std::ranges::find(roster.lines, claim.origin,
                                      [](const journal::RosterLine& row) { return row.key.name; });
  const auto no = [&](std::string why) {
    return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", claim.origin, why));
  };
  if (line == roster.lines.end()) return no("the roster does not list this key");
  if (journal::check(note, line->key).outcome != journal::Signed::yes)
    return no("the signature is not that of the roster's key");
  // One note has one spelling: no other line stands under it, so that no byte can change unseen.
  if (note.signatures.size() != 1) return no("more signatures than the site's");
  const auto stands = journal::judge_key(roster, line->key, claim.entries);
  if (!stands.why.empty()) return no(stands.why);
  return claim;
}

class Check {
 public:
  Check(io::Disk& disk, const journal::Roster& roster, const VerifyOptions& options)
      : disk_(disk), roster_(roster), options_(options) {}

  Result<Verified> run(const io::Path& path) {
    const std::string base = without_ending(path.string());
    archive_ = base + std::string(archive_ending);
    note_ = base + std::string(note_ending);
    if (!disk_.exists(archive_) && !disk_.exists(note_))
      return base::fail(ErrorCode::input_missing, archive_.string() + ": there is no such copy");
    TRY(check_note());
    if (!verified_.claim) return std::move(verified_);
    check_age();
    TRY(check_archive());
    if (!options_.identity.empty() && is_archive_good_) TRY(open());
    return std::move(verified_);
  }

 private:
  const Claim& claim() const { return *verified_.claim; }
  void fault(const io::Path& file, std::string_view why) {
    verified_.faults.push_back(fmt::format("{}: {}", file.string(), why));
  }

  Result<> check_note() {
    if (!disk_.exists(note_)) return fault(note_, "the note is missing"), Result<>();
    auto claim = open_claim(TRY(io::read_file(disk_, note_)), roster_);
    if (claim)
      verified_.claim = std::move(*claim);
    else
      fault(note_, claim.error().message);
    return {};
  }

  void check_age() {
    verified_.age_s = options_.now_s - claim().made_s;
    const std::string made = text_of_time(claim().made_s);
    if (verified_.age_s < -clock_slack_s) fault(note_, made + " lies in the future");
    if (options_.age_s_max && verified_.age_s > *options_.age_s_max)
      fault(note_, fmt::format("is of {}, and older than was asked for", made));
  }

  Result<> check_archive() {
    if (!disk_.exists(archive_))
      return fault(archive_, "the encrypted file is missing"), Result<>();
    is_archive_good_ = compare(archive_, TRY(digest_of(disk_, archive_)), claim().archive);
    return {};
  }

  bool compare(const io::Path& file, const FileDigest& found, const FileDigest& listed) {
    if (found.bytes != listed.bytes)
      fault(file, fmt::format("has {} bytes; {} were signed", found.bytes, listed.bytes));
    else if (found.digest != listed.digest)
      fault(file, fmt::format("its SHA-256 is {}; {} was signed", to_hex(found.digest),
                              to_hex(listed.digest)));
    return found == listed;
  }

  // What only a holder of the identity can see.
  Result<> open() {
    const auto stage = TRY(io::PrivateFolder::make_temporary("stockade-vault"));
    const io::Path plain = stage.path() / "plain", folder = stage.path() / "copy";
    const auto decrypted = site::open_with_age(archive_, options_.identity, plain);
    // The bytes are those that were encrypted, so it is the identity that does not fit.
    if (!decrypted)
      return base::fail(ErrorCode::evidence_bad,
                        options_.identity.string() + ": " + decrypted.error().message);
    TRY(disk_.make_folders(folder));
    TRY(io::must_run(std::vector<std::string>{"tar", "--extract", "--gzip", "--no-same-owner",
                                              "--file=" + plain.string(),
                                              "--directory=" + folder.string()}));
    verified_.is_opened = true;
    if (!TRY(check_manifest(folder))) return {};
    check_sums(folder);
    return {};
  }

  Result<bool> check_manifest(const io::Path& folder) {
    const io::Path path = folder / manifest_file;
    if (!disk_.exists(path)) return fault(inside(manifest_file), "is missing"), false;
    const std::string bytes = TRY(io::read_file(disk_, path));
    if (!compare(inside(manifest_file), {bytes.size(), crypto::sha256(bytes)}, claim().manifest))
      return false;
    const auto files = read_listed_files(bytes);
    if (!files) return fault(inside(manifest_file), files.error().message), false;
    const std::size_t before = verified_.faults.size();
    std::set<std::string> listed{std::string(manifest_file)};
    for (const ListedFile& file : *files) {
      listed.insert(file.name);
      if (!disk_.exists(folder / file.name))
        fault(inside(file.name), "is missing");
      else
        compare(inside(file.name), TRY(digest_of(disk_, folder / file.name)), file.digest);
    }
    for (const std::string& name : TRY(disk_.list(folder)))
      if (!listed.contains(name)) fault(inside(name), "is not in the manifest");
    return verified_.faults.size() == before;
  }

  io::Path inside(std::string_view file) const { return archive_.filename() / file; }

  void check_sums(const io::Path& folder) {
    estate::ReadOptions strict;
    strict.threads = options_.threads;
    const auto estate = estate::read_estate(disk_, folder, strict);
    if (!estate) return fault(archive_, "cannot be read: " + estate.error().message);
    const Sums found = sums_of(*estate);
    const auto same = [&](std::string_view what, auto restored, auto claimed) {
      if (restored != claimed)
        fault(archive_, fmt::format("{} {}; {} were claimed", restored, what, claimed));
    };
    const Sums& sums = claim().sums;
    same("sites", found.sites, sums.sites);
    same("lines", found.lines, sums.lines);
    same("units", found.units, sums.units);
    same("open orders", found.orders, sums.orders);
    same("units on order", found.order_units, sums.order_units);
    same("pence", found.pence, sums.pence);
  }

  io::Disk& disk_;
  const journal::Roster& roster_;
  const VerifyOptions& options_;
  io::Path archive_, note_;
  bool is_archive_good_ = false;
  Verified verified_;
};

}  // namespace

Result<Verified> verify(io::Disk& disk, const io::Path& path, const journal::Roster& roster,
                        const VerifyOptions& options) {
  return Check(disk, roster, options).run(path);
}

}  // namespace vault
