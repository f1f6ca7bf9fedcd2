#include "till/slip.h"

#include <utility>

#include <fmt/format.h>

#include "base/date.h"
#include "base/result.h"

namespace till {
namespace {

using trade::pounds;

std::string_view name_of(trade::TenderKind kind) {
  switch (kind) {
    case trade::TenderKind::cash:
      return "Cash";
    case trade::TenderKind::card:
      return "Card";
    case trade::TenderKind::gift_card:
    case trade::TenderKind::gift_card_offline:
      return "Gift card";
    case trade::TenderKind::pending_card:
      break;
  }
  return "Card of this till";
}

std::string_view name_of(trade::VoucherKind kind) {
  return kind == trade::VoucherKind::credit_receipt ? "Credit receipt" : "Gift card";
}

class Print {
 public:
  Print(std::vector<std::string> lines, std::size_t columns)
      : lines_(std::move(lines)), columns_(columns) {}

  void rule() { lines_.emplace_back(columns_, '-'); }
  void text(std::string line) {
    line.resize(std::min(line.size(), columns_));
    lines_.push_back(std::move(line));
  }
  // Two spaces on the right, where goods have the letter of their VAT code.
  void amount(std::string left, std::int64_t pence) {
    const std::string right = pounds(pence) + "  ";
    left.resize(std::min(left.size(), columns_ - right.size() - 1));
    left.resize(columns_ - right.size(), ' ');
    text(left + pounds(pence));
  }
  void tender(const SlipTender& one) {
    amount(std::string(name_of(one.kind)), one.pence);
    if (one.kind != trade::TenderKind::card) return;
    text(fmt::format("  {} {}", one.facts.scheme.view(), one.facts.masked.view()));
    if (one.facts.entry != trade::EntryMode::none)
      text(one.facts.entry == trade::EntryMode::contactless ? "  contactless" : "  chip and PIN");
    if (one.is_offline) text("  taken without asking the bank");
  }
  // Who has the code has the money: a copy does not say it again.
  void codes(const std::vector<SlipCode>& codes, bool is_copy) {
    for (const SlipCode& one : codes) {
      amount(std::string(name_of(one.kind)), one.pence);
      text("  " + (is_copy ? "its code is on the first print" : one.code));
    }
  }

  std::vector<std::string> lines() && { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
  std::size_t columns_;
};

}  // namespace

std::vector<std::string> print_sale(const SaleSlip& sale, std::size_t columns) {
  Print print(selling::print_receipt(sale.head, sale.basket, columns), columns);
  print.rule();
  if (!sale.codes.empty()) {
    print.codes(sale.codes, sale.head.copy > 0);
    print.amount("TO PAY GBP", sale.to_pay_pence);
  }
  for (const SlipTender& tender : sale.tenders) print.tender(tender);
  if (sale.change_pence > 0) print.amount("Change", sale.change_pence);
  print.text("Receipt " + trade::to_string(sale.number));
  return std::move(print).lines();
}

std::vector<std::string> print_refund(const RefundSlip& refund, std::size_t columns) {
  CHECK(columns >= selling::receipt_columns_min && columns <= selling::receipt_columns_max);
  Print print({}, columns);
  print.text(refund.head.shop);
  print.text("VAT number " + refund.head.vat_number);
  if (refund.head.copy > 0) print.text(fmt::format("*** COPY {} ***", refund.head.copy));
  print.text(fmt::format("REFUND {} {:02}:{:02}",
                         base::to_string(trade::to_date(refund.head.sold.day)),
                         refund.head.sold.minute / 60, refund.head.sold.minute % 60));
  if (refund.receipt.given()) print.text("of receipt " + trade::to_string(refund.receipt));
  print.rule();
  std::int64_t pence = 0;
  for (const RefundSlip::Row& row : refund.rows) {
    print.amount(row.title, row.pence);
    pence += row.pence;
  }
  print.rule();
  print.amount("TOTAL GBP", pence);
  for (const trade::VatRow& row : refund.vat)
    print.amount(fmt::format("VAT {} in it", selling::letter_of(row.code)), row.vat_pence);
  print.rule();
  if (refund.codes.empty()) print.tender(refund.tender);
  print.codes(refund.codes, refund.head.copy > 0);
  print.text("Refund " + trade::to_string(refund.number));
  return std::move(print).lines();
}

}  // namespace till
