// A site that goes on from an earlier epoch: after a loss, under a new key, perhaps somewhere else.
#include "trade/continued.h"

#include "base/result.h"
#include "trade/handlers.h"

namespace trade {
namespace {

bool is_untouched(const Partition& partition) {
  return partition.goods.line_count() == 0 && partition.last_counter == 0 &&
         !partition.day.given() && partition.modes == decltype(partition.modes){} &&
         partition.devices.empty() && partition.people.empty() &&
         partition.enrolled_devices.empty() &&
         partition.security == decltype(partition.security){} && partition.heard.empty() &&
         partition.earlier.empty() && partition.ledger.balances().empty() &&
         partition.payments.all().empty() && partition.tills.empty();
}

bool is_last(const SiteContinued& continued) { return continued.part + 1 == continued.parts; }

// The whole partition, as it was under the earlier epoch.
std::expected<Partition, No> earlier_of(const Partition& partition, const SiteContinued& continued,
                                        Catalogue& catalogue) {
  Partition made =
      TRY(decode_partition(partition.carried.bytes.bytes + continued.bytes.bytes, catalogue));
  const SiteOpened was{partition.site.code, partition.site.kind, continued.epoch};
  if (made.site != was || made.carried.parts != 0) return no(Refusal::document_not_ours);
  return made;
}

// Keys may have gone where the site went: whoever is to act under the new epoch is enrolled anew.
void end_enrolments(Partition& partition) {
  for (auto& [number, person] : partition.people) person.is_ended = true;
  for (auto& [number, device] : partition.enrolled_devices) device.is_ended = true;
}

}  // namespace

std::vector<SiteContinued> continue_from(std::uint16_t epoch, std::uint64_t entries,
                                         const Sha256& state, std::string_view partition_bytes) {
  CHECK(partition_bytes.size() <= continued_bytes_max);
  std::vector<SiteContinued> made;
  for (std::size_t at = 0; at < partition_bytes.size(); at += continued_part_bytes)
    made.push_back({epoch,
                    entries,
                    state,
                    static_cast<std::uint32_t>(made.size()),
                    0,
                    {std::string(partition_bytes.substr(at, continued_part_bytes))}});
  for (SiteContinued& part : made) part.parts = static_cast<std::uint32_t>(made.size());
  return made;
}

Verdict fits(const Partition& partition, const SiteContinued& continued) {
  if (!is_untouched(partition)) return no(Refusal::site_exists);
  if (continued.epoch == 0 || continued.epoch >= partition.site.epoch || continued.entries == 0 ||
      !continued.state.given() || continued.parts > continued_parts_max ||
      continued.part >= continued.parts || continued.bytes.bytes.empty())
    return no(Refusal::value_out_of_range);
  if (continued.part != partition.carried.parts) return no(Refusal::number_not_next);
  if (!is_last(continued)) return {};
  Catalogue aside;
  TRY(earlier_of(partition, continued, aside));
  return {};
}

void apply(Partition& partition, const SiteContinued& continued) {
  if (!is_last(continued)) {
    ++partition.carried.parts;
    partition.carried.bytes.bytes += continued.bytes.bytes;
    return;
  }
  auto made = earlier_of(partition, continued, partition.goods.catalogue());
  CHECK(made.has_value());
  made->site = partition.site;
  made->ledger.go_on(partition.site.code, partition.site.epoch);
  made->earlier.push_back({continued.epoch, continued.entries, made->last_counter});
  end_enrolments(*made);
  partition = *std::move(made);
}

}  // namespace trade
