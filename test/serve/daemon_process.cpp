// SPDX-License-Identifier: Apache-2.0
#include "serve/daemon_process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "assay/base/read_file.hpp"

namespace assay::test {

std::string make_folder() {
  char path[] = "/tmp/assay-daemon-XXXXXX";
  CHECK(::mkdtemp(path) != nullptr);
  return path;
}

DaemonProcess::DaemonProcess(Options options) : own_home_(!options.home) {
  home_ = own_home_ ? make_folder() : *options.home;
  start(options);
  read_url();
}

void DaemonProcess::start(const Options& options) {
  std::vector<std::string> words = {ASSAY_BINARY, "serve", "--sim", "fleet-8"};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::string home = "HOME=" + home_;
  std::string path = "PATH=/usr/bin:/bin";
  char* environment[] = {home.data(), path.data(), nullptr};
  const std::string err = home_ + "/stderr";
  int ends[2];
  CHECK(::pipe(ends) == 0);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::signal(SIGXFSZ, SIG_IGN);  // so that a file over limit_files() fails as a full disk does
    ::dup2(ends[1], 1);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644), 2);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execve(ASSAY_BINARY, argv.data(), environment);
    ::_exit(127);
  }
  CHECK(pid_ > 0);
  ::close(ends[1]);
  out_ = ends[0];
}

void DaemonProcess::read_url() {
  char c = 0;
  std::string line;
  while (::read(out_, &c, 1) == 1 && c != '\n') line += c;
  if (c == '\n') url_ = line;
}

DaemonProcess::~DaemonProcess() {
  if (pid_ > 0) {
    signal(SIGKILL);
    wait();
  }
  ::close(out_);
  std::error_code code;
  if (own_home_) std::filesystem::remove_all(home_, code);
}

http::Url DaemonProcess::url(std::string_view path, std::string_view query) const {
  return http::Url::parse(url_).value().at(path, query);
}

Result<http::Response> DaemonProcess::get(std::string_view path, std::string_view query,
                                          const http::Options& options) const {
  http::Options patient = options;
  patient.deadline = Seconds(60);
  return http::get(url(path, query), patient);
}

std::string DaemonProcess::snapshot() const {
  for (int i = 0; i < 600; ++i) {
    const auto response = get("/api/v1/snapshot");
    if (response && response->status == 200) return response->body;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return "";
}

void DaemonProcess::limit_files(long bytes) const {
  const rlim_t most = static_cast<rlim_t>(bytes);
  const rlimit limit{most, most};
  CHECK(::prlimit(pid_, RLIMIT_FSIZE, &limit, nullptr) == 0);
}

void DaemonProcess::signal(int number) const { ::kill(pid_, number); }

int DaemonProcess::wait() {
  int status = 0;
  CHECK(::waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string DaemonProcess::said() const {
  const auto text = read_file(home_ + "/stderr");
  return text ? *text : "";
}

}  // namespace assay::test
