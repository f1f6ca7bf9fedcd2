#pragma once
// The paper of a till: a receipt with its tenders, and a refund.

#include <cstdint>
#include <string>
#include <vector>

#include "selling/receipt.h"
#include "trade/terminal.h"
#include "trade/value.h"

namespace till {

struct SlipTender {
  trade::TenderKind kind{};
  std::int64_t pence = 0;
  bool is_offline = false;      // a bank's card whose bank was not asked
  trade::CardFacts facts = {};  // of a bank's card
};
// A card that was sold or given out. Its code stands on the paper and is kept nowhere else.
struct SlipCode {
  trade::VoucherKind kind{};
  std::int64_t pence = 0;
  std::string code = {};
};
struct SaleSlip {
  selling::ReceiptHead head = {};
  selling::PricedBasket basket = {};
  trade::DocumentNumber number = {};
  std::vector<SlipCode> codes = {};
  std::vector<SlipTender> tenders = {};
  std::int64_t to_pay_pence = 0;
  std::int64_t change_pence = 0;
};
struct RefundSlip {
  selling::ReceiptHead head = {};
  trade::DocumentNumber number = {}, receipt = {};
  struct Row {
    std::string title = {};
    std::int64_t pence = 0;
  };
  std::vector<Row> rows = {};
  std::vector<trade::VatRow> vat = {};
  SlipTender tender = {};
  std::vector<SlipCode> codes = {};
};

// Lines as selling::print_receipt has them, then what was paid with. Requires the same.
std::vector<std::string> print_sale(const SaleSlip& sale, std::size_t columns);
std::vector<std::string> print_refund(const RefundSlip& refund, std::size_t columns);

}  // namespace till
