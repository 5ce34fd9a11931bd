// SPDX-License-Identifier: Apache-2.0
// The device is held and stands still: nobody uses it, or the host is late.
#include "kernels.cuh"
#include "program.cuh"

static void sleep_for(double seconds) { usleep(static_cast<useconds_t>(seconds * 1e6)); }

// --- held idle ---

PROGRAM(idle_context, "idle-context") {
  device_array<char>(std::size_t{1} << 30);
  sleep_for(seconds);
}

PROGRAM(idle_after_work, "idle-after-work") {
  float* x = device_array<float>(1 << 20);
  scale_in_place<<<sms(), 256>>>(x, 1 << 20, 0.5F);
  must(cudaDeviceSynchronize(), "kernel");
  sleep_for(seconds);
}

PROGRAM(idle_heartbeat, "idle-heartbeat") {
  float* x = device_array<float>(1 << 16);
  for (const double end = now() + seconds; now() < end; sleep_for(0.2))
    scale_in_place<<<1, 256>>>(x, 1 << 10, 0.5F);
}

PROGRAM(idle_polling_host, "idle-polling-host") {
  device_array<char>(std::size_t{8} << 30);
  cudaEvent_t event;
  must(cudaEventCreate(&event), "event");
  for (const double end = now() + seconds; now() < end; sleep_for(0.001)) cudaEventQuery(event);
}

// --- launch-bound ---

PROGRAM(launch_one_block, "launch-one-block") {
  float* x = device_array<float>(1 << 10);
  repeat(seconds, 2000, [&] { scale_in_place<<<1, 256>>>(x, 256, 0.5F); });
}

PROGRAM(launch_small_vectors, "launch-small-vectors") {
  float* x = device_array<float>(1 << 16);
  repeat(seconds, 2000, [&] { scale_in_place<<<32, 128>>>(x, 1 << 12, 0.5F); });
}

PROGRAM(launch_four_streams, "launch-four-streams") {
  float* x = device_array<float>(1 << 16);
  cudaStream_t streams[4];
  for (cudaStream_t& stream : streams) must(cudaStreamCreate(&stream), "stream");
  int turn = 0;
  repeat(seconds, 2000, [&] {
    const int i = turn++ % 4;
    scale_in_place<<<4 + i, 64, 0, streams[i]>>>(x + (i << 12), 1 << 10, 0.5F);
  });
}

// A full chip for two microseconds, then the next launch: short, though each fills the SMs.
PROGRAM(launch_short_full, "launch-short-full") {
  float* x = device_array<float>(1 << 20);
  const int blocks = sms();
  repeat(seconds, 1000, [&] { multiply_add<<<blocks, 128>>>(x, 64); });
}

// --- host-bound ---

PROGRAM(host_sleeps, "host-sleeps") {
  float* x = device_array<float>(1 << 22);
  const int blocks = sms() * 2;
  for (const double end = now() + seconds; now() < end; sleep_for(0.004)) {
    multiply_add<<<blocks, 1024>>>(x, 200'000);
    must(cudaDeviceSynchronize(), "step");
  }
}

PROGRAM(host_computes, "host-computes") {
  float* x = device_array<float>(1 << 22);
  const int blocks = sms() * 2;
  for (const double end = now() + seconds; now() < end; compute_on_host(0.0006)) {
    multiply_add<<<blocks, 1024>>>(x, 40'000);
    must(cudaDeviceSynchronize(), "step");
  }
}

// Input arrives in bursts: 60 ms of batches, 60 ms of none.
PROGRAM(host_starved_input, "host-starved-input") {
  float4* from = device_array<float4>(1 << 24);
  float4* to = device_array<float4>(1 << 24);
  const int blocks = sms() * 4;
  for (const double end = now() + seconds; now() < end; compute_on_host(0.06)) {
    for (int i = 0; i < 250; ++i) stream_copy<<<blocks, 512>>>(to, from, 1 << 24);
    must(cudaDeviceSynchronize(), "batch");
  }
}

// A decision on the host after every kernel: the result is copied back and looked at.
PROGRAM(host_reads_each_result, "host-reads-each-result") {
  float* x = device_array<float>(1 << 22);
  float seen = 0;
  const int blocks = sms() * 2;
  for (const double end = now() + seconds; now() < end; compute_on_host(0.00015)) {
    multiply_add<<<blocks, 1024>>>(x, 8'000);
    must(cudaMemcpy(&seen, x, sizeof seen, cudaMemcpyDeviceToHost), "result");
  }
}

// --- transfer-bound ---

static void* pinned(std::size_t bytes) {
  void* out = nullptr;
  must(cudaMallocHost(&out, bytes), "pinned memory");
  return out;
}

constexpr std::size_t kBatch = std::size_t{128} << 20;

PROGRAM(transfer_pinned_in, "transfer-pinned-in") {
  void* host = pinned(kBatch);
  float* x = device_array<float>(kBatch / 4);
  const int blocks = sms() * 4;
  repeat(seconds, 2, [&] {
    must(cudaMemcpyAsync(x, host, kBatch, cudaMemcpyHostToDevice), "copy");
    scale_in_place<<<blocks, 512>>>(x, kBatch / 4, 0.5F);
  });
}

PROGRAM(transfer_pageable_out, "transfer-pageable-out") {
  std::vector<char> host(kBatch);
  float* x = device_array<float>(kBatch / 4);
  const int blocks = sms() * 4;
  for (const double end = now() + seconds; now() < end;) {
    scale_in_place<<<blocks, 512>>>(x, kBatch / 4, 0.5F);
    must(cudaMemcpy(host.data(), x, kBatch, cudaMemcpyDeviceToHost), "copy");
  }
}

PROGRAM(transfer_round_trip, "transfer-round-trip") {
  void* host = pinned(kBatch);
  float* x = device_array<float>(kBatch / 4);
  const int blocks = sms() * 2;
  repeat(seconds, 2, [&] {
    must(cudaMemcpyAsync(x, host, kBatch, cudaMemcpyHostToDevice), "copy");
    multiply_add<<<blocks, 1024>>>(x, 20'000);
    must(cudaMemcpyAsync(host, x, kBatch, cudaMemcpyDeviceToHost), "copy");
  });
}

PROGRAM(transfer_small_pieces, "transfer-small-pieces") {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  char* host = static_cast<char*>(pinned(kPiece * 16));
  float* x = device_array<float>(kPiece * 4);
  repeat(seconds, 10, [&] {
    for (int i = 0; i < 16; ++i)
      must(cudaMemcpyAsync(reinterpret_cast<char*>(x) + i * kPiece, host + i * kPiece, kPiece,
                           cudaMemcpyHostToDevice), "copy");
    scale_in_place<<<132, 512>>>(x, kPiece * 4, 0.5F);
  });
}
