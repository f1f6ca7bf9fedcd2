#include "paper/sheet.h"

#include <algorithm>

#include <fmt/core.h>

#include "paper/codes.h"
#include "paper/pdf.h"
#include "paper/typed.h"
#include "paper/words.h"

namespace paper {
namespace {

using base::Result;
using Kind = TypedLine::Kind;

// All lengths are millimetres and all sizes of letters points.
constexpr double left = 14, right = a4_width_mm - 14, top = 15;
constexpr double foot_y = a4_height_mm - 9;
constexpr double bottom = a4_height_mm - 16, signing_height = 25;
constexpr double small = 9, normal = 10.5;

constexpr double code_size = 43, code_pitch = (right - left) / 4, code_height = code_size + 5;
constexpr std::size_t codes_across = 4;

constexpr double column_gap = 10, column_width = (right - left - column_gap) / 2;
constexpr double row_height = 5, block_gap = 2.5, heading_height = 6, end_height = 11;
constexpr double check_width = 9, units_end = column_width - check_width - 3;
constexpr double product_begin = 9, units_width = 14, letter_width = 2.23;
constexpr std::size_t named_product_max = 14;  // letters of a product that leave room for a name

constexpr std::string_view how_to[] = {
    "Scan every code, in any order: then nothing is typed and the store's signature counts.",
    "If a code cannot be scanned, type all in typewriter letters, line by line with its box, "
    "from \"order\" to \"end\".",
    "Before a typed order counts, call the store on the number that you hold yourself, and sign "
    "below.",
};

class SheetWriter {
 public:
  SheetWriter(const Order& order, const Labels& labels)
      : order_(order),
        labels_(labels),
        lines_(typed_lines(order)),
        pdf_("Emergency order " + trade::to_string(order.number)) {
    std::size_t letters = 0;
    for (const Row& row : order.rows)
      if (const std::size_t size = row.product.view().size(); size <= named_product_max)
        letters = std::max(letters, size);
    product_width_ = letter_width * static_cast<double>(letters);
  }

  void head();
  Result<> codes(std::span<const std::string> texts);
  void rows();
  void feet();
  Result<std::string> bytes() { return pdf_.bytes(); }

 private:
  void begin_page();
  double page_end() const { return pdf_.page_count() == 1 ? bottom - signing_height : bottom; }
  // What people read, and beside it the line that they would type.
  void fact(std::string_view name, std::string_view value, const TypedLine& line);
  void check_box(double end_x, double y, std::string_view check);
  void signing();
  void begin_rows();
  void begin_column();
  // Leaves room for a height in this column, or else in the next.
  void make_room(double height);
  double x() const { return left + static_cast<double>(column_) * (column_width + column_gap); }
  void row(std::size_t index, const TypedLine& line);
  void sum(const TypedLine& line);
  void end(const TypedLine& line);

  const Order& order_;
  const Labels& labels_;
  std::vector<TypedLine> lines_;
  Pdf pdf_;
  double product_width_ = 0;  // of the longest that leaves room for a name
  double y_ = 0;              // the base line of the next text
  double rows_top_ = 0;
  std::size_t column_ = 0;
};

void SheetWriter::begin_page() {
  pdf_.begin_page();
  y_ = top;
  if (!order_.rehearsal.given()) return;
  pdf_.watermark("REHEARSAL");
  pdf_.banner({left, y_ - 5}, right - left, 9, 14,
              fmt::format("REHEARSAL of {}: DELIVER NOTHING", day_text(order_.rehearsal)));
  y_ += 11;
}

void SheetWriter::check_box(double end_x, double y, std::string_view check) {
  const double width = check.size() > 2 ? 18 : check_width;
  pdf_.box({end_x - width, y - 3.6}, width, 4.5, 0.2);
  pdf_.text_to({end_x - 1.8, y}, Font::typed, normal, check);
}

void SheetWriter::fact(std::string_view name, std::string_view value, const TypedLine& line) {
  constexpr double value_begin = left + 19, typed_begin = left + 109;
  pdf_.text({left, y_}, Font::plain, small, name);
  pdf_.text_within({value_begin, y_}, typed_begin - value_begin - 4, Font::bold, normal, value);
  pdf_.text_within({typed_begin, y_}, right - typed_begin - check_width - 2, Font::typed, normal,
                   line.words);
  if (!line.check.empty()) check_box(right, y_, line.check);
  y_ += 5.6;
}

void SheetWriter::head() {
  begin_page();
  pdf_.text({left, y_}, Font::bold, 18, "Emergency order");
  if (order_.made_ms > 0)
    pdf_.text_to({right, y_}, Font::plain, normal, "made " + made_text(order_));
  y_ += 4;
  pdf_.box({left, y_}, right - left, 15, 0.6);
  pdf_.text({left + 4, y_ + 10}, Font::plain, normal, "Order number");
  pdf_.text_to({right - 5, y_ + 11}, Font::typed, 30, trade::to_string(order_.number));
  y_ += 22;
  fact("From", fmt::format("Store {} {}", to_text(order_.key.store), labels_.store), lines_[0]);
  fact("To", fmt::format("Depot {} {}", to_text(order_.key.depot), labels_.depot), lines_[1]);
  fact("Delivery", delivery_text(order_.key), lines_[2]);
  fact("What", form_text(order_), lines_[3]);
  fact("Purpose", intent_text(order_), lines_[4]);
  y_ += 1.5;
  for (std::size_t i = 0; i < std::size(how_to); ++i) {
    pdf_.text_within({left, y_}, right - left, Font::plain, normal,
                     fmt::format("{}. {}", i + 1, how_to[i]));
    y_ += 5;
  }
}

Result<> SheetWriter::codes(std::span<const std::string> texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t across = i % codes_across;
    if (across == 0 && i > 0) y_ += code_height;
    if (across == 0 && y_ + code_height > page_end()) begin_page();
    const double x = left + static_cast<double>(across) * code_pitch;
    pdf_.qr({x, y_ - 3}, code_size, TRY(qr_code(texts[i])));
    pdf_.text({x + 12, y_ + code_size + 0.5}, Font::bold, small,
              fmt::format("code {} of {}", i + 1, texts.size()));
  }
  y_ += code_height + 3;
  return {};
}

void SheetWriter::begin_rows() {
  column_ = 0;
  rows_top_ = y_;
  begin_column();
}

void SheetWriter::begin_column() {
  y_ = rows_top_;
  pdf_.text_to({x() + 6, y_}, Font::plain, small, "row");
  pdf_.text({x() + product_begin, y_}, Font::plain, small, "product");
  pdf_.text_to({x() + units_end, y_}, Font::plain, small, "units");
  pdf_.text_to({x() + column_width, y_}, Font::plain, small, "check");
  pdf_.line({x(), y_ + 1.3}, {x() + column_width, y_ + 1.3}, 0.4);
  y_ += heading_height;
}

void SheetWriter::make_room(double height) {
  if (rows_top_ > 0 && y_ + height <= page_end()) return;
  if (rows_top_ > 0 && column_ == 0 && rows_top_ + heading_height + height <= page_end()) {
    column_ = 1;
    return begin_column();
  }
  if (rows_top_ > 0 || y_ + heading_height + height > page_end()) begin_page();
  begin_rows();
}

void SheetWriter::row(std::size_t index, const TypedLine& line) {
  const Row& it = order_.rows[index];
  const std::string_view product = it.product.view();
  const bool is_named = product.size() <= named_product_max && index < labels_.products.size();
  const double width = is_named ? product_width_ : units_end - product_begin - units_width;
  pdf_.text_to({x() + 6, y_}, Font::typed, normal, std::to_string(index + 1));
  pdf_.text_within({x() + product_begin, y_}, width, Font::typed, normal, product);
  const double name_begin = product_begin + product_width_ + 2;
  if (is_named)
    pdf_.text_within({x() + name_begin, y_}, units_end - name_begin - units_width, Font::plain,
                     small, labels_.products[index]);
  pdf_.text_to({x() + units_end, y_}, Font::typed, normal, std::to_string(it.units));
  check_box(x() + column_width, y_, line.check);
  y_ += row_height;
}

void SheetWriter::sum(const TypedLine& line) {
  pdf_.line({x(), y_ - 3.9}, {x() + units_end, y_ - 3.9}, 0.2);
  pdf_.text({x() + product_begin, y_}, Font::typed, normal, line.words);
  check_box(x() + column_width, y_, line.check);
  y_ += row_height + block_gap;
}

void SheetWriter::end(const TypedLine& line) {
  pdf_.box({x(), y_ - 5}, column_width, 9, 0.6);
  pdf_.text({x() + product_begin, y_ + 0.8}, Font::typed, normal, line.words);
  check_box(x() + column_width - 2, y_ + 0.8, line.check);
}

void SheetWriter::rows() {
  std::size_t index = 0;
  for (const TypedLine& line : lines_) {
    if (line.kind == Kind::row) {
      // Ten rows and their sum stay together.
      const std::size_t rest = std::min(block_rows, order_.rows.size() - index);
      if (index % block_rows == 0) make_room(static_cast<double>(rest + 1) * row_height);
      row(index++, line);
    } else if (line.kind == Kind::sum) {
      sum(line);
    } else if (line.kind == Kind::end) {
      make_room(end_height);
      end(line);
    }
  }
}

void SheetWriter::signing() {
  constexpr double height = 20, corner_y = bottom - height;
  pdf_.box({left, corner_y}, right - left, height, 0.6);
  pdf_.text({left + 3, corner_y + 6}, Font::bold, normal, "At the depot");
  const auto tick = [&](double x, std::string_view what) {
    pdf_.box({left + x, corner_y + 9.5}, 5.5, 5.5, 0.4);
    pdf_.text({left + x + 7.5, corner_y + 14}, Font::plain, normal, what);
  };
  const auto blank = [&](double x, double width, std::string_view what) {
    pdf_.text({left + x, corner_y + 14}, Font::plain, normal, what);
    pdf_.line({left + x + width - 22, corner_y + 15}, {left + x + width, corner_y + 15}, 0.3);
  };
  tick(3, "scanned");
  tick(29, "typed");
  tick(51, "store called back");
  blank(92, 33, "at");
  blank(128, 51, "initials");
}

void SheetWriter::feet() {
  for (std::size_t page = 0; page < pdf_.page_count(); ++page) {
    pdf_.go_to_page(page);
    if (page == 0) signing();
    pdf_.text({left, foot_y}, Font::bold, small,
              fmt::format("Order {}, store {} to depot {}, {}", trade::to_string(order_.number),
                          to_text(order_.key.store), to_text(order_.key.depot),
                          delivery_text(order_.key)));
    pdf_.text_to({right, foot_y}, Font::bold, small,
                 fmt::format("page {} of {}", page + 1, pdf_.page_count()));
  }
}

}  // namespace

Result<std::string> sheet_pdf(const Order& order, std::string_view sealed, const Labels& labels) {
  TRY(check(order));
  const std::vector<std::string> codes = TRY(to_codes(order.number, sealed));
  SheetWriter sheet(order, labels);
  sheet.head();
  TRY(sheet.codes(codes));
  sheet.rows();
  sheet.feet();
  return sheet.bytes();
}

}  // namespace paper
