#pragma once
// The core of a site: one thread that owns the journal and the book, behind a bounded queue.
//
// What is answered is on disk. Nobody else touches the book: who wants to read it asks a question,
// which runs on the core thread between two commits.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "io/clock.h"
#include "io/disk.h"
#include "io/entropy.h"
#include "journal/journal.h"
#include "site/open_orders.h"
#include "site/requests.h"
#include "site/roster_in_use.h"
#include "trade/book.h"

namespace site {

inline constexpr std::size_t batch_max = 1'024;             // commands in a commit
inline constexpr std::size_t queue_max = 8'192;             // commands and questions that wait
inline constexpr std::size_t commit_bytes_max = 1u << 20;   // of events; then the next begins
inline constexpr std::uint64_t snapshot_entries = 100'000;  // after so many, the next snapshot

// What somebody wants. The role is not here: the core reads it from the book when it decides.
struct Wish {
  trade::Origin origin;  // with no actor and no device: the site's own process
  // Makes the body from what the site knows when the wish is decided, for example the number of a
  // line from its product. Called once on the core thread.
  std::move_only_function<std::expected<trade::Body, trade::No>(const trade::Partition&)> body;
};

// The wish happened: entry and place in it name the event for ever.
struct Done {
  std::uint64_t entry = 0;
  std::uint32_t place = 0;
  trade::Event event;
  bool is_repeated = false;  // it happened when the same request came before
};

// Why it did not. Besides what trade refuses:
enum class Trouble : std::uint8_t {
  other_content,  // the request's key was used for something else
  answer_gone,    // the request happened before, and its event is no longer kept; the words name it
  read_only,      // the journal takes nothing; the words say what to do
  not_written,    // the disk did not take it; the words say why, and it may come again
};
struct NotDone {
  std::variant<trade::No, Trouble> why;
  std::string words;  // for a person, where there is more to say than the catalogue does
};
using Outcome = std::expected<Done, NotDone>;

// A folder that holds another site's journal.
struct Peer {
  io::Path folder;
  std::optional<trade::SiteCode> site;  // once something could be read
  std::uint16_t epoch = 0;              // of the journal
  std::uint64_t entries = 0;            // read so far, up to a checkpoint
  journal::Digest root = {};            // of the tree of so many entries
  std::string why = {};                 // why it is not read on, or set aside; empty if all is well
  std::int64_t at_ms = 0;               // its clock at the newest of these entries, UTC since 1970
  std::uint32_t begun_anew = 0;  // how often less of it counted than was read, and it was read anew
};

// What a question may look at while it runs.
struct View {
  const trade::Book& book;
  const trade::Partition& own;
  const journal::Journal& journal;
  std::int64_t tick_ms = 0;  // site time now
  std::span<const Peer> peers;
  const Requests& requests;
  std::string_view read_only_why;  // what a wish would be told; empty if the journal takes entries
  std::int64_t checkpoint_age_ms = 0;  // since the newest was stored; since the start before that
  const OrderNotes* order_notes = nullptr;  // nullptr: nobody keeps cut-offs here
  // Why the last write failed, where it is tried again without a person; empty once one has worked.
  std::string_view write_failed_why = {};
  std::int64_t at_ms = 0;  // the machine's clock now, UTC since 1970

  // Why nothing can be written now, whoever it is up to; empty if all is well.
  std::string_view no_write_why() const {
    return write_failed_why.empty() ? read_only_why : write_failed_why;
  }
};

// Somebody whom the core tells, on its thread, what changes by itself. Must not wait.
class Listener {
 public:
  virtual ~Listener() = default;
  // An enrolment ended in the commit that was just made, before that is answered; or the book was
  // folded anew, and any may have.
  virtual void enrolments_ended(const trade::Partition& own) = 0;
  // About once a second.
  virtual void second_passed() = 0;
};

struct CoreOptions {
  io::Path data;  // the site's folder: journal/, records.db, keys
  trade::SiteOpened site;
  std::string estate;           // name of the estate, for the journal's origin
  std::vector<io::Path> peers;  // journal folders of other sites
  // A folder of such folders, where new ones may appear at any time; empty: none.
  io::Path held;
  // Which keys the peers' journals may be signed with; none: whatever key they begin with.
  std::shared_ptr<const RosterInUse> roster;
  std::uint64_t segment_bytes_max = journal::Options{}.segment_bytes_max;
  std::uint64_t snapshot_entries = site::snapshot_entries;
  bool has_threads = true;  // false: step() does the work, for tests
};

struct CoreCounts {
  std::uint64_t commits = 0, events = 0, refusals = 0, questions = 0, turned_away = 0;
  std::uint64_t committed_entries = 0;
  std::uint64_t waiting = 0;  // in the queue now
};

class Core {
 public:
  // Opens or begins the journal in options.data, folds it and starts the thread. A journal that
  // takes no entries is no error: the site then answers questions and refuses wishes.
  // Errors: io_failed, evidence_bad, input_bad (the folder is another site's).
  static base::Result<std::unique_ptr<Core>> start(const CoreOptions& options, io::Disk& disk,
                                                   io::Clock& clock, io::Entropy& entropy);
  // Answers what waits, signs, stops.
  ~Core();

  // What is told of a wish: its outcome, and the site as it is after the commit.
  using Then = std::move_only_function<void(const Outcome&, const View&)>;

  // Hands over a wish; `then` is called once on the core thread, and must not wait. False: the
  // queue is full, `then` will not be called. From any thread.
  bool submit(Wish wish, Then then);
  // The same for a question.
  bool ask(std::move_only_function<void(const View&)> question);

  // Stores a document beside the journal and commits an entry that names it by its digest. `then`
  // is called once on the core thread. Errors: read_only, io_failed. False: the queue is full.
  bool keep_document(std::string bytes,
                     std::move_only_function<void(const base::Result<journal::Digest>&)> then);

  // Goes on without the broken last record of an undecided journal; `by` and `why` are journalled.
  // `then` is called once on the core thread. Errors: nothing_to_do (it takes entries already),
  // evidence_bad (it is damaged: only a repair helps), io_failed. False: the queue is full.
  bool resume(std::string by, std::string why,
              std::move_only_function<void(const base::Result<>&)> then);
  // What is known of orders' cut-offs from here on, in place of what was; a change after its
  // order's is refused. Never turned away.
  void note_orders(OrderNotes notes);
  // From here on the journal takes nothing more, and `why` is what a wish is told: for a site whose
  // key no longer counts. What was decided before is signed at the end. Never turned away.
  void close(std::string why);
  // Reads the peers' folders now; without that they are read every two seconds.
  void read_peers();
  // From here on the listener is told, as long as somebody holds it.
  void listen(std::weak_ptr<Listener> listener);
  // Without threads: does what waits, as the core's thread would. Requires has_threads = false.
  void step();

  // Entries that are on disk, for readers. From any thread.
  std::uint64_t committed() const;
  // Waits until there are more entries than `seen`, at most so long, or until the core stops.
  // Returns what is committed then.
  std::uint64_t wait_committed(std::uint64_t seen, std::int64_t ms_max);
  CoreCounts counts() const;
  const journal::VerifierKey& key() const;

 private:
  struct Parts;
  explicit Core(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace site
