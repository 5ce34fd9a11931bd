// SPDX-License-Identifier: Apache-2.0
// The ladder through time: one column of shares a bucket of time, the oldest first. Pure.
import type { SeriesAnswer } from "../api/types";
import { PARTS, is_known, shares, type Losses } from "./losses";

export interface Column {
  at: number; // unix seconds, the bucket's end
  width: number; // seconds
  windows: number; // how many windows went in
  shares: (number | null)[]; // in the order of PARTS; all null: nothing is known of that time
}

export type Band = Column[];

// Adds one window. It joins the last bucket while that is still open; buckets beyond `keep` seconds go.
export function add(band: Band, at: number, window_s: number, losses: Losses, bucket_s: number, keep_s: number): void {
  const end = Math.ceil(at / bucket_s) * bucket_s;
  const now = is_known(losses) ? shares(losses) : PARTS.map(() => null);
  const last = band.at(-1);
  if (last && end <= last.at) {
    last.shares = last.shares.map((old, i) => merged(old, last.windows, now[i] ?? null));
    last.windows += 1;
  } else {
    band.push({ at: end, width: Math.max(bucket_s, window_s), windows: 1, shares: now });
  }
  while (band[0] && band[0].at < at - keep_s) band.shift();
}

// A part that one of the windows doesn't know keeps the mean of those that do.
function merged(old: number | null, windows: number, value: number | null): number | null {
  if (value === null) return old;
  return old === null ? value : (old * windows + value) / (windows + 1);
}

// Columns of one device out of the server's series of losses. Buckets without a sample are left out.
export function from_series(answer: SeriesAnswer, uuid: string): Band {
  const mine = answer.series.filter((one) => one.uuid === uuid && one.metric.startsWith("loss."));
  const start = Date.parse(answer.from) / 1000;
  const length = mine.reduce((most, one) => Math.max(most, one.mean.length), 0);
  const by_part = PARTS.map((part) => mine.find((one) => one.metric === `loss.${part.id}`));
  const band: Band = [];
  for (let i = 0; i < length; ++i) {
    if (!mine.some((one) => (one.count[i] ?? 0) > 0)) continue;
    band.push({
      at: start + (i + 1) * answer.step_s,
      width: answer.step_s,
      windows: Math.max(...mine.map((one) => one.count[i] ?? 0)),
      shares: by_part.map((one) => one?.mean[i] ?? null),
    });
  }
  return band;
}

// The whole fleet as one band: the mean of the devices' shares, weighed by price. What is unknown of a device
// counts as unattributed, so that the sum stays 1.
export function fleet(bands: readonly { band: Band; weight: number }[], bucket_s: number): Band {
  const sums = new Map<number, { column: Column; weight: number }>();
  const rest = PARTS.length - 1;
  for (const { band, weight } of bands) {
    for (const column of band) {
      const at = Math.ceil(column.at / bucket_s) * bucket_s;
      let sum = sums.get(at);
      if (!sum) {
        sum = { column: { at, width: column.width, windows: 0, shares: PARTS.map(() => null) }, weight: 0 };
        sums.set(at, sum);
      }
      const known = column.shares.reduce<number>((total, share) => total + (share ?? 0), 0);
      sum.column.shares = sum.column.shares.map((old, i) => {
        const share = i === rest ? (column.shares[i] ?? 0) + Math.max(0, 1 - known) : column.shares[i];
        return share === null || share === undefined ? old : (old ?? 0) + share * weight;
      });
      sum.column.windows += column.windows;
      sum.weight += weight;
    }
  }
  const columns = [...sums.values()].filter((sum) => sum.weight > 0).sort((a, b) => a.column.at - b.column.at);
  return columns.map(({ column, weight }) => ({ ...column, shares: column.shares.map((s) => (s === null ? null : s / weight)) }));
}

// The shares of one column by part.
export function losses_of(column: Column): Losses {
  return Object.fromEntries(PARTS.map((part, i) => [part.id, column.shares[i] ?? null]));
}

// Mean shares over a band, weighed by windows. What a window doesn't know counts as unattributed, so that the sum
// stays 1; a part that none knows stays unknown.
export function mean(band: Band): Losses {
  const whole = fleet(band.map((column) => ({ band: [{ ...column, at: 1 }], weight: column.windows })), 1)[0];
  return whole ? losses_of(whole) : {};
}
