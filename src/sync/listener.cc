#include "sync/listener.h"

#include "crypto/hex.h"

namespace syncing {
namespace {

std::string hex_of(const crypto::PublicKey& key) {
  return crypto::to_hex({reinterpret_cast<const char*>(key.data()), key.size()});
}

}  // namespace

Known Listener::decide(const Offer& offer, std::optional<No>& remark) {
  Known known;
  for (const Held& theirs : offer.journals) {
    if (const auto no = holdings_.compare(theirs)) remark = no;
    known.journals.push_back(holdings_.standing(theirs.origin));
  }
  return known;
}

Listener::Outcome Listener::decide(const Request& request, const crypto::PublicKey& key,
                                   Reply& reply, std::uint64_t at_s) {
  Copies& copies = holdings_.copies();
  const journal::RosterLine& peer = *TRY(copies.roster().peer(key));
  reply.who = peer.key.name;
  const auto reads = [&](const std::string& origin, const auto& read) -> Outcome {
    if (!copies.roster().may_read(peer, origin))
      return std::unexpected(No{Refusal::not_for_you, origin});
    return TRY(read());
  };
  if (const auto* it = std::get_if<Offer>(&request)) return decide(*it, reply.no);
  if (const auto* it = std::get_if<Give>(&request)) return TRY(copies.take(it->run, at_s));
  if (const auto* it = std::get_if<Show>(&request)) return TRY(copies.take(it->growth, at_s));
  if (const auto* it = std::get_if<GiveDocument>(&request))
    return TRY(copies.take_document(it->origin, it->bytes));
  if (const auto* it = std::get_if<Ask>(&request))
    return reads(it->origin, [&] { return holdings_.run(it->origin, it->from); });
  if (const auto* it = std::get_if<Prove>(&request))
    return reads(it->origin, [&] { return holdings_.growth(it->origin, it->old_size); });
  if (const auto* it = std::get_if<AskDocument>(&request))
    return reads(it->origin, [&]() -> std::expected<Document, No> {
      return Document{TRY(holdings_.document(it->origin, it->digest))};
    });
  const auto& it = std::get<GiveCosignature>(request);
  if (!holdings_.is_own(it.origin)) return std::unexpected(No{Refusal::not_held, it.origin});
  const std::uint64_t size = holdings_.held(it.origin).size;
  if (it.size == size && !holdings_.add_cosignature(it.line))
    return std::unexpected(No{Refusal::bad_signature, "cosignature of " + it.origin});
  return Taken{size, {}, {}};
}

std::vector<Reply> Listener::answer(std::span<const Asked> asked, std::uint64_t at_s) {
  std::vector<Reply> replies;
  std::vector<std::pair<std::uint64_t, Outcome>> outcomes;
  for (const Asked& one : asked) {
    Reply& reply = replies.emplace_back(Reply{{}, {}, hex_of(one.key)});
    const auto message = parse_request(one.request);
    if (message)
      outcomes.emplace_back(message->number, decide(message->body, one.key, reply, at_s));
    else
      outcomes.emplace_back(0, std::unexpected(No{Refusal::malformed, message.error().message}));
  }
  const auto synced = holdings_.copies().sync();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto& [number, outcome] = outcomes[i];
    if (outcome && !synced && std::holds_alternative<Taken>(*outcome))
      outcome = std::unexpected(No{Refusal::failed, synced.error().message});
    if (!outcome) replies[i].no = outcome.error();
    replies[i].bytes = encode(number, outcome ? *outcome : Answer(to_answer(outcome.error())));
  }
  return replies;
}

Reply Listener::answer(std::string_view request, const crypto::PublicKey& key, std::uint64_t at_s) {
  const Asked asked{request, key};
  return std::move(answer(std::span(&asked, 1), at_s).front());
}

}  // namespace syncing
