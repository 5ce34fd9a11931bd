// SPDX-License-Identifier: Apache-2.0
// The roofline of one chip, and where work lies under it. Pure. Roofline model: Williams, Waterman, Patterson,
// CACM 52(4), 2009.
import type { Chip, Configuration, ModelSize } from "../api/planner";
import type { Device } from "../api/types";

export interface Roof {
  dtype: string;
  peak: number; // FLOP/s
}

export interface Roofs {
  bandwidth: number; // bytes/s of the memory that the weights lie in
  roofs: Roof[]; // the highest first
}

export interface Point {
  kind: "decode" | "prefill" | "measured";
  label: string;
  intensity: number; // FLOP/byte
  speed: number; // FLOP/s
}

// The matrix peaks of the types that models are served in; null where bandwidth or peaks are not known.
export function roofs_of(chip: Chip): Roofs | null {
  const bandwidths = chip.memory.map((tier) => tier.bytes_per_second.value).filter((value) => value !== null);
  const best = new Map<string, number>();
  for (const peak of chip.peaks) {
    const value = peak.dense_flops_per_second.value;
    if (value === null || !["bf16", "fp16", "fp8", "fp4", "int8"].includes(peak.dtype)) continue;
    best.set(peak.dtype, Math.max(value, best.get(peak.dtype) ?? 0));
  }
  if (best.has("bf16")) best.delete("fp16");
  if (best.has("fp8")) best.delete("int8");
  const first = bandwidths[0];
  if (first === undefined || best.size === 0) return null;
  const roofs = [...best].map(([dtype, peak]) => ({ dtype, peak })).sort((a, b) => b.peak - a.peak);
  return { bandwidth: first, roofs };
}

export function roof_for(roofs: Roofs, dtype: string): Roof | null {
  return roofs.roofs.find((roof) => roof.dtype === dtype) ?? roofs.roofs.at(-1) ?? null;
}

// What one chip could do at this intensity.
export function reach(roofs: Roofs, peak: number, intensity: number): number {
  return Math.min(peak, roofs.bandwidth * intensity);
}

const BYTES: Record<string, number> = { bf16: 2, fp16: 2, fp8: 1, int8: 1, fp4: 0.5, int4: 0.5 };

export function bytes_of(model: ModelSize, dtype: string): number {
  return model.parameters * (BYTES[dtype] ?? 2);
}

// Share of the weights that a step of so many tokens reads: all of a dense model's, and of experts those that
// one token or another is sent to, E (1 - (1 - k/E)^B) over E.
export function touched(model: ModelSize, tokens: number): number {
  return 1 - (1 - Math.min(1, model.active_parameters / model.parameters)) ** tokens;
}

// Decode: each step reads the weights once for the whole batch, and each sequence its own cache; a token takes
// two FLOPs a weight. The speed is that of one chip at the step time that the planner expects.
export function decode_point(c: Configuration, model: ModelSize, context: number): Point | null {
  if (!c.tpot_ms || c.batch <= 0) return null;
  const read = bytes_of(model, c.dtype) * Math.max(touched(model, c.batch), model.active_parameters / model.parameters);
  const bytes = read / c.batch + model.kv_bytes_per_token * context;
  const flops = 2 * model.active_parameters;
  const speed = (c.batch * flops) / (c.tpot_ms.mean / 1000) / (c.count / c.replicas);
  return { kind: "decode", label: `decode, batch ${Math.round(c.batch)}`, intensity: flops / bytes, speed };
}

// Prefill: a whole prompt reads the weights once. The time is that of the first token, waiting included.
export function prefill_point(c: Configuration, model: ModelSize, prompt: number): Point | null {
  const seconds = c.ttft_ms.p50 / 1000;
  if (seconds <= 0) return null;
  const flops = 2 * model.active_parameters * prompt;
  const bytes = bytes_of(model, c.dtype) * touched(model, prompt) + model.kv_bytes_per_token * prompt;
  return { kind: "prefill", label: `prefill of ${prompt} tokens`, intensity: flops / bytes, speed: flops / seconds / (c.count / c.replicas) };
}

// A live device: bytes from its DRAM counter, FLOPs from its pipes at the peak of the densest type that runs on
// each. Tensor cycles count as the given type's, so the point is the most that it can have done.
export function measured_point(device: Device, roofs: Roofs, dtype: string): Point | null {
  const dram = device.readings["dram_util"]?.value;
  const tensor = device.readings["tensor_util"]?.value;
  const roof = roof_for(roofs, dtype);
  if (typeof dram !== "number" || typeof tensor !== "number" || dram <= 0 || tensor <= 0 || !roof) return null;
  const speed = tensor * roof.peak;
  return { kind: "measured", label: `GPU ${device.index} now`, intensity: speed / (dram * roofs.bandwidth), speed };
}
