#include "io/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace io {
namespace {

std::unexpected<base::Error> failure(std::string_view what) {
  return base::fail(base::ErrorCode::io_failed, std::string(what) + ": " + std::strerror(errno));
}

// Over a socket, which unlike a pipe raises no signal where the other end is gone.
class SocketTalk final : public Talk {
 public:
  explicit SocketTalk(int socket) : socket_(socket) {}
  ~SocketTalk() override { ::close(socket_); }
  SocketTalk(const SocketTalk&) = delete;
  SocketTalk& operator=(const SocketTalk&) = delete;

  base::Result<> say(std::string_view line) override {
    std::string rest = std::string(line) + "\n";
    while (!rest.empty()) {
      const auto sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return failure("cannot tell the other process");
      rest.erase(0, static_cast<std::size_t>(sent));
    }
    return {};
  }
  base::Result<std::string> hear() override {
    std::size_t end = 0;
    while ((end = heard_.find('\n')) == heard_.npos) {
      std::array<char, 512> bytes{};
      const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure("cannot hear the other process");
      if (got == 0) return base::fail(base::ErrorCode::io_failed, "the other process has ended");
      heard_.append(bytes.data(), static_cast<std::size_t>(got));
    }
    std::string line = heard_.substr(0, end);
    heard_.erase(0, end + 1);
    return line;
  }

 private:
  const int socket_;
  std::string heard_;  // and not yet asked for
};

}  // namespace

struct Child::Parts {
  pid_t process = 0;
  std::unique_ptr<SocketTalk> talk;
};

base::Result<Child> Child::start(const std::function<void(Talk&)>& work) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return failure("no way to another process");
  auto parts = std::make_unique<Parts>();
  parts->talk = std::make_unique<SocketTalk>(ends[0]);
  auto theirs = std::make_unique<SocketTalk>(ends[1]);
  parts->process = ::fork();
  if (parts->process < 0) return failure("no other process");
  if (parts->process > 0) return Child(std::move(parts));
  parts->talk.reset();
  work(*theirs);
  theirs.reset();
  ::_exit(0);  // what the parent has open and half written is the parent's
}

Child::Child(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Child::Child(Child&&) noexcept = default;

Child::~Child() {
  if (!parts_) return;
  parts_->talk.reset();
  while (::waitpid(parts_->process, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Talk& Child::talk() { return *parts_->talk; }

void Child::kill() { ::kill(parts_->process, SIGKILL); }

}  // namespace io
