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

  // When the newest copy of this site in the first place was made; 0: none is there.
  std::int64_t newest_s() const {
    const auto signer = read_signer((io::Path(options.data) / site::key_file).string());
    const auto origin = signer ? journal::parse_origin(signer->verifier.name) : std::nullopt;
    const auto place = vault::list_place(io::real_disk(), options.places.front());
    if (!origin || !place) return 0;
    const std::int64_t now_s = io::real_clock().wall_ms() / 1'000;
    std::int64_t newest = 0;
    for (const vault::CopyName& name : place->whole)
      if (name.site == origin->site && name.epoch == origin->epoch && name.made_s <= now_s)
        newest = std::max(newest, name.made_s);
    return newest;
  }
  // Whether a copy was made after today's hour.
  bool is_of(base::Date day, std::int64_t made_s) const {
    const site::LocalTime made = site::local_time(made_s * 1'000);
    return made_s > 0 && made.day == day && made.minute >= options.minute;
  }

  void look(const std::stop_token& stop) {
    const std::int64_t now_ms = io::real_clock().wall_ms();
    const site::LocalTime now = site::local_time(now_ms);
    const bool is_soon_again = now_ms >= tried_ms && now_ms < tried_ms + again_ms;
    if (now.minute < options.minute || now.day == done || is_soon_again) return;
    tried_ms = now_ms;
    if (is_of(now.day, newest_s())) {
      stands({newest_s(), false});
    } else {
      const auto end = io::run_program(words_of(options), stop);
      if (stop.stop_requested()) return;
      const bool is_made = end && end->code == 0;
      stands({newest_s(), !is_made});
      options.tell(is_made, end ? end->said : end.error().message);
      if (!is_made) return;
    }
    done = now.day;
    tried_ms = -again_ms;
  }

  void stands(const Standing& now) {
    const std::lock_guard lock(standing_mutex);
    standing = now;
  }

  void run(const std::stop_token& stop) {
    stands({newest_s(), false});
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
  mutable std::mutex standing_mutex;
  Standing standing;
  std::mutex mutex;
  std::condition_variable_any wake;
  std::jthread thread;  // last, so that it ends before the rest
};

std::unique_ptr<NightlyCopy> NightlyCopy::start(NightlyCopyOptions options) {
  auto parts = std::make_unique<Parts>(std::move(options));
  parts->thread = std::jthread([&it = *parts](const std::stop_token& stop) { it.run(stop); });
  return std::unique_ptr<NightlyCopy>(new NightlyCopy(std::move(parts)));
}

NightlyCopy::Standing NightlyCopy::standing() const {
  const std::lock_guard lock(parts_->standing_mutex);
  return parts_->standing;
}

NightlyCopy::NightlyCopy(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
NightlyCopy::~NightlyCopy() = default;

}  // namespace cmd
