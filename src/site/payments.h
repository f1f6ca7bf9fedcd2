#pragma once
// The port to whoever takes card payments on a page of their own, and a simulator of them. No card
// data ever comes here: a reference and an amount go out, and what became of it comes back.

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/clock.h"
#include "io/entropy.h"

namespace site {

enum class PaymentState : std::uint8_t {
  unknown,
  pending,  // the customer is on the page, or the provider has not answered
  authorised,
  declined,
  released,  // before anything was captured
  captured,
};

struct Payment {
  PaymentState state{};
  std::int64_t authorised_pence = 0, captured_pence = 0, refunded_pence = 0;
};

struct HostedPage {
  std::string reference;  // the provider's, 32 hexadecimal digits
  std::string address;    // where the customer pays
};

// From any thread; no call waits for the provider. Repeating a call changes nothing.
class Payments {
 public:
  virtual ~Payments() = default;
  // Error: io_failed where the provider cannot be asked.
  virtual base::Result<HostedPage> begin(std::int64_t pence) = 0;
  virtual Payment look(std::string_view reference) = 0;
  // Ends an authorisation of which nothing was captured.
  virtual void release(std::string_view reference) = 0;
  // Captures so much, once; the rest of the authorisation ends. Refused above it.
  virtual void capture(std::string_view reference, std::int64_t pence) = 0;
  // Gives back until so much has been given back in all. Refused above what was captured.
  virtual void refund(std::string_view reference, std::int64_t pence_in_all) = 0;
  // References that are authorised, or still may be, and neither captured nor released.
  virtual std::vector<std::string> open() = 0;
};

// Pays by itself, by the last two digits of the pence: 13 declines, 17 answers two seconds late,
// all others are authorised at once. With a file it keeps its books over the end of the process,
// as a provider's own computers would.
class SimulatedPayments final : public Payments {
 public:
  // Error: io_failed.
  static base::Result<std::unique_ptr<SimulatedPayments>> open_books(const std::string& path,
                                                                     io::Clock& clock,
                                                                     io::Entropy& entropy);
  SimulatedPayments(io::Clock& clock, io::Entropy& entropy) : clock_(clock), entropy_(entropy) {}
  ~SimulatedPayments() override;

  base::Result<HostedPage> begin(std::int64_t pence) override;
  Payment look(std::string_view reference) override;
  void release(std::string_view reference) override;
  void capture(std::string_view reference, std::int64_t pence) override;
  void refund(std::string_view reference, std::int64_t pence_in_all) override;
  std::vector<std::string> open() override;

 private:
  struct Row {
    Payment payment;
    double answers_at_s = 0;
  };
  Row* find(std::string_view reference);
  void write(std::string_view reference, const Payment& payment);

  io::Clock& clock_;
  io::Entropy& entropy_;
  std::mutex mutex_;
  std::map<std::string, Row, std::less<>> rows_;
  std::FILE* books_ = nullptr;
};

}  // namespace site
