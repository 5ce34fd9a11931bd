// SPDX-License-Identifier: Apache-2.0
// Names of the comparison's rows, which the API gives by id.
const NAMES: Record<string, string> = {
  peak_half: "16-bit arithmetic",
  peak_fp8: "fp8 arithmetic",
  peak_fp4: "fp4 arithmetic",
  peak_int8: "int8 arithmetic",
  bandwidth: "Memory bandwidth",
  balance: "Balance, 16-bit over bandwidth",
  memory: "Usable memory",
  scale_up: "Link to neighbours",
  scale_out: "Network",
  tdp: "Power limit",
  half_per_watt: "16-bit arithmetic a watt",
  bandwidth_per_watt: "Bandwidth a watt",
  rental: "Rent",
  purchase: "Purchase",
  half_per_dollar: "16-bit arithmetic a rent dollar",
  bandwidth_per_dollar: "Bandwidth a rent dollar",
};

export function figure_name(id: string): string {
  return NAMES[id] ?? id.replaceAll("_", " ");
}

export const ASPECTS: Record<string, string> = {
  prefill: "Prefill",
  decode: "Decode",
  capacity: "Capacity",
  links: "Links",
  power: "Power",
  money: "Money",
};

// Of each of a row's ratios its share of the greatest: the length of its bar. Unknown has none.
export function bars(ratios: readonly (number | null)[]): number[] {
  const most = Math.max(...ratios.map((ratio) => ratio ?? 0));
  return ratios.map((ratio) => (most > 0 ? (ratio ?? 0) / most : 0));
}
