#include "site/door.h"

#include <algorithm>
#include <mutex>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "site/attempts.h"
#include "site/bounded_table.h"
#include "site/security_log.h"

namespace site {
namespace {

using crypto::Digest;
using trade::SecurityKind;

// Digits and capital letters without I, L, O and U: 40 bits in eight of them.
constexpr std::string_view code_letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static_assert(code_letters.size() == 32);
constexpr std::size_t code_size = 8;
constexpr std::size_t secret_bytes = 32;

struct Code {
  Invitation invitation;
  std::int64_t ends_ms = 0;
};
struct SessionRow {
  Caller caller;
  trade::Role role{};
  std::int64_t begin_ms = 0;
  std::int64_t used_ms = 0;  // last
};
struct Ticket {
  Digest session;
  std::int64_t ends_ms = 0;
};
struct Failure {
  DoorTrouble trouble;
  SecurityKind kind;
};
constexpr Failure code_failed{DoorTrouble::code_wrong, SecurityKind::code_wrong};
constexpr Failure challenge_failed{DoorTrouble::challenge_wrong, SecurityKind::challenge_wrong};
constexpr Failure signature_failed{DoorTrouble::signature_wrong, SecurityKind::signature_wrong};
constexpr Failure key_failed{DoorTrouble::key_unknown, SecurityKind::key_unknown};

// Who makes attempts.
std::string of_source(std::string_view source) { return fmt::format("source {}", source); }

trade::PublicKey to_trade(const crypto::PublicKey& key) { return {key}; }

template <class Number, class Enrolment>
bool runs(const std::map<Number, Enrolment>& enrolments, Number number) {
  if (number == Number{}) return true;
  const auto found = enrolments.find(number);
  return found != enrolments.end() && !found->second.is_ended;
}

bool runs(const trade::Partition& own, const Caller& caller) {
  return runs(own.people, caller.actor) && runs(own.enrolled_devices, caller.device);
}

// Whose key it is, with their role.
std::optional<std::pair<Caller, trade::Role>> find_holder(const trade::Partition& own,
                                                          const crypto::PublicKey& key) {
  if (const auto person = trade::person_of(own, to_trade(key)))
    return std::pair(Caller{*person, {}}, own.people.at(*person).role);
  if (const auto device = trade::device_of(own, to_trade(key)))
    return std::pair(Caller{{}, *device}, trade::Role::device);
  return std::nullopt;
}

DoorTrouble trouble_of(const NotDone& why) {
  const auto* no = std::get_if<trade::No>(&why.why);
  if (no != nullptr && no->why == trade::Refusal::key_in_use) return DoorTrouble::key_in_use;
  const bool is_written_later = no == nullptr && std::get<Trouble>(why.why) == Trouble::not_written;
  return is_written_later ? DoorTrouble::not_written : DoorTrouble::read_only;
}

}  // namespace

// Everything in memory, under one lock that is held for a few look-ups and never while the core or
// a caller is called.
struct Door::Parts final : Listener {
  Parts(Core& the_core, io::Clock& the_clock, io::Entropy& the_entropy)
      : core(the_core), clock(the_clock), entropy(the_entropy) {
    entropy.fill(start_key);
  }

  void enrolments_ended(const trade::Partition& own) override;
  void second_passed() override;
  void journal_noted();

  // With the lock held.
  std::int64_t now_ms() { return static_cast<std::int64_t>(clock.seconds() * 1'000); }
  std::string new_secret();
  Digest name_of(std::string_view secret) const;
  bool is_over(const SessionRow& row);
  bool is_blocked(std::string_view source);
  DoorTrouble fail(std::string_view source, const Failure& failure);
  Session new_session(const Caller& caller, trade::Role role, std::int64_t begin_ms);
  SessionRow* find_session(std::string_view token);
  void note(std::string_view source, SecurityKind kind);

  Core& core;
  io::Clock& clock;
  io::Entropy& entropy;
  SourceKey start_key{};

  std::mutex lock;
  BoundedTable<Digest, Code> codes{codes_max};
  BoundedTable<Digest, std::int64_t> challenges{challenges_max};  // when they end
  BoundedTable<Digest, SessionRow> sessions{sessions_max};
  BoundedTable<Digest, Ticket> tickets{tickets_max};
  BoundedTable<crypto::PublicKey, Caller> holders{holders_max};
  Attempts failures{failures_a_minute_max};
  Attempts asked{challenges_a_minute_max};
  SecurityLog security;
};

std::string Door::Parts::new_secret() {
  std::array<std::uint8_t, secret_bytes> bytes;
  entropy.fill(bytes);
  return crypto::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// Secrets are kept and looked up as digests under a key that nobody outside knows, so neither a
// copy of this memory nor the time that a look-up takes tells anything of them.
Digest Door::Parts::name_of(std::string_view secret) const {
  std::string bytes(start_key.begin(), start_key.end());
  bytes += secret;
  return crypto::sha256(bytes);
}

void Door::Parts::note(std::string_view source, SecurityKind kind) {
  security.add(source_name(source, start_key), kind, now_ms(), clock.wall_ms());
}

bool Door::Parts::is_blocked(std::string_view source) {
  const bool blocked = failures.is_blocked(of_source(source), now_ms());
  if (blocked) note(source, SecurityKind::flood);
  return blocked;
}

// Failures are their source's. Were they a key's, whoever knows a person's public key could keep
// that person out.
DoorTrouble Door::Parts::fail(std::string_view source, const Failure& failure) {
  failures.count(of_source(source), now_ms());
  note(source, failure.kind);
  return failure.trouble;
}

bool Door::Parts::is_over(const SessionRow& row) {
  return now_ms() >= row.begin_ms + session_ms_max || now_ms() >= row.used_ms + session_idle_ms_max;
}

SessionRow* Door::Parts::find_session(std::string_view token) {
  const Digest name = name_of(token);
  SessionRow* row = sessions.find(name);
  if (row == nullptr || !is_over(*row)) return row;
  sessions.erase(name);
  return nullptr;
}

Session Door::Parts::new_session(const Caller& caller, trade::Role role, std::int64_t begin_ms) {
  std::size_t others = 0;
  sessions.erase_if([&](const SessionRow& row) {
    others += row.caller == caller ? 1 : 0;
    return is_over(row);
  });
  sessions.erase_if([&](const SessionRow& row) {
    return row.caller == caller && others >= caller_sessions_max && others-- > 0;
  });
  Session made{new_secret(), caller, role, begin_ms + session_ms_max - now_ms()};
  sessions.put(name_of(made.token), {caller, role, begin_ms, now_ms()});
  return made;
}

void Door::Parts::enrolments_ended(const trade::Partition& own) {
  const std::lock_guard held(lock);
  sessions.erase_if([&](const SessionRow& row) { return !runs(own, row.caller); });
  holders.erase_if([&](const Caller& caller) { return !runs(own, caller); });
}

void Door::Parts::second_passed() {
  {
    const std::lock_guard held(lock);
    if (!security.is_due(now_ms())) return;
  }
  journal_noted();
}

// By the site itself. What the core has no room for is lost: it is flooded already, and says so in
// its counts.
void Door::Parts::journal_noted() {
  std::vector<trade::SecurityNoted> noted;
  {
    const std::lock_guard held(lock);
    noted = security.take();
  }
  for (const trade::SecurityNoted& row : noted)
    (void)core.submit({{}, [row](const trade::Partition&) { return trade::Body(row); }},
                      [](const Outcome&, const View&) {});
}

Door::Door(Core& core, io::Clock& clock, io::Entropy& entropy)
    : parts_(std::make_shared<Parts>(core, clock, entropy)) {
  core.listen(parts_);
}

Door::~Door() { parts_->journal_noted(); }

std::string Door::invite(const Invitation& invitation) {
  const std::lock_guard held(parts_->lock);
  std::array<std::uint8_t, code_size> bytes;
  parts_->entropy.fill(bytes);
  std::string code;
  for (const std::uint8_t byte : bytes) code += code_letters[byte % code_letters.size()];
  parts_->codes.put(parts_->name_of(code), {invitation, parts_->now_ms() + code_ms_max});
  return code;
}

void Door::enrol(std::string_view source, std::string_view code, const crypto::PublicKey& key,
                 Then<Caller> then) {
  Digest name;
  const auto taken = [&]() -> DoorResult<Code> {
    const std::lock_guard held(parts_->lock);
    if (parts_->is_blocked(source)) return std::unexpected(DoorTrouble::too_many);
    name = parts_->name_of(code);
    const auto found = parts_->codes.take(name);
    if (found && parts_->now_ms() < found->ends_ms) return *found;
    return std::unexpected(parts_->fail(source, code_failed));
  }();
  if (!taken) return then(std::unexpected(taken.error()));
  // Kept here as well, because a queue that is full drops what it is handed.
  const auto answer = std::make_shared<Then<Caller>>(std::move(then));
  const auto give_back = [parts = parts_, name, row = *taken](DoorTrouble why, Then<Caller>& tell) {
    {
      const std::lock_guard held(parts->lock);
      parts->codes.put(name, row);
    }
    tell(std::unexpected(why));
  };
  const auto body = [invitation = taken->invitation, key](const trade::Partition&) -> trade::Body {
    if (invitation.is_device) return trade::DeviceEnrolled{{}, to_trade(key), invitation.site};
    return trade::PersonEnrolled{{}, invitation.role, to_trade(key)};
  };
  const bool is_queued =
      parts_->core.submit({{}, body}, [answer, give_back](const Outcome& outcome, const View&) {
        if (!outcome) return give_back(trouble_of(outcome.error()), *answer);
        if (const auto* person = std::get_if<trade::PersonEnrolled>(&outcome->event.body))
          return (*answer)(Caller{person->actor, {}});
        (*answer)(Caller{{}, std::get<trade::DeviceEnrolled>(outcome->event.body).device});
      });
  if (!is_queued) give_back(DoorTrouble::busy, *answer);
}

DoorResult<std::string> Door::challenge(std::string_view source) {
  const std::lock_guard held(parts_->lock);
  const std::int64_t now_ms = parts_->now_ms();
  if (parts_->is_blocked(source)) return std::unexpected(DoorTrouble::too_many);
  if (parts_->asked.is_blocked(of_source(source), now_ms)) {
    parts_->note(source, SecurityKind::flood);
    return std::unexpected(DoorTrouble::too_many);
  }
  parts_->asked.count(of_source(source), now_ms);
  std::string challenge = parts_->new_secret();
  parts_->challenges.put(parts_->name_of(challenge), now_ms + challenge_ms_max);
  return challenge;
}

void Door::begin(std::string_view source, const crypto::PublicKey& key, std::string_view challenge,
                 const crypto::Signature& signature, Then<Session> then) {
  auto trouble = [&]() -> std::optional<DoorTrouble> {
    const std::lock_guard held(parts_->lock);
    if (parts_->is_blocked(source)) return DoorTrouble::too_many;
    const auto ends_ms = parts_->challenges.take(parts_->name_of(challenge));
    if (ends_ms && parts_->now_ms() < *ends_ms) return std::nullopt;
    return parts_->fail(source, challenge_failed);
  }();
  // Only what is left of a flood costs a verification, and that outside the lock.
  if (!trouble &&
      !crypto::verify(key, session_text(parts_->core.key().name, challenge), signature)) {
    const std::lock_guard held(parts_->lock);
    trouble = parts_->fail(source, signature_failed);
  }
  if (trouble) return then(std::unexpected(*trouble));
  const auto answer = std::make_shared<Then<Session>>(std::move(then));
  // The session is made on the core's thread, which also says when enrolments end: so none is made
  // for somebody who has just been ended.
  const auto question = [parts = parts_, source = std::string(source), key,
                         answer](const View& view) {
    const auto holder = find_holder(view.own, key);
    auto made = [&]() -> DoorResult<Session> {
      const std::lock_guard held(parts->lock);
      if (!holder) return std::unexpected(parts->fail(source, key_failed));
      return parts->new_session(holder->first, holder->second, parts->now_ms());
    }();
    (*answer)(std::move(made));
  };
  if (!parts_->core.ask(question)) (*answer)(std::unexpected(DoorTrouble::busy));
}

DoorResult<Caller> Door::session(std::string_view token) {
  const std::lock_guard held(parts_->lock);
  SessionRow* row = parts_->find_session(token);
  if (row == nullptr) return std::unexpected(DoorTrouble::session_over);
  row->used_ms = parts_->now_ms();
  return row->caller;
}

std::size_t Door::session_count() {
  const std::lock_guard held(parts_->lock);
  parts_->sessions.erase_if([&](const SessionRow& row) { return parts_->is_over(row); });
  return parts_->sessions.size();
}

void Door::end(std::string_view token) {
  const std::lock_guard held(parts_->lock);
  parts_->sessions.erase(parts_->name_of(token));
}

bool Door::holds(std::string_view token) {
  const std::lock_guard held(parts_->lock);
  return parts_->find_session(token) != nullptr;
}

void Door::holder(const crypto::PublicKey& key, Then<Caller> then) {
  std::optional<Caller> known;
  {
    const std::lock_guard held(parts_->lock);
    if (const Caller* row = parts_->holders.find(key)) known = *row;
  }
  if (known) return then(*known);
  const auto answer = std::make_shared<Then<Caller>>(std::move(then));
  const auto question = [parts = parts_, key, answer](const View& view) {
    const auto holder = find_holder(view.own, key);
    if (!holder) return (*answer)(std::unexpected(DoorTrouble::key_unknown));
    {
      const std::lock_guard held(parts->lock);
      parts->holders.put(key, holder->first);
    }
    (*answer)(holder->first);
  };
  if (!parts_->core.ask(question)) (*answer)(std::unexpected(DoorTrouble::busy));
}

DoorResult<std::string> Door::ticket(std::string_view token) {
  const std::lock_guard held(parts_->lock);
  if (parts_->find_session(token) == nullptr) return std::unexpected(DoorTrouble::session_over);
  std::string ticket = parts_->new_secret();
  parts_->tickets.put(parts_->name_of(ticket),
                      {parts_->name_of(token), parts_->now_ms() + ticket_ms_max});
  return ticket;
}

DoorResult<std::string> Door::enter(std::string_view source, std::string_view ticket) {
  const std::lock_guard held(parts_->lock);
  if (parts_->is_blocked(source)) return std::unexpected(DoorTrouble::too_many);
  const auto taken = parts_->tickets.take(parts_->name_of(ticket));
  const bool is_good = taken && parts_->now_ms() < taken->ends_ms;
  const SessionRow* row = is_good ? parts_->sessions.find(taken->session) : nullptr;
  if (row == nullptr || parts_->is_over(*row))
    return std::unexpected(parts_->fail(source, code_failed));
  const SessionRow first = *row;
  return parts_->new_session(first.caller, first.role, first.begin_ms).token;
}

void Door::note(std::string_view source, trade::SecurityKind kind) {
  const std::lock_guard held(parts_->lock);
  parts_->note(source, kind);
}

std::string session_text(std::string_view origin, std::string_view challenge) {
  return fmt::format("{}{}\n{}\n", session_text_begin, origin, challenge);
}

}  // namespace site
