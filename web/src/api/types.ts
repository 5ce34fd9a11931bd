// SPDX-License-Identifier: Apache-2.0
// What the daemon answers, as docs/json.md has it; only the fields that the page reads.

export type State = "measured" | "derived" | "estimated" | "unknown" | "stale" | "invalid";

export interface Reading {
  value: number | null;
  state: State;
  source: string;
  window_s: number;
  reason: string | null;
}

export interface Origin {
  kind: "device" | "recording" | "simulation";
  name: string;
}

export interface Sol extends Reading {
  limiter: string | null;
}

export interface Ladder {
  held: Reading;
  busy: Reading;
  sm_active: Reading;
  sol: Sol;
  useful: Reading;
}

export interface Process {
  pid: number;
  name: string;
  type: string;
  memory: Reading;
  time_share: Reading;
}

export interface Cost {
  usd_per_hour: number | null;
  lost_usd_per_hour: number | null;
  lost_usd_per_hour_at_least: number | null;
  by_part_usd_per_hour: Record<string, number | null>;
  source: string | null;
}

export interface Evidence {
  metric: string;
  value: number | null;
  expected: string;
}

export interface Finding {
  cause: string;
  confidence: number;
  evidence: Evidence[];
  counterfactual: { speedup_max: number | null; usd_per_hour_saved_max: number | null };
  or_else: string[];
  told_apart_by: string | null;
  try: string[];
  page: string;
}

export interface DecodeTerm {
  measured_s: number | null;
  expected_s: number | null;
}

export interface Decode {
  model: string;
  batch: number;
  context: number;
  tokens_per_second: number;
  useful: number | null;
  expected_s: number | null;
  step_s: number | null;
  speed_of_light_s: number | null;
  terms: Record<string, DecodeTerm>;
  blame: string | null;
  provenance: string;
}

export interface Device {
  index: number;
  uuid: string;
  name: string;
  chip: string | null;
  pci: string | null;
  driver: string | null;
  sm_count: number | null;
  presence: "ok" | "stale" | "lost";
  trouble: string | null;
  route: string;
  window_s: number;
  ladder: Ladder;
  losses: Record<string, number | null>;
  gpu_util: Reading;
  readings: Record<string, Reading>;
  processes: Process[] | null;
  processes_unattributed: { memory: Reading; time_share: Reading };
  processes_reason: string | null;
  cost: Cost | null;
  findings: Finding[];
  decode: Decode | null;
}

export interface Engine {
  url: string;
  engine: string;
  models: string[];
  trouble: string | null;
  devices: number[];
  generation_tokens_per_second: Reading;
  prompt_tokens_per_second: Reading;
  first_token_s: Reading;
  next_token_s: Reading;
  waiting: Reading;
  kv_usage: Reading;
  batch: Reading;
  usd_per_million_tokens: Reading;
  joules_per_token: Reading;
  no_useful_rung_because: string | null;
}

export interface Snapshot {
  schema: string;
  at: string;
  origin: Origin;
  self: { cpu_seconds: number | null; rss_bytes: number | null; samples: number; lost: number };
  devices: Device[];
  engine?: Engine | null;
}

export interface SeriesOne {
  device: number;
  uuid: string;
  metric: string;
  unit: string;
  count: number[];
  min: (number | null)[];
  mean: (number | null)[];
  max: (number | null)[];
}

export interface SeriesAnswer {
  origin: Origin;
  from: string;
  to: string;
  step_s: number;
  series: SeriesOne[];
}

export interface Note {
  at: string;
  device: number | string | null;
  kind: string;
  text: string;
}
