#include "site/loop.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "site/key.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Standing;

// What failed is tried again after so long, and listeners hear of time as often.
constexpr std::int64_t second_ms = 1'000;

std::unexpected<NotDone> not_done(const trade::No& no) { return std::unexpected(NotDone{no, {}}); }
std::unexpected<NotDone> not_done(Trouble trouble, std::string_view words) {
  return std::unexpected(NotDone{trouble, std::string(words)});
}

std::string words_of(const NotDone& why) {
  const auto* no = std::get_if<trade::No>(&why.why);
  return no == nullptr ? why.words : std::string(row_of(no->why).meaning);
}

template <class Number, class Enrolment>
const Enrolment* running(const std::map<Number, Enrolment>& enrolments, Number number) {
  const auto found = enrolments.find(number);
  return found == enrolments.end() || found->second.is_ended ? nullptr : &found->second;
}

// Read when the wish is decided: who was ended a moment ago may do nothing now.
std::expected<trade::Role, trade::No> role_of(const trade::Partition& own,
                                              const trade::Origin& origin) {
  const bool has_actor = origin.actor != trade::ActorNo{};
  const bool has_device = origin.device != trade::DeviceNo{};
  const trade::Person* person = running(own.people, origin.actor);
  if ((has_actor && person == nullptr) ||
      (has_device && running(own.enrolled_devices, origin.device) == nullptr))
    return trade::no(trade::Refusal::enrolment_unknown);
  if (has_actor) return person->role;
  return has_device ? trade::Role::device : trade::Role::site;
}

std::string later_epoch(const Peer& peer) {
  return fmt::format("the site goes on in epoch {}: {}", peer.epoch, peer.folder.string());
}

// What a journal says that its site was where reading of the earlier one has come to; nothing if it
// says nothing of just there.
std::optional<trade::Sha256> carried_state(const Peer& earlier,
                                           std::span<const std::string> events) {
  for (const std::string& bytes : events) {
    const auto event = trade::decode(bytes);
    if (!event) return std::nullopt;
    const auto* continued = std::get_if<trade::SiteContinued>(&event->body);
    if (continued == nullptr) continue;
    const bool is_there =
        continued->epoch == earlier.epoch && continued->entries == earlier.entries;
    return is_there ? std::optional(continued->state) : std::nullopt;
  }
  return std::nullopt;
}

io::Path parent_of(const io::Path& path) {
  return path.has_parent_path() ? path.parent_path() : io::Path(".");
}

}  // namespace

Loop::Loop(const CoreOptions& options, io::Disk& disk, io::Clock& clock, journal::Signer signer)
    : options_(options),
      folder_(options.data / journal_folder),
      disk_(disk),
      clock_(clock),
      signer_(std::move(signer)),
      fold_(options.site) {
  for (const io::Path& folder : options.peers) peers_.emplace_back().folder = folder;
}

Result<std::unique_ptr<Loop>> Loop::open(const CoreOptions& options, io::Disk& disk,
                                         io::Clock& clock, io::Entropy& entropy) {
  const auto origin = origin_of(options.estate, options.site.code, options.site.epoch);
  if (!journal::is_id(options.estate))
    return base::fail(
        ErrorCode::input_bad,
        fmt::format("'{}': an estate's name is 1 to 32 of A-Z a-z 0-9 . _ -", options.estate));
  // Synced also if they are there: an earlier start may have failed between the two.
  TRY(disk.make_folders(options.data));
  TRY(disk.sync_folder(parent_of(options.data)));
  auto signer = TRY(site_key(disk, entropy, options.data, origin));
  std::unique_ptr<Loop> loop(new Loop(options, disk, clock, std::move(signer)));
  TRY(loop->open_journal());
  return loop;
}

Result<> Loop::open_journal() {
  const auto key = TRY(journal_key(disk_, folder_));
  if (key && !(*key == signer_.verifier))
    return base::fail(ErrorCode::input_bad,
                      fmt::format("{}: is the journal of {}, not under the key of this site",
                                  folder_.string(), journal::to_string(*key)));
  if (!key && (!disk_.exists(folder_) || TRY(journal::list_segments(disk_, folder_)).empty()))
    TRY(journal::Journal::create(disk_, folder_, signer_.verifier));
  TRY(disk_.sync_folder(options_.data));
  journal::Options options;
  options.segment_bytes_max = options_.segment_bytes_max;
  journal_ = TRY(journal::Journal::open(disk_, folder_, options, fold_));
  const journal::Opening& opening = journal_->opening();
  unsaved_entries_ = opening.from_snapshot ? opening.entries_read - 1 : opening.entries_read;
  start_seconds_ = clock_.seconds();
  start_tick_ms_ = signed_tick_ms_ = journal_->last_stamp().tick_ms;
  counts_.committed_entries = journal_->size();
  TRY(open_site());
  if (!fold_.is_empty() && fold_.own().site != options_.site)
    return base::fail(
        ErrorCode::input_bad,
        fmt::format("{}: is the journal of a site of another kind", folder_.string()));
  return {};
}

// The first event of the journal, where there is none yet.
Result<> Loop::open_site() {
  if (!fold_.is_empty() || !read_only_why().empty()) return {};
  begin_commit();
  Wish wish{{}, [&](const trade::Partition&) { return trade::Body(options_.site); }};
  const Outcome outcome = decide(wish);
  if (!outcome)
    return base::fail(ErrorCode::input_bad,
                      fmt::format("{}: {}", signer_.verifier.name, words_of(outcome.error())));
  return flush({});
}

journal::Stamp Loop::now() const {
  const auto run_ms = static_cast<std::int64_t>((clock_.seconds() - start_seconds_) * 1'000);
  return {std::max<std::int64_t>(clock_.wall_ms(), 0),
          std::max(journal_->last_stamp().tick_ms, start_tick_ms_ + run_ms)};
}

std::string_view Loop::read_only_why() const {
  return closed_why_.empty() ? std::string_view(journal_->opening().why) : closed_why_;
}

// What a wish is told; checkpoints of what was decided before are stored nevertheless.
std::string_view Loop::no_wish_why() const {
  return ended_why_.empty() ? read_only_why() : ended_why_;
}

View Loop::view() const {
  const auto [at_ms, tick_ms] = now();
  return {fold_.book(),
          fold_.own(),
          *journal_,
          tick_ms,
          peers_,
          fold_.requests(),
          no_wish_why(),
          tick_ms - signed_tick_ms_,
          order_notes_ ? &*order_notes_ : nullptr,
          journal_->opening().why.empty() ? std::string_view(write_failed_why_) : "",
          at_ms};
}

void Loop::commit(std::span<Job> jobs) {
  for (Job& job : jobs)
    if (auto* errand = std::get_if<Errand>(&job)) (*errand)(*this);
  begin_commit();
  std::size_t first = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (auto* wanted = std::get_if<Wanted>(&jobs[i])) wanted->outcome = decide(wanted->wish);
    if (event_bytes_ < commit_bytes_max && i + 1 < jobs.size()) continue;
    (void)flush(jobs.subspan(first, i + 1 - first));  // told to everyone concerned
    first = i + 1;
    begin_commit();
  }
}

void Loop::begin_commit() {
  stamp_ = now();
  packing_ = {};
  events_.clear();
  event_bytes_ = 0;
  ends_enrolment_ = false;
  has_heard_ = false;
}

// Of the order that the body is about, as far as anybody has said.
std::optional<std::int64_t> Loop::cut_off_ms(const trade::Body& body) const {
  if (!order_notes_) return std::nullopt;
  const auto* key = std::visit(
      [](const auto& kind) -> const trade::OrderKey* {
        if constexpr (requires { kind.key.delivery; })
          return &kind.key;
        else
          return nullptr;
      },
      body);
  if (key == nullptr) return std::nullopt;
  const auto known = order_notes_->cut_offs.find(*key);
  return known == order_notes_->cut_offs.end() ? std::nullopt : std::optional(known->second);
}

// Applied at once, so that the next of the batch sees it; on disk with the flush.
Outcome Loop::decide(Wish& wish) {
  const trade::RequestId& request = wish.origin.request;
  if (request.given()) {
    if (const auto known = fold_.requests().find(request, stamp_.tick_ms)) {
      if (!known->is_same) return not_done(Trouble::other_content, {});
      if (known->made.event.empty())
        return not_done(Trouble::answer_gone,
                        fmt::format("its event is number {} of entry {} of the journal",
                                    known->made.place + 1, known->made.entry));
      const auto event = trade::decode(known->made.event);
      CHECK(event.has_value());
      return Done{known->made.entry, known->made.place, *event, true};
    }
  }
  if (const auto why = no_wish_why(); !why.empty()) {
    const bool comes_back = ended_why_.empty() && !closed_why_.empty();
    return not_done(comes_back ? Trouble::not_written : Trouble::read_only, why);
  }
  note_heard();
  const auto role = role_of(fold_.own(), wish.origin);
  if (!role) return not_done(role.error());
  auto body = wish.body(fold_.own());
  if (!body) return not_done(body.error());
  const auto until_ms = cut_off_ms(*body);
  auto event =
      trade::decide(fold_.book(), options_.site.code,
                    {*role, wish.origin, stamp_.at_ms, *std::move(body), until_ms, stamp_.tick_ms});
  if (!event) return not_done(event.error());
  events_.push_back(trade::encode(*event));
  event_bytes_ += events_.back().size();
  const auto at = packing_.add(events_.back().size());
  const std::uint64_t entry = journal_->size() + at.entry;
  fold_.take(entry, at.place, stamp_.tick_ms, *event, events_.back());
  ends_enrolment_ |= std::holds_alternative<trade::EnrolmentEnded>(event->body);
  return Done{entry, at.place, *std::move(event), false};
}

// Not a second folder with the same journal, nor one that is set aside.
bool Loop::speaks_for_its_site(std::size_t index) const {
  const auto& site = peers_[index].site;
  return site && *site != options_.site.code && readers_.at(*site) == index &&
         !fold_.book().quarantine(*site);
}

// What a decision knew of others stands before it in the journal: how far each peer's had been
// read.
void Loop::note_heard() {
  if (std::exchange(has_heard_, true) || fold_.is_empty()) return;
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    const Peer& peer = peers_[i];
    if (peer.entries == 0 || !speaks_for_its_site(i)) continue;
    trade::Heard heard{*peer.site, peer.epoch, peer.entries, {}};
    heard.root.bytes = peer.root.bytes;
    const auto before = fold_.own().heard.find(heard.peer);
    if (before != fold_.own().heard.end() &&
        std::pair(before->second.epoch, before->second.size) >= std::pair(heard.epoch, heard.size))
      continue;
    Wish wish{{}, [&](const trade::Partition&) { return trade::Body(heard); }};
    (void)decide(wish);  // refused only while the site may set nothing up
  }
}

void Loop::book_tills() {
  if (options_.site.kind != trade::SiteKind::store || fold_.is_empty()) return;
  while (no_wish_why().empty()) {
    auto heard = tills_.next(fold_.own());
    if (!heard) return;
    bool is_done = false;
    std::array<Job, 1> jobs{
        Wanted{{{}, [&](const trade::Partition&) { return trade::Body(*std::move(heard)); }},
               [&](const Outcome& outcome, const View&) { is_done = outcome.has_value(); }}};
    commit(jobs);
    answer(jobs);
    if (!is_done) return;  // tried again with the next
  }
}

// One append and one sync for all that was decided since begin_commit. If it fails, nobody of the
// batch has been told anything that the disk does not hold.
Result<> Loop::flush(std::span<Job> jobs) {
  const auto written = events_.empty() ? Result<>{} : append();
  for (Job& job : jobs) {
    auto* wanted = std::get_if<Wanted>(&job);
    if (wanted == nullptr) continue;
    if (!written) wanted->outcome = not_done(Trouble::not_written, written.error().message);
    if (!wanted->outcome) ++counts_.refusals;
  }
  return written;
}

Result<> Loop::append() {
  const std::uint64_t before = journal_->size();
  const std::vector<std::string_view> events(events_.begin(), events_.end());
  const auto first = journal_->append(events, stamp_);
  if (!first) {
    note_failed_write(first.error().message);
    return std::unexpected(first.error());
  }
  CHECK(*first == before);
  write_failed_why_.clear();
  ++counts_.commits;
  counts_.events += events.size();
  counts_.committed_entries = journal_->size();
  unsaved_entries_ += journal_->size() - before;
  if (ends_enrolment_) tell_ended();
  return {};
}

// Reading may go on as if nothing were wrong, so it is remembered until a write has worked.
void Loop::note_failed_write(std::string_view why) {
  write_failed_why_ = why;
  open_anew();
}

// After a failure the book may be ahead of the disk: what is there is read again.
void Loop::open_anew() {
  const auto opened = journal_->reopen(fold_);
  closed_why_ = opened ? "" : opened.error().message;
  retry_tick_ms_ = now().tick_ms + second_ms;
  counts_.committed_entries = journal_->size();
  tell_ended();
}

void Loop::answer(std::span<Job> jobs) {
  const View told = view();
  for (Job& job : jobs)
    if (auto* wanted = std::get_if<Wanted>(&job)) wanted->then(wanted->outcome, told);
  for (Job& job : jobs)
    if (auto* question = std::get_if<Question>(&job)) {
      (*question)(view());
      ++counts_.questions;
    }
}

void Loop::settle() {
  const std::int64_t tick_ms = now().tick_ms;
  if (tick_ms - told_tick_ms_ >= second_ms) {
    told_tick_ms_ = tick_ms;
    for (const auto& listener : listeners_)
      if (const auto held = listener.lock()) held->second_passed();
  }
  if (tick_ms < retry_tick_ms_) return;
  if (!closed_why_.empty()) open_anew();
  if (!read_only_why().empty()) return;
  if (fold_.is_empty()) (void)open_site();
  book_tills();
  if (unsaved_entries_ >= options_.snapshot_entries) save_snapshot();
  // Where nobody writes, a checkpoint finds out whether the disk takes something again.
  const bool is_due = journal_->checkpoint_due(tick_ms) || !write_failed_why_.empty();
  if (read_only_why().empty() && tick_ms >= retry_tick_ms_ && is_due) sign();
}

void Loop::save_snapshot() {
  unsaved_entries_ = 0;  // also after a failure: it costs a start some time, and nothing else
  const auto saved = journal_->save_snapshot(fold_.save(), now());
  counts_.committed_entries = journal_->size();
  if (!saved) note_failed_write(saved.error().message);
}

// A checkpoint that cannot be stored is made later; the entries are on disk.
void Loop::sign() {
  const auto saved = journal_->save_checkpoint(journal::sign(signer_, journal_->checkpoint()));
  if (!saved) {
    retry_tick_ms_ = now().tick_ms + second_ms;
    return;
  }
  signed_tick_ms_ = now().tick_ms;
  write_failed_why_.clear();
}

void Loop::stop() {
  if (!read_only_why().empty()) return;
  if (unsaved_entries_ > 0) save_snapshot();
  if (read_only_why().empty() && journal_->unsigned_entries() > 0) sign();
}

Result<journal::Digest> Loop::keep_document(std::string_view bytes) {
  if (const auto why = no_wish_why(); !why.empty())
    return base::fail(ErrorCode::read_only, std::string(why));
  auto kept = journal_->append_document(bytes, now());
  if (!kept) {
    note_failed_write(kept.error().message);
    return kept;
  }
  write_failed_why_.clear();
  ++unsaved_entries_;
  counts_.committed_entries = journal_->size();
  return kept;
}

Result<> Loop::resume(std::string_view by, std::string_view why) {
  const Standing standing = journal_->opening().standing;
  if (!closed_why_.empty()) return base::fail(ErrorCode::io_failed, closed_why_);
  if (standing == Standing::ready)
    return base::fail(ErrorCode::nothing_to_do, "the journal takes entries already");
  if (standing == Standing::damaged)
    return base::fail(ErrorCode::evidence_bad, journal_->opening().why);
  const auto resumed = journal_->resume(by, why, now());
  counts_.committed_entries = journal_->size();
  if (!resumed) {
    note_failed_write(resumed.error().message);
    return resumed;
  }
  write_failed_why_.clear();
  return open_site();
}

// Of the journals of one site the latest epoch is followed, from its first entry on. Where it says
// that it goes on from just what the book knows, it must be that.
std::string Loop::why_not_followed(std::size_t index, std::span<const std::string> events) const {
  const Peer& peer = peers_[index];
  const auto reader = readers_.find(*peer.site);
  const bool is_known = reader != readers_.end() && reader->second != index;
  if (*peer.site != options_.site.code && !is_known) return {};
  const Peer& known = is_known ? peers_[reader->second] : peer;
  if (known.epoch > peer.epoch) return later_epoch(known);
  if (known.epoch == peer.epoch)
    return fmt::format("{}: holds a journal that is known already", peer.folder.string());
  const auto state = carried_state(known, events);
  const trade::Partition* partition = fold_.book().find(*peer.site);
  if (!state || partition == nullptr ||
      std::ranges::equal(crypto::sha256(trade::encode(*partition)).bytes, state->bytes))
    return {};
  return fmt::format("{}: does not go on from what its site was after {} entries of epoch {}",
                     peer.folder.string(), known.entries, known.epoch);
}

bool Loop::admit(std::size_t index, const Peer& peer, std::span<const std::string> events) {
  Peer& known = peers_[index];
  const bool is_anew = peer.begun_anew != known.begun_anew;
  known = peer;
  if (!peer.site) return false;
  if (auto why = why_not_followed(index, events); !why.empty()) {
    known.why = std::move(why);
    return false;
  }
  trade::Book& book = fold_.book();
  std::size_t& reader = readers_.try_emplace(*peer.site, index).first->second;
  if (reader != index && !events.empty()) {
    book.forget(*peer.site);
    tills_.forget(*peer.site);
    peers_[std::exchange(reader, index)].why = later_epoch(known);
  }
  if (is_anew && reader == index) {
    book.forget(*peer.site);
    tills_.forget(*peer.site);
  }
  for (const std::string& event : events) {
    if (!trade::admit(book, *peer.site, event)) break;
    const trade::Partition& other = *book.find(*peer.site);
    if (other.site.kind == trade::SiteKind::till) tills_.read(other, event);
  }
  if (const auto quarantine = book.quarantine(*peer.site); quarantine && reader == index) {
    known.why = fmt::format("set aside at event {}: {}", quarantine->event_index,
                            row_of(quarantine->why.why).meaning);
    return false;
  }
  return peer.why.empty();
}

void Loop::tell_ended() {
  std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
  for (const auto& listener : listeners_)
    if (const auto held = listener.lock()) held->enrolments_ended(fold_.own());
}

}  // namespace site
