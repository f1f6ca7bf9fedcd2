#include "carry/gate.h"

#include <memory>

namespace carry {

void Gate::handle(http::Request request, http::Reply reply) {
  if (request.path != sync_path) return rest_.handle(std::move(request), std::move(reply));
  if (request.method != http::Method::post) return reply.answer(http::problem(405));
  if (!request.peer_key) return reply.answer(http::problem(403));
  // Shared, because a request that is turned away is gone with what it holds.
  const auto shared = std::make_shared<http::Reply>(std::move(reply));
  const bool is_asked =
      port_.ask(std::move(request.body), *request.peer_key, [shared](std::string answer) {
        shared->answer({200, std::string(sync_type), std::move(answer)});
      });
  if (!is_asked) shared->answer(http::problem(503));
}

}  // namespace carry
