#pragma once
// A folder of a site with a small journal and a small estate, on the real disk, for tests.

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "journal/journal.h"
#include "journal/testing/kit.h"
#include "site/key.h"
#include "trade/testing/kit.h"

namespace vault::testing {

using trade::testing::depot_code;
using trade::testing::store_code;

inline journal::Signer signer_of(trade::SiteCode code) {
  return journal::testing::test_signer(to_string(site::origin_of("sample", code, 1)),
                                       static_cast<std::uint8_t>(static_cast<int>(code) + 1));
}

// Writes the events as a journal, each in a commit of its own, and signs it.
inline void write_journal(io::Disk& disk, const io::Path& folder, const journal::Signer& signer,
                          const std::vector<trade::Body>& bodies) {
  journal::testing::EventList nothing;
  ASSERT_TRUE(journal::Journal::create(disk, folder, signer.verifier));
  auto opened = journal::Journal::open(disk, folder, {}, nothing);
  ASSERT_TRUE(opened);
  for (const trade::Body& body : bodies)
    ASSERT_TRUE(journal::testing::append(*opened, {trade::encode(trade::Event{{}, body})},
                                         opened->last_stamp().tick_ms + 1));
  ASSERT_TRUE(opened->save_checkpoint(journal::sign(signer, opened->checkpoint())));
}

// A roster that one approver has signed.
inline std::string roster_of(const std::vector<journal::VerifierKey>& keys) {
  const auto anna =
      journal::make_signer("anna", journal::KeyKind::signer, crypto::Seed{std::uint8_t{99}});
  journal::Roster roster;
  roster.estate = "sample";
  roster.approvers = {anna.verifier};
  for (const auto& key : keys)
    roster.lines.push_back({key, journal::Role::depot, base::make_date(2026, 1, 1), {}});
  const std::string text = to_text(roster);
  return to_string(journal::Note{text, {journal::sign(anna, text)}});
}

}  // namespace vault::testing
