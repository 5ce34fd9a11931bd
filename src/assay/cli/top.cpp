// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/top.hpp"

#include "assay/cli/exit_code.hpp"

#ifdef ASSAY_TUI

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "assay/cli/look.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/terminal.hpp"
#include "assay/cli/top_loop.hpp"

namespace assay::cli {
namespace {

Result<std::unique_ptr<TopSource>> open(const TopOptions& options, int bell,
                                        std::vector<std::string>& warnings) {
  if (!options.file.empty()) return recorded_source(options.common, options.file, warnings);
  const auto ring = [bell] {
    const std::uint64_t one = 1;
    static_cast<void>(::write(bell, &one, sizeof one) < 0);
  };
  return live_source(options.common, options.decode, options.period, ring, warnings);
}

}  // namespace

int top(const TopOptions& options) {
  if (!options.file.empty() && !options.common.simulated.empty())
    return fail({ErrorCode::invalid_argument, "a recording and --sim exclude each other"});
  const bool watches = !options.decode.engine_url.empty();
  if (!options.file.empty() && watches)
    return fail({ErrorCode::invalid_argument,
                 "a recording and --engine exclude each other: an engine tells of the present"});
  if (!options.decode.model.empty() && !watches)
    return fail({ErrorCode::invalid_argument,
                 "--model names what a serving engine serves; give --engine URL too"});
  if (const Status terminal = Terminal::check(); !terminal) return fail(terminal.error());
  const int bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (bell < 0)
    return fail({ErrorCode::io, fmt::format("can't make an eventfd: {}", std::strerror(errno))});
  std::vector<std::string> warnings;
  int code = kOk;
  {
    auto source = open(options, bell, warnings);
    if (!source)
      code = options.file.empty() ? offer_what_works(source.error()) : fail(source.error());
    else {
      const Style style = options.common.style();
      top_loop(**source, {.colour = style.colour, .unicode = style.unicode}, bell);
    }
  }
  ::close(bell);
  for (const std::string& warning : warnings) complain("assay: " + warning);
  return code;
}

}  // namespace assay::cli

#else

namespace assay::cli {

int top(const TopOptions&) {
  return fail({ErrorCode::invalid_argument,
               "this assay was built without `top`: FTXUI's source could not be had "
               "(scripts/fetch_ftxui.sh .cache, then build again); `assay` alone shows one look"});
}

}  // namespace assay::cli

#endif
