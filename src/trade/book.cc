#include "trade/book.h"

#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

Verdict check_number(const Partition& partition, std::uint32_t counter) {
  if (counter != partition.last_counter + 1 || counter == 0) return no(Refusal::number_not_next);
  return {};
}

Verdict check_issued(const Partition& partition, const DocumentNumber& number) {
  if (number != partition.next_number()) return no(Refusal::number_not_next);
  return check_number(partition, number.counter);
}

Verdict check_origin(const Partition& partition, const Origin& origin) {
  if (origin.device == DeviceNo{}) return {};
  const auto device = partition.devices.find(origin.device);
  if (device != partition.devices.end() && origin.sequence <= device->second)
    return no(Refusal::already_done);
  return {};
}

Verdict check_opening(const Book& book, SiteCode site, const SiteOpened& opened) {
  if (book.find(site) != nullptr) return no(Refusal::site_exists);
  if (opened.code != site) return no(Refusal::document_not_ours);
  if (static_cast<std::uint16_t>(site) > site_code_max || opened.epoch == 0)
    return no(Refusal::value_out_of_range);
  return {};
}

// The one check that decide, apply and admit share.
Verdict check(const Book& book, SiteCode site, const Event& event) {
  if (const auto* opened = std::get_if<SiteOpened>(&event.body))
    return check_opening(book, site, *opened);
  const Partition* partition = book.find(site);
  if (partition == nullptr) return no(Refusal::site_unknown);
  TRY(check_origin(*partition, event.origin));
  return std::visit(
      [&]<class Kind>(const Kind& body) -> Verdict {
        if constexpr (std::is_same_v<Kind, SiteOpened>) {
          return {};
        } else {
          if (!std::is_same_v<Kind, SiteContinued> && partition->carried.parts > 0)
            return no(Refusal::number_not_next);  // the rest of it comes first
          if constexpr (Numbered<Kind>) TRY(check_number(*partition, body.counter));
          if (const DocumentNumber* issued = issued_by(body))
            TRY(check_issued(*partition, *issued));
          return fits(*partition, body);
        }
      },
      event.body);
}

// A device of another site takes and gives back holds, and does nothing else.
Verdict check_foreign_device(const Partition& partition, const Command& command) {
  const auto device = partition.enrolled_devices.find(command.origin.device);
  if (device == partition.enrolled_devices.end() || device->second.site == SiteCode{}) return {};
  const auto* ended = std::get_if<HoldEnded>(&command.body);
  const bool may = std::holds_alternative<HoldTaken>(command.body) ||
                   (ended != nullptr && ended->verb == HoldVerb::release);
  return may ? Verdict{} : no(Refusal::role_not_allowed);
}

Verdict check_permission(SiteKind kind, const Partition* partition, const Command& command) {
  const auto verb = verb_of(command.body);
  if (!verb) return no(Refusal::cause_not_by_hand);
  if (partition != nullptr) TRY(check_foreign_device(*partition, command));
  TRY(permits(kind, command.role, *verb));
  const auto capability = static_cast<std::size_t>(row_of(*verb).capability);
  if (partition != nullptr && partition->modes[capability] == Mode::closed)
    return no(Refusal::capability_closed);
  return {};
}

// What the site decides, filled into the body.
Verdict complete_body(const Decision& decision, Body& body) {
  return std::visit(
      [&]<class Kind>(Kind& wanted) -> Verdict {
        if constexpr (Numbered<Kind>) wanted.counter = decision.site.last_counter + 1;
        // A number that was foreseen is kept: a gift card's owner captured for it.
        if (DocumentNumber* issued = issued_by(wanted); issued != nullptr && !issued->given())
          *issued = decision.site.next_number();
        return complete(decision, wanted);
      },
      body);
}

}  // namespace

Book::Book() : catalogue_(std::make_unique<Catalogue>()) {}

const Partition* Book::find(SiteCode site) const {
  const auto row = partitions_.find(site);
  return row == partitions_.end() ? nullptr : &row->second;
}

std::optional<Quarantine> Book::quarantine(SiteCode site) const {
  const auto feed = feeds_.find(site);
  if (feed == feeds_.end() || !feed->second.fault) return std::nullopt;
  return Quarantine{feed->second.events, *feed->second.fault};
}

Verdict Book::restore(std::string_view partition_bytes) {
  Partition partition = TRY(decode_partition(partition_bytes, *catalogue_));
  const SiteCode site = partition.site.code;
  partitions_.insert_or_assign(site, std::move(partition));
  return {};
}

void Book::forget(SiteCode site) {
  partitions_.erase(site);
  feeds_.erase(site);
}

void Book::apply_fitting(SiteCode site, const Event& event) {
  if (const auto* opened = std::get_if<SiteOpened>(&event.body)) {
    partitions_.try_emplace(site, *catalogue_, *opened);
    return;
  }
  Partition& partition = partitions_.find(site)->second;
  if (event.origin.device != DeviceNo{})
    partition.devices[event.origin.device] = event.origin.sequence;
  std::visit(
      [&]<class Kind>(const Kind& body) {
        if constexpr (!std::is_same_v<Kind, SiteOpened>) {
          if constexpr (Numbered<Kind>) partition.last_counter = body.counter;
          if (const DocumentNumber* issued = issued_by(body))
            partition.last_counter = issued->counter;
          apply(partition, body);
        }
      },
      event.body);
}

std::expected<Event, No> decide(const Book& book, SiteCode site, const Command& command) {
  const Partition* partition = book.find(site);
  const auto* opening = std::get_if<SiteOpened>(&command.body);
  if (partition == nullptr && opening == nullptr) return no(Refusal::site_unknown);
  TRY(check_permission(partition != nullptr ? partition->site.kind : opening->kind, partition,
                       command));
  Event event{command.origin, command.body};
  if (partition != nullptr) {
    TRY(check_origin(*partition, command.origin));
    TRY(complete_body({book, *partition, command}, event.body));
  }
  TRY(check(book, site, event));
  if (encode(event).size() > event_bytes_max) return no(Refusal::document_too_large);
  return event;
}

void apply(Book& book, SiteCode site, const Event& event) {
  CHECK(check(book, site, event).has_value());
  book.apply_fitting(site, event);
}

Verdict admit(Book& book, SiteCode site, std::string_view event_bytes) {
  Book::Feed& feed = book.feeds_[site];
  if (feed.fault) return no(Refusal::site_quarantined);
  const auto judged = [&]() -> Verdict {
    if (event_bytes.size() > event_bytes_max) return no(Refusal::document_too_large);
    const Event event = TRY(decode(event_bytes));
    TRY(check(book, site, event));
    book.apply_fitting(site, event);
    return {};
  }();
  if (!judged)
    feed.fault = judged.error();
  else
    ++feed.events;
  return judged;
}

}  // namespace trade
