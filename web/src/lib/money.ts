// SPDX-License-Identifier: Apache-2.0
// Dollars lost so far, device by device: a rate in $/h times the time for which it was measured. Pure.
import type { Device, SeriesAnswer } from "../api/types";
import { spacing } from "./series";

export interface Tally {
  since: number | null; // unix seconds of the first window counted
  by_uuid: Record<string, number>;
}

export function empty(): Tally {
  return { since: null, by_uuid: {} };
}

// What the daemon already holds. A bucket's mean holds for as long as the buckets lie apart, so that a gap costs
// nothing; the count of its windows does not tell their length, since a daemon may have run with another period.
// What lies before `after` is left out.
export function from_series(answer: SeriesAnswer, after = -Infinity): Tally {
  const tally = empty();
  const start = Date.parse(answer.from) / 1000;
  for (const one of answer.series) {
    if (one.metric !== "cost.lost_usd_per_hour") continue;
    const apart = spacing(answer, [one]);
    let last = -Infinity;
    one.mean.forEach((rate, i) => {
      const end = start + (i + 1) * answer.step_s;
      if (rate === null || end - answer.step_s < after - 1e-3) return;
      const covered = end - last < apart * 2.5 ? end - last : apart;
      last = end;
      tally.by_uuid[one.uuid] = (tally.by_uuid[one.uuid] ?? 0) + (rate * covered) / 3600;
      tally.since = Math.min(tally.since ?? Infinity, end - covered);
    });
  }
  return tally;
}

export function sum(tallies: readonly Tally[]): Tally {
  const all = empty();
  for (const { since, by_uuid } of tallies) {
    if (since !== null) all.since = Math.min(all.since ?? Infinity, since);
    for (const [uuid, dollars] of Object.entries(by_uuid)) all.by_uuid[uuid] = (all.by_uuid[uuid] ?? 0) + dollars;
  }
  return all;
}

// One more window. Where a part is unattributed the known ones count: "at least".
export function add(tally: Tally, devices: readonly Device[], at: number): void {
  for (const device of devices) {
    const rate = device.cost?.lost_usd_per_hour ?? device.cost?.lost_usd_per_hour_at_least ?? null;
    if (rate === null) continue;
    tally.by_uuid[device.uuid] = (tally.by_uuid[device.uuid] ?? 0) + (rate * device.window_s) / 3600;
    tally.since ??= at - device.window_s;
  }
}

export function total(tally: Tally): number {
  return Object.values(tally.by_uuid).reduce((sum, usd) => sum + usd, 0);
}

// Price and loss of all devices together; null where no device has a price.
export function rates(devices: readonly Device[]): { price: number | null; lost: number | null; at_least: boolean } {
  let price: number | null = null;
  let lost: number | null = null;
  let at_least = false;
  for (const { cost } of devices) {
    if (cost?.usd_per_hour !== null && cost?.usd_per_hour !== undefined) price = (price ?? 0) + cost.usd_per_hour;
    const rate = cost?.lost_usd_per_hour ?? cost?.lost_usd_per_hour_at_least ?? null;
    if (rate !== null) lost = (lost ?? 0) + rate;
    if (rate === null || cost?.lost_usd_per_hour === null) at_least = true;
  }
  return { price, lost, at_least };
}

// What lost_of a device sorts by: the most first, those without a price by the share lost.
export function by_loss(a: Device, b: Device): number {
  return rank_of(b) - rank_of(a) || a.index - b.index;
}

function rank_of(device: Device): number {
  if (device.presence === "lost") return 1e9; // nobody knows what it costs: look there first
  const rate = device.cost?.lost_usd_per_hour ?? device.cost?.lost_usd_per_hour_at_least;
  // Tenths of a dollar: a jitter of cents must not make the rows dance.
  if (typeof rate === "number") return Math.round(rate * 10) + 1;
  const working = (device.losses["useful"] ?? 0) + (device.losses["engaged"] ?? 0);
  return 1 - working;
}
