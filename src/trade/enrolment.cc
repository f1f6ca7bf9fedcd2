// Who may ask for something, and what was noted of those who may not.
#include <algorithm>

#include "trade/handlers.h"

namespace trade {
namespace {

template <class No, class Enrolment>
std::optional<No> holder(const std::map<No, Enrolment>& enrolments, const PublicKey& key) {
  const auto found = std::ranges::find_if(
      enrolments, [&](const auto& row) { return row.second.key == key && !row.second.is_ended; });
  if (found == enrolments.end()) return std::nullopt;
  return found->first;
}

template <class No, class Enrolment>
No next(const std::map<No, Enrolment>& enrolments) {
  return No{static_cast<std::uint32_t>(enrolments.size()) + 1};
}

Verdict check_key(const Partition& partition, const PublicKey& key) {
  if (!key.given()) return no(Refusal::value_out_of_range);
  if (person_of(partition, key) || device_of(partition, key)) return no(Refusal::key_in_use);
  return {};
}

template <class No, class Enrolment>
Verdict check_runs(const std::map<No, Enrolment>& enrolments, No number) {
  const auto found = enrolments.find(number);
  if (found == enrolments.end() || found->second.is_ended) return no(Refusal::enrolment_unknown);
  return {};
}

}  // namespace

std::optional<ActorNo> person_of(const Partition& partition, const PublicKey& key) {
  return holder(partition.people, key);
}

std::optional<DeviceNo> device_of(const Partition& partition, const PublicKey& key) {
  return holder(partition.enrolled_devices, key);
}

Verdict fits(const Partition& partition, const PersonEnrolled& enrolled) {
  if (enrolled.role == Role::device || enrolled.role == Role::site)
    return no(Refusal::value_out_of_range);
  if (enrolled.actor != next(partition.people)) return no(Refusal::number_not_next);
  return check_key(partition, enrolled.key);
}

void apply(Partition& partition, const PersonEnrolled& enrolled) {
  partition.people[enrolled.actor] = {enrolled.role, enrolled.key};
}

Verdict complete(const Decision& decision, PersonEnrolled& wanted) {
  wanted.actor = next(decision.site.people);
  return {};
}

Verdict fits(const Partition& partition, const DeviceEnrolled& enrolled) {
  if (enrolled.device != next(partition.enrolled_devices)) return no(Refusal::number_not_next);
  if (enrolled.site == partition.site.code ||
      static_cast<std::uint16_t>(enrolled.site) > site_code_max)
    return no(Refusal::value_out_of_range);
  return check_key(partition, enrolled.key);
}

void apply(Partition& partition, const DeviceEnrolled& enrolled) {
  partition.enrolled_devices[enrolled.device] = {enrolled.key, enrolled.site};
}

Verdict complete(const Decision& decision, DeviceEnrolled& wanted) {
  wanted.device = next(decision.site.enrolled_devices);
  return {};
}

Verdict fits(const Partition& partition, const EnrolmentEnded& ended) {
  if ((ended.actor == ActorNo{}) == (ended.device == DeviceNo{}))
    return no(Refusal::value_out_of_range);
  return ended.device == DeviceNo{} ? check_runs(partition.people, ended.actor)
                                    : check_runs(partition.enrolled_devices, ended.device);
}

void apply(Partition& partition, const EnrolmentEnded& ended) {
  if (ended.device == DeviceNo{})
    partition.people[ended.actor].is_ended = true;
  else
    partition.enrolled_devices[ended.device].is_ended = true;
}

// Who locks everybody out by mistake finds no way back in.
Verdict complete(const Decision& decision, EnrolmentEnded& ended) {
  const auto& people = decision.site.people;
  const auto runs_as_manager = [](const auto& row) {
    return row.second.role == Role::manager && !row.second.is_ended;
  };
  const auto self = people.find(ended.actor);
  if (self == people.end() || ended.actor != decision.command.origin.actor ||
      !runs_as_manager(*self))
    return {};
  if (std::ranges::count_if(people, runs_as_manager) == 1) return no(Refusal::last_manager);
  return {};
}

Verdict fits(const Partition&, const SecurityNoted& noted) {
  if (noted.count == 0 || !noted.source.given()) return no(Refusal::value_out_of_range);
  return {};
}

void apply(Partition& partition, const SecurityNoted& noted) {
  partition.security[static_cast<std::size_t>(noted.kind)] += noted.count;
}

}  // namespace trade
