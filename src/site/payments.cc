#include "site/payments.h"

#include <array>
#include <cinttypes>

#include <fmt/core.h>

#include "crypto/hex.h"

namespace site {
namespace {

using base::Result;

constexpr double late_seconds = 2;
constexpr int declined_ending = 13, late_ending = 17;

}  // namespace

Result<std::unique_ptr<SimulatedPayments>> SimulatedPayments::open_books(const std::string& path,
                                                                         io::Clock& clock,
                                                                         io::Entropy& entropy) {
  auto made = std::make_unique<SimulatedPayments>(clock, entropy);
  made->books_ = std::fopen(path.c_str(), "a+");
  if (made->books_ == nullptr)
    return base::fail(base::ErrorCode::io_failed, path + ": cannot be written");
  std::rewind(made->books_);
  std::array<char, 65> reference{};
  int state = 0;
  Payment payment;
  // A last line that a kill has cut is none.
  while (std::fscanf(made->books_, "%64s %d %" SCNd64 " %" SCNd64 " %" SCNd64 " .\n",
                     reference.data(), &state, &payment.authorised_pence, &payment.captured_pence,
                     &payment.refunded_pence) == 5) {
    payment.state = static_cast<PaymentState>(state);
    made->rows_[reference.data()] = {payment, 0};
  }
  return made;
}

SimulatedPayments::~SimulatedPayments() {
  if (books_ != nullptr) std::fclose(books_);
}

// One write for a line, so that what is written outlives the process.
void SimulatedPayments::write(std::string_view reference, const Payment& payment) {
  if (books_ == nullptr) return;
  const std::string line =
      fmt::format("{} {} {} {} {} .\n", reference, static_cast<int>(payment.state),
                  payment.authorised_pence, payment.captured_pence, payment.refunded_pence);
  std::fwrite(line.data(), 1, line.size(), books_);
  std::fflush(books_);
}

// Requires the lock. Late answers come while somebody looks.
SimulatedPayments::Row* SimulatedPayments::find(std::string_view reference) {
  const auto found = rows_.find(reference);
  if (found == rows_.end()) return nullptr;
  Row& row = found->second;
  if (row.payment.state == PaymentState::pending && clock_.seconds() >= row.answers_at_s) {
    row.payment.state = PaymentState::authorised;
    write(reference, row.payment);
  }
  return &row;
}

Result<HostedPage> SimulatedPayments::begin(std::int64_t pence) {
  std::array<std::uint8_t, 16> bytes;
  const std::lock_guard lock(mutex_);
  entropy_.fill(bytes);
  const std::string reference =
      crypto::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  Row row{{PaymentState::authorised, pence, 0, 0}, 0};
  if (pence % 100 == declined_ending) row.payment.state = PaymentState::declined;
  if (pence % 100 == late_ending) {
    row.payment.state = PaymentState::pending;
    row.answers_at_s = clock_.seconds() + late_seconds;
  }
  write(reference, row.payment);
  rows_[reference] = row;
  return HostedPage{reference, "simulated:" + reference};
}

Payment SimulatedPayments::look(std::string_view reference) {
  const std::lock_guard lock(mutex_);
  const Row* row = find(reference);
  return row == nullptr ? Payment{} : row->payment;
}

void SimulatedPayments::release(std::string_view reference) {
  const std::lock_guard lock(mutex_);
  Row* row = find(reference);
  if (row == nullptr || (row->payment.state != PaymentState::authorised &&
                         row->payment.state != PaymentState::pending))
    return;
  row->payment.state = PaymentState::released;
  write(reference, row->payment);
}

void SimulatedPayments::capture(std::string_view reference, std::int64_t pence) {
  const std::lock_guard lock(mutex_);
  Row* row = find(reference);
  if (row == nullptr || row->payment.state != PaymentState::authorised ||
      pence > row->payment.authorised_pence)
    return;
  row->payment.state = PaymentState::captured;
  row->payment.captured_pence = pence;
  write(reference, row->payment);
}

void SimulatedPayments::refund(std::string_view reference, std::int64_t pence_in_all) {
  const std::lock_guard lock(mutex_);
  Row* row = find(reference);
  if (row == nullptr || row->payment.state != PaymentState::captured ||
      pence_in_all > row->payment.captured_pence || pence_in_all <= row->payment.refunded_pence)
    return;
  row->payment.refunded_pence = pence_in_all;
  write(reference, row->payment);
}

std::vector<std::string> SimulatedPayments::open() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> made;
  for (const auto& [reference, row] : rows_)
    if (row.payment.state == PaymentState::authorised || row.payment.state == PaymentState::pending)
      made.push_back(reference);
  return made;
}

}  // namespace site
