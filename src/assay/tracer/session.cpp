// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/session.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>

#include "assay/tracer/find_cupti.hpp"
#include "assay/tracer/guard.hpp"
#include "assay/tracer/pace.hpp"

namespace assay::tracer {
namespace {

using trace_ring::State;

Session the_session;
char stage[320] = "preparing";  // of the set-up, for the report of a crash

void on_request(std::uint8_t** buffer, std::size_t* size, std::size_t* max_records) {
  Session& mine = the_session;
  const bool serve = mine.open.load(std::memory_order_acquire) && mine.is_ours();
  *buffer = serve ? mine.buffers.take() : nullptr;
  *size = *buffer == nullptr ? 0 : Buffers::kBytes;
  *max_records = 0;
}

void on_complete(void*, std::uint32_t, std::uint8_t* buffer, std::size_t, std::size_t valid) {
  Session& mine = the_session;
  if (buffer == nullptr || !mine.is_ours()) return;
  pthread_mutex_lock(&mine.writing);
  if (valid > 0) {
    mine.records.walk(buffer, valid);
    mine.walked.fetch_add(1, std::memory_order_relaxed);
  }
  pthread_mutex_unlock(&mine.writing);
  mine.buffers.give_back(buffer, valid);
}

void set_state(State state) {
  the_session.page->state.store(static_cast<std::uint32_t>(state), std::memory_order_release);
}

const char* remedy_for(abi::Code code) {
  switch (code) {
    case 35:
    case 40: return "; allow profiling for this user (RmProfilingAdminOnly=0)";
    case 39: return "; another profiler holds it in this process: run without that one";
    case 41: return "; it is not to be had with confidential computing";
    default: return "";
  }
}

bool refuse(const char* path, const char* why, const char* remedy = "") {
  char text[480];
  std::snprintf(text, sizeof text, "%s %s%s", path, why, remedy);
  add_trouble(text);
  return false;
}

// Without this, CUPTI zeroes each buffer on the job's own thread.
void leave_zeroing_to_us(const Cupti& cupti) {
  std::uint8_t yes = 1;
  std::size_t size = sizeof yes;
  cupti.set_attribute(abi::kZeroedOutBuffers, &size, &yes);
}

// Several paths may lead to one library; it is tried once.
bool is_new(void* library) {
  static void* tried[16];
  for (void*& one : tried) {
    if (one == library) return false;
    if (one != nullptr) continue;
    one = library;
    return true;
  }
  return false;
}

bool try_library(const char* path, bool loaded) {
  Session& mine = the_session;
  std::snprintf(stage, sizeof stage, "loading %s", path);
  void* library = dlopen(path, RTLD_LAZY | RTLD_LOCAL | (loaded ? RTLD_NOLOAD : 0));
  if (library == nullptr) {
    // A bare name is only the loader's last chance: that it finds none is no news.
    if (std::strchr(path, '/') != nullptr) add_trouble(dlerror());
    return false;
  }
  if (!is_new(library)) return false;
  if (!load_functions(library, mine.cupti)) return refuse(path, "lacks functions of CUPTI 10");
  std::snprintf(stage, sizeof stage, "setting up %s", path);
  if (mine.cupti.get_version(&mine.version) != abi::kSuccess || !abi::is_known(mine.version)) {
    char text[96];
    std::snprintf(text, sizeof text, "has version %u, whose records this assay does not know",
                  mine.version);
    return refuse(path, text, "; a newer assay may");
  }
  mine.records.begin(&mine.cupti, mine.version, mine.page, &mine.writer);
  mine.open.store(true, std::memory_order_release);
  leave_zeroing_to_us(mine.cupti);
  abi::Code code = mine.cupti.register_callbacks(on_request, on_complete);
  if (code == abi::kSuccess) code = mine.cupti.enable(abi::kConcurrentKernel);
  if (code != abi::kSuccess) {
    mine.open.store(false);
    return refuse(path, word_of(mine.cupti, code), remedy_for(code));
  }
  mine.page->cupti_version = mine.version;
  trace_ring::set_text(mine.page->cupti, path);
  return true;
}

// The CUDA version that the driver supports, major; 0 where it can't be asked.
int driver_major() {
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
  if (driver == nullptr) return 0;
  using GetVersion = int (*)(int*);
  const auto get = reinterpret_cast<GetVersion>(dlsym(driver, "cuDriverGetVersion"));
  int version = 0;
  return get != nullptr && get(&version) == 0 ? version / 1000 : 0;
}

void note_clock(Session& mine) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const std::int64_t unix_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  const std::uint64_t cupti = cupti_now();
  mine.page->cupti_to_unix_ns = unix_ns - static_cast<std::int64_t>(cupti);
  mine.page->began.store(cupti, std::memory_order_release);
  mine.records.not_before(cupti);
}

void for_each_kind_beside(const Plan& plan, abi::Code (*act)(std::uint32_t)) {
  if (plan.copies) act(abi::kMemcpy);
  if (plan.memsets) act(abi::kMemset);
  if (plan.peer_copies) act(abi::kMemcpyPeer);
  if (plan.synchronization) act(abi::kSynchronization);
}

void note_small_ring(const Session& mine) {
  if (mine.ring.limit == nullptr) return;
  char text[320];
  std::snprintf(text, sizeof text,
                "its ring holds %u records at a time, not %u, because of %s: what comes faster "
                "than it is read is lost",
                mine.ring.slots, mine.plan.slots, mine.ring.limit);
  add_trouble(text);
}

void set_up() {
  Session& mine = the_session;
  if (!mine.buffers.reserve()) {
    add_trouble("no address space is left for the trace's buffers");
    return set_state(State::failed);
  }
  if (!find_cupti(driver_major(), try_library)) {
    if (mine.page->trouble[0] == '\0')
      add_trouble("no libcupti.so was found; install CUDA's, or name the file with ASSAY_CUPTI");
    return set_state(State::failed);
  }
  // What was tried before the one that serves is no trouble any more.
  trace_ring::set_text(mine.page->trouble, "");
  note_small_ring(mine);
  std::snprintf(stage, sizeof stage, "asking for records");
  note_clock(mine);
  // Before any graph, and for good: where records of whole graphs are switched on and off around
  // graphs that are there, the job gets illegal memory accesses (seen with CUPTI 13.0). Their nodes
  // give no records of their own then.
  if (mine.plan.whole_graphs) mine.cupti.enable(abi::kGraphTrace);
  // Bursts begin when the driver is up: until then nothing can be launched.
  if (mine.plan.burst_ms != 0) mine.cupti.disable(abi::kConcurrentKernel);
  else enable_all();
  set_state(State::tracing);
  start_pace();
}

}  // namespace

bool Session::is_ours() const { return owner == getpid(); }

Session& session() { return the_session; }

void add_trouble(const char* text) {
  trace_ring::Page& page = *the_session.page;
  const std::size_t used = std::strlen(page.trouble.data());
  std::snprintf(page.trouble.data() + used, page.trouble.size() - used, "%s%s",
                used == 0 ? "" : "; ", text);
}

std::uint64_t cupti_now() {
  std::uint64_t now = 0;
  the_session.cupti.timestamp(&now);
  return now;
}

void enable_all() {
  const Session& mine = the_session;
  mine.cupti.enable(abi::kConcurrentKernel);
  for_each_kind_beside(mine.plan, mine.cupti.enable);
}

void disable_all() {
  const Session& mine = the_session;
  for_each_kind_beside(mine.plan, mine.cupti.disable);
  mine.cupti.disable(abi::kConcurrentKernel);
}

void mark_burst(std::uint64_t start, std::uint64_t end) {
  trace_ring::SpanSlot slot;
  slot.kind = trace_ring::Kind::burst;
  slot.start = start;
  slot.end = end;
  pthread_mutex_lock(&the_session.writing);
  if (end == 0) the_session.records.not_before(start);
  the_session.writer.push(slot);
  the_session.writer.publish();
  pthread_mutex_unlock(&the_session.writing);
}

void begin(const Plan& plan) {
  Session& mine = the_session;
  // Once a process; and never in a child that was forked from a traced one: CUDA can't be used
  // there.
  if (plan.folder == nullptr || mine.owner != 0) return;
  const Ring ring = make_ring(plan.folder, plan.slots);
  if (ring.page == nullptr) return;
  mine.plan = plan;
  mine.owner = getpid();
  mine.ring = ring;
  mine.page = ring.page;
  mine.writer = trace_ring::Writer(ring.page, ring.slots);
  const int crashed = guarded(set_up);
  if (crashed == 0) return;
  mine.open.store(false);
  char text[420];
  std::snprintf(text, sizeof text, "the tracer's set-up got signal %d while %s", crashed, stage);
  add_trouble(text);
  set_state(State::failed);
}

}  // namespace assay::tracer
