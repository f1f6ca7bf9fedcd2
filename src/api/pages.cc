#include "api/pages.h"

#include <algorithm>

#include "api/html.h"
#include "api/identity.h"
#include "api/queries.h"
#include "base/words.h"
#include "crypto/sha256.h"

namespace api {
namespace {

constexpr std::string_view cookie_name = "session";
constexpr std::size_t page_rows_max = 100;

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

http::Response how_to_get_in() {
  return message(401, "You are not signed in",
                 "This page is for people of this site. Ask your device for a ticket: sign in "
                 "there and open the link that it shows. A ticket opens these pages once and is "
                 "good for a minute.");
}

std::string text_of_day(trade::Day day) {
  return day.given() ? base::to_string(trade::to_date(day)) : "none";
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

void write_status(Html& page, const site::View& view) {
  const trade::Partition& own = view.own;
  if (!view.read_only_why.empty()) {
    page.tag("<p class=\"alarm\">The journal takes no entries: ");
    page.text(view.read_only_why);
    page.tag("</p>\n");
  }
  page.begin_table({"what", "now"});
  page.row({"kind", std::string(text_of(own.site.kind))});
  page.row({"trading day", text_of_day(own.day) + (own.day_is_open   ? ", open"
                                                   : own.day.given() ? ", closed"
                                                                     : "")});
  page.row({"lines", base::grouped(own.goods.line_count())});
  page.row({"journal entries", base::grouped(static_cast<std::int64_t>(view.journal.size()))});
  page.row({"entries without a signature",
            base::grouped(static_cast<std::int64_t>(view.journal.unsigned_entries()))});
  page.row({"open stop-sales", base::grouped(static_cast<std::int64_t>(own.stops.size()))});
  page.end_table();
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

void write_stock(Html& page, const http::Query& query, const site::View& view) {
  const std::string wanted = query.empty() ? "" : query[0].second;
  page.tag("<form action=\"/stock\"><label>Product <input name=\"product\" value=\"");
  page.text(wanted);
  page.tag("\"></label> <button>Show</button></form>\n");
  const auto product = trade::ProductId::of(wanted);
  const auto line = product ? view.own.goods.find(*product) : std::nullopt;
  if (line) return write_line(page, view, *line);
  if (!wanted.empty()) page.paragraph("This site has no line for that product.");
  const auto& lines = view.own.goods.by_product();
  if (lines.empty()) return page.paragraph("This site has no lines yet.");
  auto row = product ? std::ranges::lower_bound(
                           lines, *product, {},
                           [&](trade::LineNo it) { return view.own.goods.product(it); })
                     : lines.begin();
  page.heading("Lines");
  page.tag("<ul>\n");
  for (std::size_t i = 0; i < page_rows_max && row != lines.end(); ++i, ++row) {
    const std::string_view id = view.own.goods.product(*row).view();
    page.tag("<li>");
    page.link("/stock?product=", id, id);
    page.tag(": ");
    page.number(view.own.stock.on_hand(*row));
    page.tag(" on hand</li>\n");
  }
  page.tag("</ul>\n");
}

void write_orders(Html& page, const http::Query& query, const site::View& view) {
  const auto& orders = view.own.orders;
  if (orders.empty()) return page.paragraph("This site has no orders.");
  const auto after = query.empty() ? std::nullopt : parse_order_key(query[0].second);
  auto row = after ? orders.upper_bound(*after) : orders.begin();
  page.begin_table({"delivery", "depot", "drop", "goods", "state", "lines", "number"});
  std::string last;
  for (std::size_t i = 0; i < page_rows_max && row != orders.end(); ++i, ++row) {
    const auto& [key, order] = *row;
    page.row({text_of_day(key.delivery), fmt::format("{:04}", static_cast<unsigned>(key.depot)),
              std::to_string(key.drop), std::string(text_of(key.chain)),
              std::string(text_of(seen_of(view, key))),
              base::grouped(static_cast<std::int64_t>(order.rows.size())),
              order.counter == 0 ? "" : trade::to_string(view.own.number(order.counter))});
    last = to_string(key);
  }
  page.end_table();
  if (row == orders.end()) return;
  page.tag("<p>");
  page.link("/orders?after=", last, "More");
  page.tag("</p>\n");
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

std::string page_html(Duty duty, const http::Query& query, const site::View& view) {
  const auto code = static_cast<unsigned>(view.own.site.code);
  switch (duty) {
    case Duty::page_stock: {
      Html page(fmt::format("Stock of site {:04}", code));
      write_stock(page, query, view);
      return std::move(page).finish();
    }
    case Duty::page_orders: {
      Html page(fmt::format("Orders of site {:04}", code));
      write_orders(page, query, view);
      return std::move(page).finish();
    }
    case Duty::page_journal: {
      Html page(fmt::format("Journal of site {:04}", code));
      write_journal(page, view);
      return std::move(page).finish();
    }
    default: {
      Html page(fmt::format("Site {:04}", code));
      write_status(page, view);
      return std::move(page).finish();
    }
  }
}

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

void Pages::handle(Duty duty, const http::Request& request, Exchange exchange) {
  if (duty == Duty::page_enter) return enter(request, std::move(exchange));
  const std::string_view token = cookie(request.header("Cookie"), cookie_name);
  const auto caller =
      token.empty() ? std::unexpected(site::DoorTrouble::session_over) : door_.session(token);
  if (!caller) return exchange.answer(how_to_get_in());
  auto query = http::parse_query(request.query);
  if (!query || query->size() > 1)
    return exchange.answer(message(400, "That address is wrong", "Use the links of these pages."));
  const auto shared = std::make_shared<Exchange>(std::move(exchange));
  const bool is_asked = core_.ask(
      [shared, duty, caller = *caller, query = *std::move(query)](const site::View& view) {
        shared->answer(is_enrolled(view.own, caller) ? html(200, page_html(duty, query, view))
                                                     : how_to_get_in());
      });
  if (!is_asked) shared->answer(message(503, "The site is busy", "Try again in a moment."));
}

}  // namespace api
