// SPDX-License-Identifier: Apache-2.0
// The planner's and the catalog's answers (docs/json.md); only the fields that the page reads.

export interface ModelSize {
  id: string;
  name: string;
  parameters: number;
  active_parameters: number;
  kv_bytes_per_token: number;
}

export interface Spread {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  lo?: number;
  hi?: number;
}

export interface Configuration {
  rank: number;
  frontier: boolean;
  dominated_by: number | null;
  chip: string;
  dtype: string;
  count: number;
  replicas: number;
  tp: number;
  pp: number;
  dp: number;
  ep: number;
  ttft_ms: Spread;
  tpot_ms: Spread | null;
  e2e_ms: Spread;
  tokens_per_s: number;
  input_tokens_per_s: number;
  concurrency: number;
  batch: number;
  usd_per_hour: number | null;
  usd_per_mtok: number | null;
  usd_per_mtok_interval: { lo: number; hi: number } | null;
  power_w: number | null;
  joules_per_token: number | null;
  bottleneck: string;
  time_share: Record<string, number>;
  provenance: string;
  what_if?: Record<string, number> | null;
}

export interface PlanAnswer {
  model: string;
  engine: string;
  in: number;
  out: number;
  rate: number | null;
  chips: { id: string; name: string }[];
  configurations: Configuration[];
  refused: { chip: string; dtype?: string; why: string }[];
  unreachable: { limit: string; asked: number; best: number | null; by: string | null }[];
}

export interface Source {
  title: string;
  url: string | null;
  date: string | null;
  confidence: string;
}

export interface Sourced {
  value: number | null;
  source: string | null;
  date: string | null;
  confidence: string;
}

export interface Peak {
  dtype: string;
  engine: string;
  dense_flops_per_second: Sourced;
}

export interface Chip {
  id: string;
  name: string;
  vendor: string;
  kind: string;
  memory: { technology: string; bytes_per_second: Sourced }[];
  peaks: Peak[];
}

export interface Figure {
  id: string;
  aspect: string;
  unit: string;
  derived: boolean;
  cells: { value: number | null; ratio: number | null; confidence: string | null; source: Source | null }[];
}

export interface OnChip {
  chip: string;
  chips_needed: number | null;
  decode_bound_tokens_per_s: number | null;
  prefill_bound_tokens_per_s: number | null;
  planned: { configuration: string; usd_per_mtok: number | null; tpot_ms: number | null; bottleneck: string; provenance: string } | null;
  why_not_planned: string | null;
}

export interface ModelOn {
  model: string;
  weights_bytes: number | null;
  kv_bytes_per_token: number | null;
  on: OnChip[];
}

export interface ClaimEvidence {
  text: string;
  stance: "supports" | "against" | "context";
  figure: { value: number; unit: string } | null;
  computed_from_catalog: boolean;
  source: Source | null;
}

export interface Claim {
  id: string;
  statement: string;
  said_by: string;
  origin: Source | null;
  chips: string[];
  baselines: string[];
  verdict: "confirmed" | "partly" | "contradicted" | "unverified";
  finding: string;
  evidence: ClaimEvidence[];
}

export interface CompareAnswer {
  chips: { id: string; name: string; kind: string; notes: string | null }[];
  figures: Figure[];
  models: ModelOn[];
  claims: Claim[];
}
