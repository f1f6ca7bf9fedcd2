#pragma once
// The door: who is allowed to speak. Codes that enrol, challenges, sessions and counts of failures,
// all in memory and bounded; who is enrolled stands in the book.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "site/core.h"

namespace site {

inline constexpr std::int64_t code_ms_max = 15 * 60'000;
inline constexpr std::int64_t challenge_ms_max = 60'000;
inline constexpr std::int64_t session_ms_max = 8 * 3'600'000;  // from its begin
inline constexpr std::int64_t session_idle_ms_max = 30 * 60'000;
inline constexpr std::int64_t ticket_ms_max = 60'000;  // of a page

// Of more, the oldest go.
inline constexpr std::size_t codes_max = 64;
inline constexpr std::size_t challenges_max = 4'096;
inline constexpr std::size_t sessions_max = 4'096;
inline constexpr std::size_t caller_sessions_max = 16;  // of one caller
inline constexpr std::size_t tickets_max = 1'024;
inline constexpr std::size_t holders_max = 4'096;

// From one source, or for one key; who has reached one of them waits for a minute.
inline constexpr int failures_a_minute_max = 10;
inline constexpr int challenges_a_minute_max = 120;

// Who a request is from: a person, a device, or a person at a device.
struct Caller {
  trade::ActorNo actor{};
  trade::DeviceNo device{};
  friend bool operator==(const Caller&, const Caller&) = default;
};

enum class DoorTrouble : std::uint8_t {
  code_wrong,  // unknown, used or too old
  challenge_wrong,
  signature_wrong,
  key_unknown,  // nobody enrolled holds it, or no longer
  session_over,
  too_many,     // attempts from this address
  busy,         // the core's queue is full
  key_in_use,   // somebody is enrolled with this key already
  read_only,    // nobody can be enrolled now: the journal takes nothing, or the site enrols nobody
  not_written,  // the disk did not take it; the same may be tried again
};

// What a code brings in.
struct Invitation {
  bool is_device = false;
  trade::Role role{};      // of a person
  trade::SiteCode site{};  // of another site, whose device it is
};

struct Session {
  std::string token;
  Caller caller;
  trade::Role role{};
  std::int64_t ends_in_ms = 0;
};

template <class T>
using DoorResult = std::expected<T, DoorTrouble>;
template <class T>
using Then = std::move_only_function<void(DoorResult<T>)>;

// All calls may come from any thread, and none waits. Source: the peer's address, without its port.
// A `then` is called once: on the calling thread, or on the core's. The core must outlive the door.
class Door {
 public:
  Door(Core& core, io::Clock& clock, io::Entropy& entropy);
  ~Door();

  // A new code, eight digits and letters that cannot be mistaken for each other. Whether the
  // caller may invite is decided by the book's rules when the code is used; api asks beforehand.
  std::string invite(const Invitation& invitation);
  // Uses a code: enrols the key in the journal and answers with its number. The code is used up
  // once that is on disk. Failures count against the source and the key.
  void enrol(std::string_view source, std::string_view code, const crypto::PublicKey& key,
             Then<Caller> then);

  // Bytes to sign, in hexadecimal; good once.
  DoorResult<std::string> challenge(std::string_view source);
  // Begins a session for the holder of the key. The signature is over session_text(). The challenge
  // is used up, whatever comes of it.
  void begin(std::string_view source, const crypto::PublicKey& key, std::string_view challenge,
             const crypto::Signature& signature, Then<Session> then);
  // Who holds the token, and renews its idle time. Sessions of an enrolment end with it.
  DoorResult<Caller> session(std::string_view token);
  void end(std::string_view token);
  // Whether the token's session goes on; its idle time is left as it is.
  bool holds(std::string_view token);
  // Sessions that have not ended.
  std::size_t session_count();
  // Who holds a key that TLS has proved; remembered, and forgotten when the enrolment ends.
  void holder(const crypto::PublicKey& key, Then<Caller> then);

  // A ticket that opens the pages once for the session's caller, and the token of the session that
  // it opens, which ends when the first one would have. Wrong tickets are code_wrong.
  DoorResult<std::string> ticket(std::string_view token);
  DoorResult<std::string> enter(std::string_view source, std::string_view ticket);

  // Something that an attacker might have done; counted, and journalled once a minute.
  void note(std::string_view source, trade::SecurityKind kind);

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;  // answers may come when the door is gone
};

// What is signed to begin a session: "stockade session v1\n" origin "\n" challenge "\n".
inline constexpr std::string_view session_text_begin = "stockade session v1\n";
std::string session_text(std::string_view origin, std::string_view challenge);

}  // namespace site
