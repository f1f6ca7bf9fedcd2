#pragma once
// What the schemas in api/openapi.yaml must be, made from the structs that are read and written.

#include <string>

#include <fmt/format.h>

#include "api/member.h"

namespace api::testing {

// "GoodsMoved" for trade::GoodsMoved.
template <class T>
consteval std::string_view type_name() {
  constexpr std::string_view before = "T = ";
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(text.find(before) + before.size());
  text = text.substr(0, text.find_first_of(";]"));
  return text.substr(text.rfind(':') + 1);
}

inline std::string reference(std::string_view name) {
  return fmt::format("{{$ref: '#/components/schemas/{}'}}", name);
}

enum class Use { command, answer };

// Structs have a schema for each use: a command is strict about what it must and may say.
template <class T>
std::string name_for(Use use) {
  const bool is_strict = trade::Struct<T> && use == Use::command;
  return std::string(type_name<T>()) + (is_strict ? "Command" : "");
}

template <class T>
struct SchemaOf;
template <std::size_t size_max>
struct SchemaOf<trade::Text<size_max>> {
  static std::string text(Use) {
    return fmt::format("{{type: string, maxLength: {}, pattern: '^[ -~]*$'}}", size_max);
  }
};
template <class T>
struct SchemaOf<std::vector<T>> {
  static std::string text(Use use) {
    return fmt::format("{{type: array, maxItems: {}, items: {}}}", trade::rows_max,
                       reference(name_for<T>(use)));
  }
};

template <auto member>
std::string schema_of(Use use) {
  using T = MemberType<member>;
  constexpr std::string_view name = name_of<member>();
  if constexpr (OwnNumber::has<member> || std::is_same_v<T, trade::DocumentNumber>)
    return reference("DocumentNumber");
  else if constexpr (NewProduct::has<member>)
    return reference(use == Use::command ? "NewProduct" : "Product");
  else if constexpr (std::is_same_v<T, trade::LineNo>)
    return reference(use == Use::command ? "Product" : "KnownProduct");
  else if constexpr (std::is_same_v<T, trade::Day>)
    return reference("Date");
  else if constexpr (std::is_same_v<T, trade::ActorNo> || std::is_same_v<T, trade::DeviceNo>)
    return reference("Enrolment");
  else if constexpr (name == "root")
    return reference("TreeRoot");
  else if constexpr (name == "document")
    return reference("Digest");
  else if constexpr (std::is_same_v<T, trade::Sha256> &&
                     (name == "card" || name == "member" || name == "payment" || name == "sealed" ||
                      name == "code"))
    return reference("Digest");
  else if constexpr (std::is_same_v<T, trade::Blob>)
    return "{type: string, contentEncoding: base64}";
  else if constexpr (name == "state" && std::is_same_v<T, trade::Sha256>)
    return reference("Digest");
  else if constexpr (std::is_same_v<T, trade::PublicKey>)
    return reference("PublicKey");
  else if constexpr (std::is_same_v<T, bool>)
    return "{type: boolean}";
  else if constexpr (name == "temperature")
    return reference("Temperature");
  else if constexpr (std::is_same_v<T, trade::Pence>)
    return reference(name.ends_with("pence") ? "Pence" : "Units");
  else if constexpr (name == "over_short_pence")
    return "{type: integer}";
  else if constexpr (std::is_integral_v<T>)
    return fmt::format("{{type: integer, minimum: 0, maximum: {}}}",
                       static_cast<std::uint64_t>(std::numeric_limits<T>::max()));
  else if constexpr (std::is_enum_v<T> || trade::Struct<T>)
    return reference(name_for<T>(use));
  else
    return SchemaOf<T>::text(use);
}

// The schema of a struct as it stands under "components: schemas:". A command leaves out what the
// site decides and what its resource says. Of an answer only those members are required that it
// always has.
template <trade::Struct T>
std::string struct_schema(Use use, bool has_path_value = false) {
  std::string properties, required;
  each_member<T>([&]<auto member>() {
    const bool is_asked = use == Use::command;
    if (is_asked && (Decided::has<member> || is_preset<member>(has_path_value))) return;
    properties += fmt::format("        {}: {}\n", key_of<member>(), schema_of<member>(use));
    if (Optional::has<member> || Decided::has<member> || !is_asked) return;
    required += (required.empty() ? "" : ", ") + std::string(key_of<member>());
  });
  std::string text = fmt::format("    {}:\n      type: object\n", name_for<T>(use));
  if (!required.empty()) text += fmt::format("      required: [{}]\n", required);
  text += properties.empty() ? "      properties: {}\n" : "      properties:\n" + properties;
  return text + "      additionalProperties: false\n";
}

// An event as it is answered and streamed.
template <class Kind>
std::string event_schema() {
  constexpr std::string_view head = R"(Event:
      type: object
      required: [event, kind]
      properties:
        event: {$ref: '#/components/schemas/EventId'}
        number: {$ref: '#/components/schemas/DocumentNumber'}
        actor: {$ref: '#/components/schemas/Enrolment'}
        device: {$ref: '#/components/schemas/Enrolment'}
        sequence: {type: integer, minimum: 1}
)";
  return fmt::format("    {}{}        kind: {{const: {}}}\n        body: {}\n{}", type_name<Kind>(),
                     head, trade::kind_name(trade::Body(Kind{})), reference(type_name<Kind>()),
                     "      additionalProperties: false\n");
}

template <trade::Word T>
std::string word_schema() {
  return fmt::format("    {}:\n      type: string\n      enum: [{}]\n", type_name<T>(),
                     fmt::join(trade::Words<T>::list, ", "));
}

}  // namespace api::testing
