#include "site/emergency.h"

#include <algorithm>

#include "paper/codes.h"
#include "paper/phone.h"
#include "paper/seal.h"
#include "paper/typed.h"

namespace site {
namespace {

using base::Result;

std::vector<paper::Row> paper_rows(std::span<const WantedRow> rows) {
  std::vector<paper::Row> made;
  for (const WantedRow& row : rows) made.push_back({row.product, row.units});
  return made;
}

// The first so many, in the order of their products.
std::vector<WantedRow> first_by_product(std::vector<WantedRow> rows, std::size_t count_max) {
  rows.resize(std::min(rows.size(), count_max));
  std::ranges::sort(rows, {}, &WantedRow::product);
  return rows;
}

std::string lines_of_text(std::span<const std::string> lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

Result<> write_spoken(io::Disk& disk, const io::Path& folder, const paper::Order& order) {
  const std::string phone = TRY(paper::phone_list(order));
  TRY(io::write_file(disk, folder / "phone.txt", phone));
  std::vector<std::string> typed;
  for (const paper::TypedLine& line : paper::typed_lines(order)) typed.push_back(to_text(line));
  return io::write_file(disk, folder / "typed.txt", lines_of_text(typed));
}

}  // namespace

EmergencyOrder emergency_order(std::string_view estate, const trade::OrderKey& key,
                               const trade::DocumentNumber& number, std::int64_t made_ms,
                               std::span<const WantedRow> rows, const StoreNight* standing) {
  const PlannedDelivery* planned = standing == nullptr ? nullptr : standing_of(*standing, key);
  paper::Order order;
  order.estate = estate;
  order.key = key;
  order.number = number;
  order.made_ms = made_ms;
  std::vector<WantedRow> most(rows.begin(), rows.end());
  std::ranges::stable_sort(most, std::greater{}, &WantedRow::units);
  EmergencyOrder made{order, std::nullopt};
  made.written.rows = paper_rows(first_by_product(most, paper::whole_rows_max));
  if (planned == nullptr) {
    if (rows.size() <= paper::changes_max) made.spoken = made.written;
    return made;
  }
  auto changes = changes_between(planned->rows, rows);
  const bool is_all = changes.size() <= paper::changes_max;
  if (changes.empty()) changes.push_back(rows.front());  // it says that nothing changes
  order.standing_from = trade::to_day(standing->day);
  order.rows = paper_rows(first_by_product(std::move(changes), paper::changes_max));
  made.spoken = order;
  if (is_all) made.written = std::move(order);
  return made;
}

Result<io::Path> write_forms(io::Disk& disk, const io::Path& folder, EmergencyOrder order,
                             trade::Day rehearsal, const journal::Signer& signer,
                             const paper::Labels& labels) {
  order.written.rehearsal = rehearsal;
  if (order.spoken) order.spoken->rehearsal = rehearsal;
  const std::string sealed = TRY(paper::seal(order.written, signer));
  const std::string number = trade::to_string(order.written.number);
  const io::Path place = folder / (rehearsal.given() ? number + "-rehearsal" : number);
  TRY(disk.make_folders(place));
  TRY(io::write_file(disk, place / "order.sealed", sealed));
  const auto codes = TRY(paper::to_codes(order.written.number, sealed));
  TRY(io::write_file(disk, place / "codes.txt", lines_of_text(codes)));
  const std::string sheet = TRY(paper::sheet_pdf(order.written, sealed, labels));
  TRY(io::write_file(disk, place / "sheet.pdf", sheet));
  if (order.spoken) TRY(write_spoken(disk, place, *order.spoken));
  return place;
}

}  // namespace site
