#include "sync/message.h"

#include <array>

#include "journal/bytes.h"

namespace syncing {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view magic = "\xf7SY\x01";
constexpr std::uint8_t first_request = 0x01, first_answer = 0x81;

struct Entry {
  std::string_view name, meaning;
};
constexpr auto refusals = std::to_array<Entry>({
#define X(name, meaning) {#name, meaning},
#include "sync/refusal.def"
#undef X
});

// Writes and reads members by the list of them that each struct has. Reading takes only what
// writing makes.
class Writer {
 public:
  explicit Writer(std::string& to) : to_(to) {}

  void value(std::uint64_t number) { journal::put_number(to_, number, 8); }
  template <class T>
  requires std::is_enum_v<T>
  void value(T it) { to_ += static_cast<char>(it); }
  void value(const Digest& digest) { to_ += digest.view(); }
  void value(const std::string& bytes) {
    journal::put_number(to_, bytes.size(), 4);
    to_ += bytes;
  }
  template <class T>
  void value(const std::vector<T>& rows) {
    CHECK(rows.size() <= rows_max);
    journal::put_number(to_, rows.size(), 4);
    for (const T& row : rows) value(row);
  }
  template <class T>
  requires requires { T::fields(); }
  void value(const T& it) {
    std::apply([&](auto... members) { (value(it.*members), ...); }, T::fields());
  }

 private:
  std::string& to_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return good_ && bytes_.at_end(); }
  std::string_view take(std::size_t size) { return bytes_.bytes(size); }
  std::uint8_t byte() { return static_cast<std::uint8_t>(bytes_.number(1)); }

  void value(std::uint64_t& number) { number = bytes_.number(8); }
  void value(Want& it) { it = static_cast<Want>(below(5)); }
  void value(Refusal& it) { it = static_cast<Refusal>(below(refusals.size())); }
  void value(Digest& digest) {
    const std::string_view taken = bytes_.bytes(sizeof(Digest));
    taken.copy(reinterpret_cast<char*>(digest.bytes.data()), taken.size());
  }
  void value(std::string& it) { it = bytes_.bytes(static_cast<std::size_t>(bytes_.number(4))); }
  template <class T>
  void value(std::vector<T>& rows) {
    const std::uint64_t count = bytes_.number(4);
    good_ &= count <= rows_max;
    for (std::uint64_t i = 0; i < count && good_ && bytes_.good(); ++i) value(rows.emplace_back());
  }
  template <class T>
  requires requires { T::fields(); }
  void value(T& it) {
    std::apply([&](auto... members) { (value(it.*members), ...); }, T::fields());
  }
  // Reads the alternative with this index; false if there is none.
  template <class... Kinds>
  bool value(std::variant<Kinds...>& it, std::size_t index) {
    std::size_t at = 0;
    return ((at++ == index && (value(it.template emplace<Kinds>()), true)) || ...);
  }

 private:
  std::uint64_t below(std::uint64_t count) {
    const std::uint64_t number = bytes_.number(1);
    good_ &= number < count;
    return good_ ? number : 0;
  }

  journal::ByteReader bytes_;
  bool good_ = true;
};

template <class Body>
std::string write(std::uint64_t number, const Body& body, std::uint8_t first) {
  std::string bytes(magic);
  journal::put_number(bytes, number, 8);
  bytes += static_cast<char>(first + body.index());
  Writer writer(bytes);
  std::visit([&](const auto& it) { writer.value(it); }, body);
  return bytes;
}

template <class Body>
Result<Numbered<Body>> read(std::string_view bytes, std::uint8_t first) {
  const auto bad = [](std::string_view why) {
    return base::fail(ErrorCode::evidence_bad, "message of a site: " + std::string(why));
  };
  if (bytes.size() > message_bytes_max) return bad("too large");
  Reader reader(bytes);
  if (reader.take(magic.size()) != magic) return bad("not of this version");
  Numbered<Body> message;
  reader.value(message.number);
  const std::uint8_t kind = reader.byte();
  if (kind < first || !reader.value(message.body, kind - first)) return bad("an unknown kind");
  if (!reader.at_end()) return bad("malformed");
  return message;
}

}  // namespace

int refusal_count() { return static_cast<int>(refusals.size()); }
std::string_view name(Refusal refusal) { return refusals[static_cast<std::size_t>(refusal)].name; }
std::string_view meaning(Refusal refusal) {
  return refusals[static_cast<std::size_t>(refusal)].meaning;
}

std::string encode(std::uint64_t number, const Request& request) {
  return write(number, request, first_request);
}

std::string encode(std::uint64_t number, const Answer& answer) {
  return write(number, answer, first_answer);
}

Result<Numbered<Request>> parse_request(std::string_view bytes) {
  return read<Request>(bytes, first_request);
}

Result<Numbered<Answer>> parse_answer(std::string_view bytes) {
  return read<Answer>(bytes, first_answer);
}

}  // namespace syncing
