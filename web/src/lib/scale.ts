// SPDX-License-Identifier: Apache-2.0
// Axes of the plots that we draw ourselves. Pure.

export interface Scale {
  at: (value: number) => number; // the value's place, in pixels
  back: (pixel: number) => number;
  ticks: number[];
}

export function linear(low: number, high: number, from: number, to: number, wanted = 5): Scale {
  const span = high - low || 1;
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-6; tick += step) {
    ticks.push(Math.abs(tick) < step * 1e-6 ? 0 : Number(tick.toPrecision(12)));
  }
  return {
    at: (value) => from + ((value - low) / span) * (to - from),
    back: (pixel) => low + ((pixel - from) / (to - from)) * span,
    ticks,
  };
}

// Logarithmic; ticks at powers of ten, and at 2 and 5 between where there is room.
export function log(low: number, high: number, from: number, to: number): Scale {
  const a = Math.log10(low);
  const b = Math.log10(high);
  const span = b - a || 1;
  const multiples = span <= 0.7 ? [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9] : span <= 1.4 ? [1, 2, 3, 5, 7] : span <= 3 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(a); power <= Math.ceil(b); ++power) {
    for (const m of multiples) {
      const tick = Number((m * 10 ** power).toPrecision(6));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return {
    at: (value) => from + ((Math.log10(value) - a) / span) * (to - from),
    back: (pixel) => 10 ** (a + ((pixel - from) / (to - from)) * span),
    ticks,
  };
}

// The range of positive values, with some air at both ends; null without values.
export function log_range(values: readonly number[], air = 1.2): [number, number] | null {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return null;
  return [Math.min(...positive) / air, Math.max(...positive) * air];
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

// Times of day that a clock would show, so many at most.
export function time_ticks(from: number, to: number, most: number): number[] {
  const step = STEPS_S.find((s) => (to - from) / s <= most) ?? 86400 * Math.ceil((to - from) / 86400 / most);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}
