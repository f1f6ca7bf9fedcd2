#pragma once
// A site's data folder as the commands about other sites' journals see it: its key, the roster, its
// journal and its copies of others'.

#include <memory>
#include <mutex>
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

  // The same by a roster that is in use already, also where it does not list the site: it then
  // holds nothing of others until one does.
  static base::Result<std::unique_ptr<SiteFolder>> open_by(const journal::Roster& roster,
                                                           const std::string& data,
                                                           std::set<std::string> dialled);

  // The same with a key from elsewhere, for a site that does not trade yet. The folder is made.
  static base::Result<std::unique_ptr<SiteFolder>> open_as(journal::Signer signer,
                                                           const std::string& data,
                                                           const std::string& roster,
                                                           std::set<std::string> dialled = {});

  const journal::Signer& signer() const { return signer_; }
  // The site's id in its journal's name.
  const std::string& site() const { return site_; }
  syncing::Holdings& holdings() { return *holdings_; }
  // From any thread.
  std::shared_ptr<const syncing::RosterIndex> roster() const;
  // Goes by another roster from now on; on the thread that uses the holdings.
  void take_roster(const journal::Roster& roster);
  // Whether this site's key is the one that speaks for it. Error: evidence_bad.
  base::Result<> check_listed() const;

 private:
  SiteFolder(journal::Signer signer, std::string site, std::set<std::string> dialled)
      : signer_(std::move(signer)), site_(std::move(site)), dialled_(std::move(dialled)) {}
  static base::Result<std::unique_ptr<SiteFolder>> make(journal::Signer signer,
                                                        const journal::Roster& roster,
                                                        std::set<std::string> dialled);
  base::Result<> open_holdings(const io::Path& folder);
  syncing::Want want(const journal::Origin& origin) const;

  const journal::Signer signer_;
  const std::string site_;
  const std::set<std::string> dialled_;
  mutable std::mutex lock_;  // of the roster
  std::shared_ptr<const syncing::RosterIndex> roster_;
  std::unique_ptr<syncing::Copies> copies_;
  std::unique_ptr<syncing::Holdings> holdings_;
};

}  // namespace cmd
