#include "planner/supplier_order.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace planner {
namespace {

// Demand that counts as none: cover stays finite, and such a product is the last to be raised and
// the first to be cut.
constexpr double units_per_period_min = 1e-6;
constexpr double tolerance = 1e-9;

double rate(const SupplierLine& line) {
  return std::max(line.units_per_period, units_per_period_min);
}

double cover(const SupplierLine& line, std::int32_t steps) {
  return (line.position_units + static_cast<double>(steps) * line.step_units) / rate(line);
}

double steps_to(const SupplierLine& line, double cover) {
  return (cover * rate(line) - line.position_units) / line.step_units;
}

// The fewest steps that last so long; never below what is needed.
std::int32_t raised_to(const SupplierLine& line, double cover) {
  if (line.step_measure == 0) return line.steps;
  return static_cast<std::int32_t>(std::clamp<double>(std::ceil(steps_to(line, cover)), line.steps,
                                                      std::max(line.steps, line.steps_max)));
}

// The most steps that last no longer; never above what is there to cut.
std::int32_t cut_to(const SupplierLine& line, double cover) {
  if (line.step_measure == 0) return line.steps;
  return static_cast<std::int32_t>(
      std::clamp<double>(std::floor(steps_to(line, cover)), 0, line.steps));
}

template <class StepsOf>
std::int64_t total(std::span<const SupplierLine> lines, StepsOf steps_of) {
  std::int64_t sum = 0;
  for (const SupplierLine& line : lines) sum += steps_of(line) * line.step_measure;
  return sum;
}

std::int64_t total(std::span<const SupplierLine> lines) {
  return total(lines, [](const SupplierLine& line) { return line.steps; });
}

struct Bracket {
  double low, high;
};

double margin(double cover) { return tolerance * (1 + std::abs(cover)); }

// The cover at which `total_at`, which grows with it, reaches `limit`, to within a margin.
template <class TotalAt>
Bracket bisect(Bracket cover, std::int64_t limit, TotalAt total_at) {
  while (true) {
    const double middle = cover.low + (cover.high - cover.low) / 2;
    if (cover.high - cover.low <= margin(middle)) return cover;
    (total_at(middle) < limit ? cover.low : cover.high) = middle;
  }
}

Bracket covers(std::span<const SupplierLine> lines) {
  Bracket all{0, 0};
  for (const SupplierLine& line : lines) {
    all.low = std::min(all.low, cover(line, 0));
    all.high = std::max(all.high, cover(line, line.steps));
  }
  return {all.low - 1, all.high + 1};
}

// Raises one step at a time; few are left to do, since `raise` has come close.
void raise_by_step(std::span<SupplierLine> lines, std::int64_t missing, double cover_max) {
  const auto later = [&](std::size_t a, std::size_t b) {
    const double cover_a = cover(lines[a], lines[a].steps),
                 cover_b = cover(lines[b], lines[b].steps);
    return cover_a != cover_b ? cover_a > cover_b : a > b;
  };
  const auto can_grow = [&](const SupplierLine& line) {
    return line.step_measure > 0 && line.steps < line.steps_max &&
           cover(line, line.steps) < cover_max;
  };
  std::vector<std::size_t> heap;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (can_grow(lines[i])) heap.push_back(i);
  std::make_heap(heap.begin(), heap.end(), later);
  while (missing > 0 && !heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    SupplierLine& line = lines[heap.back()];
    ++line.steps;
    missing -= line.step_measure;
    if (can_grow(line))
      std::push_heap(heap.begin(), heap.end(), later);
    else
      heap.pop_back();
  }
}

void cut_by_step(std::span<SupplierLine> lines, std::int64_t surplus) {
  const auto later = [&](std::size_t a, std::size_t b) {
    const double cover_a = cover(lines[a], lines[a].steps),
                 cover_b = cover(lines[b], lines[b].steps);
    return cover_a != cover_b ? cover_a < cover_b : a < b;
  };
  const auto can_shrink = [](const SupplierLine& line) {
    return line.step_measure > 0 && line.steps > 0;
  };
  std::vector<std::size_t> heap;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (can_shrink(lines[i])) heap.push_back(i);
  std::make_heap(heap.begin(), heap.end(), later);
  while (surplus > 0 && !heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    SupplierLine& line = lines[heap.back()];
    --line.steps;
    surplus -= line.step_measure;
    if (can_shrink(line))
      std::push_heap(heap.begin(), heap.end(), later);
    else
      heap.pop_back();
  }
}

// False, and nothing changed, where the minimum is out of reach.
bool raise(std::span<SupplierLine> lines, SupplierLimits limits) {
  const double cover_max = limits.cover_periods_max;
  const auto total_at = [&](double cover) {
    return total(lines, [&](const SupplierLine& line) { return raised_to(line, cover); });
  };
  if (total_at(cover_max) < limits.min) return false;
  const double low = std::min(covers(lines).low, cover_max - 1);
  const double reached = bisect({low, cover_max}, limits.min, total_at).low;
  const double below = reached - margin(reached);
  for (SupplierLine& line : lines) line.steps = raised_to(line, below);
  raise_by_step(lines, limits.min - total(lines), cover_max);
  return true;
}

void cut(std::span<SupplierLine> lines, std::int64_t max) {
  const auto total_at = [&](double cover) {
    return total(lines, [&](const SupplierLine& line) { return cut_to(line, cover); });
  };
  const double reached = bisect(covers(lines), max + 1, total_at).high;
  const double above = reached + margin(reached);
  for (SupplierLine& line : lines) line.steps = cut_to(line, above);
  cut_by_step(lines, total(lines) - max);
}

}  // namespace

SupplierFit fit_order(std::span<SupplierLine> lines, SupplierLimits limits) {
  bool orders = false, is_measured = true, is_urgent = false;
  for (const SupplierLine& line : lines) {
    orders |= line.steps > 0;
    is_measured &= line.steps == 0 || line.step_measure > 0;
    is_urgent |= line.position_units < line.until_next_units - tolerance;
  }
  if (!orders) return SupplierFit::as_needed;
  SupplierFit fit = SupplierFit::as_needed;
  if (is_measured && total(lines) < limits.min) {
    if (!is_urgent || !raise(lines, limits)) {
      for (SupplierLine& line : lines) line.steps = 0;
      return is_urgent ? SupplierFit::unreachable : SupplierFit::withheld;
    }
    fit = SupplierFit::raised;
  }
  if (limits.max > 0 && total(lines) > limits.max) {
    cut(lines, limits.max);
    fit = SupplierFit::cut;
  }
  return fit;
}

}  // namespace planner
