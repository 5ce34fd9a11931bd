// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/parts_check.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "assay/cli/knowledge.hpp"
#include "assay/cli/paths.hpp"
#include "assay/cli/serve_options.hpp"
#include "assay/cli/simulation.hpp"
#include "assay/http/listen_address.hpp"
#include "assay/lab/driver.hpp"
#include "assay/lab/roofs_file.hpp"
#include "assay/probe/pm/library.hpp"

namespace assay::cli {
namespace {

using probe::nvml::Finding;
using probe::nvml::Verdict;

constexpr std::uint64_t kTraceRoom = 64U << 20;  // of one traced process, src/assay/trace_ring

Finding fine(std::string what, std::string text) {
  return {std::move(what), Verdict::ok, std::move(text), ""};
}
Finding odd(std::string what, std::string text, std::string remedy = "") {
  return {std::move(what), Verdict::warn, std::move(text), std::move(remedy)};
}

// Both read what CUPTI gives: the microscope from this process, the tracer from within the job.
Finding microscope() {
  const auto library = probe::pm::Library::load();
  if (library)
    return fine("microscope", fmt::format("CUPTI has PM sampling: {}", (*library)->path()));
  return odd("microscope", library.error().message,
             "sudo apt-get install cuda-cupti-13-0   # or name libcupti.so in ASSAY_CUPTI");
}

Finding tracer() {
  struct statvfs room = {};
  if (::statvfs("/dev/shm", &room) != 0)
    return odd("tracer", "there is no /dev/shm, through which `assay run` hears of kernels",
               "sudo mount -t tmpfs tmpfs /dev/shm");
  const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
  if (free < kTraceRoom)
    return odd("tracer",
               fmt::format("/dev/shm has {} MiB left, and `assay run` wants {} for each process",
                           free >> 20, kTraceRoom >> 20),
               "df -h /dev/shm   # in a container: start it with --shm-size=1g");
  if (const char* own = std::getenv("CUDA_INJECTION64_PATH"); own != nullptr && *own != '\0')
    return odd("tracer", fmt::format("CUDA_INJECTION64_PATH names {}: `assay run` leaves it", own),
               "unset CUDA_INJECTION64_PATH");
  return fine("tracer", fmt::format("/dev/shm has {} MiB for `assay run`", free >> 20));
}

Finding lab_driver() {
  const auto driver = lab::Driver::load();
  if (driver) return fine("lab", "the CUDA driver starts: `assay lab` can run its kernels");
  return odd("lab", driver.error().message);
}

Finding simulation() {
  const Status simulated = Simulation::check();
  if (simulated) return fine("simulation", "the simulated driver can be unpacked and loaded");
  return odd("simulation", simulated.error().message);
}

Finding config(const CommonOptions& options) {
  const auto knowledge = Knowledge::load(options, {});
  if (!knowledge) return odd("config", knowledge.error().message);
  if (!knowledge->warnings().empty()) return odd("config", knowledge->warnings().front());
  const std::string file = config_dir() + "/config.toml";
  std::error_code code;
  return fine("config", std::filesystem::exists(file, code)
                            ? file
                            : "no config.toml: prices are the catalog's");
}

// The folder, or the nearest one above it that is there: may this user write into it?
bool writable(std::filesystem::path folder) {
  std::error_code code;
  while (!folder.empty() && !std::filesystem::exists(folder, code) && folder.has_relative_path())
    folder = folder.parent_path();
  return std::filesystem::is_directory(folder, code) && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

Finding folder(std::string what, const std::string& path, std::string_view holds) {
  if (path.empty())
    return odd(std::move(what),
               fmt::format("neither HOME nor an XDG folder is set: {} can't be kept", holds),
               "export HOME=/path");
  if (writable(path)) return fine(std::move(what), path);
  return odd(std::move(what), fmt::format("{} can't be written: {} can't be kept", path, holds),
             fmt::format("ls -ld {}", path));
}

Finding roofs_folder() {
  const auto text = [](const char* name) { return std::getenv(name) ? std::getenv(name) : ""; };
  const auto path = lab::roofs_path(text("XDG_DATA_HOME"), text("HOME"), "GPU-any");
  return folder("roofs", path ? std::filesystem::path(*path).parent_path().string() : "",
                "what `assay lab` measures");
}

Finding serve_store(const serve::DaemonOptions& daemon) {
  return folder("store of serve", daemon.keeper.folder, "the daemon's recordings");
}

Finding serve_port(const serve::DaemonOptions& daemon) {
  const auto listener = http::open_listener(daemon.listen);
  if (!listener)
    return odd("port of serve",
               listener.error().message + " (`assay serve` may be running already)",
               fmt::format("ss -ltnp 'sport = :{}'", daemon.listen.port));
  ::close(*listener);
  return fine("port of serve", fmt::format("{} is free", daemon.listen.to_string()));
}

std::vector<Finding> serve_parts(const CommonOptions& options) {
  const ServeOptions serve{.common = options, .config = "", .flags = {}};
  const auto settings = serve_settings(serve);
  const auto daemon = settings ? daemon_options(*settings, serve) : settings.error();
  if (!daemon) return {odd("serve", daemon.error().message)};
  return {serve_port(*daemon), serve_store(*daemon)};
}

Finding placement() {
  void* library = ::dlopen("libCbcSolver.so.3", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr)
    return odd("placement", "CBC is not installed: `assay fleet` gives no placement",
               "sudo apt-get install coinor-libcbc3");
  ::dlclose(library);
  return fine("placement", "CBC is there for `assay fleet`");
}

}  // namespace

std::vector<Finding> check_parts(const CommonOptions& options) {
  std::vector<Finding> out = {microscope(), tracer(),        lab_driver(),
                              simulation(), config(options), roofs_folder()};
  for (Finding& finding : serve_parts(options)) out.push_back(std::move(finding));
  out.push_back(placement());
  return out;
}

}  // namespace assay::cli
