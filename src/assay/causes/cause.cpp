// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/cause.hpp"

#include "assay/causes/finding.hpp"

#include <algorithm>
#include <array>

namespace assay::causes {
namespace {

using Remedies = std::span<const std::string_view>;

constexpr std::string_view kHeldIdle[] = {
    "end the process, or let the scheduler take the device back after minutes without a kernel",
    "share the device: MIG, MPS or a queue in front of it"};
constexpr std::string_view kLaunchBound[] = {
    "capture the loop in a CUDA graph (PyTorch: torch.compile(mode=\"reduce-overhead\"))",
    "fuse small kernels", "give each launch more work: a larger batch"};
constexpr std::string_view kHostBound[] = {
    "load and decode input in more workers, ahead of time (pinned memory, prefetch)",
    "remove synchronizations from the loop (.item(), .cpu(), cudaDeviceSynchronize)",
    "profile the host: it is what the device waits for"};
constexpr std::string_view kTransferBound[] = {"keep data on the device between steps",
                                               "copy from pinned memory on a stream of its own, "
                                               "while kernels run",
                                               "send fewer bytes: smaller types, compressed input"};
constexpr std::string_view kCommunicationBound[] = {
    "overlap collectives with arithmetic (bucketed gradients, a stream of their own)",
    "split less: fewer devices a model, or pipeline instead of tensor parallel",
    "send fewer bytes: a smaller type, larger accumulation"};
constexpr std::string_view kGridTooSmall[] = {
    "launch at least as many blocks as the device has SMs times the blocks an SM holds",
    "batch more items a launch, or split each into more blocks (split-K)",
    "run several such kernels at once on streams of their own"};
constexpr std::string_view kTailWave[] = {
    "choose a grid that is a multiple of one full wave, or use a persistent kernel",
    "smaller blocks, so that the last wave is shorter",
    "let the next kernel fill the tail: streams, "
    "programmatic dependent launch"};
constexpr std::string_view kLatencyBound[] = {
    "more warps an SM: fewer registers or less shared memory a block",
    "more loads in flight a thread (unroll, vector loads, cp.async, TMA)",
    "look at the stall reasons with ncu: which instruction waits for what"};
constexpr std::string_view kDramBound[] = {
    "read each byte once: fuse kernels, tile into shared memory",
    "smaller types for weights, activations and cache",
    "larger batches, so that weights serve more "
    "tokens a read"};
constexpr std::string_view kWrongPipe[] = {
    "allow tf32 or bf16 for matrix products (torch.set_float32_matmul_precision(\"high\"))",
    "call a library that uses the matrix units (cuBLAS, cuDNN, CUTLASS)"};
constexpr std::string_view kDivergentLanes[] = {
    "give lanes of one warp the same branch: sort or partition the work",
    "replace branches by predicated arithmetic"};
constexpr std::string_view kThrottled[] = {
    "look at what holds the clock down: power cap, temperature, a clock that somebody set",
    "better cooling, or a higher power limit where you may set one"};
constexpr std::string_view kSpinning[] = {
    "look where the kernel waits: a flag that nobody sets, a missing peer, a deadlock",
    "attach cuda-gdb or py-spy to the process"};
constexpr std::string_view kHealthy[] = {
    "nothing to mend here; less work (a better algorithm, smaller types) is what is left"};

constexpr std::array<CauseInfo, kCauseCount> kTable = {{
    {Cause::held_idle, "held-idle", "held idle",
     "A process holds the device and runs nothing on it.", Remedies(kHeldIdle)},
    {Cause::launch_bound, "launch-bound", "launch-bound",
     "Kernels are so short that launching them takes longer than running them.",
     Remedies(kLaunchBound)},
    {Cause::host_bound, "host-bound", "host-bound",
     "The device runs out of work because the host is late.", Remedies(kHostBound)},
    {Cause::transfer_bound, "transfer-bound", "transfer-bound",
     "The device waits for copies between host and device.", Remedies(kTransferBound)},
    {Cause::communication_bound, "communication-bound", "communication-bound",
     "The device waits for its peers.", Remedies(kCommunicationBound)},
    {Cause::grid_too_small, "grid-too-small", "grid too small",
     "Kernels have fewer blocks than the device has room for: SMs stay empty.",
     Remedies(kGridTooSmall)},
    {Cause::tail_wave, "tail-wave", "tail wave",
     "The last wave of blocks does not fill the device.", Remedies(kTailWave)},
    {Cause::latency_bound, "latency-bound", "latency-bound",
     "Warps are resident, but most of the time each waits for memory or for another.",
     Remedies(kLatencyBound)},
    {Cause::dram_bound, "dram-bound", "memory-bound", "The memory's bandwidth is what is used up.",
     Remedies(kDramBound)},
    {Cause::wrong_pipe, "wrong-pipe", "on the wrong pipe",
     "Arithmetic runs on the vector pipes while the matrix units stand still.",
     Remedies(kWrongPipe)},
    {Cause::divergent_lanes, "divergent-lanes", "divergent lanes",
     "Warps issue instructions with many of their lanes switched off.", Remedies(kDivergentLanes)},
    {Cause::throttled, "throttled", "throttled", "The clock is held below what the board can do.",
     Remedies(kThrottled)},
    {Cause::spinning, "spinning", "spinning",
     "Instructions run that touch no memory: a wait loop, a deadlock, or a benchmark.",
     Remedies(kSpinning)},
    {Cause::healthy, "healthy", "healthy", "The busiest part runs near its peak.",
     Remedies(kHealthy)},
}};

}  // namespace

const CauseInfo& info(Cause cause) { return kTable[static_cast<std::size_t>(cause)]; }
std::span<const CauseInfo> all() { return kTable; }

std::optional<Cause> parse(std::string_view id) {
  const auto row = std::ranges::find(kTable, id, &CauseInfo::id);
  return row == kTable.end() ? std::nullopt : std::optional(row->cause);
}

std::span<const std::string_view> remedies_of(const Finding& finding) {
  const auto all_of_it = info(finding.cause).remedies;
  return all_of_it.subspan(std::min(finding.done_already, all_of_it.size() - 1));
}

std::string page_of(Cause cause) { return "docs/causes/" + std::string(info(cause).id) + ".md"; }

}  // namespace assay::causes
