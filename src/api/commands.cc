#include "api/commands.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "api/json_write.h"
#include "base/result.h"
#include "crypto/sha256.h"
#include "http/text.h"

namespace api {

struct Asked {
  trade::Origin origin;
  Draft draft;
};

struct Pending {
  Asked asked;
  std::string peer_address;
  Exchange exchange;

  std::string product;  // that has no line: known once the core's thread has resolved the draft

  // Of its key while it is in flight; 0: it has none.
  std::uint64_t name() const;
};

namespace {

constexpr std::size_t key_size_max = 255;

std::expected<std::uint64_t, Problem> read_sequence(std::string_view text) {
  if (text.empty()) return std::unexpected(Problem(Trouble::device_sequence_missing));
  std::uint64_t sequence = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), sequence);
  constexpr std::uint64_t sequence_max = std::numeric_limits<std::int64_t>::max();
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size() || sequence == 0 ||
      sequence > sequence_max)
    return std::unexpected(Problem(Trouble::device_sequence_wrong));
  return sequence;
}

std::expected<Asked, Problem> read_asked(const http::Request& request, const Match& match,
                                         const site::Caller& caller) {
  const Route& route = routes()[match.index];
  if (!request.query.empty()) return std::unexpected(Problem(Trouble::query_wrong));
  Asked asked{TRY(origin_of(request, caller, request.body)), {}};
  auto draft = read_command(route.kind, {route.word, match.values[0]}, request.body);
  if (!draft) return std::unexpected(Problem(draft.error()));
  asked.draft = *std::move(draft);
  return asked;
}

http::Response response_of(const site::Done& done, const Names& names) {
  http::Response response{done.is_repeated ? 200 : 201, "application/json"};
  (void)append_event({done.entry, done.place}, done.event, names, response.body);
  return response;
}

http::Response response_of(const site::NotDone& not_done, const Names& names,
                           std::string_view missing_product) {
  const auto* no = std::get_if<trade::No>(&not_done.why);
  Problem problem = problem_of(not_done);
  problem.product = missing_product;
  // A line that the site does not have is one of the sender's, on its advice.
  const bool is_own = no != nullptr && no->why != trade::Refusal::line_unknown;
  if (is_own && no->line != trade::no_line)
    if (const trade::ProductId* product = names.product(no->line))
      problem.product = product->view();
  return response_of(problem);
}

}  // namespace

// A device's sequence tells a request that comes again, a person's key does.
std::expected<trade::Origin, Problem> origin_of(const http::Request& request,
                                                const site::Caller& caller,
                                                std::string_view content) {
  trade::Origin origin{caller.actor, caller.device};
  const std::string_view key = request.header("Idempotency-Key");
  if (!is_idempotency_key(key)) return std::unexpected(Problem(Trouble::idempotency_key_wrong));
  if (is_told(caller.device))
    origin.sequence = TRY(read_sequence(request.header("Device-Sequence")));
  else if (key.empty())
    return std::unexpected(Problem(Trouble::idempotency_key_missing));
  if (!key.empty()) origin.request = request_id(caller, key, request.method, request.path, content);
  return origin;
}

bool is_idempotency_key(std::string_view key) {
  return key.size() <= key_size_max &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

std::uint64_t Pending::name() const {
  std::uint64_t first_half = 0;
  std::memcpy(&first_half, asked.origin.request.bytes.data(), sizeof first_half);
  return first_half;
}

trade::RequestId request_id(const site::Caller& caller, std::string_view key, http::Method method,
                            std::string_view path, std::string_view body) {
  crypto::Sha256 hash;
  hash.add(fmt::format("{} {} {}", static_cast<std::uint32_t>(caller.actor),
                       static_cast<std::uint32_t>(caller.device), key));
  const crypto::Digest sender = hash.finish();
  hash.add(fmt::format("{} {}\n", http::name(method), path));
  hash.add(body);
  const crypto::Digest content = hash.finish();
  trade::RequestId made;
  std::ranges::copy_n(content.bytes.begin(), 8,
                      std::ranges::copy_n(sender.bytes.begin(), 8, made.bytes.begin()).out);
  return made;
}

bool Commands::begin(std::uint64_t name) {
  const std::lock_guard lock(mutex_);
  return name == 0 || in_flight_.insert(name).second;
}

void Commands::end(std::uint64_t name) {
  const std::lock_guard lock(mutex_);
  in_flight_.erase(name);
}

void Commands::handle(const http::Request& request, const Match& match, const site::Caller& caller,
                      Exchange exchange) {
  auto asked = read_asked(request, match, caller);
  if (!asked) {
    if (asked.error().row == &row_of(Trouble::malformed))
      door_.note(request.peer_address, trade::SecurityKind::malformed);
    return exchange.answer(asked.error());
  }
  submit(std::make_shared<Pending>(*std::move(asked), request.peer_address, std::move(exchange)));
}

void Commands::carry_out(const trade::Origin& origin, Draft draft, std::string peer_address,
                         Exchange exchange) {
  submit(std::make_shared<Pending>(Asked{origin, std::move(draft)}, std::move(peer_address),
                                   std::move(exchange)));
}

void Commands::submit(const std::shared_ptr<Pending>& pending) {
  if (!begin(pending->name()))
    return pending->exchange.answer(Problem(Trouble::idempotency_key_busy));
  const auto body =
      [this, pending](const trade::Partition& own) -> std::expected<trade::Body, trade::No> {
    auto resolved = resolve(std::move(pending->asked.draft), own, finder_);
    if (resolved) return *std::move(resolved);
    pending->product = resolved.error().product;
    return std::unexpected(resolved.error().no);
  };
  const auto then = [this, pending](const site::Outcome& outcome, const site::View& view) {
    finish(pending, outcome, view);
  };
  if (core_.submit({pending->asked.origin, body}, then)) return;
  end(pending->name());
  pending->exchange.answer(Problem(Trouble::busy));
}

void Commands::note(const Pending& pending, const site::Outcome& outcome) {
  const auto* no = outcome ? nullptr : std::get_if<trade::No>(&outcome.error().why);
  if (no == nullptr) return;
  if (no->why == trade::Refusal::role_not_allowed)
    door_.note(pending.peer_address, trade::SecurityKind::role_refused);
  if (no->why == trade::Refusal::already_done)
    door_.note(pending.peer_address, trade::SecurityKind::sequence_repeated);
}

void Commands::finish(const std::shared_ptr<Pending>& pending, const site::Outcome& outcome,
                      const site::View& view) {
  end(pending->name());
  note(*pending, outcome);
  const Names names(view.own, &view.book);
  pending->exchange.answer(outcome ? response_of(*outcome, names)
                                   : response_of(outcome.error(), names, pending->product));
}

}  // namespace api
