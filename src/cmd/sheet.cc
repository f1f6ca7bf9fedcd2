// stockade sheet: an order for paper and phone, and what somebody scanned or typed of one.

#include "paper/sheet.h"

#include <fmt/core.h>

#include "base/numbers.h"
#include "base/words.h"
#include "cmd/command.h"
#include "cmd/evidence.h"
#include "cmd/json.h"
#include "cmd/standing.h"
#include "io/clock.h"
#include "io/disk.h"
#include "paper/codes.h"
#include "paper/phone.h"
#include "paper/seal.h"
#include "paper/typed.h"

namespace cmd {
namespace {

using base::ErrorCode;
using base::Result;

struct Arguments {
  std::string verb, key, out, phone, codes, typed, roster, store;
  std::vector<std::string> files;
  base::Date rehearsal = base::date_max;
};

std::unexpected<base::Error> usage(std::string_view what) {
  return base::fail(ErrorCode::usage, fmt::format("sheet {}; see stockade sheet --help", what));
}

// The members of an order's file, by name and kind; what is wrong names the file.
class Fields {
 public:
  Fields(const std::string& file, const Json& object) : file_(file), object_(object) {}

  std::unexpected<base::Error> bad(std::string_view what) const {
    return base::fail(ErrorCode::input_bad, fmt::format("{}: {}", file_, what));
  }
  // Empty where the member is missing or null and not required.
  Result<std::string> text(const char* name, bool required = true) const {
    const auto at = object_.find(name);
    if (!required && (at == object_.end() || at->is_null())) return std::string();
    if (at == object_.end() || !at->is_string())
      return bad(fmt::format("expected a text \"{}\"", name));
    return at->get<std::string>();
  }
  // `missing` where there is none.
  Result<std::int64_t> whole(const char* name, std::int64_t max, std::int64_t missing = -1) const {
    const auto at = object_.find(name);
    if (missing >= 0 && (at == object_.end() || at->is_null())) return missing;
    if (at == object_.end() || !at->is_number_unsigned() ||
        at->get<std::uint64_t>() > static_cast<std::uint64_t>(max))
      return bad(fmt::format("expected a whole number \"{}\" up to {}", name, max));
    return at->get<std::int64_t>();
  }
  Result<trade::Day> day(const char* name, bool required) const {
    const std::string given = TRY(text(name, required));
    if (given.empty()) return trade::Day{};
    const auto date = base::parse_date(given);
    if (!date || date->days <= trade::day_epoch || *date > trade::to_date(trade::day_max))
      return bad(fmt::format("\"{}\": \"{}\": expected a day YYYY-MM-DD", name, given));
    return trade::to_day(*date);
  }

 private:
  const std::string& file_;
  const Json& object_;
};

struct Draft {
  paper::Order order;
  paper::Labels labels;
};

Result<> read_rows(const std::string& file, const Json& object, Draft& draft) {
  const auto rows = object.find("rows");
  if (rows == object.end() || !rows->is_array())
    return Fields(file, object).bad("expected a list \"rows\"");
  for (const Json& it : *rows) {
    const Fields row(file, it);
    if (!it.is_object()) return row.bad("expected rows that are objects");
    const std::string id = TRY(row.text("product"));
    const auto product = trade::ProductId::of(id);
    if (!product) return row.bad(fmt::format("\"{}\": expected a product of ASCII", id));
    const std::int64_t units = TRY(row.whole("units", trade::row_units_max));
    draft.order.rows.push_back({*product, static_cast<trade::Units>(units)});
    draft.labels.products.push_back(TRY(row.text("name", false)));
  }
  return {};
}

// The order in a JSON file, as `read` prints it; names for people may stand beside.
Result<Draft> read_draft(const std::string& file, const journal::Signer& signer) {
  const std::string bytes = TRY(io::read_file(io::real_disk(), file));
  const Json object = Json::parse(bytes, nullptr, false);
  const Fields fields(file, object);
  if (!object.is_object()) return fields.bad("expected one JSON object");
  const auto origin = journal::parse_origin(signer.verifier.name);
  if (!origin) return fields.bad(signer.verifier.name + ": the key is not that of a site");
  Draft draft;
  paper::Order& order = draft.order;
  order.estate = origin->estate;
  const auto number = trade::parse_number(TRY(fields.text("number")));
  if (!number) return fields.bad("\"number\": its check digits do not fit");
  order.number = *number;
  order.key.store = number->site;
  const std::string depot = TRY(fields.text("depot"));
  order.key.depot = static_cast<trade::SiteCode>(base::parse_whole(depot).value_or(-1));
  if (paper::to_text(order.key.depot) != depot)
    return fields.bad("\"depot\": expected four digits");
  order.key.delivery = TRY(fields.day("delivery", true));
  order.key.drop = static_cast<std::uint8_t>(TRY(fields.whole("drop", 255)));
  const auto chain = trade::parse_word<trade::Chain>(TRY(fields.text("chain")));
  if (!chain) return fields.bad("\"chain\": expected ambient, chilled or frozen");
  order.key.chain = *chain;
  order.standing_from = TRY(fields.day("standing_from", false));
  order.rehearsal = TRY(fields.day("rehearsal", false));
  order.made_ms = TRY(fields.whole("made_at_ms", paper::made_ms_max, io::real_clock().wall_ms()));
  draft.labels.store = TRY(fields.text("store_name", false));
  draft.labels.depot = TRY(fields.text("depot_name", false));
  TRY(read_rows(file, object, draft));
  return draft;
}

Result<> write(const std::string& file, const std::string& content) {
  if (file.empty()) return {};
  return io::write_file(io::real_disk(), file, content);
}

Result<> print_sheet(const Arguments& arguments) {
  if (arguments.files.size() != 1) return usage("print takes one order");
  if (arguments.key.empty()) return usage("print: --key is required");
  if (arguments.out.empty() && arguments.phone.empty() && arguments.codes.empty() &&
      arguments.typed.empty())
    return usage("print: one of --out, --phone, --codes and --typed is required");
  const auto signer = TRY(read_signer(arguments.key));
  Draft draft = TRY(read_draft(arguments.files[0], signer));
  if (arguments.rehearsal != base::date_max)
    draft.order.rehearsal = trade::to_day(arguments.rehearsal);
  const std::string sealed = TRY(paper::seal(draft.order, signer));
  std::string codes, typed, phone;
  for (const std::string& code : TRY(paper::to_codes(draft.order.number, sealed)))
    codes += code + "\n";
  for (const paper::TypedLine& line : paper::typed_lines(draft.order))
    typed += to_text(line) + "\n";
  if (!arguments.phone.empty()) phone = TRY(paper::phone_list(draft.order));
  if (!arguments.out.empty()) {
    const std::string pdf = TRY(paper::sheet_pdf(draft.order, sealed, draft.labels));
    TRY(write(arguments.out, pdf));
  }
  TRY(write(arguments.codes, codes));
  TRY(write(arguments.typed, typed));
  TRY(write(arguments.phone, phone));
  fmt::print("order {}: {}{}\n", trade::to_string(draft.order.number),
             base::counted(static_cast<std::int64_t>(draft.order.rows.size()), "row"),
             draft.order.rehearsal.given() ? ", a rehearsal" : "");
  return {};
}

Json json_of(trade::Day day) {
  return day.given() ? Json(to_string(trade::to_date(day))) : Json(nullptr);
}

Json json_of(const paper::Order& order) {
  Json rows = Json::array();
  for (const paper::Row& row : order.rows)
    rows.push_back({{"product", row.product.view()}, {"units", row.units}});
  Json made = order.made_ms > 0 ? Json(order.made_ms) : Json(nullptr);
  return {{"estate", order.estate},
          {"number", trade::to_string(order.number)},
          {"store", paper::to_text(order.key.store)},
          {"depot", paper::to_text(order.key.depot)},
          {"delivery", json_of(order.key.delivery)},
          {"drop", order.key.drop},
          {"chain", text_of(order.key.chain)},
          {"standing_from", json_of(order.standing_from)},
          {"rehearsal", json_of(order.rehearsal)},
          {"made_at_ms", std::move(made)},
          {"rows", std::move(rows)}};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

Result<> read_sheet(const Arguments& arguments) {
  if (arguments.files.empty()) return usage("read takes files of one sheet");
  if (arguments.roster.empty()) return usage("read: --roster is required");
  const std::string note = TRY(io::read_file(io::real_disk(), arguments.roster));
  const journal::Roster roster = TRY(journal::open_roster(note));
  std::string text;
  for (const std::string& file : arguments.files)
    text += TRY(io::read_file(io::real_disk(), file)) + "\n";
  const std::vector<std::string> lines = lines_of(text);
  const bool is_scanned = !lines.empty() && paper::begins_code(lines[0]);
  paper::Order order;
  if (is_scanned) {
    const std::string sealed = TRY(paper::from_codes(lines));
    order = TRY(paper::open(sealed, roster));
  } else {
    order = TRY(paper::parse_typed(text, roster.estate));
    TRY(paper::find_store(order, roster));
  }
  Json printed = json_of(order);
  printed["proof"] = is_scanned ? "signature" : "check digits";
  print(printed);
  return {};
}

Result<> run_verb(const Arguments& arguments) {
  if (arguments.verb == "print") return print_sheet(arguments);
  if (arguments.verb == "read") return read_sheet(arguments);
  if (arguments.verb == "standing") {
    if (arguments.files.size() != 1 || arguments.roster.empty() || arguments.store.empty())
      return usage("standing takes a centre's journal, --store and --roster");
    return print_standing({arguments.files[0], arguments.store, arguments.roster});
  }
  return usage("takes a verb");
}

}  // namespace

Action bind_sheet(Options& options) {
  auto arguments = std::make_shared<Arguments>();
  options
      .one_of(
          "verb", arguments->verb,
          "print: an order as a signed sheet; read: what was scanned or typed of one; standing: a "
          "store's standing order",
          {"print", "read", "standing"})
      .texts("file", arguments->files,
             "print: the order as JSON; read: one code a line, or a typed sheet; standing: the "
             "folder of the centre's journal")
      .text("--key", arguments->key, "print: file with the store's secret key")
      .text("--out", arguments->out, "print: the sheet, a PDF")
      .text("--phone", arguments->phone, "print: the same to be read aloud, a text")
      .text("--codes", arguments->codes, "print: the texts of the codes, one a line")
      .text("--typed", arguments->typed, "print: the lines that somebody would type")
      .date("--rehearsal", arguments->rehearsal, "print: the day of a rehearsal", false,
            {base::make_date(2001, 1, 1), base::make_date(2178, 12, 31)})
      .text("--store", arguments->store, "standing: the store's code")
      .text("--roster", arguments->roster, "read, standing: who may sign");
  return [arguments] { return run_verb(*arguments); };
}

}  // namespace cmd
