// SPDX-License-Identifier: Apache-2.0
// The server's series as columns for a chart. Pure.
import type { SeriesAnswer, SeriesOne } from "../api/types";

export interface Drawn {
  metric: string;
  unit: string;
  series: SeriesOne[];
  times: number[]; // the middle of each bucket
  columns: (number | null)[][]; // mean, maximum, minimum of each device
  step: number; // seconds from point to point
}

// The middle of each bucket, in unix seconds.
export function times_of(answer: SeriesAnswer): number[] {
  const start = Date.parse(answer.from) / 1000;
  const length = answer.series.reduce((most, one) => Math.max(most, one.mean.length), 0);
  return Array.from({ length }, (_, i) => start + (i + 0.5) * answer.step_s);
}

// Seconds from one known point to the next, mostly: the step, or longer where the daemon has coarser sums.
export function spacing(answer: SeriesAnswer, series: readonly SeriesOne[]): number {
  let best = answer.step_s;
  for (const one of series) {
    const known = one.mean.flatMap((value, i) => (value === null ? [] : [i]));
    const steps = known.slice(1).map((at, i) => at - (known[i] ?? 0)).sort((a, b) => a - b);
    best = Math.max(best, (steps[Math.floor((steps.length - 1) / 2)] ?? 1) * answer.step_s);
    if (best === answer.step_s && steps.length > 0) return best;
  }
  return best;
}

export function drawn(answer: SeriesAnswer, metric: string): Drawn {
  const series = answer.series.filter((one) => one.metric === metric).sort((a, b) => a.device - b.device);
  const columns = series.flatMap((one) => [one.mean, one.max, one.min]);
  return { metric, unit: series[0]?.unit ?? "count", series, times: times_of(answer), columns, step: spacing(answer, series) };
}

// Of all devices one line: the sum where it is money, else the mean of those that are known.
export function together(answer: SeriesAnswer, metric: string, how: "sum" | "mean"): (number | null)[] {
  const series = answer.series.filter((one) => one.metric === metric);
  return times_of(answer).map((_, i) => {
    const known = series.map((one) => one.mean[i]).filter((v): v is number => typeof v === "number");
    if (known.length === 0) return null;
    const sum = known.reduce((a, b) => a + b, 0);
    return how === "sum" ? sum : sum / known.length;
  });
}

// When the daemon's memory begins, null where it has none.
export function begins(answer: SeriesAnswer): number | null {
  const start = Date.parse(answer.from) / 1000;
  const first = answer.series.map((one) => one.count.findIndex((n) => n > 0)).filter((i) => i >= 0);
  return first.length === 0 ? null : start + Math.min(...first) * answer.step_s;
}
