#include "site/requests.h"

#include <algorithm>
#include <cstring>

#include "journal/bytes.h"

namespace site {
namespace {

using trade::RequestId;

constexpr std::size_t name_bytes = 8;  // the others are the content's

std::uint64_t name_of(const RequestId& request) {
  std::uint64_t name = 0;
  std::memcpy(&name, request.bytes.data(), name_bytes);
  return name;
}

}  // namespace

std::optional<Requests::Known> Requests::find(const RequestId& request,
                                              std::int64_t tick_ms) const {
  const auto found = rows_by_name_.find(name_of(request));
  if (!found) return std::nullopt;
  const Row& row = rows_[*found - first_row_];
  if (row.tick_ms + request_kept_ms < tick_ms) return std::nullopt;
  return Known{row.request == request, {row.entry, row.place, event_of(row)}};
}

void Requests::keep(const RequestId& request, std::int64_t tick_ms, std::uint64_t entry,
                    std::uint32_t place, std::string_view event) {
  while (!rows_.empty() &&
         (rows_.front().tick_ms + request_kept_ms < tick_ms || rows_.size() == requests_max))
    forget_oldest();
  for (first_event_ = std::max(first_event_, first_row_);
       events_.size() + event.size() > request_event_bytes_max && !events_.empty(); ++first_event_)
    forget_event(rows_[first_event_ - first_row_]);
  rows_by_name_.put(name_of(request), first_row_ + rows_.size());
  rows_.push_back({request, tick_ms, entry, place, static_cast<std::uint32_t>(event.size()),
                   first_byte_ + events_.size()});
  events_.insert(events_.end(), event.begin(), event.end());
}

// Events lie in the order of their rows, so this one's is the first of those that are kept.
void Requests::forget_event(Row& row) {
  events_.erase(events_.begin(), events_.begin() + row.event_bytes);
  first_byte_ += row.event_bytes;
  row.event_bytes = 0;
}

void Requests::forget_oldest() {
  Row& row = rows_.front();
  rows_by_name_.erase(name_of(row.request), first_row_);
  forget_event(row);
  rows_.pop_front();
  ++first_row_;
}

void Requests::clear() { *this = {}; }

std::string Requests::event_of(const Row& row) const {
  if (row.event_bytes == 0) return {};
  const auto begin = events_.begin() + static_cast<std::ptrdiff_t>(row.event_at - first_byte_);
  return {begin, begin + row.event_bytes};
}

std::size_t Requests::bytes() const {
  return rows_.size() * sizeof(Row) + rows_by_name_.bytes() + events_.size();
}

void Requests::encode(std::string& to) const {
  for (const Row& row : rows_) {
    to.append(row.request.bytes.begin(), row.request.bytes.end());
    journal::put_number(to, static_cast<std::uint64_t>(row.tick_ms), 8);
    journal::put_number(to, row.entry, 8);
    journal::put_number(to, row.place, 4);
    journal::put_number(to, row.event_bytes, 4);
    to += event_of(row);
  }
}

base::Result<> Requests::decode(std::string_view bytes) {
  clear();
  journal::ByteReader reader(bytes);
  while (!reader.at_end()) {
    RequestId request;
    std::ranges::copy(reader.bytes(request.bytes.size()), request.bytes.begin());
    const auto tick_ms = static_cast<std::int64_t>(reader.number(8));
    const std::uint64_t entry = reader.number(8);
    const auto place = static_cast<std::uint32_t>(reader.number(4));
    const std::string_view event = reader.bytes(reader.number(4));
    if (!reader.good())
      return base::fail(base::ErrorCode::evidence_bad, "state: a request is cut short");
    keep(request, tick_ms, entry, place, event);
  }
  return {};
}

}  // namespace site
