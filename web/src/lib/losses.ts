// SPDX-License-Identifier: Apache-2.0
// The parts of a device's capacity, from the bottom of the band (what works) to its top.

export interface Part {
  id: string;
  name: string; // on the page
  what: string; // the same words as the command line
  lost: boolean;
}

export const PARTS: readonly Part[] = [
  { id: "useful", name: "Useful", what: "what you asked for, at the speed of light", lost: false },
  { id: "engaged", name: "Engaged", what: "engaged at the limiter", lost: false },
  { id: "overwork", name: "Overwork", what: "work beyond what was asked for", lost: true },
  { id: "stalled", name: "Stalled", what: "warps resident, limiter idle", lost: true },
  { id: "empty_sms", name: "Empty SMs", what: "kernel resident, SMs empty", lost: true },
  { id: "idle_held", name: "Idle while held", what: "held, no kernel resident", lost: true },
  { id: "not_held", name: "Not held", what: "nobody holds it", lost: true },
  { id: "unattributed", name: "Unattributed", what: "no reading can place it", lost: true },
];

export type Losses = Record<string, number | null | undefined>;

// Shares in the order of PARTS; null where a part is not known, which is not 0.
export function shares(losses: Losses): (number | null)[] {
  return PARTS.map((part) => losses[part.id] ?? null);
}

// True when anything at all is known of the device in that window.
export function is_known(losses: Losses): boolean {
  return PARTS.some((part) => part.id !== "unattributed" && typeof losses[part.id] === "number");
}

// One sentence for those who can't see the band.
export function in_words(losses: Losses): string {
  const known = PARTS.filter((part) => typeof losses[part.id] === "number" && (losses[part.id] ?? 0) >= 0.005);
  if (known.length === 0) return "nothing is known";
  return known.map((part) => `${part.name.toLowerCase()} ${Math.round((losses[part.id] ?? 0) * 100)} %`).join(", ");
}
