#pragma once
// What the tests of sync share: an estate of sites on simulated disks, each with a journal, copies
// of what it should hold, and both sides of the protocol.

#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "io/sim_disk.h"
#include "journal/testing/kit.h"
#include "sync/dialler.h"
#include "sync/listener.h"

namespace syncing::testing {

inline constexpr std::uint64_t now_s = 1'800'000'000;

inline std::string origin_of(const std::string& site, std::uint64_t epoch = 1) {
  return fmt::format("stockade/sample/{}/{}", site, epoch);
}

inline journal::Signer signer_of(const std::string& site, std::uint64_t epoch = 1) {
  crypto::Seed seed{};
  const std::string text = fmt::format("{} {}", site, epoch);
  std::copy(text.begin(), text.end(), seed.begin());
  return journal::make_signer(origin_of(site, epoch), journal::KeyKind::signer, seed);
}

inline journal::Signer witness_of(const std::string& site) {
  crypto::Seed seed{99};
  std::copy(site.begin(), site.end(), seed.begin() + 1);
  return journal::make_signer("witness-" + site, journal::KeyKind::witness, seed);
}

// Lines for a centre 0001, a depot 0002 and stores from 0101 on, and the first two as witnesses.
inline journal::Roster roster_of(int stores) {
  journal::Roster roster;
  roster.estate = "sample";
  const auto add = [&](const std::string& site, journal::Role role) {
    roster.lines.push_back({signer_of(site).verifier, role, {}, std::nullopt});
  };
  add("0001", journal::Role::centre);
  add("0002", journal::Role::depot);
  for (int i = 0; i < stores; ++i) add(fmt::format("{:04}", 101 + i), journal::Role::store);
  for (const std::string site : {"0001", "0002"})
    roster.lines.push_back({witness_of(site).verifier, journal::Role::witness, {}, std::nullopt});
  return roster;
}

// What a site holds of a journal by its role.
inline Want wants_of(const std::string& site, const journal::Origin& origin) {
  static const RosterIndex roster(roster_of(20));
  const auto holder = roster.journal(origin_of(site));
  CHECK(holder.has_value());
  return origin.site == site ? Want::nothing : roster.usual_want(**holder, origin);
}

struct SiteOptions {
  std::function<Want(const journal::Origin&)> wants = {};
  std::uint64_t segment_bytes_max = 4'000;
  std::uint64_t epoch = 1;
};

// One site. Its journal lies in "journal", its copies in "copies".
class Site {
 public:
  Site(std::string site, const RosterIndex& roster, std::uint64_t seed = 1,
       SiteOptions options = {})
      : site_(std::move(site)), roster_(roster), options_(std::move(options)), disk_(seed) {
    CHECK(journal::Journal::create(disk_, "journal", signer().verifier).has_value());
    start();
  }

  journal::Signer signer() const { return signer_of(site_, options_.epoch); }
  std::string origin() const { return origin_of(site_, options_.epoch); }
  crypto::PublicKey key() const { return signer().verifier.key; }

  // Reads everything from the disk.
  void start() {
    listener_.reset();
    holdings_.reset();
    copies_.reset();
    journal_.reset();
    journal::Options journal_options{.segment_bytes_max = options_.segment_bytes_max};
    auto opened = journal::Journal::open(disk_, "journal", journal_options, fold_);
    CHECK(opened.has_value());
    journal_ = std::make_unique<journal::Journal>(*std::move(opened));
    auto wants = options_.wants;
    if (!wants) wants = [site = site_](const auto& origin) { return wants_of(site, origin); };
    CopiesOptions copies{"copies", wants, {}};
    if (site_ < "0100") copies.witness = witness_of(site_);
    auto held = Copies::open(disk_, copies, roster_);
    CHECK(held.has_value());
    copies_ = std::make_unique<Copies>(*std::move(held));
    holdings_ = std::make_unique<Holdings>(disk_, OwnJournal{origin(), "journal"}, *copies_);
    listener_ = std::make_unique<Listener>(*holdings_);
  }

  // Commits events, one an entry, and signs.
  void trade(int count, std::size_t bytes = 40) {
    for (int i = 0; i < count; ++i)
      CHECK(journal::testing::append(*journal_, journal::testing::batch(events_++, 1, bytes),
                                     journal_->last_stamp().tick_ms)
                .has_value());
    sign();
  }
  Digest store_document(std::string_view bytes) {
    const auto digest = journal_->append_document(bytes, journal_->last_stamp());
    CHECK(digest.has_value());
    sign();
    return *digest;
  }
  void sign() { CHECK(journal::testing::sign_now(*journal_, signer()).has_value()); }

  io::SimDisk& disk() { return disk_; }
  journal::Journal& journal() { return *journal_; }
  Copies& copies() { return *copies_; }
  Holdings& holdings() { return *holdings_; }
  Listener& listener() { return *listener_; }

  // A channel to another site's listener.
  Channel to(Site& other) {
    return [this, &other](std::string_view request) -> base::Result<std::string> {
      Reply reply = other.listener().answer(request, key(), now_s);
      if (reply.no) refused.push_back(*reply.no);
      return reply.bytes;
    };
  }
  // A whole exchange.
  Exchanged exchange(Site& other) {
    Dialler dialler(*holdings_, 1, now_s);
    CHECK(carry(to(other), dialler).has_value());
    return dialler.exchanged();
  }

  std::vector<No> refused;  // what this site's requests were refused for

 private:
  std::string site_;
  const RosterIndex& roster_;
  SiteOptions options_;
  io::SimDisk disk_;
  journal::testing::EventList fold_;
  int events_ = 0;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<Copies> copies_;
  std::unique_ptr<Holdings> holdings_;
  std::unique_ptr<Listener> listener_;
};

inline io::Path copy_folder(const std::string& site, std::uint64_t epoch = 1) {
  return io::Path("copies") / fmt::format("{}-{}", site, epoch);
}

// Size and digest of each of a journal's segments but for the space behind it.
inline std::vector<std::pair<std::string, std::string>> bytes_of(io::Disk& disk,
                                                                 const io::Path& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  if (!disk.exists(folder)) return files;
  const auto names = *journal::list_segments(disk, folder);
  for (const std::string& name : names) {
    std::string bytes = *io::read_file(disk, folder / name);
    const auto header = journal::parse_header(bytes);
    CHECK(header.has_value());
    bytes.resize(journal::frames_end(bytes, header->bytes));
    files.emplace_back(name, fmt::format("{} {}", bytes.size(), to_hex(crypto::sha256(bytes))));
  }
  return files;
}

}  // namespace syncing::testing
