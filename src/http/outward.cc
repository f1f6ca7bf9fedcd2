#include "http/outward.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>

#include <curl/curl.h>
#include <fmt/format.h>

namespace http {
namespace {

using base::ErrorCode;
using base::Result;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Handle new_handle() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return {curl_easy_init(), curl_easy_cleanup};
}

void append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  (void)list.release();
  list.reset(longer);
}

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::size_t read_on(char* into, std::size_t size, std::size_t count, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const std::size_t taken = std::min(rest.size(), size * count);
  std::memcpy(into, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

void set_common(CURL* curl, const std::string& url, const char* schemes) {
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, schemes);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, outward_connect_ms_max);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, outward_ms_max);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
}

long code_of(CURL* curl) {
  long code = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

std::unexpected<base::Error> failed(const std::string& url, CURLcode code) {
  return base::fail(ErrorCode::io_failed, fmt::format("{}: {}", url, curl_easy_strerror(code)));
}

bool is_loopback(std::string_view host) {
  if (host.starts_with("[")) return host == "[::1]" || host.starts_with("[::1]:");
  host = host.substr(0, host.find(':'));
  const bool is_address = host.find_first_not_of("0123456789.") == host.npos;
  return host == "localhost" || (is_address && host.starts_with("127."));
}

}  // namespace

Result<> check_outward(std::string_view url, std::string_view scheme) {
  const std::string plain = fmt::format("{}://", scheme), sealed = fmt::format("{}s://", scheme);
  const bool is_sealed = url.starts_with(sealed);
  if (!is_sealed && !url.starts_with(plain))
    return base::fail(ErrorCode::usage,
                      fmt::format("{}: expected {}HOST or {}", url, sealed, plain));
  std::string_view host = url.substr(is_sealed ? sealed.size() : plain.size());
  host = host.substr(0, host.find('/'));
  if (host.empty() || host.find('@') != host.npos)
    return base::fail(ErrorCode::usage, fmt::format("{}: expected a host, and no user", url));
  if (!is_sealed && !is_loopback(host))
    return base::fail(ErrorCode::usage,
                      fmt::format("{}: without TLS only to this machine; use {}", url, sealed));
  return {};
}

Result<int> post_outward(const std::string& url, const std::vector<Field>& headers,
                         std::string_view body) {
  const Handle curl = new_handle();
  if (!curl) return base::fail(ErrorCode::io_failed, "libcurl does not start");
  set_common(curl.get(), url, "http,https");
  List lines(nullptr, curl_slist_free_all);
  append(lines, "Content-Type: application/json");
  append(lines, "Expect:");
  for (const Field& field : headers) append(lines, field.name + ": " + field.value);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  const CURLcode done = curl_easy_perform(curl.get());
  if (done != CURLE_OK) return failed(url, done);
  return static_cast<int>(code_of(curl.get()));
}

Result<int> mail_outward(const std::string& url, const std::string& from, const std::string& to,
                         std::string_view message) {
  const Handle curl = new_handle();
  if (!curl) return base::fail(ErrorCode::io_failed, "libcurl does not start");
  set_common(curl.get(), url, "smtp,smtps");
  List recipients(nullptr, curl_slist_free_all);
  append(recipients, fmt::format("<{}>", to));
  const std::string sender = fmt::format("<{}>", from);
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, read_on);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &message);
  curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  const CURLcode done = curl_easy_perform(curl.get());
  const long code = code_of(curl.get());
  if (done != CURLE_OK && code < 400) return failed(url, done);
  return static_cast<int>(code);
}

}  // namespace http
