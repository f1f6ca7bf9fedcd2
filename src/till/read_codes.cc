// What a scanner reads: codes.csv, barcodes.csv, and the GTINs of products.csv.
#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "base/words.h"
#include "selling/barcode.h"
#include "till/reading.h"

namespace till {
namespace {

using base::Date;
using base::Result;
using estate::Column;
using estate::Expected;
using estate::Lookup;
using estate::Numbered;
using estate::Table;
using selling::Gtin;
using selling::ItemCode;
using selling::Refusal;
using enum estate::Need;
namespace v = values;

enum class CodeKind : std::uint8_t { layout, item, gtin };

struct CodeRow {
  CodeKind kind = CodeKind::layout;
  std::string code;
  std::uint32_t product = estate::none;
  Date from = base::date_min, to = base::date_max;
};
Expected set_kind(CodeRow& row, std::string_view text, const Lookup&) {
  constexpr auto words = std::to_array<std::string_view>({"layout", "item", "gtin"});
  const auto word = std::ranges::find(words, text);
  if (word == words.end()) return "one of layout, item, gtin";
  row.kind = static_cast<CodeKind>(word - words.begin());
  return {};
}
constexpr auto code_columns = std::to_array<Column<CodeRow>>({
    {"kind", required, set_kind},
    {"code", required, v::text<&CodeRow::code>},
    {"product", optional, v::product<&CodeRow::product>},
    {"from_date", optional, v::date<&CodeRow::from>},
    {"to_date", optional, v::date<&CodeRow::to>},
});
estate::RowFault check_code(const CodeRow& row) {
  const bool has_product = row.product != estate::none;
  if (row.kind == CodeKind::layout && has_product) return {"product", "none for a layout"};
  if (row.kind != CodeKind::layout && !has_product) return {"product", "a product of products.csv"};
  return estate::check_days(row);
}
constexpr Table<CodeRow> code_table{"codes.csv", code_columns, check_code};

struct BarcodeRow {
  std::string barcode;
  std::uint32_t product = estate::none;
  std::int32_t units = 1;
  estate::BarcodeKind kind = estate::BarcodeKind::each;
  Date from = base::date_min, to = base::date_max;
};
constexpr auto barcode_columns = std::to_array<Column<BarcodeRow>>({
    {"barcode", required, v::text<&BarcodeRow::barcode>},
    {"product", required, v::product<&BarcodeRow::product>},
    {"units", optional, v::whole<&BarcodeRow::units, 1, estate::units_max>},
    {"kind", optional, v::word<&BarcodeRow::kind>},
    {"from_date", optional, v::date<&BarcodeRow::from>},
    {"to_date", optional, v::date<&BarcodeRow::to>},
});
constexpr Table<BarcodeRow> barcode_table{"barcodes.csv", barcode_columns,
                                          estate::check_days<BarcodeRow>};

// A code and whose it is, from a day to a day.
template <class Key>
struct Claim {
  Key key = {};
  std::uint32_t product = estate::none;
  Date from = base::date_min, to = base::date_max;
  bool is_listed = false;  // in products.csv alone, which gives way to the other files
  std::string_view file, column;
  std::uint64_t line = 0;
};

// How a layout's codes begin, and how long the reference behind that is.
struct Layout {
  std::string prefix;
  std::size_t reference_digits = 0;
};

class Codes {
 public:
  explicit Codes(Reading& reading) : reading_(reading) {}

  Result<> read() {
    const auto codes = TRY(estate::read_rows(reading_.session, code_table));
    TRY(take_layouts(codes));
    for (const Numbered<CodeRow>& code : codes) TRY(take_code(code));
    const auto barcodes = TRY(estate::read_rows(reading_.session, barcode_table));
    for (const Numbered<BarcodeRow>& barcode : barcodes) TRY(take_barcode(barcode));
    for (std::uint32_t product = 0; product < reading_.listed.size(); ++product)
      TRY(take_listed(product));
    TRY(settle(gtins_, [&](Gtin gtin, const trade::ProductId& product) {
      reading_.tables.gtins.push_back({gtin, product});
    }));
    TRY(settle(items_, [&](const ItemCode& item, const trade::ProductId& product) {
      reading_.tables.items.push_back({item, product});
    }));
    add_notes();
    return {};
  }

 private:
  bool is_over(Date from, Date to) const {
    return reading_.today && (*reading_.today < from || to < *reading_.today);
  }

  Result<> take_layouts(const std::vector<Numbered<CodeRow>>& codes) {
    std::vector<std::string_view> patterns;
    for (const Numbered<CodeRow>& code : codes) {
      if (code.row.kind != CodeKind::layout || is_over(code.row.from, code.row.to)) continue;
      patterns.emplace_back(code.row.code);
      auto layouts = selling::Layouts::of(patterns);
      if (!layouts) return refuse_layout(code, layouts.error());
      reading_.tables.layouts = *std::move(layouts);
      Layout& made = layouts_.emplace_back();
      made.prefix = code.row.code.substr(0, code.row.code.find('R'));
      made.reference_digits = static_cast<std::size_t>(std::ranges::count(code.row.code, 'R'));
    }
    return {};
  }

  Result<> refuse_layout(const Numbered<CodeRow>& code, Refusal why) {
    return wrong(reading_, code_table.file, code.line, "code", code.row.code,
                 why == Refusal::layout_ambiguous
                     ? "a layout that begins with other digits than those above it"
                     : "a layout of 13 signs such as 20RRRRRVPPPPC or 21RRRRRWWWWWC");
  }

  Result<> take_code(const Numbered<CodeRow>& code) {
    const CodeRow& row = code.row;
    if (row.kind == CodeKind::layout || is_over(row.from, row.to)) return {};
    if (row.kind == CodeKind::gtin) {
      if (is_in_store(row.code))
        return wrong(reading_, code_table.file, code.line, "code", row.code,
                     "a GTIN; of 20 to 29 there are items of a layout only");
      return take_gtin(row.code, {.key = {},
                                  .product = row.product,
                                  .from = row.from,
                                  .to = row.to,
                                  .file = code_table.file,
                                  .column = "code",
                                  .line = code.line});
    }
    const bool fits = std::ranges::any_of(layouts_, [&](const Layout& layout) {
      return row.code.starts_with(layout.prefix) &&
             row.code.size() == layout.prefix.size() + layout.reference_digits;
    });
    const auto item = ItemCode::of(row.code);
    if (!fits || !item || row.code.find_first_not_of("0123456789") != std::string::npos)
      return wrong(reading_, code_table.file, code.line, "code", row.code,
                   "the leading digits and the item reference of a layout of this file");
    if (!reading_.tables.products[row.product].by_weight)
      return wrong(reading_, code_table.file, code.line, "product", reading_.id(row.product).view(),
                   "a product that is sold by weight, measure g");
    items_.push_back({.key = *item,
                      .product = row.product,
                      .from = row.from,
                      .to = row.to,
                      .file = code_table.file,
                      .column = "code",
                      .line = code.line});
    return {};
  }

  Result<> take_barcode(const Numbered<BarcodeRow>& barcode) {
    const BarcodeRow& row = barcode.row;
    if (is_over(row.from, row.to)) return {};
    if (row.kind == estate::BarcodeKind::plu) return take_plu(barcode);
    if (row.kind != estate::BarcodeKind::each || row.units != 1) {
      ++of_cases_;
      return {};
    }
    return take_gtin(row.barcode, {.key = {},
                                   .product = row.product,
                                   .from = row.from,
                                   .to = row.to,
                                   .file = barcode_table.file,
                                   .column = "barcode",
                                   .line = barcode.line});
  }

  // A look-up number is the item reference of every layout that has room for it.
  Result<> take_plu(const Numbered<BarcodeRow>& barcode) {
    const BarcodeRow& row = barcode.row;
    constexpr std::size_t plu_digits_max = 9;
    if (row.barcode.size() > plu_digits_max ||
        row.barcode.find_first_not_of("0123456789") != std::string::npos)
      return wrong(reading_, barcode_table.file, barcode.line, "barcode", row.barcode,
                   "a look-up number of 1 to 9 digits");
    bool has_place = false;
    for (const Layout& layout : layouts_) {
      if (row.barcode.size() > layout.reference_digits) continue;
      if (!reading_.tables.products[row.product].by_weight) continue;
      has_place = true;
      const std::string zeros(layout.reference_digits - row.barcode.size(), '0');
      items_.push_back({.key = *ItemCode::of(layout.prefix + zeros + row.barcode),
                        .product = row.product,
                        .from = row.from,
                        .to = row.to,
                        .file = barcode_table.file,
                        .column = "barcode",
                        .line = barcode.line});
    }
    if (!has_place) ++look_ups_;
    return {};
  }

  Result<> take_listed(std::uint32_t product) {
    const Reading::Listed& listed = reading_.listed[product];
    if (listed.gtin.empty()) return {};
    return take_gtin(listed.gtin, {.key = {},
                                   .product = product,
                                   .is_listed = true,
                                   .file = "products.csv",
                                   .column = "gtin",
                                   .line = listed.line});
  }

  static bool is_in_store(const std::string& code) {
    const auto scan = selling::read_barcode(code, {});
    return !scan && scan.error() == Refusal::code_layout_unknown;
  }

  Result<> take_gtin(const std::string& code, Claim<Gtin> claim) {
    const auto scan = selling::read_barcode(code, {});
    if (scan) {
      claim.key = std::get<Gtin>(*scan);
      gtins_.push_back(claim);
      return {};
    }
    if (scan.error() == Refusal::code_layout_unknown) {
      ++in_store_;
      return {};
    }
    return wrong(reading_, claim.file, claim.line, claim.column, code,
                 "a GTIN of 8, 12, 13 or 14 digits with its check digit");
  }

  // Of the claims to one code the one that began last counts. Two that began on one day are an
  // error unless they mean the same product.
  template <class Key, class Use>
  Result<> settle(std::vector<Claim<Key>>& claims, Use use) {
    std::ranges::stable_sort(claims, {}, [](const Claim<Key>& claim) {
      return std::tuple(claim.key, !claim.is_listed, claim.from);
    });
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const Claim<Key>& claim = claims[i];
      const bool is_last = i + 1 == claims.size() || claims[i + 1].key != claim.key;
      if (is_last) {
        use(claim.key, reading_.id(claim.product));
        continue;
      }
      const Claim<Key>& next = claims[i + 1];
      const bool is_torn = next.product != claim.product && next.from == claim.from &&
                           next.is_listed == claim.is_listed;
      if (is_torn) return refuse(claim, next);
    }
    return {};
  }

  template <class Key>
  Result<> refuse(const Claim<Key>& first, const Claim<Key>& second) {
    return wrong(reading_, second.file, second.line, second.column,
                 reading_.id(second.product).view(),
                 fmt::format("one product for a code: {} has it in {}:{}",
                             reading_.id(first.product).view(), first.file, first.line));
  }

  void add_notes() {
    const auto note = [&](std::int64_t count, std::string_view thing, std::string_view what) {
      if (count > 0)
        reading_.tables.notes.push_back(fmt::format("{} {}", base::counted(count, thing), what));
    };
    note(of_cases_, "barcode", "of inners and cases: a till sells pieces");
    note(in_store_, "code", "from 20 to 29 of products: those are read by a layout only");
    note(look_ups_, "look-up number", "of goods by the piece, or longer than any layout has room");
  }

  Reading& reading_;
  std::vector<Layout> layouts_;
  std::vector<Claim<Gtin>> gtins_;
  std::vector<Claim<ItemCode>> items_;
  std::int64_t of_cases_ = 0, in_store_ = 0, look_ups_ = 0;
};

}  // namespace

Result<> read_codes(Reading& reading) { return Codes(reading).read(); }

}  // namespace till
