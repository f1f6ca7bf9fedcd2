#include "vault/copy.h"

#include <algorithm>

#include <fmt/core.h>

#include "estate/read.h"
#include "io/private_folder.h"
#include "io/program.h"
#include "site/age.h"
#include "vault/folder.h"
#include "vault/known.h"
#include "vault/manifest.h"

namespace vault {
namespace {

using base::Date;
using base::ErrorCode;
using base::Result;

constexpr std::int64_t day_s = 24 * 60 * 60;

std::optional<Date> newest_day(const Known& known) {
  std::optional<Date> newest;
  for (const auto& [code, site] : known.book.partitions())
    if (site.day.given()) newest = std::max(newest.value_or(base::date_min), to_date(site.day));
  return newest;
}

// The sales of the last days only, where it is known which these are.
Result<estate::Estate> read_estate(io::Disk& disk, const CopyOptions& options,
                                   const std::optional<Date>& day) {
  estate::ReadOptions read;
  read.lenient = true;
  read.threads = options.threads;
  if (day) read.sales_from = *day - options.sales_days + 1;
  return estate::read_estate(disk, options.estate, read);
}

Date last_sales_day(const estate::Estate& estate, Date otherwise) {
  Date last = base::date_min;
  for (const std::uint16_t day : estate.sales.day) last = std::max(last, estate::sale_date(day));
  return last == base::date_min ? otherwise : last;
}

// What will be restored is what is read back, by the reader that a restored Stockade has.
Result<Sums> read_back(io::Disk& disk, const io::Path& folder, int threads) {
  estate::ReadOptions strict;
  strict.threads = threads;
  const auto estate = estate::read_estate(disk, folder, strict);
  if (estate) return sums_of(*estate);
  return base::fail(estate.error().code,
                    "the copy cannot be read back and is not kept: " + estate.error().message);
}

Result<FileDigest> write_self_description(io::Disk& disk, const io::Path& folder,
                                          const Making& making, const Sums& sums,
                                          const std::string& roster, WrittenFolder& written) {
  written.files.push_back(TRY(write_plain(disk, folder, "roster", roster)));
  written.files.push_back(
      TRY(write_plain(disk, folder, std::string(readme_file), readme_text(making, written, sums))));
  const auto manifest = TRY(
      write_plain(disk, folder, std::string(manifest_file), manifest_text(making, written, sums)));
  return manifest.digest;
}

// One stream in the order in which a person would read it.
Result<> pack(const io::Path& folder, const io::Path& archive, const WrittenFolder& written,
              std::int64_t made_s) {
  std::vector<std::string> words{"tar",
                                 "--create",
                                 "--gzip",
                                 "--format=posix",
                                 "--pax-option=delete=atime,delete=ctime",
                                 "--owner=0",
                                 "--group=0",
                                 "--numeric-owner",
                                 "--mode=u=rw,go=r",
                                 fmt::format("--mtime=@{}", made_s),
                                 "--file=" + archive.string(),
                                 "--directory=" + folder.string(),
                                 std::string(readme_file),
                                 std::string(manifest_file)};
  for (const WrittenFile& file : written.files)
    if (file.name != readme_file) words.push_back(file.name);
  return io::must_run(words);
}

Result<> check_signer(const CopyOptions& options, const journal::Roster& roster,
                      std::uint64_t entries) {
  const auto stands = journal::judge_key(roster, options.signer.verifier, entries);
  if (stands.why.empty()) return {};
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: {}", options.signer.verifier.name, stands.why));
}

void place_everywhere(io::Disk& disk, const CopyOptions& options, const io::Path& archive,
                      const std::string& note, Copied& copied) {
  for (const io::Path& place : options.places) {
    const auto placed = put_in_place(disk, archive, note, copied.name, place);
    if (placed)
      copied.written.push_back(place / (to_string(copied.name) + std::string(archive_ending)));
    else
      copied.not_placed.push_back({place, placed.error().message});
  }
}

}  // namespace

Result<Copied> copy(io::Disk& disk, const CopyOptions& options) {
  const journal::Roster roster = TRY(journal::open_roster(options.roster));
  const std::string& origin = options.signer.verifier.name;
  const Known known = TRY(read_known(disk, options.data, origin, roster));
  const JournalRead& own = known.journals.front();
  TRY(check_signer(options, roster, own.entries));
  const auto day = newest_day(known);
  const estate::Estate estate = TRY(read_estate(disk, options, day));
  const Date made{static_cast<std::int32_t>(options.made_s / day_s)};
  const Date as_of = day ? *day : last_sales_day(estate, made);

  const auto stage = TRY(io::PrivateFolder::make(options.data, "vault"));
  const io::Path folder = stage.path() / "copy", plain = stage.path() / "plain",
                 sealed = stage.path() / "sealed";
  TRY(disk.make_folders(folder));
  const FolderOptions how{options.estate, as_of, as_of - options.sales_days + 1};
  WrittenFolder written = TRY(write_folder(disk, estate, known, how, folder));
  Copied copied;
  copied.claim = {origin, options.made_s, own.entries, own.root, {}, {}, {}};
  copied.claim.sums = TRY(read_back(disk, folder, options.threads));
  copied.claim.manifest =
      TRY(write_self_description(disk, folder, {origin, options.made_s, own.entries, own.root},
                                 copied.claim.sums, options.roster, written));
  TRY(pack(folder, plain, written, options.made_s));
  TRY(site::seal_with_age(plain, options.recipients, sealed));
  copied.claim.archive = TRY(digest_of(disk, sealed));

  const auto parsed = journal::parse_origin(origin);
  CHECK(parsed.has_value());
  copied.name = {parsed->site, parsed->epoch, options.made_s};
  const std::string text = to_text(copied.claim);
  place_everywhere(disk, options, sealed,
                   to_string(journal::Note{text, {sign(options.signer, text)}}), copied);
  for (const JournalRead& row : known.journals)
    if (!row.why.empty()) copied.doubtful.push_back(fmt::format("{}: {}", row.origin, row.why));
  copied.left_out = std::move(written.left_out);
  return copied;
}

}  // namespace vault
