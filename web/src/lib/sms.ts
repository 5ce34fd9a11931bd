// SPDX-License-Identifier: Apache-2.0
// How many SMs had work: what the counter said, which the ladder's rung may stand above (docs/json.md). Pure.
import type { Device, Reading } from "../api/types";

const NONE: Reading = { value: null, state: "unknown", source: "none", window_s: 0, reason: null };

export function sm_active(device: Device): Reading {
  return device.readings["sm_active"] ?? NONE;
}

// Whether the rung was lifted to the one below it, so that it is no measured figure.
export function raised(device: Device): boolean {
  const rung = device.ladder.sm_active.value;
  const read = sm_active(device).value;
  return rung !== null && (read === null || rung - read > 1e-9);
}
