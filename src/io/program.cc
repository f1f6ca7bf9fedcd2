#include "io/program.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace io {
namespace {

using base::ErrorCode;
using base::Result;

constexpr int look_every_ms = 200;

std::unexpected<base::Error> failure(const std::string& program, std::string_view what,
                                     int number) {
  return base::fail(ErrorCode::io_failed,
                    program + ": " + std::string(what) + ": " + std::strerror(number));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

// The two ends and the signals that a program begins with: those of a shell, whatever this process
// blocks or ignores.
Result<pid_t> spawn(std::span<const std::string> words, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t signals;
  posix_spawnattr_init(&signals);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&signals, &none);
  posix_spawnattr_setsigdefault(&signals, &usual);
  posix_spawnattr_setflags(&signals, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int number =
      ::posix_spawnp(&process, arguments[0], &files, &signals, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&signals);
  if (number != 0) return failure(words[0], "cannot be run", number);
  return process;
}

// Everything is read, so that the program never waits; the beginning is kept.
void listen(int fd, pid_t process, const std::stop_token& stop, std::string& said) {
  std::array<char, 4096> bytes{};
  bool is_told = false;
  while (true) {
    if (stop.stop_requested() && !std::exchange(is_told, true)) ::kill(process, SIGTERM);
    pollfd waiting{fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, look_every_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const auto got = ::read(fd, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    const std::size_t room = program_said_max - said.size();
    said.append(bytes.data(), std::min(static_cast<std::size_t>(got), room));
  }
}

}  // namespace

Result<ProgramEnd> run_program(std::span<const std::string> words, const std::stop_token& stop) {
  CHECK(!words.empty());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure(words[0], "no pipe to hear it", errno);
  Descriptor ours(ends[0]), theirs(ends[1]);
  const pid_t process = TRY(spawn(words, theirs.get()));
  theirs.close();
  ProgramEnd end;
  listen(ours.get(), process, stop, end.said);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0)
    if (errno != EINTR) return failure(words[0], "cannot be waited for", errno);
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

Result<> must_run(std::span<const std::string> words) {
  const ProgramEnd end = TRY(run_program(words));
  if (end.code == 0) return {};
  std::string said = end.said.substr(0, end.said.find_last_not_of('\n') + 1);
  for (char& c : said)
    if (c == '\n') c = ' ';
  return base::fail(ErrorCode::io_failed,
                    words[0] + " ended with " + std::to_string(end.code) + ": " + said);
}

}  // namespace io
