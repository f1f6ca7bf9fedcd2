#include "trade/reconcile.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "base/result.h"
#include "base/words.h"

namespace trade {
namespace {

Verdict check_cards(const Ledger& own, const Ledger& heard, const OfflineCaps& caps,
                    const SaleMade& sale) {
  std::map<CardDigest, std::int64_t> wanted;
  for (const Tender& tender : sale.tenders)
    if (tender.kind == TenderKind::gift_card_offline) {
      if (tender.owner != heard.site()) return no(Refusal::card_not_heard_of);
      // What the ledger itself refuses; here it only must not be added up.
      if (tender.pence <= 0 || tender.pence > total_pence_max)
        return no(Refusal::pence_out_of_range);
      wanted[tender.card] += tender.pence;
    }
  for (const auto& [card, pence] : wanted) {
    if (heard.state(card) != CardState::active) return no(Refusal::card_not_heard_of);
    if (pence > heard.available_pence(card) - own.unbooked_pence(card, heard))
      return no(Refusal::balance_too_low);
    if (pence > caps.card_day_pence - own.offline_pence(card, sale.day))
      return no(Refusal::over_offline_cap);
  }
  return {};
}

Verdict check_exposure(const Ledger& own, const OfflineCaps& caps, const ExposureRefunded& refund) {
  if (refund.pence > caps.order_pence - own.exposed_pence(refund.order) ||
      refund.pence > caps.orders_day_pence - own.exposed_pence(refund.day))
    return no(Refusal::over_exposure_cap);
  return {};
}

auto turn_of(const Claim& claim) {
  return std::tuple(claim.day, claim.site, claim.epoch, claim.sequence);
}

}  // namespace

Verdict check_offline(const Ledger& own, const Ledger& heard, const OfflineCaps& caps,
                      const ValueEvent& event) {
  if (const auto* sale = std::get_if<SaleMade>(&event)) return check_cards(own, heard, caps, *sale);
  if (const auto* refund = std::get_if<ExposureRefunded>(&event))
    return check_exposure(own, caps, *refund);
  return {};
}

std::vector<NoticeBooked> unheard(const Ledger& reader, const Ledger& writer) {
  std::vector<NoticeBooked> events;
  const auto& told = writer.notices();
  for (auto it = told.lower_bound({reader.site(), 0, 0});
       it != told.end() && it->first.reader == reader.site(); ++it) {
    const auto& [key, notice] = *it;
    if (key.sequence >= reader.booked({writer.site(), key.epoch}))
      events.push_back({writer.site(), key.epoch, key.sequence, notice});
  }
  return events;
}

Reconciled reconcile(Ledger& reader, std::span<const Ledger* const> writers) {
  std::vector<const Ledger*> sorted(writers.begin(), writers.end());
  std::ranges::sort(sorted, {}, [](const Ledger* it) { return Teller{it->site(), it->epoch()}; });
  Reconciled done;
  for (const Ledger* writer : sorted)
    for (const NoticeBooked& event : unheard(reader, *writer)) {
      const auto posted = reader.post(event);
      if (!posted) {
        done.refused.emplace_back(event, posted.error());
        break;
      }
      done.booked.push_back(event);
    }
  return done;
}

LossReport loss_of(const Ledger& owner, const CardDigest& card, const OfflineCaps& caps) {
  LossReport report{.card = card,
                    .kind = owner.kind(card),
                    .loss_pence = owner.loss_pence(card),
                    .cap_pence = caps.card_day_pence};
  std::vector<Claim> claims = owner.claims(card);
  std::ranges::sort(claims, {}, turn_of);
  std::map<Teller, std::set<Day>> days;
  for (const Claim& claim : claims) {
    days[{claim.site, claim.epoch}].insert(claim.day);
    report.rows.push_back({claim.site, claim.receipt, claim.day, claim.pence, 0});
  }
  for (const auto& [site, its_days] : days)
    report.days = std::max(report.days, static_cast<std::int64_t>(its_days.size()));
  report.sites = static_cast<std::int64_t>(days.size()) + (owner.was_used(card) ? 1 : 0);
  if (report.sites > 0) report.bound_pence = (report.sites - 1) * report.cap_pence * report.days;
  std::int64_t left = report.loss_pence;
  for (auto row = report.rows.rbegin(); row != report.rows.rend() && left > 0; ++row) {
    row->lost_pence = std::min(left, row->claimed_pence);
    left -= row->lost_pence;
  }
  return report;
}

std::vector<std::string> print_loss(const LossReport& report) {
  const auto& name = report.card.bytes;
  std::vector<std::string> lines{fmt::format(
      "{} {:02x}{:02x}{:02x}{:02x}: lost {} of at most {} ({} - 1 sites x {} a day x {})",
      text_of(report.kind), name[0], name[1], name[2], name[3], pounds(report.loss_pence),
      pounds(report.bound_pence), report.sites, pounds(report.cap_pence),
      base::counted(report.days, "day"))};
  for (const LossRow& row : report.rows)
    lines.push_back(fmt::format("  site {:04} receipt {} on {}: took {}, lost {}",
                                static_cast<std::uint16_t>(row.site), to_string(row.receipt),
                                base::to_string(to_date(row.day)), pounds(row.claimed_pence),
                                pounds(row.lost_pence)));
  return lines;
}

}  // namespace trade
