#pragma once
// Tells customers of an online site what happens to their orders, once for each fact: it looks at
// what the site and its stores' journals say, and hands messages to a carrier.
//
// A message is given to the carrier, and then the file says so. A crash between the two repeats it,
// at most that one, under the same id: docs/design/online-orders.md.

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "io/clock.h"
#include "site/shop.h"
#include "site/talk.h"
#include "site/told_file.h"

namespace site {

inline constexpr std::string_view told_file = "outbox.told";
inline constexpr std::size_t notices_a_round = 64;
inline constexpr std::size_t outbox_orders_a_round = 5'000;    // looked at again
inline constexpr std::int64_t outbox_wait_ms_max = 3'600'000;  // before a notice is tried again
inline constexpr int refused_tries_max = 16;                   // some five hours

enum class Sending : std::uint8_t {
  sent,
  refused,  // whoever takes them does not take this one
  later,    // nobody takes any for now
};

// The port to whoever brings notices to people.
class NoticeCarrier {
 public:
  virtual ~NoticeCarrier() = default;
  // Waits until the receiver answers for it, for some seconds at most. From one thread.
  virtual Sending send(const Notice& notice) = 0;
  // Whatever it still holds of an order goes. From any thread.
  virtual void forget(const trade::DocumentNumber& order) { (void)order; }
  // The orders that it still holds something of.
  virtual std::vector<trade::DocumentNumber> holds() { return {}; }
};

// Messages as files, for a program of this machine to take from there: FOLDER/new/ID.eml, each
// whole, and for its owner's eyes only. A notice that is repeated replaces its file.
class Mailbox final : public NoticeCarrier {
 public:
  // Makes the folder. Error: io_failed.
  static base::Result<std::unique_ptr<Mailbox>> open(io::Disk& disk, const io::Path& folder,
                                                     std::string from);
  Sending send(const Notice& notice) override;
  void forget(const trade::DocumentNumber& order) override;
  std::vector<trade::DocumentNumber> holds() override;

 private:
  Mailbox(io::Disk& disk, io::Path folder, std::string from)
      : disk_(disk), folder_(std::move(folder)), from_(std::move(from)) {}
  base::Result<> write(const Notice& notice);
  io::Disk& disk_;
  const io::Path folder_;
  const std::string from_;
};

// The customer's sealed words of an order: input_missing where they were erased.
using ReadCustomer = std::function<base::Result<std::string>(const trade::Sha256& sealed)>;
// What `question` needs of the site, on whichever thread may look at it.
using AskSite = std::function<base::Result<>(const std::function<void(const View&)>& question)>;

// One round after another; for one thread.
class OutboxRounds {
 public:
  struct Parts {
    io::Disk& disk;
    io::Clock& clock;
    io::Path data;
    NoticeCarrier& carrier;
    ReadCustomer read_customer;
    AskSite ask;
    std::function<void(std::string_view)> log{};  // a line for a person; nothing of a customer
  };
  explicit OutboxRounds(Parts parts) : parts_(std::move(parts)) {}

  // Sends what is due now, at most so many; how many were told. Where there is no file yet, all
  // that is true already counts as told: an outbox begins with what happens next. Errors:
  // io_failed, input_bad; what is not in the file then is tried again by the next round.
  base::Result<std::size_t> round();

 private:
  struct Due {
    std::uint32_t order = 0;
    Fact fact;
    trade::Sha256 sealed;
    Notice notice;
  };
  struct Waiting {
    int tries = 0, refusals = 0;
    double next_s = 0;
  };
  base::Result<> open();
  base::Result<> forget_old();
  void look(const View& view, std::vector<Due>& due);
  void look_at(const View& view, std::uint32_t counter, const trade::OnlineOrder& order,
               std::vector<Due>& due) const;
  Sending send(Due& due);
  bool wait(const Due& due, Sending why);
  void say(const std::string& line) const;

  const Parts parts_;
  std::optional<ToldFile> told_;
  std::uint64_t compact_at_bytes_ = 0;
  std::uint32_t newest_ = 0, swept_ = 0;  // orders: looked at when new, and again up to here
  std::map<std::uint32_t, Waiting> waiting_;
  bool is_failing_ = false;
  double clear_at_s_ = 0;
};

// Does that once a second, on a thread of its own.
class Outbox {
 public:
  // All must outlive this, and the core go on answering until it is gone.
  Outbox(Core& core, Shop& shop, NoticeCarrier& carrier, io::Disk& disk, io::Clock& clock,
         io::Path data, std::function<void(std::string_view)> log);
  ~Outbox();

 private:
  void run();

  Talk talk_;
  OutboxRounds rounds_;
  const std::function<void(std::string_view)> log_;
  std::string failed_why_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stops_ = false;
  std::thread thread_;
};

}  // namespace site
