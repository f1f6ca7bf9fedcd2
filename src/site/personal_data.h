#pragma once
// What is known of customers, sealed with a key of its own for each, in keys.db beside the journal.
// The journal names the sealed bytes by their digest; who deletes the key erases them.
//
// Beside it lies what says nothing of a person and outlives them: how the provider calls the
// payment, so that an order can be refunded whose customer was erased.
//
// This file cannot be made again from the journal. It is copied apart from it.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "io/entropy.h"
#include "trade/words.h"

namespace site {

inline constexpr std::string_view keys_file = "keys.db";
inline constexpr std::size_t personal_waiting_max = 8'192;

// Works on a thread of its own; what many want at once is one transaction and one sync.
class PersonalData {
 public:
  // Errors: io_failed, input_bad.
  static base::Result<std::unique_ptr<PersonalData>> open(const io::Path& data,
                                                          io::Entropy& entropy);
  // Does what waits, and stops.
  ~PersonalData();

  // Every `then` is called once on the thread, and must not wait. False: too much waits, and `then`
  // will not be called.
  // Seals the text under a new key; the digest of the sealed bytes, once both are on disk.
  bool keep(std::string text, std::string payment,
            std::move_only_function<void(const base::Result<trade::Sha256>&)> then);
  // The text; input_missing where it was erased, or never was.
  bool read(const trade::Sha256& sealed,
            std::move_only_function<void(const base::Result<std::string>&)> then);
  // The payment, also of a customer who was erased.
  bool read_payment(const trade::Sha256& sealed,
                    std::move_only_function<void(const base::Result<std::string>&)> then);
  // With the payment: no order has it. Never turned away, as all that follow. Until the next of
  // those that leave no trace, bytes of it may still lie in the file's log.
  void erase(const trade::Sha256& sealed);
  // Notes that the order is over since the day, unless an earlier one is noted.
  void note_over(const trade::Sha256& sealed, trade::Day day);

  // These two leave no trace in the files: the database is written anew without it, and its log is
  // cut. `then`: io_failed where that could not be done, for example because somebody reads the
  // file; what was asked for is deleted nevertheless, and its traces go with the next.
  void erase_for_good(const trade::Sha256& sealed,
                      std::move_only_function<void(const base::Result<>&)> then);
  // What is over since the day or longer, and whatever was erased before.
  void erase_over(trade::Day until, std::move_only_function<void(const base::Result<>&)> then);

  // Everything that is kept of orders that are not noted as over; all that have a payment. Both
  // wait.
  base::Result<std::vector<trade::Sha256>> list_open();
  base::Result<std::vector<trade::Sha256>> list_payments();

 private:
  struct Parts;
  base::Result<std::vector<trade::Sha256>> list(bool is_of_payments);
  explicit PersonalData(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace site
