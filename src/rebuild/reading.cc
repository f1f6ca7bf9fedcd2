#include "rebuild/reading.h"

#include <fmt/core.h>

#include "site/key.h"

namespace rebuild {

Reading::Reading(const std::string& name, std::uint64_t fold_to, std::set<std::uint64_t> marks)
    : fold_to_(fold_to), marks_(std::move(marks)) {
  const auto origin = journal::parse_origin(name);
  CHECK(origin.has_value());
  epoch_ = origin->epoch;
  if (marks_.contains(0)) roots_[0] = journal::empty_root();
  if (const auto code = site::code_of(*origin))
    site_ = *code;
  else
    why_ = origin->site + " is no site's code";
}

void Reading::take(const journal::Frame& frame, const journal::Place& begin) {
  for (const journal::Digest& leaf : frame.leaves) {
    frontier_.append(leaf);
    if (marks_.contains(frontier_.size())) roots_[frontier_.size()] = frontier_.root();
  }
  if (!why_.empty() || frontier_.size() > fold_to_) return;
  for (const std::string_view bytes : frame.entries)
    if (!take_entry(bytes)) return;
  end_ = begin;
  end_.offset += frame.bytes;
  end_.next = frontier_.size();
  end_.link = frame.check;
  events_ += std::exchange(events_of_frame_, 0);
  if (end_.next == fold_to_) root_ = frontier_.root();
}

journal::Digest Reading::state() const {
  return crypto::sha256(partition() == nullptr ? std::string() : trade::encode(*partition()));
}

bool Reading::take_entry(std::string_view bytes) {
  const auto entry = journal::parse_entry(bytes);
  if (!entry) return refuse(entry.error().message);
  if (entry->kind != journal::EntryKind::events) return true;
  const auto events = journal::unpack_events(entry->body);
  if (!events) return refuse(events.error().message);
  for (const std::string_view event : *events) {
    const auto taken = trade::admit(book_, site_, event);
    if (!taken) return refuse(trade::row_of(taken.error().why).name);
    if (partition()->site.epoch != epoch_) return refuse("it opens the site in another epoch");
    ++events_of_frame_;
  }
  return true;
}

bool Reading::refuse(std::string_view reason) {
  why_ = fmt::format("the commit after its first {} entries cannot be true: {}", end_.next, reason);
  return false;
}

base::Result<Reading> read(io::Disk& disk, const Copy& copy, std::uint64_t fold_to,
                           const std::set<std::uint64_t>& marks) {
  Reading reading(copy.key.name, fold_to, marks);
  TRY(journal::scan(disk, copy.folder, {},
                    [&](const journal::Frame& frame, const journal::Place& begin) {
                      reading.take(frame, begin);
                    }));
  return reading;
}

}  // namespace rebuild
