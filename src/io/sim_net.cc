#include "io/sim_net.h"

namespace io {

class SimNet::End final : public Net {
 public:
  End(SimNet& net, std::string site) : net_(net), site_(std::move(site)) {}
  base::Result<> send(std::string_view to, std::string_view bytes) override {
    if (bytes.size() > message_bytes_max)
      return base::fail(base::ErrorCode::input_too_large, "a message to a site is too large");
    net_.send(site_, to, bytes);
    return {};
  }
  std::optional<Message> receive() override { return net_.receive(site_); }

 private:
  SimNet& net_;
  std::string site_;
};

Net& SimNet::end(const std::string& site) {
  auto& end = ends_[site];
  if (!end) end = std::make_unique<End>(*this, site);
  return *end;
}

void SimNet::cut(const std::string& from, const std::string& to, bool is_cut) {
  if (is_cut)
    cuts_.emplace(from, to);
  else
    cuts_.erase({from, to});
}

void SimNet::send(const std::string& from, std::string_view to, std::string_view bytes) {
  if (cuts_.contains({from, std::string(to)}) || prng_.uniform() < faults_.drop_share) return;
  const int copies = prng_.uniform() < faults_.duplicate_share ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    const auto spread = static_cast<std::uint64_t>(faults_.delay_ms_max - faults_.delay_ms_min);
    const auto delay = faults_.delay_ms_min + static_cast<std::int64_t>(prng_.below(spread + 1));
    flights_.emplace(Key{now_ms_ + delay, sent_++},
                     Flight{std::string(to), {from, std::string(bytes)}});
  }
}

std::optional<Message> SimNet::receive(const std::string& site) {
  for (auto it = flights_.begin(); it != flights_.end() && it->first.due_ms <= now_ms_; ++it) {
    if (it->second.to != site) continue;
    Message message = std::move(it->second.message);
    flights_.erase(it);
    return message;
  }
  return std::nullopt;
}

}  // namespace io
