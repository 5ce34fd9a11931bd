// SPDX-License-Identifier: Apache-2.0
// Names for what the API gives by id.
const REASONS: Record<string, string> = {
  "not-read": "not asked for",
  "not-supported": "this device does not tell",
  "no-gpm": "hardware counters need Hopper or newer",
  "no-permission": "no permission to read it",
  "driver-not-loaded": "the driver is not loaded",
  "device-lost": "the device is lost",
  "reset-required": "the device needs a reset",
  timeout: "the driver did not answer in time",
  "no-new-data": "the counters were not refreshed in the window",
  "first-sample": "the first sample: nothing to compare with yet",
  "not-finite": "the driver answered no number",
  "out-of-range": "over 100 %",
  "version-refused": "the driver refused the version",
  "driver-error": "the driver failed",
  "missing-input": "a reading it is made of is missing",
  "no-roof": "the peak is not known",
  "no-price": "no price is known",
  "no-workload": "nobody told what the workload is",
  "recording-damaged": "the recording is damaged here",
  "between-rounds": "the last value: read once a minute",
  sampled: "sampled over a shorter period",
};

export function reason_words(reason: string | null): string {
  return reason === null ? "" : (REASONS[reason] ?? reason.replaceAll("-", " "));
}

const CAUSES: Record<string, string> = {
  "dram-bound": "Memory-bound",
  "wrong-pipe": "On the wrong pipe",
};

export function cause_title(cause: string): string {
  const name = CAUSES[cause] ?? (cause.endsWith("-bound") ? cause : cause.replaceAll("-", " "));
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const LIMITERS: Record<string, string> = {
  dram: "memory bandwidth",
  tensor: "tensor cores",
  fp64: "fp64 pipe",
  fp32: "fp32 pipe",
  fp16: "fp16 pipe",
  int: "integer pipe",
  nvlink: "NVLink",
  pcie: "PCIe",
};

export function limiter_words(limiter: string | null): string {
  return limiter === null ? "the busiest part" : (LIMITERS[limiter] ?? limiter);
}

const BOTTLENECKS: Record<string, string> = {
  dram: "memory bandwidth",
  compute: "arithmetic",
  link: "links between chips",
  overhead: "fixed times",
  capacity: "memory capacity",
};

export function bottleneck_words(id: string): string {
  return BOTTLENECKS[id] ?? id;
}

// "NVIDIA H100 80GB HBM3" is "H100 80GB HBM3" in a narrow column.
export function short_name(name: string): string {
  return name.replace(/^(NVIDIA|AMD|Intel)\s+/, "");
}

const UNITS: readonly [RegExp, string][] = [
  [/^memory_(total|reserved|used|free)$/, "bytes"],
  [/_cycles_per_request$|_requests$|_cycles$|_cycles_active$|cache_/, "count"],
  [/_clock(_max)?$/, "hertz"],
  [/^power/, "watts"],
  [/^temperature/, "celsius"],
  [/^energy$/, "joules"],
  [/^(pcie|nvlink\d*|c2c\d*(_total|_data)?)_[tr]x$/, "bytes_per_second"],
  [/(_util|_util_samples|_active|_occupancy|fan_speed)$|^ladder\.|^loss\.|^sol$|^busy$|^held$/, "ratio"],
  [/^cost\./, "usd_per_hour"],
];

// The base unit of a metric, from the way the table of metrics forms its ids.
export function unit_of(metric: string): string {
  return UNITS.find(([pattern]) => pattern.test(metric))?.[1] ?? "count";
}

const THROTTLES: readonly [number, string][] = [
  [1, "idle"], [2, "application clocks"], [4, "software power cap"], [8, "hardware slowdown"],
  [16, "sync boost"], [32, "software thermal"], [64, "hardware thermal"], [128, "power brake"],
  [256, "display clocks"],
];

export function throttle_words(mask: number): string {
  if (mask === 0) return "none";
  return THROTTLES.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name).join(", ") || `bits ${mask}`;
}
