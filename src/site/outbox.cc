#include "site/outbox.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::chrono::seconds round_every{1};
constexpr std::uint64_t compact_bytes = 8u << 20;  // so much is added before old lines go
constexpr double clear_every_s = 3'600;
constexpr std::string_view mail_ending = ".eml";

// As far as the order's store is heard; nullptr where nothing is.
const trade::Parcel* parcel_of(const View& view, std::uint32_t counter,
                               const trade::OnlineOrder& order) {
  const trade::Partition* store = view.book.find(order.store);
  if (store == nullptr || view.book.quarantine(order.store)) return nullptr;
  const auto parcel = store->parcels.find(view.own.number(counter));
  return parcel == store->parcels.end() ? nullptr : &parcel->second;
}

}  // namespace

Result<std::unique_ptr<Mailbox>> Mailbox::open(io::Disk& disk, const io::Path& folder,
                                               std::string from) {
  for (const char* part : {"tmp", "new"}) TRY(disk.make_folders(folder / part));
  TRY(disk.sync_folder(folder));
  TRY(disk.sync_folder(folder.has_parent_path() ? folder.parent_path() : io::Path(".")));
  return std::unique_ptr<Mailbox>(new Mailbox(disk, folder, std::move(from)));
}

Result<> Mailbox::write(const Notice& notice) {
  const std::string name = notice.id + std::string(mail_ending);
  {
    auto file = TRY(disk_.create_private(folder_ / "tmp" / name));
    TRY(file->write(message_of(notice, from_)));
    TRY(file->finish());
  }
  TRY(disk_.sync_folder(folder_ / "tmp"));
  TRY(disk_.rename(folder_ / "tmp" / name, folder_ / "new" / name));
  return disk_.sync_folder(folder_ / "new");
}

Sending Mailbox::send(const Notice& notice) {
  return write(notice) ? Sending::sent : Sending::later;
}

void Mailbox::forget(const trade::DocumentNumber& order) {
  const std::string begin = trade::to_string(order) + ".";
  for (const char* part : {"tmp", "new"})
    if (const auto names = disk_.list(folder_ / part))
      for (const std::string& name : *names)
        if (name.starts_with(begin)) (void)disk_.remove_all(folder_ / part / name);
}

std::vector<trade::DocumentNumber> Mailbox::holds() {
  std::set<trade::DocumentNumber> found;
  if (const auto names = disk_.list(folder_ / "new"))
    for (const std::string& name : *names)
      if (const auto number = trade::parse_number(name.substr(0, name.find('.'))))
        found.insert(*number);
  return {found.begin(), found.end()};
}

void OutboxRounds::say(const std::string& line) const {
  if (parts_.log) parts_.log(line);
}

Result<> OutboxRounds::open() {
  if (told_) return {};
  const io::Path path = parts_.data / told_file;
  auto found = TRY(ToldFile::open(parts_.disk, path));
  if (!found) {
    std::vector<ToldFact> already;
    TRY(parts_.ask([&](const View& view) {
      for (const auto& [counter, order] : view.own.online_orders)
        for (const Fact& fact : facts_of(order, parcel_of(view, counter, order)))
          already.push_back({counter, fact});
    }));
    found = TRY(ToldFile::make(parts_.disk, path, already));
  }
  told_ = *std::move(found);
  compact_at_bytes_ = told_->size_bytes() + compact_bytes;
  return {};
}

// Lines, and what the carrier holds, of orders that the site has forgotten.
Result<> OutboxRounds::forget_old() {
  const bool is_long = told_->size_bytes() >= compact_at_bytes_;
  const bool is_due = parts_.clock.seconds() >= clear_at_s_;
  if (!is_long && !is_due) return {};
  clear_at_s_ = parts_.clock.seconds() + clear_every_s;
  const auto held = parts_.carrier.holds();
  std::vector<trade::DocumentNumber> gone;
  std::vector<ToldFact> kept;
  TRY(parts_.ask([&](const View& view) {
    const auto is_known = [&](std::uint32_t counter) {
      return view.own.online_orders.contains(counter);
    };
    for (const trade::DocumentNumber& number : held)
      if (number.site == view.own.site.code && !is_known(number.counter)) gone.push_back(number);
    if (is_long) kept = told_->rows(is_known);
    std::erase_if(waiting_, [&](const auto& row) { return !is_known(row.first); });
  }));
  for (const trade::DocumentNumber& number : gone) parts_.carrier.forget(number);
  if (!is_long) return {};
  told_.reset();  // closes the file that is replaced
  told_ = TRY(ToldFile::make(parts_.disk, parts_.data / told_file, kept));
  compact_at_bytes_ = told_->size_bytes() + compact_bytes;
  return {};
}

void OutboxRounds::look_at(const View& view, std::uint32_t counter, const trade::OnlineOrder& order,
                           std::vector<Due>& due) const {
  const auto waits = waiting_.find(counter);
  if (waits != waiting_.end() && parts_.clock.seconds() < waits->second.next_s) return;
  const auto slot = view.own.slots.find(order.slot);
  for (const Fact& fact : facts_of(order, parcel_of(view, counter, order))) {
    if (told_->is_told(counter, fact)) continue;
    due.push_back({counter, fact, order.sealed,
                   notice_of(fact, view.own.number(counter), order,
                             slot == view.own.slots.end() ? nullptr : &slot->second)});
  }
}

// New orders first; those that were there before a number at a time, over and over.
void OutboxRounds::look(const View& view, std::vector<Due>& due) {
  const auto& orders = view.own.online_orders;
  const auto first_new = orders.upper_bound(newest_);
  for (auto row = first_new; row != orders.end() && due.size() < notices_a_round / 2; ++row) {
    look_at(view, row->first, row->second, due);
    newest_ = row->first;
  }
  std::size_t left = outbox_orders_a_round;
  for (auto row = orders.upper_bound(swept_); row != first_new; ++row) {
    if (left-- == 0 || due.size() >= notices_a_round) return;
    look_at(view, row->first, row->second, due);
    swept_ = row->first;
  }
  swept_ = 0;
}

// Later and later, up to an hour. False: it is given up.
bool OutboxRounds::wait(const Due& due, Sending why) {
  constexpr int doublings_max = 12;
  Waiting& waiting = waiting_[due.order];
  const double wait_s = std::min<double>(std::int64_t{1} << std::min(waiting.tries, doublings_max),
                                         outbox_wait_ms_max / 1'000.0);
  ++waiting.tries;
  waiting.next_s = parts_.clock.seconds() + wait_s;
  if (why == Sending::refused && ++waiting.refusals >= refused_tries_max) {
    say(fmt::format("notice {}: refused {} times and given up", due.notice.id, waiting.refusals));
    waiting_.erase(due.order);
    return false;
  }
  if (why == Sending::refused && waiting.refusals == 1)
    say(fmt::format("notice {}: refused; it is tried again", due.notice.id));
  return true;
}

// What a customer's address is stays in this function, and is read for this one message.
Sending OutboxRounds::send(Due& due) {
  const auto customer = parts_.read_customer(due.sealed);
  if (!customer)
    return customer.error().code == ErrorCode::input_missing ? Sending::sent : Sending::later;
  due.notice.to = address_in(*customer);
  due.notice.at_ms = std::max<std::int64_t>(parts_.clock.wall_ms(), 0);
  // Erased, or never given: there is nobody to tell.
  if (!is_address(due.notice.to)) return Sending::sent;
  return parts_.carrier.send(due.notice);
}

Result<std::size_t> OutboxRounds::round() {
  TRY(open());
  TRY(forget_old());
  std::vector<Due> due;
  TRY(parts_.ask([&](const View& view) { look(view, due); }));
  std::size_t told = 0;
  std::optional<std::uint32_t> put_off;  // the facts of an order keep their order
  for (Due& one : due) {
    if (put_off == one.order) continue;
    const Sending sending = send(one);
    if (is_failing_ != (sending == Sending::later)) {
      is_failing_ = sending == Sending::later;
      say(is_failing_ ? "notices wait: nobody takes them; they are tried again"
                      : "notices are taken again");
    }
    if (sending != Sending::sent && wait(one, sending)) {
      put_off = one.order;
      if (sending == Sending::later) break;
      continue;
    }
    if (auto noted = told_->note({one.order, one.fact}); !noted) {
      told_.reset();  // nobody knows what is in it: it is read again
      return std::unexpected(noted.error());
    }
    waiting_.erase(one.order);
    ++told;
  }
  return told;
}

Outbox::Outbox(Core& core, Shop& shop, NoticeCarrier& carrier, io::Disk& disk, io::Clock& clock,
               io::Path data, std::function<void(std::string_view)> log)
    : talk_(core),
      rounds_({disk, clock, std::move(data), carrier,
               [&shop](const trade::Sha256& sealed) -> Result<std::string> {
                 return TRY(Talk::wait_for<Result<std::string>>([&](auto then) {
                   return shop.read_customer(
                       sealed, [then](const Result<std::string>& text) { then(text); });
                 }));
               },
               [this](const std::function<void(const View&)>& question) -> Result<> {
                 TRY(talk_.ask([&question](const View& view) {
                   question(view);
                   return true;
                 }));
                 return {};
               },
               log}),
      log_(std::move(log)) {
  thread_ = std::thread([this] { run(); });
}

Outbox::~Outbox() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

// A full round is followed by the next at once.
void Outbox::run() {
  std::unique_lock lock(mutex_);
  while (!stops_) {
    lock.unlock();
    const auto told = rounds_.round();
    const std::string why = told ? std::string() : told.error().message;
    if (why != failed_why_ && !why.empty() && log_) log_("notices: " + why);
    failed_why_ = why;
    lock.lock();
    if (told && *told >= notices_a_round) continue;
    wake_.wait_for(lock, round_every, [this] { return stops_; });
  }
}

}  // namespace site
