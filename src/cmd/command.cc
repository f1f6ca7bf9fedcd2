#include "cmd/command.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "base/numbers.h"

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

int misused(const std::string& message) { return failed({base::ErrorCode::usage, message}); }

// One option. `parse` makes a value of its text, or nothing where the text is not what the option
// takes; `what` says what that is, in the words that errors in files have.
template <class T, class Parse>
CLI::Option* add(CLI::App& app, const std::string& name, T& into, const std::string& help,
                 const std::string& what, Parse parse) {
  const auto take = [=, &into](const CLI::results_t& values) {
    const auto value = parse(values.front());
    if (!value)
      throw CLI::ValidationError(name, fmt::format("\"{}\": expected {}", values.front(), what));
    into = *value;
    return true;
  };
  return app.add_option(name, take, help);
}

}  // namespace

Options& Options::text(const std::string& name, std::string& into, const std::string& help,
                       bool required) {
  const auto parse = [](const std::string& value) {
    return value.empty() ? std::nullopt : std::optional(value);
  };
  add(impl_.app, name, into, help, "a name that is not empty", parse)
      ->required(required)
      ->type_name("TEXT");
  return *this;
}

Options& Options::texts(const std::string& name, std::vector<std::string>& into,
                        const std::string& help, bool required) {
  impl_.app.add_option(name, into, help)->required(required);
  return *this;
}

Options& Options::whole(const std::string& name, std::int64_t& into, const std::string& help,
                        std::int64_t min, std::int64_t max, bool required) {
  const auto parse = [=](const std::string& value) {
    const auto number = base::parse_whole(value);
    return number && min <= *number && *number <= max ? number : std::nullopt;
  };
  add(impl_.app, name, into, help, fmt::format("a whole number from {} to {}", min, max), parse)
      ->required(required)
      ->type_name(fmt::format("{} to {}", min, max))
      ->default_str(fmt::to_string(into));
  return *this;
}

Options& Options::real(const std::string& name, double& into, const std::string& help, double min,
                       double max) {
  const auto parse = [=](const std::string& value) -> std::optional<double> {
    double number = 0;
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || !(min <= number && number <= max)) return {};
    return number;
  };
  add(impl_.app, name, into, help, fmt::format("a number from {} to {}", min, max), parse)
      ->type_name(fmt::format("{} to {}", min, max))
      ->default_str(fmt::to_string(into));
  return *this;
}

Options& Options::date(const std::string& name, base::Date& into, const std::string& help,
                       bool required, Days days) {
  const auto parse = [=](const std::string& value) {
    const auto date = base::parse_date(value);
    return date && days.first <= *date && *date <= days.last ? date : std::nullopt;
  };
  add(impl_.app, name, into, help,
      fmt::format("a day YYYY-MM-DD from {} to {}", to_string(days.first), to_string(days.last)),
      parse)
      ->required(required)
      ->type_name("YYYY-MM-DD");
  return *this;
}

Options& Options::one_of(const std::string& name, std::string& into, const std::string& help,
                         const std::vector<std::string>& choices) {
  const std::string all = fmt::format("{}", fmt::join(choices, ", "));
  const auto parse = [=](const std::string& value) {
    return std::ranges::find(choices, value) == choices.end() ? std::nullopt : std::optional(value);
  };
  add(impl_.app, name, into, help, "one of " + all, parse)
      ->type_name("{" + all + "}")
      ->default_str(into);
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
  const std::string first = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
  if (!first.empty() && std::ranges::find(commands, first, &Command::name) == commands.end())
    return misused(fmt::format("there is no command '{}'; see stockade --help", first));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return misused(fmt::format("{}; see stockade {}--help", error.what(),
                               first.empty() ? first : first + " "));
  }
  const auto outcome = chosen();
  return outcome ? 0 : failed(outcome.error());
}

}  // namespace cmd
