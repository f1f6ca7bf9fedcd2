#include "estate/read_session.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/sha256.h"

namespace estate {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t shown_bytes_max = 60;

constexpr auto required_files =
    std::to_array<std::string_view>({"estate.toml", "sites.csv", "products.csv", "sales.csv"});

// Where one thread reads them all, and so the order in which bad rows are listed.
constexpr auto reading_order = std::to_array<std::string_view>(
    {"suppliers.csv", "sites.csv", "products.csv", "sales.csv", "supplier_items.csv",
     "barcodes.csv", "range.csv", "supply.csv", "deliveries.csv", "site_calendar.csv",
     "capacity.csv", "stock.csv", "on_order.csv", "movements.csv", "customer_orders.csv",
     "promotions.csv", "events.csv", "prices.csv"});
static_assert(reading_order.size() + 1 == known_files.size(), "estate.toml has no rows");

}  // namespace

// Counts packed bytes for the progress line; the reading thread writes, the caller's thread reads.
class Session::CountingReader final : public io::Reader {
 public:
  CountingReader(std::unique_ptr<io::Reader> inner, std::atomic<std::uint64_t>& count)
      : inner_(std::move(inner)), count_(&count) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t got = TRY(inner_->read(into));
    count_->fetch_add(got, std::memory_order_relaxed);
    return got;
  }
  std::uint64_t size_bytes() const override { return inner_->size_bytes(); }

 private:
  std::unique_ptr<io::Reader> inner_;
  std::atomic<std::uint64_t>* count_;
};

std::string shown(std::string_view value) {
  std::string text;
  for (const char c : value.substr(0, shown_bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
  if (value.size() > shown_bytes_max) text += "…";
  return text;
}

std::string message_of(std::string_view file, const Problem& problem) {
  if (problem.column.empty()) return fmt::format("{}:{}: {}", file, problem.line, problem.why);
  return fmt::format("{}:{}: column {}: \"{}\": {}", file, problem.line, problem.column,
                     shown(problem.value), problem.why);
}

Result<OpenCsv> open_csv_stream(std::unique_ptr<io::Reader> packed, Packing packing,
                                const std::string& name,
                                std::function<void(std::string_view)> tap) {
  OpenCsv csv;
  csv.reader = inflate(std::move(packed), packing, name);
  csv.blocks = std::make_unique<CsvBlocks>(*csv.reader);
  if (tap) csv.blocks->set_tap(std::move(tap));

  Record header;
  (void)TRY(csv.blocks->next(csv.first_block));
  CsvCursor cursor(csv.first_block);
  const bool has_header = cursor.next(header);
  Problem problem{.line = header.line + 1, .why = std::string(header.problem)};
  if (!has_header) problem.why = "expected a header row with the names of the columns";
  if (!problem.why.empty()) return base::fail(ErrorCode::input_bad, message_of(name, problem));
  for (std::size_t i = 0; i < header.count; ++i) csv.columns.emplace_back(header.fields[i]);
  csv.first_line = cursor.lines() + 1;
  csv.first_block.erase(csv.first_block.begin(),
                        csv.first_block.begin() + static_cast<std::ptrdiff_t>(cursor.offset()));
  return csv;
}

Result<Session> Session::open(io::Disk& disk, const io::Path& folder, const ReadOptions& options) {
  return open(disk, folder, options, {known_files, required_files});
}

Result<Session> Session::open(io::Disk& disk, const io::Path& folder, const ReadOptions& options,
                              const FolderFiles& files) {
  Session session;
  session.disk_ = &disk;
  session.folder_ = folder;
  session.options_ = &options;
  session.progress_ = std::make_unique<Progress>();
  auto names = disk.list(folder);
  if (!names)
    return base::fail(ErrorCode::input_missing,
                      fmt::format("{}: expected an estate folder", names.error().message));
  for (const std::string& name : *names) {
    const std::string plain(plain_name(name));
    if (std::ranges::find(files.known, plain) == files.known.end()) continue;
    if (plain == "estate.toml" && name != plain) continue;
    if (session.has(plain))
      return base::fail(ErrorCode::input_bad,
                        fmt::format("{} and {} are both there: expected one of them",
                                    session.facts(plain).file, name));
    const auto reader = TRY(disk.open(folder / name));
    Found& found = session.found_[plain];
    found.facts.file = name;
    found.facts.bytes = reader->size_bytes();
    found.packing = packing_of(name);
    session.bytes_total_ += found.facts.bytes;
  }
  for (const std::string_view required : files.required)
    if (!session.has(required))
      return base::fail(
          ErrorCode::input_missing,
          fmt::format("{}: expected a file {} in the estate folder", folder.string(), required));
  return session;
}

Result<std::string> Session::read_whole(std::string_view file, std::size_t bytes_max) {
  Found& found = found_.at(std::string(file));
  if (found.facts.bytes > bytes_max)
    return base::fail(ErrorCode::input_too_large, fmt::format("{}: {} bytes, expected at most {}",
                                                              file, found.facts.bytes, bytes_max));
  std::string content = TRY(io::read_file(*disk_, folder_ / found.facts.file));
  crypto::Sha256 sha;
  sha.add(content);
  found.digest = sha.finish_hex();
  progress_->bytes_read.fetch_add(content.size());
  return content;
}

Result<OpenCsv> Session::open_csv(std::string_view file) { return open_csv(file, true); }
Result<OpenCsv> Session::open_csv_again(std::string_view file) { return open_csv(file, false); }

Result<OpenCsv> Session::open_csv(std::string_view file, bool with_digest) {
  Found& found = found_.at(std::string(file));
  auto packed = TRY(disk_->open(folder_ / found.facts.file));
  if (with_digest)
    packed = std::make_unique<CountingReader>(std::move(packed), progress_->bytes_read);
  std::function<void(std::string_view)> tap;
  if (with_digest)
    tap = [sha = std::make_shared<crypto::Sha256>(), &found](std::string_view bytes) {
      if (bytes.empty())
        found.digest = sha->finish_hex();
      else
        sha->add(bytes);
    };
  return open_csv_stream(std::move(packed), found.packing, found.facts.file, std::move(tap));
}

void Session::report_progress(std::string_view file) {
  if (!options_->progress || bytes_total_ == 0) return;
  const double read = static_cast<double>(progress_->bytes_read.load(std::memory_order_relaxed));
  const std::lock_guard lock(progress_->telling);
  options_->progress(std::min(1.0, read / static_cast<double>(bytes_total_)), facts(file).file);
}

Result<> Session::take(std::string_view file, Problem problem) {
  Found& found = found_.at(std::string(file));
  if (!options_->lenient || problem.fatal)
    return base::fail(ErrorCode::input_bad, message_of(found.facts.file, problem));
  ++found.facts.rejected;
  if (found.rejected.size() < rejected_detail_max)
    found.rejected.push_back({found.facts.file, problem.line, std::move(problem.column),
                              shown(problem.value), std::move(problem.why)});
  return {};
}

std::vector<Rejected> Session::finish_rejected() {
  std::vector<Rejected> all;
  for (const std::string_view file : reading_order) {
    const auto found = found_.find(std::string(file));
    if (found == found_.end()) continue;
    std::vector<Rejected>& rows = found->second.rejected;
    rows.resize(std::min(rows.size(), rejected_detail_max - all.size()));
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<FileFacts> Session::finish_facts() {
  std::vector<FileFacts> facts;
  for (std::string_view file : known_files) {
    const auto found = found_.find(std::string(file));
    if (found != found_.end()) facts.push_back(found->second.facts);
  }
  return facts;
}

std::string Session::digest() {
  crypto::Sha256 sha;
  for (const auto& [name, found] : found_) {
    sha.add(name);
    sha.add(std::string_view("\0", 1));
    sha.add(found.digest);
  }
  return sha.finish_hex();
}

}  // namespace estate
