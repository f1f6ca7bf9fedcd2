#include "rebuild/prefix.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "journal/cursor.h"
#include "journal/files.h"
#include "rebuild/reading.h"
#include "site/believed.h"

namespace rebuild {
namespace {

using base::ErrorCode;
using base::Result;
using journal::Checkpoint;
using journal::SignedCheckpoint;

constexpr std::uint64_t to_the_end = ~std::uint64_t{0};
constexpr std::size_t copy_bytes_at_once = 1u << 20;

std::string name_of(const Checkpoint& checkpoint) {
  return fmt::format("{} entries with root {}", checkpoint.size,
                     to_hex(checkpoint.root).substr(0, 16));
}

// How many entries two copies have in common from the first one on.
Result<std::uint64_t> common_entries(io::Disk& disk, const Copy& a, const Copy& b) {
  auto left = TRY(journal::Cursor::open(disk, a.folder, 0));
  auto right = TRY(journal::Cursor::open(disk, b.folder, 0));
  for (std::uint64_t same = 0;; ++same) {
    // A copy that ends, or breaks, has nothing more in common.
    const auto one = left.next(to_the_end), other = right.next(to_the_end);
    if (!one || !other || !*one || !*other) return same;
    const journal::Entry &mine = (*one)->entry, &theirs = (*other)->entry;
    if (mine.kind != theirs.kind || mine.body != theirs.body ||
        mine.stamp.at_ms != theirs.stamp.at_ms || mine.stamp.tick_ms != theirs.stamp.tick_ms)
      return same;
  }
}

// The judgement of one journal, from its copies.
class Judge {
 public:
  Judge(io::Disk& disk, const journal::Roster& roster, std::span<const Copy> copies) : disk_(disk) {
    CHECK(!copies.empty());
    prefix_.origin = copies[0].key.name;
    for (const Copy& copy : copies) admit(roster, copy);
    std::ranges::stable_sort(copies_, std::ranges::greater(), [](const Copy* copy) {
      return copy->checkpoint ? copy->checkpoint->checkpoint.size : 0;
    });
    for (const Copy* copy : copies_) {
      if (!copy->checkpoint) continue;
      const Checkpoint& signed_size = copy->checkpoint->checkpoint;
      prefix_.known_entries = std::max(prefix_.known_entries, signed_size.size);
      const bool is_known = std::ranges::any_of(
          signed_, [&](const SignedCheckpoint* other) { return other->checkpoint == signed_size; });
      if (!is_known) signed_.push_back(&*copy->checkpoint);
    }
  }

  Prefix decide(std::optional<std::uint64_t> size) {
    for (const SignedCheckpoint* target : signed_) {
      if (size && target->checkpoint.size < *size) continue;
      for (const Copy* copy : copies_)
        if (try_copy(*copy, *target, size)) return prefix_;
    }
    prefix_.verdict = Verdict::refused;
    if (signed_.empty() && !copies_.empty()) note(copies_[0]->why);
    if (!signed_.empty())
      note(size ? fmt::format("no copy proves {} entries", *size)
                : "no copy holds what its site has signed");
    return prefix_;
  }

 private:
  void note(std::string_view why) {
    if (!prefix_.why.empty()) prefix_.why += "; ";
    prefix_.why += why;
  }

  // Copies under a key that may not speak are nobody's.
  void admit(const journal::Roster& roster, const Copy& copy) {
    const std::uint64_t entries = copy.checkpoint ? copy.checkpoint->checkpoint.size : 0;
    const journal::Standpoint standpoint = journal::judge_key(roster, copy.key, entries);
    if (standpoint.why.empty()) return copies_.push_back(&copy);
    if (!standpoint.entry) return note(fmt::format("{}: {}", copy.folder.string(), standpoint.why));
    limit_ = std::min(limit_, *standpoint.entry);
    note(standpoint.why);
    copies_.push_back(&copy);
  }

  std::set<std::uint64_t> marks() const {
    std::set<std::uint64_t> sizes;
    for (const SignedCheckpoint* known : signed_) sizes.insert(known->checkpoint.size);
    return sizes;
  }

  // Whether the copy holds what was signed there; then the prefix is decided.
  bool try_copy(const Copy& copy, const SignedCheckpoint& target,
                std::optional<std::uint64_t> size) {
    const std::uint64_t wanted = std::min(size.value_or(target.checkpoint.size), limit_);
    const std::set<std::uint64_t> sizes = marks();
    auto reading = read(disk_, copy, wanted, sizes);
    if (!reading) return false;
    const auto root = reading->roots().find(target.checkpoint.size);
    if (root == reading->roots().end() || root->second != target.checkpoint.root) return false;
    prefix_.verdict =
        wanted < prefix_.known_entries && !size ? Verdict::shortened : Verdict::proven;
    if (prefix_.verdict == Verdict::shortened && wanted < limit_)
      note(fmt::format("{} entries were signed, and no copy holds more than {}",
                       prefix_.known_entries, wanted));
    std::uint64_t end = std::min(wanted, agreed_by_all(copy, *reading));
    if (!reading->why().empty() && reading->end().next < end) {
      prefix_.verdict = Verdict::absurd;
      note(reading->why());
    }
    // Again where less is believed than was folded, down to the end of a commit.
    for (end = std::min(end, reading->end().next); reading->fold_to() != end;
         end = reading->end().next) {
      reading = read(disk_, copy, end, sizes);
      if (!reading) return false;
    }
    fill(copy, target, *reading);
    return true;
  }

  // How many entries of a copy no other signature of the same site contradicts.
  std::uint64_t agreed_by_all(const Copy& copy, const Reading& reading) {
    std::uint64_t agreed = to_the_end;
    for (const Copy* other : copies_) {
      if (!other->checkpoint) continue;
      const Checkpoint& theirs = other->checkpoint->checkpoint;
      const auto root = reading.roots().find(theirs.size);
      if (root == reading.roots().end() || root->second == theirs.root) continue;
      prefix_.verdict = Verdict::lying;
      note(fmt::format("the site also signed {} ({})", name_of(theirs), other->folder.string()));
      agreed = std::min(agreed, common_entries(disk_, copy, *other).value_or(0));
    }
    return agreed;
  }

  void fill(const Copy& copy, const SignedCheckpoint& target, const Reading& reading) {
    prefix_.folder = copy.folder;
    prefix_.entries = reading.end().next;
    prefix_.events = reading.events();
    prefix_.end = reading.end();
    prefix_.root = reading.root();
    prefix_.state = reading.state();
    if (prefix_.entries == target.checkpoint.size) prefix_.checkpoint = target;
  }

  io::Disk& disk_;
  Prefix prefix_;
  std::vector<const Copy*> copies_;              // those whose key may speak, the newest first
  std::vector<const SignedCheckpoint*> signed_;  // different ones, the newest first
  std::uint64_t limit_ = to_the_end;             // entries that the key may speak for
};

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::proven:
      return "proven";
    case Verdict::shortened:
      return "shortened";
    case Verdict::lying:
      return "lying";
    case Verdict::absurd:
      return "absurd";
    case Verdict::refused:
      break;
  }
  return "refused";
}

Prefix newest_prefix(io::Disk& disk, const journal::Roster& roster, std::span<const Copy> copies,
                     std::optional<std::uint64_t> size) {
  return Judge(disk, roster, copies).decide(size);
}

namespace {

// The first bytes of a file, to another one. Returns how many; fewer only where the file ends.
Result<std::uint64_t> copy_bytes(io::Disk& disk, const io::Path& from, const io::Path& to,
                                 std::uint64_t bytes_max) {
  const auto reader = TRY(disk.open(from));
  const auto writer = TRY(disk.create(to));
  std::string buffer(copy_bytes_at_once, '\0');
  std::uint64_t copied = 0;
  while (copied < bytes_max) {
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), bytes_max - copied);
    const std::size_t got = TRY(reader->read(std::span(buffer).first(wanted)));
    if (got == 0) break;
    TRY(writer->write(std::string_view(buffer).substr(0, got)));
    copied += got;
  }
  TRY(writer->finish());
  return copied;
}

// Documents that are what their names say; the others are as good as missing.
Result<std::uint64_t> copy_documents(io::Disk& disk, const io::Path& from, const io::Path& to) {
  std::uint64_t copied = 0;
  if (!disk.exists(from)) return copied;
  for (const std::string& below : TRY(disk.list(from))) {
    for (const std::string& name : disk.list(from / below).value_or(std::vector<std::string>())) {
      const auto bytes = io::read_file(disk, from / below / name);
      if (!bytes || to_hex(crypto::sha256(*bytes)) != name) continue;
      TRY(disk.make_folders(to / below));
      copied += TRY(copy_bytes(disk, from / below / name, to / below / name, to_the_end));
    }
  }
  return copied;
}

}  // namespace

Result<std::uint64_t> write_prefix(io::Disk& disk, const Prefix& prefix, const io::Path& folder) {
  TRY(disk.make_folders(folder));
  std::uint64_t bytes = 0;
  for (const std::string& name : TRY(journal::list_segments(disk, prefix.folder))) {
    if (name > prefix.end.segment) break;
    const bool is_last = name == prefix.end.segment;
    bytes += TRY(copy_bytes(disk, prefix.folder / name, folder / name,
                            is_last ? prefix.end.offset : to_the_end));
  }
  bytes += TRY(copy_documents(disk, prefix.folder / journal::documents_folder,
                              folder / journal::documents_folder));
  if (prefix.checkpoint)
    TRY(io::write_file(disk, folder / journal::checkpoint_file,
                       journal::wrap_checkpoint(prefix.checkpoint->note)));
  else
    TRY(io::write_file(disk, folder / site::believed_file,
                       site::to_text({prefix.entries, prefix.root, prefix.why})));
  return bytes;
}

}  // namespace rebuild
