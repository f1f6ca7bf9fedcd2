#include "cmd/nightly_copy.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/date.h"
#include "cmd/evidence.h"
#include "io/clock.h"
#include "io/program.h"
#include "journal/checkpoint.h"
#include "site/cut_offs.h"
#include "site/key.h"
#include "vault/copy.h"

namespace cmd {
namespace {

constexpr std::int64_t again_ms = 60 * 60 * 1'000;
constexpr auto look_every = std::chrono::seconds(1);

std::vector<std::string> words_of(const NightlyCopyOptions& options) {
  std::vector<std::string> words{"/proc/self/exe",   "vault",    "copy",         "--data",
                                 options.data,       "--estate", options.estate, "--recipients",
                                 options.recipients, "--roster", options.roster, "--to"};
  words.insert(words.end(), options.places.begin(), options.places.end());
  return words;
}

}  // namespace

struct NightlyCopy::Parts {
  explicit Parts(NightlyCopyOptions how) : options(std::move(how)) {}

  // Whether the first place holds a copy of this site that was made after today's hour.
  bool has_copy_of(base::Date day) const {
    const auto signer = read_signer((io::Path(options.data) / site::key_file).string());
    const auto origin = signer ? journal::parse_origin(signer->verifier.name) : std::nullopt;
    const auto place = vault::list_place(io::real_disk(), options.places.front());
    if (!origin || !place) return false;
    return std::ranges::any_of(place->whole, [&](const vault::CopyName& name) {
      const site::LocalTime made = site::local_time(name.made_s * 1'000);
      return name.site == origin->site && name.epoch == origin->epoch && made.day == day &&
             made.minute >= options.minute;
    });
  }

  void look(const std::stop_token& stop) {
    const std::int64_t now_ms = io::real_clock().wall_ms();
    const site::LocalTime now = site::local_time(now_ms);
    const bool is_soon_again = now_ms >= tried_ms && now_ms < tried_ms + again_ms;
    if (now.minute < options.minute || now.day == done || is_soon_again) return;
    tried_ms = now_ms;
    if (!has_copy_of(now.day)) {
      const auto end = io::run_program(words_of(options), stop);
      if (stop.stop_requested()) return;
      if (!end || end->code != 0) return options.tell(false, end ? end->said : end.error().message);
      options.tell(true, end->said);
    }
    done = now.day;
    tried_ms = -again_ms;
  }

  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait_for(lock, stop, look_every, [] { return false; });
      if (stop.stop_requested()) return;
      look(stop);
    }
  }

  const NightlyCopyOptions options;
  base::Date done = base::date_min;   // the last day that has its copy
  std::int64_t tried_ms = -again_ms;  // when a copy was tried last
  std::mutex mutex;
  std::condition_variable_any wake;
  std::jthread thread;  // last, so that it ends before the rest
};

std::unique_ptr<NightlyCopy> NightlyCopy::start(NightlyCopyOptions options) {
  auto parts = std::make_unique<Parts>(std::move(options));
  parts->thread = std::jthread([&it = *parts](const std::stop_token& stop) { it.run(stop); });
  return std::unique_ptr<NightlyCopy>(new NightlyCopy(std::move(parts)));
}

NightlyCopy::NightlyCopy(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
NightlyCopy::~NightlyCopy() = default;

}  // namespace cmd
