#pragma once
// Journals of a small estate for tests: sites that trade a little, sign, and are copied.

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "io/disk.h"
#include "journal/journal.h"
#include "journal/testing/kit.h"
#include "rebuild/rebuild.h"
#include "site/key.h"
#include "trade/testing/kit.h"

namespace rebuild::testing {

inline constexpr trade::SiteCode centre_code{9'900};

inline journal::Signer signer_of(trade::SiteCode code, std::uint64_t epoch = 1,
                                 std::uint8_t seed = 0) {
  const auto number = static_cast<std::uint8_t>(static_cast<std::uint16_t>(code) % 200 + 1);
  return journal::make_signer(to_string(site::origin_of("sample", code, epoch)),
                              journal::KeyKind::signer, crypto::Seed{seed == 0 ? number : seed});
}

inline trade::Body sale(trade::Units units) {
  return trade::GoodsMoved{trade::Cause::sale, {{trade::testing::soap, units, 210 * units, {}}}};
}

// A site's journal that is written event by event, each its own commit.
class Writer {
 public:
  Writer(io::Disk& disk, io::Path folder, journal::Signer signer)
      : signer_(std::move(signer)), disk_(disk), folder_(std::move(folder)) {
    if (!disk.exists(folder_)) {
      EXPECT_TRUE(journal::Journal::create(disk, folder_, signer_.verifier));
    }
    auto opened = journal::Journal::open(disk, folder_, {}, nothing_);
    EXPECT_TRUE(opened);
    journal_.emplace(std::move(*opened));
  }

  Writer& put(const trade::Body& body) {
    const std::string bytes = trade::encode(trade::Event{{}, body});
    EXPECT_TRUE(journal::testing::append(*journal_, {bytes}, journal_->last_stamp().tick_ms + 1));
    return *this;
  }
  // A site with lines, stock and a trading day.
  Writer& open_site() {
    const auto origin = journal::parse_origin(signer_.verifier.name);
    for (const trade::Body& body : trade::testing::opening_of(*site::code_of(*origin))) put(body);
    return *this;
  }
  Writer& sell(int sales) {
    for (int i = 0; i < sales; ++i) put(sale(1));
    return *this;
  }
  Writer& sign() {
    EXPECT_TRUE(journal::testing::sign_now(*journal_, signer_));
    return *this;
  }
  std::uint64_t size() const { return journal_->size(); }

 private:
  journal::testing::EventList nothing_;
  journal::Signer signer_;
  io::Disk& disk_;
  io::Path folder_;
  std::optional<journal::Journal> journal_;
};

// All files of a folder, as they are.
inline void copy_folder(io::Disk& disk, const io::Path& from, const io::Path& to) {
  EXPECT_TRUE(disk.make_folders(to));
  const auto names = disk.list(from).value();
  for (const std::string& name : names) {
    const auto bytes = io::read_file(disk, from / name);
    if (bytes) {
      EXPECT_TRUE(io::write_file(disk, to / name, *bytes));
    } else {
      copy_folder(disk, from / name, to / name);
    }
  }
}

// A roster of these keys, as if it had been signed.
inline journal::Roster roster_of(const std::vector<journal::VerifierKey>& keys) {
  journal::Roster roster;
  roster.estate = "sample";
  for (const auto& key : keys) roster.lines.push_back({key, journal::Role::store, {}, {}});
  return roster;
}

}  // namespace rebuild::testing
