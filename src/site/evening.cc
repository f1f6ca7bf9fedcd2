#include "site/evening.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "estate/read.h"
#include "site/centre_night.h"
#include "site/cut_off_keeper.h"
#include "site/cut_offs.h"
#include "site/emergency.h"
#include "site/night_document.h"
#include "site/own_tables.h"
#include "site/set_up.h"

namespace site {
namespace {

using base::Date;
using base::ErrorCode;
using base::Result;

constexpr auto look_every = std::chrono::seconds(1);
constexpr std::int64_t retry_every_ms = 5 * 60'000;  // what failed at its hour
constexpr int history_days = 800;                    // of sales that the planner looks at

// How the rule for scarcity sees the depot's lines and stores, by the estate.
FactsOf facts_of(const estate::Estate& estate, const trade::Partition& depot) {
  std::map<trade::SiteCode, std::uint8_t> lifelines;
  for (std::uint32_t site = 0; site < estate.sites.size(); ++site)
    if (const auto code = code_of(estate, site)) lifelines[*code] = estate.sites[site].lifeline;
  const OwnLines lines(estate, depot);
  std::vector<std::uint8_t> tiers(lines.product_of.size(), ClaimFacts().tier);
  for (std::size_t line = 0; line < tiers.size(); ++line)
    if (lines.product_of[line] != estate::none)
      tiers[line] = static_cast<std::uint8_t>(estate.products[lines.product_of[line]].tier);
  return [lifelines = std::move(lifelines), tiers = std::move(tiers)](const trade::OrderKey& key,
                                                                      trade::LineNo line) {
    ClaimFacts facts;
    if (index(line) < tiers.size()) facts.tier = tiers[index(line)];
    if (const auto known = lifelines.find(key.store); known != lifelines.end())
      facts.lifeline = known->second;
    return facts;
  };
}

// What shops that are no sites have ordered of a depot; without a date for the day after tomorrow.
std::vector<CustomerRow> customers_of(const estate::Estate& estate, std::uint32_t depot, Date day) {
  std::vector<CustomerRow> rows;
  for (const estate::CustomerOrderRow& row : estate.customer_orders) {
    const estate::Product& product = estate.products[row.product];
    const auto id = trade::ProductId::of(product.id);
    if (row.site != depot || !id) continue;
    rows.push_back({row.order, *id, static_cast<trade::Chain>(product.chain), row.units,
                    trade::to_day(row.due.value_or(day + 2))});
  }
  return rows;
}

std::uint64_t centre_entries(const View& view) {
  std::uint64_t entries = 0;
  for (const Peer& peer : view.peers) {
    const trade::Partition* site = peer.site ? view.book.find(*peer.site) : nullptr;
    if (site != nullptr && site->site.kind == trade::SiteKind::centre) entries += peer.entries;
  }
  return entries;
}

}  // namespace

struct Evening::Parts {
  Parts(Core& of, History& with, io::Disk& on, io::Clock& by, const EveningOptions& how)
      : core(of),
        history(with),
        disk(on),
        clock(by),
        options(how),
        talk(of),
        cut_offs(of, talk, by),
        waves(talk, on, by, how.waves),
        shelf(talk, on) {}

  // --- asking the core --------------------------------------------------------------------------

  // Has it carried out by the site itself; counts what is refused.
  Result<> carry_out(const trade::Body& body, NightFacts& facts) {
    const Carried done = TRY(talk.carry_out(body));
    if (done) return {};
    if (facts.refused++ == 0)
      facts.first_refusal = fmt::format("{}: {}", kind_name(body), words_of(done.error()));
    return {};
  }

  // --- the night --------------------------------------------------------------------------------

  Result<estate::Estate> read_estate(Date day) const {
    estate::ReadOptions read;
    read.lenient = true;
    read.as_of = day;
    read.threads = options.threads;
    return estate::read_estate(disk, options.estate, read);
  }

  // Of these closed lines the ones that a person closed, by the journal's records.
  Result<std::set<trade::LineNo>> closed_by_people(const trade::Partition& own,
                                                   const std::set<trade::LineNo>& closed) {
    std::set<trade::LineNo> lines;
    for (const trade::LineNo line : closed) {
      records::Search search;
      search.product = own.goods.product(line).view();
      search.kind = "line_changed";
      search.rows_max = records::page_rows_max;
      auto told = TRY(
          Talk::wait_for<History::Found>([&](auto then) { return history.search(search, then); }));
      const auto found = TRY(std::move(told));
      std::vector<trade::Event> changes;
      for (const records::FoundEvent& row : found)
        if (auto event = trade::decode(row.bytes)) changes.push_back(*std::move(event));
      if (was_closed_by_a_person(changes)) lines.insert(line);
    }
    return lines;
  }

  // A line that the night itself closed comes back with the range; what a person closed, a person
  // opens.
  Result<> follow_estate(const estate::Estate& estate, Date day, NightFacts& facts) {
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(talk.copy_own(book)));
    auto bodies = TRY(set_up(estate, options.site_id, own, day));
    const auto kept_closed = TRY(closed_by_people(own, opened_again(bodies, own)));
    if (!kept_closed.empty()) bodies = TRY(set_up(estate, options.site_id, own, day, kept_closed));
    for (const trade::Body& body : bodies) TRY(carry_out(body, facts));
    facts.lines_changed = bodies.size();
    return {};
  }

  Result<std::vector<SoldDay>> sold_until(Date day, std::vector<records::DayOfLine>& rows) {
    auto told = TRY(Talk::wait_for<History::Days>(
        [&](auto then) { return history.days(day - history_days, day, then); }));
    rows = TRY(std::move(told));
    std::vector<SoldDay> sold;
    sold.reserve(rows.size());
    for (const records::DayOfLine& row : rows)
      sold.push_back({Date{row.day}, row.product, row.units, row.was_empty});
    return sold;
  }

  Result<> propose_orders(const estate::Estate& estate, const trade::Partition& own,
                          ToldNight& night, NightFacts& facts) {
    std::vector<records::DayOfLine> rows;
    const auto sold = TRY(sold_until(night.day, rows));
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    auto orders = TRY(plan_night(estate, options.site_id, own, sold, night.day, options.threads));
    for (ProposedOrder& order : orders) {
      TRY(carry_out(order.body(), facts));
      const int minute = cut_off_minute(estate, site, order.key, night.day);
      facts.lines += order.lines.size();
      night.orders.push_back({std::move(order), local_ms(night.day, minute)});
    }
    facts.orders = night.orders.size();
    return {};
  }

  // What an earlier night proposed and nobody placed makes way.
  Result<> propose_inbound(const estate::Estate& estate, const trade::Partition& own,
                           ToldNight& night, NightFacts& facts) {
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    auto orders = TRY(plan_depot_night(estate, options.site_id, own, night.day, options.threads));
    for (const auto& [counter, inbound] : own.inbounds)
      if (inbound.state == trade::InboundState::proposed)
        TRY(carry_out(trade::InboundMoved{counter, trade::InboundVerb::withdraw, {}}, facts));
    for (ProposedInbound& order : orders) {
      TRY(carry_out(order.body(), facts));
      const int minute = supplier_cut_off_minute(estate, site, order.supplier.view(), night.day);
      facts.lines += order.lines.size();
      night.inbound.push_back({std::move(order), local_ms(night.day, minute)});
    }
    facts.orders = night.inbound.size();
    return {};
  }

  // The lines of a depot or a store, and what follows from its own stock.
  Result<NightFacts> run_own_night(Date day) {
    NightFacts facts;
    facts.day = day;
    const estate::Estate estate = TRY(read_estate(day));
    TRY(follow_estate(estate, day, facts));
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(talk.copy_own(book)));
    ToldNight night{day, {}, {}, lessons_of(own)};
    if (is_depot()) {
      TRY(propose_inbound(estate, own, night, facts));
      TRY(prepare_waves(estate, own, day));
    } else {
      TRY(propose_orders(estate, own, night, facts));
    }
    TRY(cut_offs.remember(estate, estate::find_site(estate, options.site_id), day, night.orders));
    TRY(talk.keep_document(to_document(night, own)));
    heard_at_evening = TRY(talk.ask(centre_entries));
    return facts;
  }

  // --- the centre -------------------------------------------------------------------------------

  // Stores of which the book knows something speak for themselves.
  Result<estate::Estate> with_known_stores(const estate::Estate& estate, Date day) {
    KnownStores known(estate, day);
    for (std::uint32_t site = 0; site < estate.sites.size(); ++site) {
      const auto code = code_of(estate, site);
      if (!code || estate.sites[site].kind != estate::SiteKind::store) continue;
      const std::string bytes = TRY(talk.ask([code](const View& view) {
        const trade::Partition* store = view.book.find(*code);
        return store == nullptr ? std::string() : encode(*store);
      }));
      trade::Book book;
      if (bytes.empty() || !book.restore(bytes)) continue;
      if (book.find(*code)->goods.line_count() > 0) known.add(site, *book.find(*code));
    }
    return known.merged();
  }

  // One document for each store, and an event that names it.
  Result<NightFacts> run_estate_night(Date day) {
    NightFacts facts;
    facts.day = day;
    const estate::Estate read = TRY(read_estate(day));
    const estate::Estate estate = TRY(with_known_stores(read, day));
    const auto nights = TRY(plan_estate_night(estate, day, options.threads));
    for (const StoreNight& night : nights) {
      trade::NightTold told{night.store, trade::to_day(night.day), {}};
      told.document.bytes = TRY(talk.keep_document(to_document(night))).bytes;
      TRY(carry_out(told, facts));
      facts.orders += night.proposals.size();
      for (const PlannedDelivery& delivery : night.proposals) facts.lines += delivery.rows.size();
    }
    return facts;
  }

  bool is_centre() const { return own_kind == trade::SiteKind::centre; }
  bool is_depot() const { return own_kind == trade::SiteKind::depot; }

  Result<NightFacts> run_night(Date day) {
    return is_centre() ? run_estate_night(day) : run_own_night(day);
  }

  // --- a depot's waves --------------------------------------------------------------------------

  Result<> prepare_waves(const estate::Estate& estate, const trade::Partition& own, Date day) {
    waves.set_facts(facts_of(estate, own));
    const std::uint32_t site = estate::find_site(estate, options.site_id);
    return waves.take_customers(customers_of(estate, site, day));
  }

  // --- a store without its centre ---------------------------------------------------------------

  bool has_heard_centre(std::uint64_t entries) const { return entries > heard_at_evening; }

  // What is still open of tonight goes off at once, and is written down in every form.
  Result<> send_by_itself() {
    const Date day = TRY(trading_day());
    const std::uint64_t entries = TRY(talk.ask(centre_entries));
    if (day == base::date_min || has_heard_centre(entries)) return {};
    const auto known =
        TRY(Talk::wait_for<History::Night>([&](auto then) { return history.night(day, then); }));
    if (!known) TRY(run_night(day));
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(talk.copy_own(book)));
    Open open;
    for (const auto& [key, proposal] : own.proposals)
      if (auto bodies = placing(own, key); !bodies.empty()) open[key] = std::move(bodies);
    for (const auto& [key, order] : own.orders)
      if (auto bodies = placing(own, key); !bodies.empty()) open[key] = std::move(bodies);
    return options.is_rehearsal ? rehearse(own, open, day) : place_and_write(open, day);
  }

  using Open = std::map<trade::OrderKey, std::vector<trade::Body>>;

  // What was placed before, at its cut-off, may not have got through either.
  Result<> place_and_write(const Open& open, Date day) {
    NightFacts facts;
    for (const auto& [key, bodies] : open) {
      for (const trade::Body& body : bodies) TRY(carry_out(body, facts));
    }
    trade::Book book;
    const trade::Partition& own = *book.find(TRY(talk.copy_own(book)));
    TRY(write_placed(own, day));
    tell_refused(facts, "orders that go off by themselves");
    return {};
  }

  Result<> write_placed(const trade::Partition& own, Date day) {
    for (const auto& [key, order] : own.orders) {
      if (order.state != trade::OrderState::placed || trade::to_date(key.delivery) <= day) continue;
      TRY(write_down(own, key, own.number(order.counter), rows_of(order)));
    }
    return {};
  }

  // Open orders under the numbers that they would get.
  Result<> rehearse(const trade::Partition& own, const Open& open, Date day) {
    TRY(write_placed(own, day));
    std::uint32_t counter = own.last_counter;
    for (const auto& [key, bodies] : open) {
      const auto* confirmed = std::get_if<trade::OrderConfirmed>(&bodies.front());
      const auto rows = confirmed != nullptr ? confirmed->rows : rows_of(own.orders.at(key));
      TRY(write_down(own, key, own.number(++counter), rows));
    }
    return {};
  }

  static std::vector<trade::OrderRow> rows_of(const trade::Order& order) {
    std::vector<trade::OrderRow> rows;
    for (const trade::OrderedRow& row : order.rows) rows.push_back({row.line, row.ordered});
    return rows;
  }

  Result<> write_down(const trade::Partition& own, const trade::OrderKey& key,
                      const trade::DocumentNumber& number, std::span<const trade::OrderRow> rows) {
    if (!options.signer) return {};
    std::vector<WantedRow> wanted;
    for (const trade::OrderRow& row : rows)
      wanted.push_back({own.goods.product(row.line), row.units});
    std::ranges::sort(wanted, {}, &WantedRow::product);
    TRY(shelf.refresh(own.site.code));
    const auto held = shelf.newest().find(own.site.code);
    auto order = emergency_order(options.estate_name, key, number, clock.wall_ms(), wanted,
                                 held == shelf.newest().end() ? nullptr : &held->second.night);
    const Date today = local_time(clock.wall_ms()).day;
    const trade::Day rehearsal = options.is_rehearsal ? trade::to_day(today) : trade::Day{};
    const io::Path place = TRY(write_forms(disk, options.data / emergency_folder, std::move(order),
                                           rehearsal, *options.signer, {options.site_id, {}, {}}));
    fmt::print(stderr, "nothing is heard from the centre: {}\n", place.string());
    return {};
  }

  Result<> send_at_its_hour() {
    const LocalTime now = local_time(clock.wall_ms());
    const bool is_store = own_kind == trade::SiteKind::store;
    if (!is_store || options.emergency_minute < 0 || now.minute < options.emergency_minute ||
        now.day == last_sent || clock.wall_ms() < send_again_ms)
      return {};
    send_again_ms = clock.wall_ms() + retry_every_ms;
    TRY(send_by_itself());
    last_sent = now.day;
    return {};
  }

  // Nobody asked for what happens at its hour, so nobody else is told.
  static void tell_refused(const NightFacts& facts, std::string_view when) {
    if (facts.refused > 0)
      fmt::print(stderr, "{}: {} refused; the first: {}\n", when, facts.refused,
                 facts.first_refusal);
  }

  // --- the thread -------------------------------------------------------------------------------

  Result<Date> trading_day() {
    return talk.ask([](const View& view) {
      return view.own.day.given() ? trade::to_date(view.own.day) : base::date_min;
    });
  }

  Result<NightFacts> run_asked() {
    const Date day = TRY(trading_day());
    if (day == base::date_min)
      return base::fail(ErrorCode::nothing_to_do, "no trading day has been opened yet");
    return run_night(day);
  }

  Result<> run_at_its_hour() {
    const LocalTime now = local_time(clock.wall_ms());
    if (now.minute < options.minute || now.day == last_done || clock.wall_ms() < retry_ms)
      return {};
    retry_ms = clock.wall_ms() + retry_every_ms;
    Date day = TRY(trading_day());
    if (is_centre() && day < now.day) {
      // Nobody opens a shop there, nor closes it. The first day has none before it to close.
      const trade::Body closing = trade::DayClosed{};
      const trade::Body opening = trade::DayOpened{trade::to_day(now.day)};
      TRY(talk.carry_out(closing));
      if (TRY(talk.carry_out(opening))) day = now.day;
    }
    if (day == base::date_min) return {};
    const bool is_known = !is_centre() && TRY(Talk::wait_for<History::Night>([&](auto then) {
                                            return history.night(day, then);
                                          })).has_value();
    if (!is_known) tell_refused(TRY(run_night(day)), "the night");
    last_done = now.day;
    return {};
  }

  // Where the site has no lines yet, they are opened now; what was missed is remembered.
  Result<> begin() {
    const LocalTime now = local_time(clock.wall_ms());
    own_kind = TRY(talk.ask([](const View& view) { return view.own.site.kind; }));
    const Date day = TRY(trading_day());
    const auto estate = TRY(read_estate(base::date_max));
    if (is_centre()) return {};
    NightFacts facts;
    const Date planned_on = day == base::date_min ? now.day : day;
    TRY(follow_estate(estate, planned_on, facts));
    if (facts.refused > 0) return base::fail(ErrorCode::input_bad, facts.first_refusal);
    TRY(cut_offs.remember(estate, estate::find_site(estate, options.site_id), planned_on));
    heard_at_evening = TRY(talk.ask(centre_entries));
    // An hour that passed before the start is the next day's.
    if (now.minute >= options.emergency_minute) last_sent = now.day;
    if (!is_depot()) return {};
    trade::Book book;
    return prepare_waves(estate, *book.find(TRY(talk.copy_own(book))), planned_on);
  }

  bool put(std::move_only_function<void()> task) {
    {
      const std::lock_guard lock(mutex);
      if (asked.size() >= asked_max) return false;
      asked.push_back(std::move(task));
    }
    wake.notify_all();
    return true;
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!is_stopping) {
      if (asked.empty()) wake.wait_for(lock, look_every);
      if (is_stopping) break;
      auto waiting = std::exchange(asked, {});
      lock.unlock();
      for (auto& task : waiting) task();
      auto done = run_at_its_hour();
      if (done) done = cut_offs.keep();
      if (done) done = send_at_its_hour();
      if (done && is_depot()) done = waves.keep();
      if (!done) fmt::print(stderr, "night: {}\n", done.error().message);
      lock.lock();
    }
  }

  Core& core;
  History& history;
  io::Disk& disk;
  io::Clock& clock;
  const EveningOptions options;
  Talk talk;
  CutOffKeeper cut_offs;
  WaveKeeper waves;
  NightShelf shelf;  // of the store's own nights
  trade::SiteKind own_kind{};
  std::uint64_t heard_at_evening = 0;  // entries of the centre's journal
  Date last_sent = base::date_min;     // the day whose hour for sending is done with
  std::int64_t send_again_ms = 0;      // when sending may be tried again
  Date last_done = base::date_min;     // whose night was run, or was there
  std::int64_t retry_ms = 0;           // when it may be tried again

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::move_only_function<void()>> asked;
  bool is_stopping = false;
  std::thread thread;
};

Result<std::unique_ptr<Evening>> Evening::start(Core& core, History& history, io::Disk& disk,
                                                io::Clock& clock, const EveningOptions& options) {
  auto parts = std::make_unique<Parts>(core, history, disk, clock, options);
  TRY(parts->begin());
  parts->thread = std::thread([&it = *parts] { it.run(); });
  return std::unique_ptr<Evening>(new Evening(std::move(parts)));
}

Evening::Evening(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Evening::~Evening() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->is_stopping = true;
  }
  parts_->wake.notify_all();
  parts_->thread.join();
}

bool Evening::run_now(std::move_only_function<void(Result<NightFacts>)> then) {
  return parts_->put([&it = *parts_, then = std::move(then)]() mutable { then(it.run_asked()); });
}

bool Evening::takes_orders() const { return parts_->is_depot(); }

bool Evening::take_order(OrderOffer offer, const trade::Origin& origin,
                         std::move_only_function<void(Taken)> then) {
  CHECK(takes_orders());
  return parts_->put([&it = *parts_, offer = std::move(offer), origin,
                      then = std::move(then)]() mutable { then(it.waves.take(offer, origin)); });
}

}  // namespace site
