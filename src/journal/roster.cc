#include "journal/roster.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "crypto/hex.h"
#include "journal/bytes.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view magic = "stockade-roster-1";
constexpr std::array<std::string_view, 6> role_names{"store",  "depot", "centre",
                                                     "online", "till",  "witness"};

std::unexpected<base::Error> bad(std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("roster: {}", why));
}

// The words of a line between single spaces.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t end = line.find(' ');
    words.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return words;
    line.remove_prefix(end + 1);
  }
}

// "site KEY ROLE from DATE" and optionally "revoked ENTRIES".
Result<RosterLine> parse_line(std::string_view text) {
  const auto words = words_of(text);
  const bool revoked = words.size() == 7 && words[5] == "revoked";
  if ((words.size() != 5 && !revoked) || words[0] != "site" || words[3] != "from")
    return bad(fmt::format("'{}' is not a line of a site", text.substr(0, 300)));
  RosterLine line;
  line.key = TRY(parse_verifier(words[1]));
  const auto role = parse_role(words[2]);
  const auto from = base::parse_date(words[4]);
  if (!role || !from) return bad(fmt::format("{}: a bad role or date", line.key.name));
  line.role = *role;
  line.from = *from;
  if (!revoked) return line;
  line.revoked_at_entries = parse_size(words[6]);
  if (!line.revoked_at_entries) return bad(fmt::format("{}: bad revocation", line.key.name));
  return line;
}

Result<> check_line(const Roster& roster, const RosterLine& line) {
  const bool is_witness = line.role == Role::witness;
  if ((line.key.kind == KeyKind::witness) != is_witness)
    return bad(fmt::format("{}: the kind of the key does not fit its role", line.key.name));
  const auto origin = parse_origin(line.key.name);
  if (!is_witness && (!origin || origin->estate != roster.estate))
    return bad(fmt::format("{}: expected a key named stockade/{}/SITE/EPOCH", line.key.name,
                           roster.estate));
  return {};
}

Result<> check_roster(const Roster& roster) {
  if (!is_id(roster.estate)) return bad("the estate's name is malformed");
  if (roster.number == 0 || roster.previous.has_value() != (roster.number > 1))
    return bad("its number does not fit what it says of the one before");
  if (roster.approvers.empty() || roster.approvers.size() > approvers_max)
    return bad("it has no approvers, or too many");
  if (roster.threshold == 0 || roster.threshold > roster.approvers.size())
    return bad(
        fmt::format("{} of {} approvers cannot sign", roster.threshold, roster.approvers.size()));
  for (const VerifierKey& one : roster.approvers) {
    const auto same = std::ranges::count_if(roster.approvers, [&](const VerifierKey& other) {
      return other.name == one.name || other.key == one.key;
    });
    if (same > 1 || one.kind != KeyKind::signer)
      return bad(fmt::format("approver {} is listed twice or is no signer", one.name));
  }
  // Names in order, so that twins are neighbours: a roster may have very many lines.
  std::vector<const RosterLine*> order;
  for (const RosterLine& line : roster.lines) order.push_back(&line);
  std::ranges::sort(order, {}, [](const RosterLine* line) { return line->key.name; });
  const auto twin =
      std::ranges::adjacent_find(order, {}, [](const RosterLine* line) { return line->key.name; });
  if (twin != order.end()) return bad(fmt::format("{} is listed twice", (*twin)->key.name));
  for (const RosterLine& line : roster.lines) TRY(check_line(roster, line));
  return {};
}

// A successor changes a line only by revoking it, and never moves a revocation to a later entry.
Result<> check_successor(const Roster& before, const Roster& after) {
  if (after.estate != before.estate || after.number != before.number + 1 ||
      after.previous != crypto::sha256(to_text(before)))
    return bad(fmt::format("number {} does not follow number {}", after.number, before.number));
  for (const RosterLine& old : before.lines) {
    const auto now = std::ranges::find_if(
        after.lines, [&](const RosterLine& line) { return line.key == old.key; });
    if (now == after.lines.end() || now->role != old.role || now->from != old.from)
      return bad(fmt::format("{} is missing or changed", old.key.name));
    if (old.revoked_at_entries &&
        (!now->revoked_at_entries || *now->revoked_at_entries > *old.revoked_at_entries))
      return bad(fmt::format("the revocation of {} is taken back", old.key.name));
  }
  return {};
}

}  // namespace

std::string_view to_text(Role role) { return role_names[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view text) {
  const auto found = std::ranges::find(role_names, text);
  if (found == role_names.end()) return std::nullopt;
  return static_cast<Role>(found - role_names.begin());
}

std::string to_text(const Roster& roster) {
  std::string text = fmt::format(
      "{}\nestate {}\nnumber {}\nprevious {}\nthreshold {}\n", magic, roster.estate, roster.number,
      roster.previous ? to_hex(*roster.previous) : "-", roster.threshold);
  for (const VerifierKey& key : roster.approvers)
    text += fmt::format("approver {}\n", to_string(key));
  for (const RosterLine& line : roster.lines) {
    text += fmt::format("site {} {} from {}", to_string(line.key), to_text(line.role),
                        base::to_string(line.from));
    if (line.revoked_at_entries) text += fmt::format(" revoked {}", *line.revoked_at_entries);
    text += '\n';
  }
  return text;
}

Result<Roster> parse_roster(std::string_view text) {
  ByteReader reader(text);
  Roster roster;
  if (reader.line() != magic) return bad("not a roster of this version");
  roster.estate = reader.field("estate");
  const auto number = parse_size(reader.field("number"));
  const std::string_view previous = reader.field("previous");
  const auto threshold = parse_size(reader.field("threshold"));
  const auto previous_bytes = crypto::from_hex(previous);
  if (!reader.good() || !number || !threshold ||
      (previous != "-" && (!previous_bytes || previous_bytes->size() != sizeof(Digest))))
    return bad("expected estate, number, previous, threshold");
  roster.number = *number;
  roster.threshold = *threshold;
  if (previous != "-") {
    roster.previous.emplace();
    std::ranges::copy(*previous_bytes, roster.previous->bytes.begin());
  }
  while (reader.rest().starts_with("approver ") && roster.approvers.size() <= approvers_max)
    roster.approvers.push_back(TRY(parse_verifier(reader.field("approver"))));
  while (!reader.at_end()) {
    const std::string_view line = reader.line();
    if (!reader.good() || roster.lines.size() == roster_lines_max)
      return bad("the last line is cut off, or there are too many");
    roster.lines.push_back(TRY(parse_line(line)));
  }
  TRY(check_roster(roster));
  return roster;
}

Result<std::uint64_t> count_approvals(const Note& note, const Roster& roster) {
  std::uint64_t count = 0;
  for (const VerifierKey& approver : roster.approvers) {
    const Signed outcome = check(note, approver).outcome;
    if (outcome == Signed::bad)
      return bad(fmt::format("the signature of approver {} does not fit", approver.name));
    count += outcome == Signed::yes ? 1 : 0;
  }
  return count;
}

Result<Roster> open_roster(std::string_view note_bytes, const Roster* before) {
  const Note note = TRY(parse_note(note_bytes));
  Roster roster = TRY(parse_roster(note.text));
  const std::uint64_t own = TRY(count_approvals(note, roster));
  if (own < roster.threshold)
    return bad(fmt::format("{} of {} approvers that it needs have signed", own, roster.threshold));
  if (before == nullptr) return roster;
  TRY(check_successor(*before, roster));
  const std::uint64_t earlier = TRY(count_approvals(note, *before));
  if (earlier < before->threshold)
    return bad(fmt::format("{} of {} approvers of number {} have signed its successor", earlier,
                           before->threshold, before->number));
  return roster;
}

Standpoint judge_key(const Roster& roster, const VerifierKey& key, std::uint64_t entries) {
  const auto line = std::ranges::find_if(
      roster.lines, [&](const RosterLine& one) { return one.key.name == key.name; });
  if (line != roster.lines.end()) {
    if (!(line->key == key))
      return {fmt::format("the roster has another key for {}", key.name), std::nullopt};
    if (line->revoked_at_entries && entries > *line->revoked_at_entries)
      return {fmt::format("the key of {} is revoked after entry count {}", key.name,
                          *line->revoked_at_entries),
              *line->revoked_at_entries};
    return {};
  }
  const auto origin = parse_origin(key.name);
  std::uint64_t newest = 0;
  for (const RosterLine& one : roster.lines) {
    const auto other = parse_origin(one.key.name);
    if (origin && other && other->estate == origin->estate && other->site == origin->site)
      newest = std::max(newest, other->epoch);
  }
  if (origin && newest > 0 && origin->epoch > newest)
    return {fmt::format("{} is of epoch {}, and the roster knows the site up to epoch {}", key.name,
                        origin->epoch, newest),
            std::nullopt};
  return {fmt::format("the roster does not list {}", key.name), std::nullopt};
}

}  // namespace journal
