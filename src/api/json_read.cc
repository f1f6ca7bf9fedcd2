#include "api/json_read.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <vector>

#include <fmt/format.h>

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include "api/member.h"
#include "api/till_words.h"
#include "base/result.h"
#include "crypto/hex.h"

namespace api {
namespace {

namespace dom = simdjson::dom;
using Kind = JsonFault::Kind;

// Reads one body. Every function returns false once there is a fault; on the way back up each level
// puts its own step before the pointer, so nothing of it is paid for while all is well.
class JsonReader {
 public:
  JsonReader(Draft& draft, const Preset& preset) : draft_(draft), preset_(preset) {}

  JsonFault fault() { return std::move(*fault_); }

  template <class T>
  bool body(dom::element from, T& it) {
    each_member<T>([&]<auto member>() {
      if (is_preset<member>(!preset_.value.empty())) set_preset<member>(it);
    });
    return !fault_ && object<T, true>(from, it);
  }

 private:
  bool wrong(std::string expected, Kind kind = Kind::value_wrong) {
    fault_ = JsonFault{kind, {}, std::move(expected)};
    return false;
  }
  bool inside(std::string_view step) {
    fault_->pointer = fmt::format("/{}{}", step, fault_->pointer);
    return false;
  }
  // A key as RFC 6901 writes it; only a client's own can need it.
  bool inside_unknown(std::string_view key) {
    std::string step;
    for (const char c : key) c == '~' ? step += "~0" : c == '/' ? step += "~1" : step += c;
    return inside(step);
  }

  bool text(dom::element from, std::string_view& it, std::string_view expected) {
    return from.get(it) == simdjson::SUCCESS || wrong(std::string(expected));
  }
  bool value(dom::element from, bool& it) {
    return from.get(it) == simdjson::SUCCESS || wrong("true or false");
  }
  template <std::integral T>
  bool value(dom::element from, T& it) {
    constexpr auto most = static_cast<std::int64_t>(std::min<std::uint64_t>(
        std::numeric_limits<T>::max(), std::numeric_limits<std::int64_t>::max()));
    constexpr std::int64_t least = std::is_signed_v<T> ? -most : 0;
    std::int64_t read = 0;
    if (from.get(read) != simdjson::SUCCESS || read < least || read > most)
      return wrong(fmt::format("a whole number from {} to {}", least, most));
    it = static_cast<T>(read);
    return true;
  }
  template <trade::Word T>
  bool value(dom::element from, T& it) {
    std::string_view read;
    const auto parsed =
        from.get(read) == simdjson::SUCCESS ? trade::parse_word<T>(read) : std::optional<T>{};
    if (!parsed) return wrong(fmt::format("one of: {}", fmt::join(trade::Words<T>::list, ", ")));
    it = *parsed;
    return true;
  }
  bool value(dom::element from, trade::Day& it) {
    constexpr std::string_view expected = "a date, as 2026-11-22, from 2000-01-02 to 2179-06-06";
    std::string_view read;
    if (!text(from, read, expected)) return false;
    const auto date = base::parse_date(read);
    const std::int32_t days = date ? date->days - trade::day_epoch : 0;
    if (days < 1 || days > trade::day_max.days) return wrong(std::string(expected));
    it = trade::to_day(*date);
    return true;
  }
  bool value(dom::element from, trade::SiteCode& it) {
    constexpr std::string_view expected = "a site's four digits, as \"0042\"";
    std::string_view read;
    if (!text(from, read, expected)) return false;
    std::uint16_t code = 0;
    const auto end = std::from_chars(read.data(), read.data() + read.size(), code);
    if (read.size() != 4 || end.ec != std::errc{} || end.ptr != read.data() + read.size())
      return wrong(std::string(expected));
    it = trade::SiteCode{code};
    return true;
  }
  bool value(dom::element from, trade::LineNo& it) {
    std::string_view read;
    return text(from, read, "a product's id") && line(read, it);
  }
  bool line(std::string_view read, trade::LineNo& it) {
    const auto product = trade::ProductId::of(read);
    if (!product || !product->given())
      return wrong("a product's id, 1 to 32 printable ASCII characters");
    it = trade::LineNo{static_cast<std::uint32_t>(draft_.products.size())};
    draft_.products.push_back(*product);
    return true;
  }
  bool number(std::string_view read, trade::DocumentNumber& it) {
    const auto parsed = trade::parse_number(read);
    if (!parsed) return wrong("a document's number with its check digits, as \"0042-1-1234-85\"");
    it = *parsed;
    return true;
  }
  bool value(dom::element from, trade::DocumentNumber& it) {
    std::string_view read;
    return text(from, read, "a document's number") && number(read, it);
  }
  bool own_number(std::string_view read, std::uint32_t& counter) {
    trade::DocumentNumber own;
    if (!number(read, own)) return false;
    draft_.numbers.push_back(own);
    counter = own.counter;
    return true;
  }
  template <std::size_t size_max>
  bool value(dom::element from, trade::Text<size_max>& it) {
    std::string_view read;
    const auto made = from.get(read) == simdjson::SUCCESS ? trade::Text<size_max>::of(read)
                                                          : std::optional<trade::Text<size_max>>{};
    if (!made) return wrong(fmt::format("at most {} printable ASCII characters", size_max));
    it = *made;
    return true;
  }
  bool value(dom::element from, std::string& it) {
    std::string_view read;
    const bool is_text = from.get(read) == simdjson::SUCCESS && read.size() <= address_bytes_max &&
                         std::ranges::none_of(read, [](char c) { return c >= 0 && c < ' '; });
    if (!is_text)
      return wrong(fmt::format("text of at most {} bytes on a line", address_bytes_max));
    it = read;
    return true;
  }
  template <std::size_t size>
  bool value(dom::element from, trade::Octets<size>& it) {
    std::string_view read;
    std::optional<std::string> bytes;
    if (from.get(read) == simdjson::SUCCESS) bytes = crypto::from_base64(read);
    if (!bytes || bytes->size() != size) return wrong(fmt::format("{} bytes in base64", size));
    std::copy(bytes->begin(), bytes->end(), it.bytes.begin());
    return true;
  }
  bool value(dom::element from, trade::Blob& it) {
    std::string_view read;
    auto bytes = from.get(read) == simdjson::SUCCESS ? crypto::from_base64(read)
                                                     : std::optional<std::string>{};
    if (!bytes) return wrong("bytes in base64");
    it.bytes = *std::move(bytes);
    return true;
  }
  template <class T>
  bool value(dom::element from, std::vector<T>& rows) {
    dom::array array;
    if (from.get(array) != simdjson::SUCCESS) return wrong("an array");
    if (array.size() > trade::rows_max)
      return wrong(fmt::format("at most {} rows", trade::rows_max), Kind::too_many_rows);
    rows.reserve(array.size());
    for (const dom::element row : array)
      if (!value(row, rows.emplace_back())) return inside(std::to_string(rows.size() - 1));
    return true;
  }
  template <trade::Struct T>
  bool value(dom::element from, T& it) {
    return object<T, false>(from, it);
  }

  template <class T, bool is_body>
  bool object(dom::element from, T& it) {
    dom::object object;
    if (from.get(object) != simdjson::SUCCESS) return wrong("an object");
    std::uint32_t seen = 0;  // a bit for each member
    for (const dom::key_value_pair field : object)
      if (!field_of<T, is_body>(field, it, seen)) return inside_unknown(field.key);
    return nothing_missing<T, is_body>(seen);
  }

  template <class T, bool is_body>
  bool field_of(const dom::key_value_pair& field, T& it, std::uint32_t& seen) {
    static_assert(member_count<T> <= 32);
    bool is_known = false, is_good = false;
    std::uint32_t bit = 1;
    each_member<T>([&]<auto member>() {
      if (!is_known && field.key == key_of<member>()) {
        is_known = true;
        if ((seen & bit) != 0)
          is_good = wrong("a member once", Kind::member_doubled);
        else
          is_good = known_field<is_body, member>(field.value, it);
        seen |= bit;
      }
      bit <<= 1;
    });
    return is_known ? is_good : wrong("only members of the contract", Kind::member_unknown);
  }

  template <bool is_body, auto member, class T>
  bool known_field(dom::element from, T& it) {
    if (Decided::has<member>) return wrong("nothing: the site decides it", Kind::member_decided);
    if (is_body && is_preset<member>(!preset_.value.empty()))
      return wrong("nothing: the path says it", Kind::member_in_path);
    if constexpr (OwnNumber::has<member>) {
      std::string_view read;
      return text(from, read, "a document's number") && own_number(read, it.*member);
    } else if constexpr (std::is_same_v<MemberType<member>, trade::ActorNo> ||
                         std::is_same_v<MemberType<member>, trade::DeviceNo>) {
      return wrong("nothing: the path says it", Kind::member_in_path);
    } else if constexpr (NewProduct::has<member>) {
      std::string_view read;
      constexpr std::string_view expected =
          "an id: 1 to 32 letters, digits, '.', '_' and '-', and not marks alone";
      if (!text(from, read, expected)) return false;
      if (!is_new_product(read)) return wrong(std::string(expected));
      it.*member = *trade::ProductId::of(read);
      return true;
    } else {
      return value(from, it.*member);
    }
  }

  template <class T, bool is_body>
  bool nothing_missing(std::uint32_t seen) {
    std::uint32_t bit = 1;
    std::string_view missing;
    each_member<T>([&]<auto member>() {
      const bool may_lack = Decided::has<member> || Optional::has<member> ||
                            TillOptional::has<member> || WantedOptional::has<member> ||
                            (is_body && is_preset<member>(!preset_.value.empty()));
      if (missing.empty() && !may_lack && (seen & bit) == 0) missing = key_of<member>();
      bit <<= 1;
    });
    if (missing.empty()) return true;
    wrong("a value", Kind::member_missing);
    return inside(missing);
  }

  template <auto member, class T>
  void set_preset(T& it) {
    using M = MemberType<member>;
    if constexpr (ByResource<M>)
      it.*member = *trade::parse_word<M>(preset_.word);
    else if constexpr (std::is_same_v<M, trade::LineNo>)
      line(preset_.value, it.*member);
    else if constexpr (OwnNumber::has<member>)
      own_number(preset_.value, it.*member);
    else if constexpr (std::is_same_v<M, trade::ActorNo> || std::is_same_v<M, trade::DeviceNo>)
      set_enrolment(it.*member);
  }
  // The word says which of the two the path names.
  template <class No>
  void set_enrolment(No& it) {
    constexpr std::string_view own = std::is_same_v<No, trade::ActorNo> ? "actor" : "device";
    if (preset_.word != own) return;
    const std::string_view path = preset_.value;
    std::uint32_t read = 0;
    const auto end = std::from_chars(path.data(), path.data() + path.size(), read);
    if (end.ec != std::errc{} || end.ptr != path.data() + path.size() || read == 0)
      wrong("the number of an enrolment");
    it = No{read};
  }

  Draft& draft_;
  const Preset& preset_;
  std::optional<JsonFault> fault_;
};

// A parser keeps its buffers for the next body of the thread.
template <class T>
std::optional<JsonFault> read_into(std::string_view body, const Preset& preset, Draft& draft,
                                   T& it) {
  thread_local dom::parser parser;
  if (body.empty()) body = "{}";
  dom::element root;
  const simdjson::error_code error = parser.parse(body.data(), body.size()).get(root);
  if (error == simdjson::NUMBER_ERROR)
    return JsonFault{Kind::malformed, {}, "JSON, with no whole number outside 64 bits"};
  if (error != simdjson::SUCCESS) return JsonFault{Kind::malformed, {}, "JSON"};
  JsonReader reader(draft, preset);
  if (!reader.body(root, it)) return reader.fault();
  return std::nullopt;
}

}  // namespace

std::expected<Draft, JsonFault> read_command(std::size_t kind, const Preset& preset,
                                             std::string_view body) {
  Draft draft;
  std::optional<JsonFault> fault;
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (void)((i == kind && (fault = read_into(body, preset, draft, draft.body.emplace<i>()), true)) ||
           ...);
  }
  (std::make_index_sequence<std::variant_size_v<trade::Body>>{});
  if (fault) return std::unexpected(*std::move(fault));
  return draft;
}

template <trade::Struct T>
std::expected<T, JsonFault> read_json(std::string_view body) {
  Draft draft;
  T made{};
  if (auto fault = read_into(body, {}, draft, made)) return std::unexpected(*std::move(fault));
  return made;
}
template std::expected<CodeWanted, JsonFault> read_json(std::string_view);
template std::expected<EnrolmentWanted, JsonFault> read_json(std::string_view);
template std::expected<SessionWanted, JsonFault> read_json(std::string_view);
template std::expected<BasketWanted, JsonFault> read_json(std::string_view);
template std::expected<ItemWanted, JsonFault> read_json(std::string_view);
template std::expected<AddressWanted, JsonFault> read_json(std::string_view);
template std::expected<OptionWanted, JsonFault> read_json(std::string_view);
template std::expected<StatusWanted, JsonFault> read_json(std::string_view);
template std::expected<CardWanted, JsonFault> read_json(std::string_view);
template std::expected<CardActivateWanted, JsonFault> read_json(std::string_view);
template std::expected<CardCreditWanted, JsonFault> read_json(std::string_view);
template std::expected<CardHoldWanted, JsonFault> read_json(std::string_view);
template std::expected<ElsewhereRefundWanted, JsonFault> read_json(std::string_view);
template std::expected<TillItemWanted, JsonFault> read_json(std::string_view);
template std::expected<TillVoidWanted, JsonFault> read_json(std::string_view);
template std::expected<TillPriceWanted, JsonFault> read_json(std::string_view);
template std::expected<TillCardShown, JsonFault> read_json(std::string_view);
template std::expected<TillAgeChecked, JsonFault> read_json(std::string_view);
template std::expected<TillOfferDecided, JsonFault> read_json(std::string_view);
template std::expected<TillVoucherWanted, JsonFault> read_json(std::string_view);
template std::expected<TillCashGiven, JsonFault> read_json(std::string_view);
template std::expected<TillCardWanted, JsonFault> read_json(std::string_view);
template std::expected<TillGiftCardShown, JsonFault> read_json(std::string_view);
template std::expected<TillRefundWanted, JsonFault> read_json(std::string_view);
template std::expected<TillDrawerWanted, JsonFault> read_json(std::string_view);

}  // namespace api
