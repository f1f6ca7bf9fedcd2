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

// Who a request is from: a person, a device, or a person at a device.
struct Caller {
  trade::ActorNo actor{};
  trade::DeviceNo device{};
};

enum class DoorTrouble : std::uint8_t {
  code_wrong,  // unknown, used or too old
  challenge_wrong,
  signature_wrong,
  key_unknown,  // nobody enrolled holds it, or no longer
  session_over,
  too_many,  // attempts from this address, or for this key
  busy,      // the core's queue is full
};

// What a code brings in.
struct Invitation {
  bool is_device = false;
  trade::Role role{};  // of a person
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

// All calls may come from any thread, and none waits. Source: the peer's address.
class Door {
 public:
  Door(Core& core, io::Clock& clock, io::Entropy& entropy);
  ~Door();

  // A new code, eight digits and letters that cannot be mistaken for each other. Whether the
  // caller may invite is decided by the book's rules when the code is used; api asks beforehand.
  std::string invite(const Invitation& invitation);
  // Uses a code: enrols the key in the journal and answers with its number.
  void enrol(std::string_view source, std::string_view code, const crypto::PublicKey& key,
             Then<Caller> then);

  // Bytes to sign, in hexadecimal; good once.
  DoorResult<std::string> challenge(std::string_view source);
  // Begins a session for the holder of the key. The signature is over session_text().
  void begin(std::string_view source, const crypto::PublicKey& key, std::string_view challenge,
             const crypto::Signature& signature, Then<Session> then);
  // Who holds the token, and renews its idle time.
  DoorResult<Caller> session(std::string_view token);
  void end(std::string_view token);
  // Who holds a key that TLS has proved; remembered, and forgotten when the enrolment ends.
  void holder(const crypto::PublicKey& key, Then<Caller> then);

  // A ticket that opens the pages once for the session's caller, and the session it opens.
  DoorResult<std::string> ticket(std::string_view token);
  DoorResult<std::string> enter(std::string_view source, std::string_view ticket);

  // Something that an attacker might have done; counted, and journalled once a minute.
  void note(std::string_view source, trade::SecurityKind kind);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// What is signed to begin a session: "stockade session v1\n" origin "\n" challenge "\n".
std::string session_text(std::string_view origin, std::string_view challenge);

}  // namespace site
