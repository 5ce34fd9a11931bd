// SPDX-License-Identifier: Apache-2.0
#include "fleet/server_process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "assay/http/client.hpp"

namespace assay::test {
namespace {

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  static_cast<void>(::bind(fd, reinterpret_cast<sockaddr*>(&address), size));
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

void replace(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what))
    text.replace(at, what.size(), with);
}

[[noreturn]] void become(const std::string& path, std::vector<std::string> arguments,
                         const std::string& log) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(fd, 1);
  ::dup2(fd, 2);
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(path.c_str(), argv.data());
  ::_exit(127);
}

bool answers(const std::string& url) {
  const auto parsed = http::Url::parse(url);
  const auto response = http::get(*parsed, {.deadline = Seconds(1)});
  return response.ok() && response->status == 200;
}

}  // namespace

ServerProcess::ServerProcess(const std::string& program, std::vector<std::string> arguments,
                             const std::string& ready_path, const std::string& within) {
  std::string name = (std::filesystem::temp_directory_path() / "assay-server-XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
  port_ = free_port();
  for (std::string& argument : arguments) {
    replace(argument, "{port}", std::to_string(port_));
    replace(argument, "{folder}", folder_);
  }
  const char* servers = std::getenv("ASSAY_SERVERS");
  const std::string path = program.starts_with('/')
                               ? program
                               : std::string(servers != nullptr ? servers : ".") + "/" + program;
  const std::string start = within.empty() ? "." : path.substr(0, path.rfind('/') + 1) + within;
  pid_ = ::fork();
  if (pid_ == 0) {
    if (::chdir(start.c_str()) != 0) ::_exit(126);
    become(path, std::move(arguments), folder_ + "/log");
  }
  for (int i = 0; i < 600 && !ready_; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return;
    }
    ready_ = answers(url() + ready_path);
  }
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string ServerProcess::log() const {
  std::ifstream in(folder_ + "/log");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace assay::test
