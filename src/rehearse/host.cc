#include "rehearse/host.h"

#include <algorithm>

#include <fmt/core.h>

#include "site/key.h"

namespace rehearse {
namespace {

using base::Result;

// A request is sent again after so long, and given up after so many times.
constexpr std::int64_t patience_ms = 400;
constexpr int sends_max = 6;

// Small, so that a short life fills several.
constexpr std::uint64_t segment_bytes_max = 16'384;
constexpr std::uint64_t snapshot_entries = 24;

}  // namespace

journal::Role role_of(trade::SiteKind kind) {
  if (kind == trade::SiteKind::centre) return journal::Role::centre;
  return kind == trade::SiteKind::depot ? journal::Role::depot : journal::Role::store;
}

journal::Signer witness_of(const HostPlan& plan) {
  crypto::Seed seed{};
  seed[0] = 77;
  std::copy_n(plan.name.begin(), 4, seed.begin() + 1);
  return journal::make_signer("witness-" + plan.name.substr(0, 4), journal::KeyKind::witness, seed);
}

syncing::Want want_of(const HostPlan& plan, const syncing::RosterIndex& roster,
                      const journal::Origin& origin) {
  const auto own = site::origin_of(estate_name, plan.site.code, plan.site.epoch);
  const auto line = roster.journal(to_string(own));
  if (!line) return syncing::Want::nothing;
  if (plan.site.kind == trade::SiteKind::store &&
      std::ranges::find(plan.dials, origin.site) != plan.dials.end())
    return syncing::Want::entries;
  return roster.usual_want(**line, origin);
}

Host::Host(HostPlan plan)
    : plan_(std::move(plan)),
      disk_(std::make_unique<io::SimDisk>(plan_.seed)),
      clock_(plan_.wall_ms),
      entropy_(plan_.seed) {}

Host::Host(HostPlan plan, const Host& original)
    : plan_(std::move(plan)),
      disk_(original.disk_->clone(plan_.seed)),
      clock_(plan_.wall_ms),
      entropy_(plan_.seed),
      signer_(original.signer_),
      witness_(original.witness_) {}

Host::~Host() { forget(); }

std::string Host::origin() const {
  return to_string(site::origin_of(estate_name, plan_.site.code, plan_.site.epoch));
}

std::string Host::folder_name() const {
  return fmt::format("{:04}-{}", static_cast<std::uint16_t>(plan_.site.code), plan_.site.epoch);
}

journal::Signer Host::make_key() {
  CHECK(disk_->make_folders(data_folder).has_value());
  signer_ = *site::site_key(*disk_, entropy_, data_folder,
                            site::origin_of(estate_name, plan_.site.code, plan_.site.epoch));
  if (role_of(plan_.site.kind) != journal::Role::store) witness_ = witness_of(plan_);
  return *signer_;
}

Result<> Host::start(const syncing::RosterIndex& roster, bool with_core) {
  CHECK(!is_up());
  site::CoreOptions options;
  options.data = data_folder;
  options.site = plan_.site;
  options.estate = estate_name;
  options.held = copies_path;
  options.roster = std::make_shared<site::RosterInUse>(roster.roster());
  options.segment_bytes_max = segment_bytes_max;
  options.snapshot_entries = snapshot_entries;
  options.has_threads = false;
  TRY(disk_->make_folders(data_folder));
  syncing::CopiesOptions held{copies_path,
                              [&plan = plan_, &roster](const journal::Origin& other) {
                                return want_of(plan, roster, other);
                              },
                              witness_};
  copies_ = std::make_unique<syncing::Copies>(
      TRY(syncing::Copies::open(*disk_, std::move(held), roster)));
  holdings_ = std::make_unique<syncing::Holdings>(
      *disk_, syncing::OwnJournal{origin(), journal_path}, *copies_);
  listener_ = std::make_unique<syncing::Listener>(*holdings_);
  if (!with_core) return {};
  auto core = site::Core::start(options, *disk_, clock_, entropy_);
  if (!core) {
    forget();
    return std::unexpected(core.error());
  }
  core_ = *std::move(core);
  return {};
}

void Host::forget() {
  diallers_.clear();
  core_.reset();
  listener_.reset();
  holdings_.reset();
  copies_.reset();
}

void Host::lose_power(io::Tear tear) {
  // The core would end cleanly if it could.
  if (!disk_->power_lost()) disk_->set_faults({.power_lost_at = disk_->operations()});
  forget();
  disk_->restart(tear);
}

void Host::stop() { forget(); }

std::vector<site::Outcome> Host::carry_out(const std::vector<Intent>& intents) {
  std::vector<site::Outcome> outcomes;
  for (const Intent& intent : intents) {
    const auto body = [&intent](const trade::Partition&) -> std::expected<trade::Body, trade::No> {
      return intent.body;
    };
    CHECK(core_->submit({intent.origin, body}, [&](const site::Outcome& outcome, const auto&) {
      outcomes.push_back(outcome);
    }));
  }
  core_->step();
  CHECK(outcomes.size() == intents.size());
  return outcomes;
}

void Host::look(const std::function<void(const site::View&)>& question) {
  CHECK(core_->ask([&](const site::View& view) { question(view); }));
  core_->step();
}

void Host::dial(const std::string& to, std::uint64_t first_number) {
  if (diallers_.contains(to)) return;
  diallers_[to].dialler = std::make_unique<syncing::Dialler>(*holdings_, first_number, now_s());
}

void Host::end(const Dialling& dialling) {
  const syncing::Exchanged& done = dialling.dialler->exchanged();
  for (const syncing::Stopped& one : done.stopped) refusals_.push_back({one.origin, one.no});
  taken_documents_ += done.taken_documents;
  (void)copies_->sync();
}

void Host::send(io::Net& net, std::int64_t now_ms) {
  for (auto it = diallers_.begin(); it != diallers_.end();) {
    Dialling& one = it->second;
    if (one.request.empty()) {
      auto next = one.dialler->next();
      if (!next) {
        end(one);
        it = diallers_.erase(it);
        continue;
      }
      one.request = *std::move(next);
      one.unanswered = 0;
    } else if (now_ms < one.sent_ms + patience_ms) {
      ++it;
      continue;
    }
    if (++one.unanswered > sends_max) {
      end(one);
      it = diallers_.erase(it);
      continue;
    }
    one.sent_ms = now_ms;
    CHECK(net.send(it->first, one.request).has_value());
    ++it;
  }
}

void Host::hear(io::Net& net, const io::Message& message, const crypto::PublicKey& key) {
  const bool is_answer = message.bytes.size() > 12 && (message.bytes[12] & '\x80') != 0;
  if (is_answer) {
    const auto found = diallers_.find(message.from);
    if (found != diallers_.end() && found->second.dialler->take(message.bytes))
      found->second.request.clear();
    return;
  }
  const syncing::Reply reply = listener_->answer(message.bytes, key, now_s());
  if (reply.no) refusals_.push_back({{}, *reply.no});
  CHECK(net.send(message.from, reply.bytes).has_value());
}

}  // namespace rehearse
