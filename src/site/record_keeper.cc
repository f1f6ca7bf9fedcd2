#include "site/record_keeper.h"

#include <algorithm>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/files.h"
#include "site/night_document.h"
#include "site/sold_sign.h"
#include "site/told.h"
#include "trade/till.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

std::int32_t day_of(const trade::Partition& own) {
  return own.day.given() ? trade::to_date(own.day).days : 0;
}

std::string_view product_of(const trade::Partition& own, trade::LineNo line) {
  return own.goods.product(line).view();
}

}  // namespace

Result<RecordKeeper> RecordKeeper::open(io::Disk& disk, const io::Path& data,
                                        const io::Path& journal, trade::SiteCode site) {
  auto records = TRY(records::Records::open(disk, data / "records.db"));
  auto cursor = TRY(journal::Cursor::open(disk, journal, 0));
  return RecordKeeper(disk, journal, std::move(cursor), std::move(records), site);
}

Result<std::uint64_t> RecordKeeper::keep(std::uint64_t committed, std::uint64_t entries_max) {
  const std::uint64_t end = std::min(committed, next_ + entries_max), begin = next_;
  const bool is_new = end > records_.entries();
  if (is_new) TRY(records_.begin());
  const auto all = [&]() -> Result<> {
    while (next_ < end) {
      const auto item = TRY(cursor_.next(end));
      CHECK(item.has_value());
      TRY(take(*item, item->index >= records_.entries()));
      next_ = item->index + 1;
    }
    if (is_new) TRY(records_.commit(end));
    return {};
  }();
  if (!all) {
    if (is_new) records_.roll_back();
    return std::unexpected(all.error());
  }
  return end - begin;
}

Result<> RecordKeeper::take(const journal::Cursor::Item& item, bool is_new) {
  if (item.entry.kind == journal::EntryKind::document && is_new)
    return note_document(item.entry.body);
  if (item.entry.kind != journal::EntryKind::events) return {};
  std::uint32_t place = 0;
  for (const std::string_view bytes : TRY(journal::unpack_events(item.entry.body))) {
    const auto event = trade::decode(bytes);
    CHECK(event.has_value());
    trade::apply(book_, site_, *event);
    if (is_new) TRY(write(item.index, place, item.entry.stamp.at_ms, bytes, *event));
    ++place;
  }
  return {};
}

// A document that is lost, or damaged, is one that nobody finds: the journal still names it.
Result<> RecordKeeper::note_document(std::string_view body) {
  const auto named = journal::parse_document(body);
  if (!named) return {};
  const auto document = read_document(named->digest);
  const auto day = document ? night_of(*document) : std::nullopt;
  if (!day) return {};
  return records_.set_night(day->days, crypto::to_hex(named->digest.view()));
}

Result<std::string> RecordKeeper::read_document(const journal::Digest& digest) const {
  const io::Path path = journal::document_path(journal_, digest);
  std::string document = TRY(io::read_file(*disk_, path));
  if (crypto::sha256(document) == digest) return document;
  return base::fail(ErrorCode::evidence_bad,
                    fmt::format("{}: is not the document that the journal names", path.string()));
}

Result<std::string> RecordKeeper::night(base::Date day) {
  const auto found = TRY(records_.night(day.days));
  const auto bytes = found ? crypto::from_hex(*found) : std::nullopt;
  journal::Digest digest;
  if (!bytes || bytes->size() != digest.bytes.size())
    return base::fail(ErrorCode::input_missing, fmt::format("no night of {}", to_string(day)));
  std::ranges::copy(*bytes, digest.bytes.begin());
  return read_document(digest);
}

Result<> RecordKeeper::write(std::uint64_t entry, std::uint32_t place, std::int64_t at_ms,
                             std::string_view bytes, const trade::Event& event) {
  const trade::Partition& own = *book_.find(site_);
  const Told told = told_by(own, event);
  records::EventRow row;
  row.entry = entry;
  row.place = place;
  row.at_ms = at_ms;
  row.day = day_of(own);
  row.kind = kind_name(event.body);
  row.actor = static_cast<std::uint32_t>(event.origin.actor);
  row.device = static_cast<std::uint32_t>(event.origin.device);
  row.bytes = bytes;
  for (const trade::LineNo line : told.lines) row.products.push_back(product_of(own, line));
  for (const trade::DocumentNumber& number : told.documents)
    row.documents.push_back(to_string(number));
  TRY(records_.add(row));
  TRY(add_sales(event.body));
  const std::vector<trade::LineNo> lines(told.lines.begin(), told.lines.end());
  return note_empty(event, lines);
}

Result<> RecordKeeper::add_sales(const trade::Body& body) {
  const trade::Partition& own = *book_.find(site_);
  Result<> outcome;
  trade::each_traded(
      own, body,
      [&](trade::Cause cause, trade::LineNo line, std::int64_t units, std::int64_t pence) {
        const int sign = sold_sign(cause);
        if (sign == 0 || !outcome) return;
        outcome =
            records_.add_sales(day_of(own), product_of(own, line), sign * units, sign * pence);
      });
  return outcome;
}

// A shelf counts as empty from the event that empties it, and on every day that begins with it so.
Result<> RecordKeeper::note_empty(const trade::Event& event, std::span<const trade::LineNo> lines) {
  const trade::Partition& own = *book_.find(site_);
  if (!own.day_is_open) return {};
  const auto note = [&](trade::LineNo line) -> Result<> {
    if (own.stock.on_hand(line) > 0 || own.goods.is_closed(line)) return {};
    return records_.note_empty(day_of(own), product_of(own, line));
  };
  if (std::holds_alternative<trade::DayOpened>(event.body)) {
    for (const trade::LineNo line : own.goods.by_product()) TRY(note(line));
    return {};
  }
  for (const trade::LineNo line : lines) TRY(note(line));
  return {};
}

}  // namespace site
