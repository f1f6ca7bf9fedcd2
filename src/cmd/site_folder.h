#pragma once
// A site's data folder as the commands about other sites' journals see it: its key, the roster, its
// journal and its copies of others'.

#include <memory>
#include <set>
#include <string>

#include "base/result.h"
#include "sync/holdings.h"

namespace cmd {

inline constexpr std::string_view roster_file = "roster";
inline constexpr std::string_view witness_file = "witness.key";

class SiteFolder {
 public:
  // `roster` is the file of an approved roster; if empty, the one in the folder. With a witness.key
  // the site cosigns what it takes. Of sites that it dials, by their ids, it holds the journals.
  // Errors: input_missing, evidence_bad, io_failed.
  static base::Result<std::unique_ptr<SiteFolder>> open(const std::string& data,
                                                        const std::string& roster,
                                                        std::set<std::string> dialled = {});

  // The same with a key from elsewhere, for a site that does not trade yet. The folder is made.
  static base::Result<std::unique_ptr<SiteFolder>> open_as(journal::Signer signer,
                                                           const std::string& data,
                                                           const std::string& roster,
                                                           std::set<std::string> dialled = {});

  const journal::Signer& signer() const { return signer_; }
  // The site's id in its journal's name.
  const std::string& site() const { return site_; }
  syncing::Holdings& holdings() { return *holdings_; }
  const syncing::RosterIndex& roster() const { return roster_; }

 private:
  SiteFolder(journal::Signer signer, std::string site, journal::Roster roster)
      : signer_(std::move(signer)), site_(std::move(site)), roster_(std::move(roster)) {}

  journal::Signer signer_;
  std::string site_;
  syncing::RosterIndex roster_;
  std::unique_ptr<syncing::Copies> copies_;
  std::unique_ptr<syncing::Holdings> holdings_;
};

}  // namespace cmd
