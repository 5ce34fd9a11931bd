// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

extern char** environ;  // NOLINT: POSIX names it

namespace assay::cli {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_with(const std::vector<Child::Variable>& variables) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    bool replaced = false;
    for (const auto& variable : variables)
      replaced = replaced || text.starts_with(variable.name + "=");
    if (!replaced) out.emplace_back(text);
  }
  for (const auto& variable : variables) out.push_back(variable.name + "=" + variable.value);
  return out;
}

// assay ignores SIGPIPE and SIGXFSZ and catches SIGINT; what it starts gets the defaults back, but
// for what was ignored before assay came (nohup).
void restore_signals(posix_spawnattr_t& attributes) {
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  sigaddset(&defaults, SIGXFSZ);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction current = {};
    sigaction(number, nullptr, &current);
    if (current.sa_handler != SIG_IGN) sigaddset(&defaults, number);
  }
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
}

int decoded(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// A child that somebody froze on purpose (SIGSTOP) is only waited for.
void stop_with(int number) {
  if (number == SIGTSTP || number == SIGTTIN || number == SIGTTOU) ::raise(SIGSTOP);
}

Result<pid_t> spawn(const std::vector<std::string>& argv,
                    const std::vector<Child::Variable>& variables,
                    posix_spawn_file_actions_t* actions) {
  CHECK(!argv.empty());
  std::vector<std::string> arguments = argv;
  std::vector<std::string> environment = environment_with(variables);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  restore_signals(attributes);
  pid_t pid = -1;
  const int code = posix_spawnp(&pid, argv[0].c_str(), actions, &attributes,
                                pointers(arguments).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  if (code == 0) return pid;
  return Error{code == ENOENT ? ErrorCode::not_found : ErrorCode::no_permission,
               fmt::format("can't run {}: {}", argv[0], std::strerror(code))};
}

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& argv,
                           const std::vector<Variable>& variables, int inherited_fd, int stdout_fd,
                           int stderr_fd) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // dup2 of a descriptor onto itself clears its close-on-exec flag in the child only.
  if (inherited_fd >= 0) posix_spawn_file_actions_adddup2(&actions, inherited_fd, inherited_fd);
  if (stdout_fd >= 0) posix_spawn_file_actions_adddup2(&actions, stdout_fd, STDOUT_FILENO);
  if (stderr_fd >= 0) posix_spawn_file_actions_adddup2(&actions, stderr_fd, STDERR_FILENO);
  const auto pid = spawn(argv, variables, &actions);
  posix_spawn_file_actions_destroy(&actions);
  if (!pid) return pid.error();
  return Child(*pid);
}

std::optional<int> Child::poll() {
  if (exit_code_) return exit_code_;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = decoded(status);
  return exit_code_;
}

int Child::wait() {
  int status = 0;
  while (!exit_code_) {
    const pid_t changed = waitpid(pid_, &status, WUNTRACED);
    if (changed == pid_ && WIFSTOPPED(status)) stop_with(WSTOPSIG(status));
    else if (changed == pid_) exit_code_ = decoded(status);
    else if (errno != EINTR) exit_code_ = 1;
  }
  return *exit_code_;
}

int Child::wait_passing_on(int (*caught)(), const std::function<void()>& meanwhile) {
  while (!poll()) {
    pass_on(caught());
    if (meanwhile) meanwhile();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return *exit_code_;
}

void Child::signal(int number) const {
  if (!exit_code_) kill(pid_, number);
}

void Child::pass_on(int number) {
  if (number == 0 || number == passed_on_) return;
  passed_on_ = number;
  signal(number);
}

int start_failure_code(const Error& error) {
  return error.code == ErrorCode::not_found ? 127 : 126;
}

std::optional<std::string> output_of(const std::vector<std::string>& argv) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const auto pid = spawn(argv, {}, &actions);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t n = 0;
  while (pid && (n = read(ends[0], buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  if (!pid || waitpid(*pid, &status, 0) != *pid || status != 0) return std::nullopt;
  return text;
}

}  // namespace assay::cli
