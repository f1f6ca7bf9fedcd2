#include "nightly/guard_finding.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <set>

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "estate/words.h"

namespace nightly {
namespace {

using estate::Estate;

constexpr std::size_t names_shown_max = 3;
constexpr std::size_t id_digits = 8;

std::string name_of(const Estate& estate, const Scope& scope) {
  std::string name;
  const auto add = [&](std::string_view part) {
    if (!name.empty()) name += ' ';
    name += part;
  };
  if (scope.site != estate::none) add(estate.sites[scope.site].id);
  if (scope.chain >= 0) add(estate::text_of(static_cast<estate::Chain>(scope.chain)));
  if (scope.supplier != estate::none) add(estate.suppliers[scope.supplier].id);
  if (scope.product != estate::none) add(estate.products[scope.product].id);
  return name;
}

std::string_view noun_of(const Scope& scope) {
  if (scope.supplier != estate::none) return scope.site == estate::none ? "suppliers" : "supplies";
  if (scope.chain >= 0) return "deliveries";
  if (scope.site == estate::none) return "products";
  return scope.product == estate::none ? "sites" : "lines";
}

// "S0001 P00007", or "38 lines: S0001 P00007, S0001 P00008, S0001 P00012, …".
std::string where_of(const Estate& estate, const Cause& cause) {
  std::set<Scope> scopes;
  for (const Suspect& suspect : cause.suspects) scopes.insert(suspect.scope);
  if (scopes.size() == 1) return name_of(estate, *scopes.begin());
  std::string names;
  std::size_t shown = 0;
  for (const Scope& scope : scopes) {
    if (shown == names_shown_max) break;
    if (shown++ > 0) names += ", ";
    names += name_of(estate, scope);
  }
  return fmt::format("{} {}: {}{}", scopes.size(), noun_of(*scopes.begin()), names,
                     shown < scopes.size() ? ", …" : "");
}

std::string text_of(std::int64_t value, bool money) {
  if (value == not_said) return {};
  return money ? base::to_string(base::Money{value}) : std::to_string(value);
}

// One value, or the range of several.
std::string values_of(const Cause& cause, std::int64_t Suspect::*member) {
  std::int64_t low = std::numeric_limits<std::int64_t>::max(), high = not_said;
  for (const Suspect& suspect : cause.suspects) {
    if (suspect.*member == not_said) continue;
    low = std::min(low, suspect.*member);
    high = std::max(high, suspect.*member);
  }
  if (high == not_said) return {};
  if (low == high) return text_of(low, cause.money);
  return fmt::format("{} to {}", text_of(low, cause.money), text_of(high, cause.money));
}

}  // namespace

std::uint64_t fingerprint(const Estate& estate, const Cause& cause, const Suspect& suspect) {
  const std::int64_t is =
      cause.magnitude ? std::bit_width(static_cast<std::uint64_t>(suspect.is)) : suspect.is;
  crypto::Sha256 digest;
  digest.add(fmt::format("{}\n{}\n{}\n{}", cause.id, name_of(estate, suspect.scope),
                         suspect.day.days, is));
  const std::string hex = digest.finish_hex();
  std::uint64_t number = 0;
  std::from_chars(hex.data(), hex.data() + 16, number, 16);
  return number;
}

HeldRow held_row(const Estate& estate, const Cause& cause) {
  std::vector<std::uint64_t> prints;
  for (const Suspect& suspect : cause.suspects)
    prints.push_back(fingerprint(estate, cause, suspect));
  std::sort(prints.begin(), prints.end());
  crypto::Sha256 digest;
  for (const std::uint64_t print : prints) digest.add(fmt::format("{:016x}", print));
  return {cause.id + "-" + digest.finish_hex().substr(0, id_digits),
          where_of(estate, cause),
          cause.what,
          values_of(cause, &Suspect::was),
          values_of(cause, &Suspect::is),
          cause.why};
}

}  // namespace nightly
