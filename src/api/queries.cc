#include "api/queries.h"

#include <algorithm>
#include <charconv>

#include "api/cursor.h"
#include "api/json_write.h"
#include "api/parcel_papers.h"
#include "base/result.h"
#include "crypto/sha256.h"
#include "trade/pick_list.h"

namespace api {
namespace {

// A roll cage as most depots have them, where the question does not say.
constexpr trade::Cage cage_default{300'000, 800'000};

using Answer = std::expected<std::string, Problem>;

// A page of rows that is being written.
class Page {
 public:
  Page(std::string& out, const Names& names, std::size_t limit)
      : json(out, names), out_(out), left_(limit) {
    json.begin('{');
    json.key("rows");
    json.begin('[');
  }
  bool has_room() const { return left_ > 0 && out_.size() < page_bytes_max; }
  // Begins a row; what comes behind it is its members.
  void begin_row() { json.begin('{'), --left_; }
  void end_row() { json.end('}'); }
  // The rows are over, and those of another list begin.
  void begin_list(std::string_view name) {
    json.end(']');
    json.key(name);
    json.begin('[');
  }
  // `next` is empty if there is no more.
  void finish(std::string_view next) {
    json.end(']');
    if (!next.empty()) json.member("next", next);
    json.end('}');
  }

  JsonWriter json;

 private:
  std::string& out_;
  std::size_t left_;
};

// A page of a table's rows behind the cursor; `write` writes the members of one.
template <class Table, class Write>
Answer page_of(const Question& question, const Names& names, const Table& table, Write&& write) {
  using Key = typename Table::key_type;
  const std::size_t limit = TRY(number_in(question, "limit", limit_default, 1, limit_max));
  auto row = table.begin();
  if (const std::string_view after = question.parameter("after"); !after.empty()) {
    const auto key = parse_cursor<Key>(after);
    if (!key) return std::unexpected(query_wrong("after", "the \"next\" of the page before"));
    row = table.upper_bound(*key);
  }
  std::string out;
  Page page(out, names, limit);
  std::string last;
  for (; row != table.end() && page.has_room(); ++row) {
    page.begin_row();
    write(page.json, row->first, row->second);
    page.end_row();
    last = cursor_of(row->first);
  }
  page.finish(row == table.end() ? std::string_view{} : last);
  return out;
}

// A page of documents that have numbers.
template <class Table>
Answer documents(const Question& question, const Names& names, const Table& table) {
  return page_of(question, names, table,
                 [&](JsonWriter& json, std::uint32_t counter, const auto& document) {
                   json.member("number", names.number(counter));
                   json.members(document);
                 });
}

Answer site_json(const Names& names, const trade::Partition& own) {
  std::string out;
  JsonWriter json(out, names);
  json.begin('{');
  json.members(own.site);
  if (own.day.given()) json.member("day", own.day);
  json.member("day_is_open", own.day_is_open);
  json.member("line_count", own.goods.line_count());
  json.key("capabilities");
  json.begin('{');
  for (std::size_t i = 0; i < own.modes.size(); ++i)
    json.member(trade::text_of(static_cast<trade::Capability>(i)), own.modes[i]);
  json.end('}');
  json.key("units");
  json.begin('{');
  for (std::size_t i = 0; i < trade::count_of<trade::Place>; ++i)
    json.member(trade::text_of(static_cast<trade::Place>(i)),
                own.stock.total(static_cast<trade::Place>(i)));
  json.end('}');
  json.end('}');
  return out;
}

void write_line(JsonWriter& json, const trade::Partition& own, trade::LineNo line) {
  json.member("product", line);
  json.member("terms", own.goods.terms(line));
  json.member("price_pence", trade::price_on(own, line, own.day));
  json.member("pick_sequence", own.goods.pick_sequence(line));
  json.member("is_closed", own.goods.is_closed(line));
  json.member("is_stopped", own.goods.is_stopped(line));
  json.member("on_hand_units", own.stock.on_hand(line));
  json.member("quarantined_units", own.stock.quarantined(line));
  json.member("reserved_units", own.stock.reserved(line));
}

Answer lines_json(const Question& question, const Names& names, const trade::Partition& own) {
  const std::size_t limit = TRY(number_in(question, "limit", limit_default, 1, limit_max));
  const auto& lines = own.goods.by_product();
  auto row = lines.begin();
  if (const std::string_view after = question.parameter("after"); !after.empty()) {
    const auto product = trade::ProductId::of(after);
    if (!product) return std::unexpected(query_wrong("after", "a product's id"));
    row = std::ranges::upper_bound(lines, *product, {},
                                   [&](trade::LineNo line) { return own.goods.product(line); });
  }
  std::string out;
  Page page(out, names, limit);
  std::string_view last;
  for (; row != lines.end() && page.has_room(); ++row) {
    page.begin_row();
    write_line(page.json, own, *row);
    page.end_row();
    last = own.goods.product(*row).view();
  }
  page.finish(row == lines.end() ? std::string_view{} : last);
  return out;
}

void write_lots(JsonWriter& json, const trade::Partition& own, trade::LineNo line) {
  json.key("lots");
  json.begin('[');
  own.stock.each_lot(line, [&](const trade::Lot& lot, trade::Units units) {
    json.begin('{');
    json.members(lot);
    json.member("units", units);
    json.end('}');
  });
  json.end(']');
}

// A stop-sale may come before its product does.
void write_stop(JsonWriter& json, const trade::Partition& own, std::uint32_t counter,
                const trade::Stop& stop) {
  json.member("number", own.number(counter));
  json.members(stop);
  json.member("is_here", own.goods.find(stop.product).has_value());
}

Answer stops_json(const Question& question, const Names& names, const trade::Partition& own) {
  return page_of(question, names, own.stops,
                 [&](JsonWriter& json, std::uint32_t counter, const trade::Stop& stop) {
                   write_stop(json, own, counter, stop);
                 });
}

void write_stops_of(JsonWriter& json, const trade::Partition& own,
                    const trade::ProductId& product) {
  json.key("stops");
  json.begin('[');
  for (const auto& [counter, stop] : own.stops)
    if (stop.product == product) {
      json.begin('{');
      write_stop(json, own, counter, stop);
      json.end('}');
    }
  json.end(']');
}

Answer line_json(const Question& question, const Names& names, const site::View& view) {
  const auto product = trade::ProductId::of(question.values[0]);
  const auto line = product ? view.own.goods.find(*product) : std::nullopt;
  if (!line) {
    Problem problem(row_of(trade::Refusal::line_unknown));
    problem.product = question.values[0];
    return std::unexpected(std::move(problem));
  }
  std::string out;
  JsonWriter json(out, names);
  json.begin('{');
  write_line(json, view.own, *line);
  const Coming coming = coming_of(view, *line);
  json.member("on_order_units", coming.on_order_units);
  json.member("in_transit_units", coming.in_transit_units);
  write_lots(json, view.own, *line);
  write_stops_of(json, view.own, *product);
  json.end('}');
  return out;
}

// Why an order waits for a person, where it does.
void write_not_placed(JsonWriter& json, const site::View& view, const site::OrderName& order) {
  if (view.order_notes == nullptr) return;
  const auto* note = site::waits_for_a_person(view.own, *view.order_notes, order);
  if (note == nullptr) return;
  json.key("not_placed");
  json.begin('{');
  json.member("why", std::string_view(note->why));
  json.member("words", std::string_view(note->words));
  json.member("at_ms", note->at_ms);
  json.end('}');
}

void write_cut_off(JsonWriter& json, const site::View& view, const trade::OrderKey& key) {
  if (view.order_notes == nullptr) return;
  const auto known = view.order_notes->cut_offs.find(key);
  if (known != view.order_notes->cut_offs.end()) json.member("cut_off_ms", known->second);
}

Answer inbounds_json(const Question& question, const Names& names, const site::View& view) {
  return page_of(question, names, view.own.inbounds,
                 [&](JsonWriter& json, std::uint32_t counter, const trade::Inbound& inbound) {
                   json.member("number", names.number(counter));
                   json.members(inbound);
                   write_not_placed(json, view, counter);
                 });
}

Answer orders_json(const Question& question, const Names& names, const site::View& view) {
  return page_of(question, names, view.own.orders,
                 [&](JsonWriter& json, const trade::OrderKey& key, const trade::Order& order) {
                   json.member("key", key);
                   json.members(order);
                   json.member("seen", seen_of(view, key));
                   write_cut_off(json, view, key);
                   write_not_placed(json, view, key);
                 });
}

Answer proposals_json(const Question& question, const Names& names, const site::View& view) {
  return page_of(
      question, names, view.own.proposals,
      [&](JsonWriter& json, const trade::OrderKey& key, const trade::Proposal& proposal) {
        json.member("key", key);
        json.with_names(names.of_store(key.store), [&] { json.members(proposal); });
        if (const auto said = view.own.answers.find(key); said != view.own.answers.end())
          json.member("answer", said->second);
        json.member("seen", seen_of(view, key));
        write_cut_off(json, view, key);
        // Once there is an order, it says so.
        if (!view.own.orders.contains(key)) write_not_placed(json, view, key);
      });
}

Answer fulfilments_json(const Question& question, const Names& names, const site::View& view) {
  return page_of(question, names, view.own.fulfilments,
                 [&](JsonWriter& json, const trade::OrderKey& key, const auto& fulfilment) {
                   json.member("key", key);
                   json.members(fulfilment);
                   json.member("seen", seen_of(view, key));
                 });
}

Answer told_orders_json(const Question& question, const Names& names, const site::View& view) {
  return page_of(question, names, view.own.told,
                 [&](JsonWriter& json, const trade::OrderKey& key, const auto& told) {
                   json.member("key", key);
                   json.members(told);
                   json.member("seen", seen_of(view, key));
                 });
}

Answer pick_list_json(const Question& question, const Names& names, const trade::Partition& own) {
  const auto& values = question.values;
  const auto key = parse_order_key(fmt::format("{}.{:04}.{}.{}.{}", values[0],
                                               static_cast<std::uint16_t>(own.site.code), values[1],
                                               values[2], values[3]));
  if (!key || !own.fulfilments.contains(*key))
    return std::unexpected(Problem(row_of(trade::Refusal::document_unknown)));
  trade::Cage cage;
  cage.weight_g_max =
      TRY(number_in(question, "weight_g_max", cage_default.weight_g_max, 1, 1'000'000'000));
  cage.volume_ml_max =
      TRY(number_in(question, "volume_ml_max", cage_default.volume_ml_max, 1, 1'000'000'000));
  std::string out;
  Page page(out, names, trade::rows_max * 2);
  const trade::PickList list = trade::pick_list(own, *key, cage);
  for (const trade::PickRow& row : list.rows) {
    page.begin_row();
    page.json.members(row.goods);
    page.json.member("cage", row.cage);
    page.json.member("pick_sequence", own.goods.pick_sequence(row.goods.line));
    page.end_row();
  }
  page.begin_list("missing");
  for (const trade::MissingRow& row : list.missing) {
    page.begin_row();
    page.json.member("product", row.line);
    page.json.member("units", row.units);
    page.json.member("why", row_of(row.why).name);
    page.end_row();
  }
  page.finish({});
  return out;
}

Answer load_sheet_json(const Question& question, const Names& names, const trade::Partition& own) {
  const auto vehicle = trade::Text<16>::of(question.parameter("vehicle"));
  const auto date = base::parse_date(question.parameter("delivery"));
  if (!vehicle || !vehicle->given())
    return std::unexpected(query_wrong("vehicle", "1 to 16 printable ASCII characters"));
  if (!date || date->days <= trade::day_epoch)
    return std::unexpected(query_wrong("delivery", "a date, as 2026-11-22"));
  std::string out;
  Page page(out, names, trade::rows_max);
  for (const trade::OrderKey& key : trade::load_sheet(own, *vehicle, trade::to_day(*date))) {
    const trade::Fulfilment& fulfilment = own.fulfilments.at(key);
    std::int64_t units = 0;
    for (const trade::CargoRow& row : fulfilment.cargo) units += row.units;
    page.begin_row();
    page.json.member("key", key);
    page.json.member("stop", fulfilment.stop);
    page.json.member("advice", names.number(fulfilment.advice));
    page.json.member("units", units);
    page.end_row();
  }
  page.finish({});
  return out;
}

Answer advices_json(const Question& question, const Names& names, const site::View& view) {
  const std::size_t limit = TRY(number_in(question, "limit", limit_default, 1, limit_max));
  const auto advices = advices_of(view);
  auto row = advices.begin();
  if (const std::string_view after = question.parameter("after"); !after.empty()) {
    const auto number = trade::parse_number(after);
    if (!number) return std::unexpected(query_wrong("after", "a document's number"));
    row = std::ranges::upper_bound(advices, *number, {}, &Advice::number);
  }
  std::string out, last;
  Page page(out, names, limit);
  for (; row != advices.end() && page.has_room(); ++row) {
    page.begin_row();
    page.json.member("number", row->number);
    page.json.member("from", row->sender->site.code);
    if (row->order != nullptr) page.json.member("key", *row->order);
    page.json.with_names(Names(*row->sender), [&] { page.json.member("rows", *row->rows); });
    page.end_row();
    last = trade::to_string(row->number);
  }
  page.finish(row == advices.end() ? std::string_view{} : last);
  return out;
}

Answer people_json(const Question& question, const Names& names, const trade::Partition& own) {
  return page_of(question, names, own.people,
                 [](JsonWriter& json, trade::ActorNo actor, const trade::Person& person) {
                   json.member("actor", actor);
                   json.members(person);
                 });
}

Answer devices_json(const Question& question, const Names& names, const trade::Partition& own) {
  return page_of(question, names, own.enrolled_devices,
                 [&](JsonWriter& json, trade::DeviceNo number, const trade::Device& device) {
                   json.member("device", number);
                   json.members(device);
                   if (const auto last = own.devices.find(number); last != own.devices.end())
                     json.member("sequence", last->second);
                 });
}

void write_peer(JsonWriter& json, const site::View& view, const site::Peer& peer) {
  json.begin('{');
  if (peer.site) json.member("site", *peer.site);
  json.member("entries", peer.entries);
  if (!peer.why.empty()) json.member("why", std::string_view(peer.why));
  if (const auto aside = peer.site ? view.book.quarantine(*peer.site) : std::nullopt) {
    json.member("set_aside_at", aside->event_index);
    json.member("set_aside_why", row_of(aside->why.why).name);
  }
  json.end('}');
}

Answer journal_json(const Names& names, const site::View& view) {
  const journal::Checkpoint now = view.journal.checkpoint();
  std::string out;
  JsonWriter json(out, names);
  json.begin('{');
  json.member("origin", std::string_view(now.origin));
  json.member("entries", now.size);
  json.member("root", std::string_view(crypto::to_hex(now.root)));
  json.member("unsigned_entries", view.journal.unsigned_entries());
  json.member("standing", word_of(view.journal.opening().standing));
  json.member("takes_entries", view.no_write_why().empty());
  if (!view.no_write_why().empty()) json.member("why", view.no_write_why());
  json.key("security");
  json.begin('{');
  for (std::size_t i = 0; i < view.own.security.size(); ++i)
    json.member(trade::text_of(static_cast<trade::SecurityKind>(i)), view.own.security[i]);
  json.end('}');
  json.key("peers");
  json.begin('[');
  for (const site::Peer& peer : view.peers) write_peer(json, view, peer);
  json.end(']');
  json.end('}');
  return out;
}

// What a store has given, then what an online site has taken: a site has one of the two. The cursor
// counts the rows.
Answer allotments_json(const Question& question, const Names& names, const trade::Partition& own) {
  const std::size_t limit = TRY(number_in(question, "limit", limit_default, 1, limit_max));
  const std::size_t begin = TRY(number_in(question, "after", 0, 1, trade::lines_max));
  std::string out;
  Page page(out, names, limit);
  std::size_t at = 0;
  const auto write = [&](trade::SiteCode other, trade::LineNo line, const auto& sums,
                         auto&& write_more) {
    if (at < begin || !page.has_room()) return at < begin ? ++at : at;
    page.begin_row();
    page.json.member("site", other);
    page.json.member("product", line);
    page.json.members(sums);
    write_more();
    page.end_row();
    return ++at;
  };
  for (const auto& [key, given] : own.given)
    write(key.holder, key.line, given,
          [&] { page.json.member("outstanding", given.outstanding()); });
  for (const auto& [key, allotment] : own.allotments)
    write(key.store, key.line, allotment, [&] {
      page.json.member("held", allotment.held);
      page.json.member("available", allotment.available());
    });
  const bool is_all = at == own.given.size() + own.allotments.size();
  page.finish(is_all ? std::string() : std::to_string(at));
  return out;
}

Answer slots_json(const Question& question, const Names& names, const trade::Partition& own) {
  return page_of(question, names, own.slots,
                 [&](JsonWriter& json, std::uint32_t counter, const trade::Slot& slot) {
                   json.member("number", names.number(counter));
                   json.members(slot);
                   json.member("booked_orders", slot.booked_orders);
                 });
}

// The digests say nothing to anybody here.
Answer online_orders_json(const Question& question, const Names& names,
                          const trade::Partition& own) {
  return page_of(question, names, own.online_orders,
                 [&](JsonWriter& json, std::uint32_t counter, const trade::OnlineOrder& order) {
                   json.member("number", names.number(counter));
                   json.member("state", order.state);
                   json.member("day", order.day);
                   json.member("store", order.store);
                   json.member("way", order.way);
                   if (order.slot != 0) json.member("slot", names.number(order.slot));
                   json.member("takes_substitutes", order.takes_substitutes);
                   json.member("authorised_pence", order.authorised_pence);
                   json.member("captured_pence", order.captured_pence);
                   json.member("refunded_pence", order.refunded_pence);
                   json.member("rows", order.rows);
                 });
}

Answer parcels_json(const Question& question, const Names& names, const trade::Partition& own) {
  return page_of(
      question, names, own.parcels,
      [&](JsonWriter& json, const trade::DocumentNumber& number, const trade::Parcel& parcel) {
        json.member("order", number);
        json.member("state", parcel.state);
        json.member("takes_substitutes", parcel.takes_substitutes);
        json.member("day", parcel.day);
        json.member("waited_ms", parcel.waited_ms);
        json.member("refund_pence", parcel.refund_pence);
        json.member("rows", parcel.rows);
        json.member("picked", parcel.picked);
        json.member("owed", parcel.owed);
        json.member("substitutes", parcel.substitutes);
        json.member("cargo", parcel.cargo);
      });
}

}  // namespace

std::string_view Question::parameter(std::string_view name) const {
  const auto found = std::ranges::find(
      query, name, [](const auto& field) { return std::string_view(field.first); });
  return found == query.end() ? std::string_view{} : std::string_view(found->second);
}

Problem query_wrong(std::string_view parameter, std::string_view expected) {
  Problem problem(Trouble::query_wrong);
  problem.detail = fmt::format("{}: expected {}", parameter, expected);
  return problem;
}

// "" is the default; anything but a number within the bounds is a fault of the parameter.
std::expected<std::uint64_t, Problem> number_in(const Question& question, std::string_view name,
                                                std::uint64_t otherwise, std::uint64_t least,
                                                std::uint64_t most) {
  const std::string_view text = question.parameter(name);
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size() || value < least ||
      value > most)
    return std::unexpected(
        query_wrong(name, fmt::format("a whole number from {} to {}", least, most)));
  return value;
}

std::expected<Question, Problem> read_question(const Match& match, std::string_view query) {
  const Route& route = routes()[match.index];
  Question question{route.duty, {}, {}};
  for (std::size_t i = 0; i < path_values_max; ++i) question.values[i] = match.values[i];
  auto parsed = http::parse_query(query);
  if (!parsed) return std::unexpected(Problem(Trouble::query_wrong));
  if (query.empty()) return question;
  for (auto& [name, value] : *parsed) {
    if (!takes(route, name))
      return std::unexpected(query_wrong("query", fmt::format("only: {}", route.query)));
    if (!question.parameter(name).empty() || value.empty())
      return std::unexpected(query_wrong(name, "one value"));
    question.query.emplace_back(std::move(name), std::move(value));
  }
  return question;
}

Answer answer(const Question& question, const site::View& view) {
  const Names names(view.own, &view.book);
  switch (question.duty) {
    case Duty::get_site:
      return site_json(names, view.own);
    case Duty::get_lines:
      return lines_json(question, names, view.own);
    case Duty::get_line:
      return line_json(question, names, view);
    case Duty::get_orders:
      return orders_json(question, names, view);
    case Duty::get_proposals:
      return proposals_json(question, names, view);
    case Duty::get_fulfilments:
      return fulfilments_json(question, names, view);
    case Duty::get_told_orders:
      return told_orders_json(question, names, view);
    case Duty::get_pick_list:
      return pick_list_json(question, names, view.own);
    case Duty::get_load_sheet:
      return load_sheet_json(question, names, view.own);
    case Duty::get_waves:
      return documents(question, names, view.own.waves);
    case Duty::get_inbound:
      return inbounds_json(question, names, view);
    case Duty::get_advices:
      return advices_json(question, names, view);
    case Duty::get_stops:
      return stops_json(question, names, view.own);
    case Duty::get_transfers:
      return documents(question, names, view.own.sent);
    case Duty::get_reductions:
      return documents(question, names, view.own.reductions);
    case Duty::get_allotments:
      return allotments_json(question, names, view.own);
    case Duty::get_slots:
      return slots_json(question, names, view.own);
    case Duty::get_online_orders:
      return online_orders_json(question, names, view.own);
    case Duty::get_parcels:
      return parcels_json(question, names, view.own);
    case Duty::get_parcel_pick_list:
      return parcel_pick_list_json(question, view);
    case Duty::get_people:
      return people_json(question, names, view.own);
    case Duty::get_devices:
      return devices_json(question, names, view.own);
    case Duty::get_journal:
      return journal_json(names, view);
    default:
      return std::unexpected(Problem(Trouble::not_found));
  }
}

std::string catalogue_json() {
  std::string out;
  const Names nobody({}, {});
  Page page(out, nobody, limit_max);
  for (const ProblemRow& row : catalogue()) {
    page.begin_row();
    page.json.member("name", row.name);
    page.json.member("status", row.http_status);
    page.json.member("meaning", row.meaning);
    page.end_row();
  }
  page.finish({});
  return out;
}

std::string_view word_of(journal::Standing standing) {
  switch (standing) {
    case journal::Standing::ready:
      return "ready";
    case journal::Standing::undecided:
      return "undecided";
    case journal::Standing::damaged:
      break;
  }
  return "damaged";
}

}  // namespace api
