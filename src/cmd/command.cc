#include "cmd/command.h"

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

namespace cmd {

struct Options::Impl {
  CLI::App& app;
};

namespace {

std::string exit_codes() {
  std::string text = "Exit codes: 0 done";
  int last = 0;
  for (int code = 0; code < base::error_code_count(); ++code) {
    const auto error = static_cast<base::ErrorCode>(code);
    const int number = base::exit_code(error);
    text += fmt::format("{}{}", number == last ? " or " : fmt::format("; {} ", number),
                        base::meaning(error));
    last = number;
  }
  return text + ".";
}

int failed(const base::Error& error) {
  fmt::print(stderr, "stockade: {}\n", error.message);
  return base::exit_code(error.code);
}

}  // namespace

Options& Options::text(const std::string& name, std::string& into, const std::string& help,
                       bool required) {
  impl_.app.add_option(name, into, help)->required(required);
  return *this;
}

Options& Options::texts(const std::string& name, std::vector<std::string>& into,
                        const std::string& help, bool required) {
  impl_.app.add_option(name, into, help)->required(required);
  return *this;
}

Options& Options::whole(const std::string& name, std::int64_t& into, const std::string& help,
                        std::int64_t min, std::int64_t max, bool required) {
  impl_.app.add_option(name, into, help)
      ->required(required)
      ->check(CLI::Range(min, max))
      ->capture_default_str();
  return *this;
}

Options& Options::real(const std::string& name, double& into, const std::string& help, double min,
                       double max) {
  impl_.app.add_option(name, into, help)->check(CLI::Range(min, max))->capture_default_str();
  return *this;
}

Options& Options::date(const std::string& name, base::Date& into, const std::string& help,
                       bool required) {
  const auto parse = [&into, name](const CLI::results_t& values) {
    const auto date = base::parse_date(values.front());
    if (date) into = *date;
    return date.has_value();
  };
  impl_.app.add_option(name, parse, help)->required(required)->type_name("YYYY-MM-DD");
  return *this;
}

Options& Options::one_of(const std::string& name, std::string& into, const std::string& help,
                         const std::vector<std::string>& choices) {
  impl_.app.add_option(name, into, help)->check(CLI::IsMember(choices))->capture_default_str();
  return *this;
}

Options& Options::flag(const std::string& name, bool& into, const std::string& help) {
  impl_.app.add_flag(name, into, help);
  return *this;
}

int run(int argc, const char* const* argv, const std::vector<Command>& commands) {
  CLI::App app("Stockade: orders for every store and depot, from one folder to another.",
               "stockade");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("stockade ") + STOCKADE_VERSION);
  app.footer("Run 'stockade COMMAND --help' for its options and an example.\n" + exit_codes());
  Action chosen;
  for (const Command& command : commands) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    sub->footer(fmt::format("Example:\n  {}\n{}", command.example, exit_codes()));
    Options::Impl impl{*sub};
    Options options(impl);
    sub->callback([&chosen, action = command.bind(options)] { chosen = action; });
  }
  const auto named = [&](const Command& command) { return command.name == argv[1]; };
  if (argc > 1 && argv[1][0] != '-' && std::none_of(commands.begin(), commands.end(), named)) {
    fmt::print(stderr, "stockade: there is no command '{}'; see stockade --help\n", argv[1]);
    return base::exit_code(base::ErrorCode::usage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    app.exit(error);
    return base::exit_code(base::ErrorCode::usage);
  }
  const auto outcome = chosen();
  return outcome ? 0 : failed(outcome.error());
}

}  // namespace cmd
