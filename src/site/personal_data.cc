#include "site/personal_data.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <variant>

#include "crypto/sealing.h"
#include "crypto/sha256.h"
#include "records/database.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t batch_max = 512;

struct Keep {
  std::string text, payment;
  std::move_only_function<void(const Result<trade::Sha256>&)> then;
  Result<trade::Sha256> outcome = trade::Sha256{};
};
struct Read {
  trade::Sha256 sealed;
  bool is_of_payment = false;
  std::move_only_function<void(const Result<std::string>&)> then;
  Result<std::string> outcome = base::fail(ErrorCode::io_failed, "keys.db could not be read");
};
struct Erase {
  trade::Sha256 sealed;
  std::move_only_function<void(const Result<>&)> then;  // set: for good
};
struct NoteOver {
  trade::Sha256 sealed;
  trade::Day day;
};
struct EraseOver {
  trade::Day until;
  std::move_only_function<void(const Result<>&)> then;
};
struct List {
  bool is_of_payments = false;
  std::move_only_function<void(Result<std::vector<trade::Sha256>>)> then;
};
using Job = std::variant<Keep, Read, Erase, NoteOver, EraseOver, List>;

bool writes(const Job& job) {
  return !std::holds_alternative<Read>(job) && !std::holds_alternative<List>(job);
}
bool cleans(const Job& job) {
  const auto* erased = std::get_if<Erase>(&job);
  return std::holds_alternative<EraseOver>(job) || (erased != nullptr && erased->then);
}

template <class Bytes>
std::string_view view_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Bytes>
bool copy_to(std::string_view from, Bytes& to) {
  if (from.size() != to.size()) return false;
  std::copy_n(from.begin(), from.size(), to.begin());
  return true;
}

}  // namespace

struct PersonalData::Parts {
  Parts(records::Database opened, io::Entropy& its_entropy)
      : database(std::move(opened)), entropy(its_entropy) {}

  bool enqueue(Job job, bool is_bounded);
  void run();
  Result<> work(std::vector<Job>& batch);
  Result<> carry_out(Job& job);
  Result<> clean();
  void answer(std::vector<Job>& batch, const Result<>& written, const Result<>& cleaned);
  Result<trade::Sha256> keep(std::string_view text, std::string_view payment);
  Result<std::string> read(const trade::Sha256& sealed);
  Result<std::string> read_payment(const trade::Sha256& sealed);
  Result<std::vector<trade::Sha256>> list(records::Statement& rows);

  records::Database database;
  records::Statement put, get, drop, over, drop_over, open;
  records::Statement put_payment, get_payment, drop_payment, payments;
  bool has_traces = true;  // of what a former process has erased, for all that is known
  io::Entropy& entropy;
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<Job> waiting;
  bool stops = false;
  std::thread thread;
};

bool PersonalData::Parts::enqueue(Job job, bool is_bounded) {
  {
    const std::lock_guard lock(mutex);
    if (stops || (is_bounded && waiting.size() >= personal_waiting_max)) return false;
    waiting.push_back(std::move(job));
  }
  wake.notify_one();
  return true;
}

void PersonalData::Parts::run() {
  while (true) {
    std::vector<Job> batch;
    {
      std::unique_lock lock(mutex);
      wake.wait(lock, [&] { return stops || !waiting.empty(); });
      if (waiting.empty()) return;
      const auto count = std::min(waiting.size(), batch_max);
      const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
      std::move(waiting.begin(), end, std::back_inserter(batch));
      waiting.erase(waiting.begin(), end);
    }
    const auto written = work(batch);
    auto cleaned = written;
    if (written && std::ranges::any_of(batch, cleans)) cleaned = clean();
    answer(batch, written, cleaned);
  }
}

Result<> PersonalData::Parts::carry_out(Job& job) {
  if (auto* kept = std::get_if<Keep>(&job)) kept->outcome = keep(kept->text, kept->payment);
  if (auto* wanted = std::get_if<Read>(&job))
    wanted->outcome = wanted->is_of_payment ? read_payment(wanted->sealed) : read(wanted->sealed);
  if (const auto* erased = std::get_if<Erase>(&job)) {
    TRY(drop.reset().bind_bytes(1, view_of(erased->sealed.bytes)).step());
    if (!erased->then)
      TRY(drop_payment.reset().bind_bytes(1, view_of(erased->sealed.bytes)).step());
    has_traces = true;
  }
  if (const auto* noted = std::get_if<NoteOver>(&job))
    TRY(over.reset().bind(1, noted->day.days).bind_bytes(2, view_of(noted->sealed.bytes)).step());
  if (const auto* old = std::get_if<EraseOver>(&job)) {
    drop_over.reset().bind(1, old->until.days);
    while (TRY(drop_over.step())) has_traces = true;
  }
  return {};
}

// What is written goes in one transaction, and so in one sync.
Result<> PersonalData::Parts::work(std::vector<Job>& batch) {
  const bool has_writes = std::ranges::any_of(batch, writes);
  if (has_writes) TRY(database.run("BEGIN IMMEDIATE"));
  for (Job& job : batch) TRY(carry_out(job));
  if (has_writes) TRY(database.run("COMMIT"));
  return {};
}

// secure_delete overwrites what is deleted, but neither what lies in the log nor a copy that stayed
// where rows were moved from one page to another.
Result<> PersonalData::Parts::clean() {
  if (!has_traces) return {};
  TRY(database.run("VACUUM"));
  auto cut = TRY(database.prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (!TRY(cut.step()) || cut.number(0) != 0)
    return base::fail(ErrorCode::io_failed, "keys.db: somebody reads it, so its log is not cut");
  has_traces = false;
  return {};
}

void PersonalData::Parts::answer(std::vector<Job>& batch, const Result<>& written,
                                 const Result<>& cleaned) {
  if (!written) (void)database.run("ROLLBACK");
  for (Job& job : batch) {
    if (auto* kept = std::get_if<Keep>(&job))
      kept->then(written ? kept->outcome : std::unexpected(written.error()));
    if (auto* wanted = std::get_if<Read>(&job)) wanted->then(wanted->outcome);
    if (auto* listed = std::get_if<List>(&job))
      listed->then(list(listed->is_of_payments ? payments : open));
    if (auto* erased = std::get_if<Erase>(&job); erased != nullptr && erased->then)
      erased->then(cleaned);
    if (auto* old = std::get_if<EraseOver>(&job); old != nullptr && old->then) old->then(cleaned);
  }
}

Result<trade::Sha256> PersonalData::Parts::keep(std::string_view text, std::string_view payment) {
  crypto::SealingKey key;
  crypto::SealingNonce nonce;
  entropy.fill(key);
  entropy.fill(nonce);
  const std::string bytes = crypto::seal(key, nonce, text);
  trade::Sha256 sealed;
  sealed.bytes = crypto::sha256(bytes).bytes;
  put.reset().bind_bytes(1, view_of(sealed.bytes)).bind_bytes(2, view_of(key)).bind_bytes(3, bytes);
  TRY(put.step());
  put.reset();  // before the text that it was bound to ends
  TRY(put_payment.reset().bind_bytes(1, view_of(sealed.bytes)).bind_bytes(2, payment).step());
  put_payment.reset();
  return sealed;
}

Result<std::string> PersonalData::Parts::read(const trade::Sha256& sealed) {
  crypto::SealingKey key;
  get.reset().bind_bytes(1, view_of(sealed.bytes));
  const bool is_there = TRY(get.step());
  if (!is_there || !copy_to(get.text(0), key))
    return base::fail(ErrorCode::input_missing, "the personal data were erased, or never kept");
  auto text = crypto::open_sealed(key, get.text(1));
  get.reset();
  if (!text) return base::fail(ErrorCode::input_bad, "the personal data do not fit their key");
  return *std::move(text);
}

Result<std::string> PersonalData::Parts::read_payment(const trade::Sha256& sealed) {
  get_payment.reset().bind_bytes(1, view_of(sealed.bytes));
  if (!TRY(get_payment.step()))
    return base::fail(ErrorCode::input_missing, "nobody knows the payment");
  std::string reference(get_payment.text(0));
  get_payment.reset();
  return reference;
}

Result<std::vector<trade::Sha256>> PersonalData::Parts::list(records::Statement& rows) {
  std::vector<trade::Sha256> made;
  rows.reset();
  while (TRY(rows.step())) {
    trade::Sha256 sealed;
    if (copy_to(rows.text(0), sealed.bytes)) made.push_back(sealed);
  }
  return made;
}

namespace {

// A file of before the column.
Result<> add_over_day(records::Database& database) {
  auto found =
      TRY(database.prepare("SELECT 1 FROM pragma_table_info('customers') WHERE name = 'over_day'"));
  if (TRY(found.step())) return {};
  return database.run("ALTER TABLE customers ADD COLUMN over_day INTEGER NOT NULL DEFAULT 0");
}

}  // namespace

Result<std::unique_ptr<PersonalData>> PersonalData::open(const io::Path& data,
                                                         io::Entropy& entropy) {
  auto database = TRY(records::Database::open(data / keys_file));
  // Unlike records this is the only copy: a commit waits for the disk, and what is deleted is
  // overwritten.
  // What VACUUM puts aside stays in memory.
  TRY(database.run(
      "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
      "CREATE TABLE IF NOT EXISTS customers(sealed BLOB PRIMARY KEY, key BLOB NOT NULL, bytes BLOB "
      "NOT NULL, over_day INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS payments(sealed BLOB PRIMARY KEY, reference BLOB NOT NULL) "
      "WITHOUT ROWID"));
  TRY(add_over_day(database));
  auto parts = std::make_unique<Parts>(std::move(database), entropy);
  const auto prepare = [&](records::Statement& into, std::string_view sql) -> Result<> {
    into = TRY(parts->database.prepare(sql));
    return {};
  };
  TRY(prepare(parts->put, "INSERT INTO customers(sealed, key, bytes) VALUES(?, ?, ?)"));
  TRY(prepare(parts->get, "SELECT key, bytes FROM customers WHERE sealed = ?"));
  TRY(prepare(parts->drop, "DELETE FROM customers WHERE sealed = ?"));
  TRY(prepare(parts->over, "UPDATE customers SET over_day = ? WHERE sealed = ? AND over_day = 0"));
  TRY(prepare(parts->drop_over,
              "DELETE FROM customers WHERE over_day BETWEEN 1 AND ? RETURNING 1"));
  TRY(prepare(parts->open, "SELECT sealed FROM customers WHERE over_day = 0"));
  TRY(prepare(parts->payments, "SELECT sealed FROM payments"));
  TRY(prepare(parts->put_payment, "INSERT INTO payments(sealed, reference) VALUES(?, ?)"));
  TRY(prepare(parts->get_payment, "SELECT reference FROM payments WHERE sealed = ?"));
  TRY(prepare(parts->drop_payment, "DELETE FROM payments WHERE sealed = ?"));
  std::unique_ptr<PersonalData> made(new PersonalData(std::move(parts)));
  made->parts_->thread = std::thread([&its = *made->parts_] { its.run(); });
  return made;
}

PersonalData::PersonalData(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

PersonalData::~PersonalData() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stops = true;
  }
  parts_->wake.notify_one();
  if (parts_->thread.joinable()) parts_->thread.join();
}

bool PersonalData::keep(std::string text, std::string payment,
                        std::move_only_function<void(const Result<trade::Sha256>&)> then) {
  return parts_->enqueue(Keep{std::move(text), std::move(payment), std::move(then)}, true);
}

bool PersonalData::read(const trade::Sha256& sealed,
                        std::move_only_function<void(const Result<std::string>&)> then) {
  return parts_->enqueue(Read{sealed, false, std::move(then)}, true);
}

bool PersonalData::read_payment(const trade::Sha256& sealed,
                                std::move_only_function<void(const Result<std::string>&)> then) {
  return parts_->enqueue(Read{sealed, true, std::move(then)}, true);
}

void PersonalData::erase(const trade::Sha256& sealed) {
  (void)parts_->enqueue(Erase{sealed, {}}, false);
}

void PersonalData::note_over(const trade::Sha256& sealed, trade::Day day) {
  (void)parts_->enqueue(NoteOver{sealed, day}, false);
}

void PersonalData::erase_for_good(const trade::Sha256& sealed,
                                  std::move_only_function<void(const Result<>&)> then) {
  (void)parts_->enqueue(Erase{sealed, std::move(then)}, false);
}

void PersonalData::erase_over(trade::Day until,
                              std::move_only_function<void(const Result<>&)> then) {
  (void)parts_->enqueue(EraseOver{until, std::move(then)}, false);
}

Result<std::vector<trade::Sha256>> PersonalData::list_open() { return list(false); }
Result<std::vector<trade::Sha256>> PersonalData::list_payments() { return list(true); }

Result<std::vector<trade::Sha256>> PersonalData::list(bool is_of_payments) {
  std::promise<Result<std::vector<trade::Sha256>>> told;
  const auto tell = [&](Result<std::vector<trade::Sha256>> made) {
    told.set_value(std::move(made));
  };
  if (!parts_->enqueue(List{is_of_payments, tell}, false))
    return base::fail(ErrorCode::io_failed, "the personal data are closed");
  return told.get_future().get();
}

}  // namespace site
