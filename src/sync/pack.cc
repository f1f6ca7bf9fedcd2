#include "sync/pack.h"

#include <algorithm>

#include <fmt/core.h>

#include "journal/bytes.h"
#include "journal/cursor.h"
#include "journal/files.h"

namespace syncing {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view magic = "stockade-pack-1";
constexpr std::string_view label_file = "pack";
constexpr std::string_view held_folder = "held";
constexpr std::string_view journals_folder = "journals";

std::unexpected<base::Error> bad(const io::Path& folder, std::string_view why) {
  return base::fail(ErrorCode::evidence_bad, fmt::format("{}: {}", folder.string(), why));
}

bool is_packed(std::string_view name) {
  return name == label_file || name == held_folder || name == journals_folder ||
         name == journal::documents_folder || journal::is_manifest_file(name);
}

// journals/SITE-EPOCH/FROM, in order of their entries.
std::string runs_of(const std::string& origin_text) {
  const auto origin = journal::parse_origin(origin_text);
  return origin ? fmt::format("{}/{}-{}/", journals_folder, origin->site, origin->epoch)
                : std::string();
}
std::string run_path(const std::string& origin, std::uint64_t from) {
  return fmt::format("{}{:020}", runs_of(origin), from);
}

std::string label(const std::string& from, const PackOptions& options) {
  std::string text = fmt::format("{}\nfrom {}\nmade {}\n", magic, from, options.made_ms);
  for (const std::string& site : options.sites) text += fmt::format("for {}\n", site);
  return text;
}

// Takes a header or a frame off the front of a run's bytes, and says where the run is then; false
// where there is neither.
bool pass_part(std::string_view& rest, std::uint64_t& at) {
  if (const auto span = journal::frame_span(rest); span && span->bytes <= rest.size()) {
    at = span->first + span->count;
    rest.remove_prefix(span->bytes);
    return true;
  }
  const auto header = journal::parse_header(rest);
  if (header) rest.remove_prefix(header->bytes);
  return header.has_value();
}

// Makes a pack in a folder that is not in its place yet.
class Packer {
 public:
  Packer(io::Disk& disk, Holdings& holdings, const io::Path& out)
      : disk_(disk), holdings_(holdings), folder_(disk, out, magic) {}

  Result<> put_label(const std::string& text) { return put(std::string(label_file), text); }

  // Sizes of all that is held.
  Result<> put_held(const std::vector<std::string>& origins) {
    for (std::size_t begin = 0; begin < origins.size(); begin += rows_max) {
      Known known;
      for (std::size_t i = begin; i < std::min(origins.size(), begin + rows_max); ++i)
        known.journals.push_back(holdings_.standing(origins[i]));
      TRY(put(fmt::format("{}/{:06}", held_folder, begin), encode(0, Answer(known))));
    }
    return {};
  }

  // A journal from an entry on, with its documents if all are wanted.
  Result<> put_journal(const std::string& origin, std::uint64_t from, bool with_documents) {
    const std::uint64_t size = holdings_.held(origin).size;
    if (from >= size) return {};
    ++done_.journals;
    done_.entries += size - from;
    for (std::uint64_t at = from; at < size;) {
      const auto run = holdings_.run(origin, at);
      if (!run)
        return base::fail(ErrorCode::evidence_bad,
                          fmt::format("{}, entry {}: {}: {}", origin, at,
                                      meaning(run.error().refusal), run.error().words));
      TRY(put(run_path(origin, at), encode(0, Answer(*run))));
      at = end_of(*run);
    }
    return with_documents ? put_documents(origin, from, size) : Result<>{};
  }

  Result<> put_document(const std::string& origin, const Digest& digest) {
    const std::string path = journal::document_path({}, digest).string();
    const auto bytes = holdings_.document(origin, digest);
    if (!bytes || documents_.contains(path)) return {};
    documents_.insert(path);
    ++done_.documents;
    return put(path, *bytes);
  }

  Result<Packed> sign(const journal::Signer& signer) {
    TRY(folder_.sign(signer, "pack of " + signer.verifier.name));
    return done_;
  }

 private:
  Result<> put(const std::string& path, std::string_view bytes) {
    done_.bytes += bytes.size();
    return folder_.put(path, bytes);
  }
  static std::uint64_t end_of(const Run& run) {
    std::uint64_t end = run.from;
    std::string_view rest = run.bytes;
    while (pass_part(rest, end)) continue;
    return end;
  }

  // Those that entries name; one that is not here cannot be given.
  Result<> put_documents(const std::string& origin, std::uint64_t from, std::uint64_t size) {
    auto cursor = TRY(journal::Cursor::open(disk_, holdings_.folder_of(origin), from));
    while (const auto item = TRY(cursor.next(size))) {
      if (item->entry.kind != journal::EntryKind::document) continue;
      if (const auto body = journal::parse_document(item->entry.body))
        TRY(put_document(origin, body->digest));
    }
    return {};
  }

  io::Disk& disk_;
  Holdings& holdings_;
  journal::SignedFolder folder_;
  std::set<std::string> documents_;
  Packed done_;
};

// The roster's lines of the sites, in their newest epochs.
Result<std::vector<const journal::RosterLine*>> lines_of(const RosterIndex& roster,
                                                         const std::vector<std::string>& sites) {
  std::vector<const journal::RosterLine*> lines;
  for (const std::string& site : sites) {
    const auto* line = roster.site(site);
    if (line == nullptr)
      return base::fail(ErrorCode::input_bad, site + ": the roster does not list this site");
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

Result<Packed> pack(io::Disk& disk, Holdings& holdings, const journal::Signer& signer,
                    const PackOptions& options, const io::Path& out) {
  const RosterIndex& roster = holdings.copies().roster();
  const auto readers = TRY(lines_of(roster, options.sites));
  std::optional<Pack> theirs;
  if (options.since) theirs = TRY(Pack::open(disk, *options.since, roster));
  auto staged = TRY(io::StagedFolder::create(disk, out, journal::manifest_file, is_packed));
  Packer packer(disk, holdings, staged.path());
  const auto origins = holdings.origins();
  TRY(packer.put_label(label(signer.verifier.name, options)));
  TRY(packer.put_held(origins));
  const bool with_documents = std::ranges::any_of(readers, [](const auto* line) {
    return line->role == journal::Role::centre || line->role == journal::Role::depot;
  });
  for (const std::string& origin : origins) {
    const bool may_all_read = std::ranges::all_of(readers, [&](const auto* line) {
      return line->key.name != origin && roster.may_read(*line, origin);
    });
    if (!may_all_read) continue;
    const std::uint64_t from = theirs ? theirs->held(origin).size : 0;
    TRY(packer.put_journal(origin, from, with_documents));
    for (const Digest& digest : options.documents) TRY(packer.put_document(origin, digest));
  }
  const Packed done = TRY(packer.sign(signer));
  TRY(staged.commit());
  return done;
}

Result<Pack> Pack::open(io::Disk& disk, const io::Path& folder, const RosterIndex& roster) {
  Pack pack(disk, folder);
  TRY(pack.read_label());
  const auto line = roster.journal(pack.from_);
  const auto peer = line ? roster.peer((*line)->key.key) : line;
  if (!peer) return bad(folder, fmt::format("{}: {}", pack.from_, meaning(peer.error().refusal)));
  const auto key = crypto::minisign_key((*peer)->key.key);
  for (journal::ManifestLine& one :
       TRY(journal::read_manifest(disk, folder, magic, key, is_packed))) {
    TRY(journal::read_listed(disk, folder, one));
    const std::string path = one.path;
    pack.lines_.emplace(path, std::move(one));
  }
  if (!pack.lines_.contains(std::string(label_file))) return bad(folder, "its label is not signed");
  TRY(pack.read_held());
  return pack;
}

// Who made it is believed once the whole is found to be signed by them.
Result<> Pack::read_label() {
  const std::string text = TRY(io::read_file(*disk_, folder_ / label_file));
  journal::ByteReader reader(text);
  if (reader.line() != magic) return bad(folder_, "not a pack of this version");
  from_ = reader.field("from");
  const auto made = journal::parse_size(reader.field("made"));
  while (!reader.at_end() && reader.good()) sites_.emplace_back(reader.field("for"));
  if (!reader.good() || !made) return bad(folder_, "its label is malformed");
  return {};
}

Result<> Pack::read_held() {
  for (const auto& [path, line] : lines_) {
    if (!path.starts_with(held_folder)) continue;
    const auto bytes = TRY(journal::read_listed(*disk_, folder_, line));
    const auto message = TRY(parse_answer(bytes));
    const auto* known = std::get_if<Known>(&message.body);
    if (known == nullptr) return bad(folder_, path + " does not say what is held");
    for (const Standing& one : known->journals) held_[one.held.origin] = one.held;
  }
  return {};
}

bool Pack::is_for(std::string_view site) const {
  return std::ranges::find(sites_, site) != sites_.end();
}

Held Pack::held(const std::string& origin) const {
  const auto found = held_.find(origin);
  return found == held_.end() ? Held{origin, 0, {}} : found->second;
}

std::expected<std::string, No> Pack::file(const std::string& path) const {
  const auto line = lines_.find(path);
  if (line == lines_.end()) return std::unexpected(No{Refusal::behind, "the pack has no " + path});
  auto bytes = journal::read_listed(*disk_, folder_, line->second);
  if (!bytes) return std::unexpected(No{Refusal::failed, bytes.error().message});
  return *std::move(bytes);
}

// The run that holds an entry, from that entry on: what is proved at its end stays so.
std::expected<Run, No> Pack::run(const Ask& ask) const {
  const std::string runs = runs_of(ask.origin);
  auto behind = lines_.upper_bound(run_path(ask.origin, ask.from));
  if (behind == lines_.begin() || !(--behind)->first.starts_with(runs))
    return std::unexpected(
        No{Refusal::behind,
           fmt::format("the pack has nothing of {} from entry {} on", ask.origin, ask.from)});
  const auto message = parse_answer(TRY(file(behind->first)));
  const auto* found = message ? std::get_if<Run>(&message->body) : nullptr;
  if (found == nullptr) return std::unexpected(No{Refusal::malformed, behind->first});
  Run run = *found;
  std::string_view rest = run.bytes;
  while (run.from < ask.from && pass_part(rest, run.from)) continue;
  if (run.from == ask.from) run.bytes = std::string(rest);
  run.from = ask.from;  // bytes that do not begin there are found not to continue
  return run;
}

Pack::Outcome Pack::decide(const Request& request) const {
  if (const auto* offer = std::get_if<Offer>(&request)) {
    Known known;
    for (const Held& one : offer->journals) {
      const Held theirs = held(one.origin);
      known.journals.push_back({theirs, theirs.size, Want::nothing, {}});
    }
    return known;
  }
  if (const auto* ask = std::get_if<Ask>(&request)) return TRY(run(*ask));
  if (const auto* ask = std::get_if<AskDocument>(&request))
    return Document{TRY(file(journal::document_path({}, ask->digest).string()))};
  return std::unexpected(No{Refusal::behind, "a pack answers no such request"});
}

std::string Pack::answer(std::string_view request) const {
  const auto message = parse_request(request);
  if (!message) return encode(0, Answer(Refused{Refusal::malformed, {}, 0}));
  const auto outcome = decide(message->body);
  return encode(message->number, outcome ? *outcome : Answer(to_answer(outcome.error())));
}

Result<Exchanged> unpack(const Pack& pack, Holdings& holdings, std::string_view site,
                         std::uint64_t at_s) {
  if (!pack.is_for(site))
    return base::fail(ErrorCode::input_bad,
                      fmt::format("the pack of {} is not for {}", pack.from(), site));
  Dialler dialler(holdings, 1, at_s);
  TRY(carry([&](std::string_view request) -> Result<std::string> { return pack.answer(request); },
            dialler));
  return dialler.exchanged();
}

}  // namespace syncing
