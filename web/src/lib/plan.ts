// SPDX-License-Identifier: Apache-2.0
// The planner's form. Pure.
import type { Configuration } from "../api/planner";
import { UNKNOWN, quantity, seconds, usd_per_hour } from "./format";

export type PlanFields = Record<string, string>;

export interface Field {
  id: string; // the API's parameter
  name: string;
  unit?: string;
  options?: readonly string[];
  placeholder?: string;
  wide?: boolean;
}

export const FIELDS: readonly Field[] = [
  { id: "in", name: "Prompt", unit: "tokens" },
  { id: "out", name: "Answer", unit: "tokens" },
  { id: "rate", name: "Requests", unit: "/s", placeholder: "one replica" },
  { id: "dtype", name: "Weights", options: ["", "bf16", "fp8", "fp4", "int8", "int4"] },
  { id: "ttft_ms", name: "TTFT p95", unit: "ms", placeholder: "no limit" },
  { id: "tpot_ms", name: "TPOT p95", unit: "ms", placeholder: "no limit" },
  { id: "max_usd_hour", name: "At most", unit: "$/h", placeholder: "no limit" },
  { id: "max_power_w", name: "At most", unit: "W", placeholder: "no limit" },
  { id: "engine", name: "Engine", options: ["vllm", "sglang", "trtllm"], wide: true },
  { id: "chips", name: "Chips", unit: "ids, commas", placeholder: "the whole catalog", wide: true },
];

export const DEFAULTS: PlanFields = { model: "llama-3.1-70b", in: "2048", out: "256", rate: "20", ttft_ms: "500", tpot_ms: "30", engine: "vllm", dtype: "", chips: "", max_usd_hour: "", max_power_w: "" };

// What the address says, and for the rest the defaults; an address that says anything says all.
export function fields_of(search: URLSearchParams): PlanFields {
  if ([...search.keys()].length === 0) return { ...DEFAULTS };
  return Object.fromEntries(Object.keys(DEFAULTS).map((id) => [id, search.get(id) ?? (id === "engine" ? "vllm" : "")]));
}

const LIMITS: Record<string, string> = { ttft: "First token, p95", tpot: "Each further token, p95", power_w: "Power", usd_per_hour: "Price", chips: "Chips" };

export function limit_name(id: string): string {
  return LIMITS[id] ?? id;
}

// A limit, or the best that was found, with its unit; latencies come in milliseconds.
export function limit_figure(id: string, value: number | null): string {
  if (value === null) return UNKNOWN;
  switch (id) {
    case "ttft": case "tpot": return seconds(value / 1000);
    case "power_w": return quantity(value, "watts");
    case "usd_per_hour": return usd_per_hour(value);
    default: return quantity(value, "count");
  }
}

// The cheapest of each chip, in rank's order.
export function best_of_each(all: readonly Configuration[]): Configuration[] {
  const seen = new Set<string>();
  return all.filter((c) => !seen.has(c.chip) && seen.add(c.chip));
}

export function layout(c: Configuration): string {
  const cuts = [c.tp > 1 ? `tp${c.tp}` : "", c.pp > 1 ? `pp${c.pp}` : "", c.dp > 1 ? `dp${c.dp}` : "", c.ep > 1 ? `ep${c.ep}` : ""].filter(Boolean);
  return [c.dtype, ...cuts, c.replicas > 1 ? `${c.replicas} replicas` : ""].filter(Boolean).join(" · ");
}
