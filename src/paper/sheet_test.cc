#include "paper/sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "paper/qr.h"
#include "paper/testing/orders.h"

namespace paper {
namespace {

using ::testing::StartsWith;

std::string pdf_of(const Order& order) {
  Labels labels;
  labels.store = "High Street & Söhne";
  labels.depot = "Depot Łódź";
  labels.products.assign(order.rows.size(), "Semi-skimmed milk, 2 litres, from a long way away");
  const auto sealed = seal(order, testing::signer_of(order));
  const auto pdf = sheet_pdf(order, sealed.value(), labels);
  return pdf.value();
}

// Pages of an order of so many random rows.
std::size_t pages_of(std::size_t rows, bool is_whole) {
  base::Prng prng(rows);
  Order order = testing::random_order(prng, rows);
  if (is_whole) order.standing_from = {};
  const std::string pdf = pdf_of(order);
  std::size_t pages = 0;
  constexpr std::string_view page = "/Type /Page\n";
  for (std::size_t at = pdf.find(page); at != pdf.npos; at = pdf.find(page, at + 1)) ++pages;
  return pages;
}

TEST(Sheet, has_the_same_bytes_each_time) {
  const std::string pdf = pdf_of(testing::small_order());
  EXPECT_THAT(pdf, StartsWith("%PDF-"));
  EXPECT_EQ(pdf, pdf_of(testing::small_order()));
}

TEST(Sheet, has_as_many_pages_as_its_rows_need) {
  EXPECT_EQ(pages_of(1, false), 1u);
  EXPECT_EQ(pages_of(20, false), 1u);
  EXPECT_EQ(pages_of(changes_max, false), 2u);
  EXPECT_GT(pages_of(whole_rows_max, true), 5u);
}

TEST(Sheet, of_an_order_that_does_not_check_is_refused) {
  Order order = testing::small_order();
  order.rows.clear();
  EXPECT_FALSE(sheet_pdf(order, "sealed", {}));
}

TEST(QrCode, has_its_three_corner_marks) {
  const QrCode code = qr_code("STOCKADE1").value();
  ASSERT_EQ(code.width, 21u);
  const auto dark = [&](std::size_t row, std::size_t column) {
    return code.dark[row * code.width + column];
  };
  for (std::size_t i = 0; i < 7; ++i)
    EXPECT_TRUE(dark(0, i) && dark(i, 0) && dark(0, 20 - i) && dark(20 - i, 0));
  EXPECT_FALSE(dark(20, 20) && dark(19, 19) && dark(18, 18));
  EXPECT_FALSE(qr_code(std::string(5'000, 'A')));
}

}  // namespace
}  // namespace paper
