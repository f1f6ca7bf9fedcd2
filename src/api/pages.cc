#include "api/pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/cursor.h"
#include "api/html.h"
#include "api/identity.h"
#include "api/queries.h"
#include "base/words.h"
#include "crypto/sha256.h"
#include "site/cut_offs.h"

namespace api {
namespace {

constexpr std::string_view cookie_name = "session";
constexpr std::size_t page_rows_max = 100;
constexpr std::size_t reasons_max = 3;  // that are shown of a product
constexpr int nights_back_max = 7;      // to look for a proposal's night
using Cells = std::vector<std::string>;

constexpr std::string_view style = R"(:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem;
  font: 1rem/1.5 system-ui, sans-serif; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; padding: 1rem 0; border-bottom: 1px solid; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #8886; }
td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
input, button { font: inherit; padding: .3rem .5rem; }
.alarm { border-left: .3rem solid #c22; padding-left: .7rem; }
)";

http::Response html(int status, std::string body) {
  return {status,
          "text/html; charset=utf-8",
          std::move(body),
          {{"Content-Security-Policy",
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"}}};
}

http::Response message(int status, std::string_view title, std::string_view words) {
  Html page(title);
  page.paragraph(words);
  return html(status, std::move(page).finish());
}

http::Response busy() { return message(503, "The site is busy", "Try again in a moment."); }

http::Response how_to_get_in() {
  return message(401, "You are not signed in",
                 "This page is for people of this site. Ask your device for a ticket: sign in "
                 "there and open the link that it shows. A ticket opens these pages once and is "
                 "good for a minute.");
}

std::string text_of_day(trade::Day day) {
  return day.given() ? base::to_string(trade::to_date(day)) : "none";
}

std::string text_of_site(trade::SiteCode code) {
  return fmt::format("{:04}", static_cast<unsigned>(code));
}

// Shops that are not ours order under no site's code.
std::string text_of_store(trade::SiteCode code) {
  return code == trade::SiteCode{} ? "customers" : text_of_site(code);
}

// By this machine's clock and time zone.
std::string text_of_time(std::int64_t wall_ms) {
  const site::LocalTime time = site::local_time(wall_ms);
  return fmt::format("{} {:02}:{:02}", to_string(time.day), time.minute / 60, time.minute % 60);
}

// Until when the order may change, where anybody has said; empty otherwise.
std::string text_of_cut_off(const site::View& view, const trade::OrderKey& key) {
  if (view.order_notes == nullptr) return {};
  const auto known = view.order_notes->cut_offs.find(key);
  return known == view.order_notes->cut_offs.end() ? "" : text_of_time(known->second);
}

std::string text_of_count(std::size_t count) {
  return base::grouped(static_cast<std::int64_t>(count));
}

void write_security(Html& page, const trade::Partition& own) {
  page.heading("Security");
  const bool is_quiet = std::ranges::all_of(own.security, [](std::uint64_t n) { return n == 0; });
  if (is_quiet) return page.paragraph("Nothing has been noted.");
  page.begin_table({"what", "times"});
  for (std::size_t i = 0; i < own.security.size(); ++i)
    if (own.security[i] > 0)
      page.row({std::string(text_of(static_cast<trade::SecurityKind>(i))),
                base::grouped(static_cast<std::int64_t>(own.security[i]))});
  page.end_table();
}

std::string name_of(const trade::Partition& own, const site::OrderName& order) {
  const auto* key = std::get_if<trade::OrderKey>(&order);
  return key != nullptr ? to_string(*key)
                        : trade::to_string(own.number(std::get<std::uint32_t>(order)));
}

void write_not_placed(Html& page, const trade::Partition& own, const site::OrderNotes& notes) {
  if (site::count_waiting(own, notes) == 0) return;
  page.heading("Orders that were refused at their cut-off");
  page.tag("<p class=\"alarm\">They wait for a person.</p>\n");
  page.begin_table({"order", "why", "in words"});
  for (const auto& [order, note] : notes.not_placed)
    if (site::waits_for_a_person(own, notes, order) != nullptr)
      page.row({name_of(own, order), note.why, note.words});
  page.end_table();
}

// The next cut-off of an order that would still go off at it.
std::string text_of_next_due(const site::View& view) {
  const std::pair<const trade::OrderKey, std::int64_t>* next = nullptr;
  if (view.order_notes != nullptr)
    for (const auto& row : view.order_notes->cut_offs)
      if (row.second > view.at_ms && (next == nullptr || row.second < next->second) &&
          !site::placing(view.own, row.first).empty())
        next = &row;
  if (next == nullptr) return "no cut-off";
  return fmt::format("{}: cut-off of {}", text_of_time(next->second), to_string(next->first));
}

void write_status(Html& page, const site::View& view) {
  const trade::Partition& own = view.own;
  if (!view.no_write_why().empty()) {
    page.tag("<p class=\"alarm\">The journal takes no entries: ");
    page.text(view.no_write_why());
    page.tag("</p>\n");
  }
  page.begin_table({"what", "now"});
  page.row({"kind", std::string(text_of(own.site.kind))});
  page.row({"clock of this machine", text_of_time(view.at_ms)});
  page.row({"due next", text_of_next_due(view)});
  page.row({"trading day", text_of_day(own.day) + (own.day_is_open   ? ", open"
                                                   : own.day.given() ? ", closed"
                                                                     : "")});
  page.row({"lines", base::grouped(own.goods.line_count())});
  page.row({"journal entries", base::grouped(static_cast<std::int64_t>(view.journal.size()))});
  page.row({"entries without a signature",
            base::grouped(static_cast<std::int64_t>(view.journal.unsigned_entries()))});
  page.end_table();
  page.tag("<p><a href=\"/stops\">Open stop-sales</a>: ");
  page.text(text_of_count(own.stops.size()));
  page.tag("</p>\n");
  if (view.order_notes != nullptr) write_not_placed(page, own, *view.order_notes);
  write_security(page, own);
}

void write_line(Html& page, const site::View& view, trade::LineNo line) {
  const trade::Partition& own = view.own;
  const Coming coming = coming_of(view, line);
  page.heading(own.goods.product(line).view());
  if (own.goods.is_stopped(line))
    page.tag("<p class=\"alarm\">A stop-sale concerns this product.</p>\n");
  page.begin_table({"what", "now"});
  page.row({"on hand", base::grouped(own.stock.on_hand(line))});
  page.row({"in quarantine", base::grouped(own.stock.quarantined(line))});
  page.row({"allocated", base::grouped(own.stock.reserved(line))});
  page.row({"on order", base::grouped(coming.on_order_units)});
  page.row({"on the way", base::grouped(coming.in_transit_units)});
  page.row({"price in pence", base::grouped(trade::price_on(own, line, own.day))});
  page.end_table();
  page.heading("Expiry dates");
  bool has_lots = false;
  own.stock.each_lot(line, [&](const trade::Lot& lot, trade::Units units) {
    if (!has_lots) page.begin_table({"date", "batch", "units"});
    has_lots = true;
    page.row({text_of_day(lot.expiry), std::string(lot.batch.view()), base::grouped(units)});
  });
  if (has_lots)
    page.end_table();
  else
    page.paragraph("Nobody has told dates or batches of these units.");
}

std::string_view parameter(const http::Query& query, std::string_view name) {
  const auto found = std::ranges::find(query, name, &http::Query::value_type::first);
  return found == query.end() ? std::string_view{} : std::string_view(found->second);
}

void write_more(Html& page, Tag path_and_name, std::string_view last) {
  page.tag("<p>");
  page.link(path_and_name, last, "More");
  page.tag("</p>\n");
}

// The lines from a product on, or behind it.
void write_lines(Html& page, const trade::Goods& goods, const trade::Stock& stock,
                 std::string_view from, std::string_view after) {
  const auto& lines = goods.by_product();
  if (lines.empty()) return page.paragraph("This site has no lines yet.");
  const auto product_of = [&](trade::LineNo line) { return goods.product(line); };
  const trade::ProductId first =
      trade::ProductId::of(after.empty() ? from : after).value_or(trade::ProductId{});
  auto row = after.empty() ? std::ranges::lower_bound(lines, first, {}, product_of)
                           : std::ranges::upper_bound(lines, first, {}, product_of);
  if (row == lines.end()) return page.paragraph("No line comes behind that.");
  page.heading("Lines");
  page.tag("<ul>\n");
  std::string_view id;
  for (std::size_t i = 0; i < page_rows_max && row != lines.end(); ++i, ++row) {
    id = goods.product(*row).view();
    page.tag("<li>");
    page.link("/stock?product=", id, id);
    page.tag(": ");
    page.number(stock.on_hand(*row));
    page.tag(" on hand</li>\n");
  }
  page.tag("</ul>\n");
  if (row != lines.end()) write_more(page, "/stock?after=", id);
}

void write_stock(Html& page, const http::Query& query, const site::View& view) {
  const std::string_view wanted = parameter(query, "product");
  page.tag("<form action=\"/stock\"><label>Product <input name=\"product\" value=\"");
  page.text(wanted);
  page.tag("\"></label> <button>Show</button></form>\n");
  const auto product = trade::ProductId::of(wanted);
  const auto line = product ? view.own.goods.find(*product) : std::nullopt;
  if (line) return write_line(page, view, *line);
  if (!wanted.empty()) page.paragraph("This site has no line for that product.");
  write_lines(page, view.own.goods, view.own.stock, wanted, parameter(query, "after"));
}

template <class Rows, class Member>
std::string text_of_units(const Rows& rows, Member member) {
  std::int64_t units = 0;
  for (const auto& row : rows) units += row.*member;
  return base::grouped(units);
}

// What a table is, to the people who read it.
struct TableWords {
  std::initializer_list<std::string_view> columns;
  std::string_view if_empty;
  Tag path_and_name;                 // of the next page
  std::optional<Tag> row_path = {};  // of the page of a row, which its first cell leads to
};

// A page of a table's rows behind the cursor in the query; `cells` makes those of one row.
template <class Table, class Cells>
void write_table(Html& page, const http::Query& query, const TableWords& words, const Table& table,
                 Cells&& cells) {
  using Key = typename Table::key_type;
  if (table.empty()) return page.paragraph(words.if_empty);
  const auto after = parse_cursor<Key>(parameter(query, "after"));
  auto row = after ? table.upper_bound(*after) : table.begin();
  page.begin_table(words.columns);
  std::string last;
  for (std::size_t i = 0; i < page_rows_max && row != table.end(); ++i, ++row) {
    last = cursor_of(row->first);
    if (words.row_path)
      page.row(*words.row_path, last, cells(row->first, row->second));
    else
      page.row(cells(row->first, row->second));
  }
  page.end_table();
  if (row != table.end()) write_more(page, words.path_and_name, last);
}

// Who and when stands first in every table of orders. Drops are counted, goods are named.
Cells cells_of(const trade::OrderKey& key, std::initializer_list<std::string> more) {
  Cells cells{text_of_day(key.delivery), text_of_store(key.store), text_of_site(key.depot),
              std::to_string(key.drop), std::string(text_of(key.chain))};
  cells.insert(cells.end(), more);
  return cells;
}

void write_facts(Html& page, const site::View& view, const trade::OrderKey& key,
                 std::string_view state) {
  page.heading(to_string(key));
  page.begin_table({"what", "now"});
  page.row({"state", std::string(state)});
  const std::string cut_off = text_of_cut_off(view, key);
  page.row({"cut-off", cut_off.empty() ? "not known here" : cut_off});
  page.end_table();
}

void write_order(Html& page, const site::View& view, const trade::OrderKey& key) {
  const auto order = view.own.orders.find(key);
  if (order == view.own.orders.end()) return page.paragraph("This site has no such order.");
  write_facts(page, view, key, text_of(seen_of(view, key)));
  page.heading("Lines");
  page.begin_table({"product", "ordered", "received"});
  for (const trade::OrderedRow& row : order->second.rows)
    page.row({std::string(view.own.goods.product(row.line).view()), base::grouped(row.ordered),
              base::grouped(row.received)});
  page.end_table();
}

void write_orders(Html& page, const http::Query& query, const site::View& view) {
  if (const auto key = parse_order_key(parameter(query, "order")))
    return write_order(page, view, *key);
  write_table(
      page, query,
      {{"delivery", "store", "depot", "drop", "goods", "state", "lines", "units", "cut-off",
        "number"},
       "This site has no orders.",
       "/orders?after=",
       Tag("/orders?order=")},
      view.own.orders, [&](const trade::OrderKey& key, const trade::Order& order) {
        return cells_of(
            key,
            {std::string(text_of(seen_of(view, key))), text_of_count(order.rows.size()),
             text_of_units(order.rows, &trade::OrderedRow::ordered), text_of_cut_off(view, key),
             order.counter == 0 ? "" : trade::to_string(view.own.number(order.counter))});
      });
}

// What has come of it; where nothing has, that it was withdrawn.
std::string_view state_of(const site::View& view, const trade::OrderKey& key,
                          const trade::Proposal& proposal) {
  const trade::Seen seen = seen_of(view, key);
  return seen == trade::Seen::nothing ? text_of(proposal.state) : text_of(seen);
}

// "local demand 31.5, ...": signed units, as far as people read.
std::string text_of_reasons(const site::ReasonsOf& reasons, std::string_view product) {
  const auto found = reasons.find(product);
  if (found == reasons.end()) return {};
  std::string text;
  for (std::size_t i = 0; i < std::min(reasons_max, found->second.size()); ++i) {
    const site::Reason& reason = found->second[i];
    text += fmt::format("{}{} {:+.1f}", i == 0 ? "" : "; ", reason.name, reason.units);
    if (!reason.because.empty()) text += fmt::format(" ({})", reason.because);
  }
  return text;
}

void write_proposal(Html& page, const site::View& view, const trade::OrderKey& key,
                    const site::ReasonsOf& reasons) {
  const auto proposal = view.own.proposals.find(key);
  if (proposal == view.own.proposals.end())
    return page.paragraph("This site has no such proposal.");
  write_facts(page, view, key, state_of(view, key, proposal->second));
  const Names names = Names(view.own, &view.book).of_store(key.store);
  page.heading("Lines");
  page.begin_table({"product", "units", "largest reasons"});
  for (const trade::OrderRow& row : proposal->second.rows) {
    const trade::ProductId* product = names.product(row.line);
    const std::string_view id = product != nullptr ? product->view() : "not known here";
    page.row({std::string(id), base::grouped(row.units), text_of_reasons(reasons, id)});
  }
  page.end_table();
  if (reasons.empty()) page.paragraph("No night's document here says why.");
}

void write_proposals(Html& page, const http::Query& query, const site::ReasonsOf& reasons,
                     const site::View& view) {
  if (const auto key = parse_order_key(parameter(query, "order")))
    return write_proposal(page, view, *key, reasons);
  write_table(
      page, query,
      {{"delivery", "store", "depot", "drop", "goods", "state", "lines", "units", "cut-off"},
       "Nothing is proposed: the night proposes orders, and so does the centre.",
       "/proposals?after=",
       Tag("/proposals?order=")},
      view.own.proposals, [&](const trade::OrderKey& key, const trade::Proposal& proposal) {
        return cells_of(
            key,
            {std::string(state_of(view, key, proposal)), text_of_count(proposal.rows.size()),
             text_of_units(proposal.rows, &trade::OrderRow::units), text_of_cut_off(view, key)});
      });
}

void write_stops(Html& page, const http::Query& query, const site::View& view) {
  write_table(page, query,
              {{"product", "here", "batch", "dates up to", "pulled", "number"},
               "No stop-sale is set.",
               "/stops?after="},
              view.own.stops, [&](std::uint32_t counter, const trade::Stop& stop) {
                const bool is_here = view.own.goods.find(stop.product).has_value();
                return Cells{std::string(stop.product.view()),
                             is_here ? "yes" : "no line here",
                             stop.batch.given() ? std::string(stop.batch.view()) : "all",
                             stop.expiry_to.given() ? text_of_day(stop.expiry_to) : "all",
                             stop.is_pulled ? "yes" : "not yet",
                             trade::to_string(view.own.number(counter))};
              });
}

void write_fulfilments(Html& page, const http::Query& query, const site::View& view) {
  write_table(
      page, query,
      {{"delivery", "store", "drop", "goods", "state", "lines", "ordered", "allocated", "vehicle",
        "stop", "advice"},
       "This site sends nobody anything: depots have fulfilments, from an order's receipt on.",
       "/fulfilments?after="},
      view.own.fulfilments, [&](const trade::OrderKey& key, const trade::Fulfilment& it) {
        return Cells{text_of_day(key.delivery),
                     text_of_store(key.store),
                     std::to_string(key.drop),
                     std::string(text_of(key.chain)),
                     std::string(text_of(it.state)),
                     text_of_count(it.rows.size()),
                     text_of_units(it.rows, &trade::FulfilmentRow::ordered),
                     text_of_units(it.rows, &trade::FulfilmentRow::allocated),
                     std::string(it.vehicle.view()),
                     it.stop == 0 ? "" : std::to_string(it.stop),
                     it.advice == 0 ? "" : trade::to_string(view.own.number(it.advice))};
      });
}

void write_inbound(Html& page, const http::Query& query, const site::View& view) {
  write_table(page, query,
              {{"number", "due", "supplier", "state", "lines", "units"},
               "No supplier is to deliver anything here.",
               "/inbound?after="},
              view.own.inbounds, [&](std::uint32_t counter, const trade::Inbound& it) {
                return Cells{trade::to_string(view.own.number(counter)),
                             text_of_day(it.due),
                             std::string(it.supplier.view()),
                             std::string(text_of(it.state)),
                             text_of_count(it.rows.size()),
                             text_of_units(it.rows, &trade::OrderRow::units)};
              });
}

void write_journal(Html& page, const site::View& view) {
  const journal::Checkpoint now = view.journal.checkpoint();
  page.begin_table({"what", "now"});
  page.row({"name", now.origin});
  page.row({"entries", base::grouped(static_cast<std::int64_t>(now.size))});
  page.row({"root", crypto::to_hex(now.root)});
  page.row({"entries without a signature",
            base::grouped(static_cast<std::int64_t>(view.journal.unsigned_entries()))});
  page.row({"standing", std::string(word_of(view.journal.opening().standing))});
  page.end_table();
  page.heading("Other sites");
  if (view.peers.empty()) return page.paragraph("This site reads no other site's journal.");
  page.begin_table({"site", "entries", "trouble"});
  for (const site::Peer& peer : view.peers)
    page.row({peer.site ? fmt::format("{:04}", static_cast<unsigned>(*peer.site)) : "not known yet",
              base::grouped(static_cast<std::int64_t>(peer.entries)),
              peer.why.empty() ? "none" : peer.why});
  page.end_table();
}

}  // namespace

http::Response style_sheet() { return {200, "text/css; charset=utf-8", std::string(style)}; }

std::string_view cookie(std::string_view header, std::string_view name) {
  std::string_view found;
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(header.size(), pair.size() + 1));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name || equals == pair.npos) continue;
    if (!found.empty()) return {};
    found = pair.substr(equals + 1);
  }
  return found;
}

std::string page_html(Duty duty, const http::Query& query, const site::View& view,
                      const site::ReasonsOf& reasons) {
  const std::string code = text_of_site(view.own.site.code);
  const auto page_of = [&](std::string_view title, auto&& write, const auto&... more) {
    Html page(fmt::format("{} of site {}", title, code));
    write(page, more..., view);
    return std::move(page).finish();
  };
  switch (duty) {
    case Duty::page_stock:
      return page_of("Stock", write_stock, query);
    case Duty::page_orders:
      return page_of("Orders", write_orders, query);
    case Duty::page_proposals:
      return page_of("Proposals", write_proposals, query, reasons);
    case Duty::page_fulfilments:
      return page_of("Fulfilments", write_fulfilments, query);
    case Duty::page_inbound:
      return page_of("Inbound deliveries", write_inbound, query);
    case Duty::page_stops:
      return page_of("Stop-sales", write_stops, query);
    case Duty::page_journal:
      return page_of("Journal", write_journal);
    default:
      return page_of("State", write_status);
  }
}

// A page that somebody waits for.
struct Pages::Asked {
  Exchange exchange;
  site::Caller caller;
  Duty duty{};
  http::Query query;
  site::ReasonsOf reasons;
};

void Pages::enter(const http::Request& request, Exchange exchange) {
  const auto query = http::parse_query(request.query);
  const bool has_ticket = query && query->size() == 1 && query->front().first == "ticket";
  const auto token = has_ticket ? door_.enter(request.peer_address, query->front().second)
                                : std::unexpected(site::DoorTrouble::code_wrong);
  if (!token) {
    const ProblemRow& row = row_of(token.error());
    return exchange.answer(message(row.http_status, "That ticket does not open anything",
                                   "It is unknown, used or too old. Ask for a new one."));
  }
  http::Response response{303};
  response.headers.push_back({"Location", "/"});
  response.headers.push_back(
      {"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}", cookie_name, *token,
                                 is_secure_ ? "; Secure" : "")});
  exchange.answer(std::move(response));
}

void Pages::handle(const Route& route, const http::Request& request, Exchange exchange) {
  if (route.duty == Duty::page_enter) return enter(request, std::move(exchange));
  const std::string_view token = cookie(request.header("Cookie"), cookie_name);
  const auto caller =
      token.empty() ? std::unexpected(site::DoorTrouble::session_over) : door_.session(token);
  if (!caller) return exchange.answer(how_to_get_in());
  auto query = http::parse_query(request.query);
  const bool is_known = query && std::ranges::all_of(*query, [&](const auto& field) {
                          return takes(route, field.first);
                        });
  if (!is_known || query->size() > 1)
    return exchange.answer(message(400, "That address is wrong", "Use the links of these pages."));
  const auto asked = std::make_shared<Asked>(
      Asked{std::move(exchange), *caller, route.duty, *std::move(query), {}});
  const bool has_reasons = history_ != nullptr && route.duty == Duty::page_proposals &&
                           parse_order_key(parameter(asked->query, "order"));
  if (!has_reasons) return tell(asked);
  const bool is_asked = core_.ask([this, asked](const site::View& view) {
    if (!may_look(view.own, asked->caller)) return asked->exchange.answer(how_to_get_in());
    if (!view.own.day.given()) return tell(asked);
    look_for_reasons(asked, trade::to_date(view.own.day), nights_back_max);
  });
  if (!is_asked) asked->exchange.answer(busy());
}

// A proposal is of the newest night that tells of it.
void Pages::look_for_reasons(std::shared_ptr<Asked> asked, base::Date day, int days) {
  const auto then = [this, asked, day, days](base::Result<std::string> night) {
    const auto key = *parse_order_key(parameter(asked->query, "order"));
    auto reasons = night ? site::reasons_of(*night, key) : std::nullopt;
    if (!reasons && days > 1) return look_for_reasons(asked, day - 1, days - 1);
    if (reasons) asked->reasons = *std::move(reasons);
    tell(asked);
  };
  if (!history_->night(day, then)) tell(asked);
}

void Pages::tell(std::shared_ptr<Asked> asked) {
  const bool is_asked = core_.ask([asked](const site::View& view) {
    asked->exchange.answer(
        may_look(view.own, asked->caller)
            ? html(200, page_html(asked->duty, asked->query, view, asked->reasons))
            : how_to_get_in());
  });
  if (!is_asked) asked->exchange.answer(busy());
}

}  // namespace api
