// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/self_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace assay::serve {
namespace {

class Lines {
 public:
  void add(std::string_view name, std::string_view type, std::string_view help, double value) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name,
                   help, type, value);
  }
  void add_info(std::string_view name, std::string_view help, std::string_view label) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} gauge\n{0}{{{2}}} 1\n",
                   name, help, label);
  }
  void add(std::string_view name, std::string_view type, std::string_view help,
           std::int64_t value) {
    add(name, type, help, static_cast<double>(value));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string self_text(const sample::SelfCost& cost, const http::ServerCounters& http,
                      const DaemonState& state) {
  Lines out;
  out.add_info("assay_build_info", "The program; always 1.",
               fmt::format("version=\"{}\"", state.version));
  out.add("assay_self_cpu_seconds_total", "counter", "CPU time of this daemon.", cost.cpu.value());
  out.add("assay_self_resident_bytes", "gauge", "Its memory.", cost.rss.value());
  out.add("assay_self_samples_total", "counter", "Samples that it took.", cost.samples);
  out.add("assay_self_samples_lost_total", "counter", "Samples that it came too late for.",
          cost.lost);
  out.add("assay_serve_windows_total", "counter", "Windows of all devices.", state.windows);
  out.add("assay_serve_windows_unstored_total", "counter",
          "Windows that the history lacks: the disk was full, gone or too slow.", state.unstored);
  out.add("assay_serve_store_failing", "gauge", "1 while the history can't be written.",
          std::int64_t{state.store_failing ? 1 : 0});
  out.add("assay_serve_connections", "gauge", "Connections now.", http.connections_now);
  out.add("assay_serve_subscribers", "gauge", "Event streams now.", http.subscribers_now);
  out.add("assay_serve_connections_total", "counter", "Connections.", http.connections);
  out.add("assay_serve_requests_total", "counter", "Requests.", http.requests);
  out.add("assay_serve_connections_refused_total", "counter",
          "Connections over the limit of their number.", http.refused_connections);
  out.add("assay_serve_malformed_total", "counter", "Requests and handshakes that were none.",
          http.malformed);
  out.add("assay_serve_slow_total", "counter", "Clients that kept the daemon waiting.", http.slow);
  out.add("assay_serve_subscribers_dropped_total", "counter",
          "Event streams whose client lagged behind.", http.subscribers_dropped);
  return out.take();
}

}  // namespace assay::serve
