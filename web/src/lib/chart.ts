// SPDX-License-Identifier: Apache-2.0
// Values through time on a canvas: for each line its mean, within a band from minimum to maximum. Where there are
// more points than pixels, each pixel column shows the least and the most of its points, so that no spike is lost
// and a day of seconds costs no more than it can show. Our own, and not a library: docs/adr/011-web-bundle.md.
import { hatch, prepare } from "./draw";
import { quantity } from "./format";
import { linear, time_ticks, type Scale } from "./scale";
import { colour } from "./theme.svelte";

export type Column = readonly (number | null)[];

export interface Line {
  name: string;
  colour: string; // a custom property without its dashes
  dash: number[];
}

export interface Picture {
  times: readonly number[]; // unix seconds, rising
  columns: readonly Column[]; // of each line its mean, maximum and minimum
  lines: readonly Line[];
  unit: string;
  from: number;
  to: number;
  step: number; // seconds between points: a longer pause is a gap
}

export const LEFT = 76;
const RIGHT = 8;
const BOTTOM = 22;
const TOP = 6;
const DASHES: readonly number[][] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

// Lines that stay apart without colour: eight colours, and a new dash for each eight.
export function line(name: string, index: number): Line {
  return { name, colour: `s${(index % 8) + 1}`, dash: DASHES[Math.floor(index / 8) % DASHES.length] ?? [] };
}

export function x_scale(picture: Picture, width: number): Scale {
  return { ...linear(picture.from, picture.to, LEFT, width - RIGHT), ticks: time_ticks(picture.from, picture.to, Math.max(2, width / 110)) };
}

// From 0, unless the values lie far from it or below; a share that nears 1 gets 1 as its top.
export function y_range(columns: readonly Column[], unit: string): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (const value of column) {
      if (value === null || value !== value) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return [0, 1];
  const floor = unit === "celsius" ? Math.floor(low - 2) : Math.min(0, low);
  if (unit === "ratio" && high > 0.6 && high <= 1.001) return [floor, 1];
  return [floor, high > floor ? high + (high - floor) * 0.06 : floor + 1];
}

function first_at(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Frame {
  context: CanvasRenderingContext2D;
  x: Scale;
  y: Scale;
  ratio: number;
  begin: number; // the points within the range, and one beyond each edge
  end: number;
}

function axes(frame: Frame, picture: Picture, width: number, height: number): void {
  const { context, x, y } = frame;
  context.font = "11px Inter, system-ui, sans-serif";
  context.fillStyle = colour("faint");
  context.strokeStyle = colour("line");
  context.lineWidth = 1;
  context.beginPath();
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of y.ticks) {
    const at = Math.round(y.at(tick)) + 0.5;
    context.moveTo(LEFT, at);
    context.lineTo(width - RIGHT, at);
    context.fillText(quantity(tick, picture.unit), LEFT - 8, at);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  const seconds = (x.ticks[1] ?? 60) - (x.ticks[0] ?? 0) < 60;
  for (const tick of x.ticks) {
    const at = Math.round(x.at(tick)) + 0.5;
    context.moveTo(at, TOP);
    context.lineTo(at, height - BOTTOM);
    const iso = new Date(tick * 1000).toISOString();
    const text = tick % 86400 === 0 ? iso.slice(5, 10) : iso.slice(11, seconds ? 19 : 16);
    // At the right edge it moves in, rather than being cut off.
    context.fillText(text, Math.min(at, width - context.measureText(text).width / 2), height - BOTTOM + 6);
  }
  context.stroke();
}

// The line of means, where there are fewer points than pixels.
function trace(frame: Frame, picture: Picture, values: Column): void {
  const { context, x, y } = frame;
  let last = -Infinity;
  context.beginPath();
  for (let i = frame.begin; i < frame.end; ++i) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const at = picture.times[i] as number;
    if (at - last > picture.step * 2.5) context.moveTo(x.at(at), y.at(value));
    else context.lineTo(x.at(at), y.at(value));
    last = at;
  }
  context.stroke();
}

// The area between the maxima and the minima, likewise.
function spread(frame: Frame, picture: Picture, most: Column, least: Column): void {
  const { context, x, y } = frame;
  const half = Math.max(0.5, ((x.at(picture.to) - x.at(picture.from)) * picture.step) / (picture.to - picture.from) / 2);
  for (let i = frame.begin; i < frame.end; ++i) {
    const [high, low] = [most[i], least[i]];
    if (typeof high !== "number" || typeof low !== "number" || high === low) continue;
    const px = x.at(picture.times[i] as number);
    context.fillRect(px - half, y.at(high), half * 2, y.at(low) - y.at(high));
  }
}

// Upright strokes, one a pixel column that has points, over all values from `least` to `most` in it: neighbours are
// made to meet, so that the line stays whole. A rectangle is what a canvas draws fastest.
function columns(frame: Frame, picture: Picture, most: Column, least: Column, thick: number): void {
  const { context, x, y } = frame;
  const { times, step } = picture;
  const scale_x = (x.at(picture.to) - x.at(picture.from)) / (picture.to - picture.from);
  const zero_x = x.at(picture.from) - picture.from * scale_x;
  const zero_y = y.at(0);
  const scale_y = y.at(1) - zero_y;
  let pixel = -1;
  let low = 0;
  let high = 0;
  let last = -Infinity;
  let [low_before, high_before] = [NaN, NaN];
  const flush = (next: number): void => {
    if (pixel < 0) return;
    const top = thick > 0 && low_before < high ? low_before : high;
    const foot = thick > 0 && high_before > low ? high_before : low;
    context.fillRect(pixel, top - thick / 2, Math.max(1, next - pixel), foot - top + thick);
    [low_before, high_before] = [low, high];
  };
  for (let i = frame.begin; i < frame.end; ++i) {
    const above = most[i];
    const below = least[i];
    if (above === null || above === undefined || below === null || below === undefined) continue;
    const at = times[i] as number;
    const px = (zero_x + at * scale_x) | 0;
    const [up, down] = [zero_y + above * scale_y, zero_y + below * scale_y];
    if (px !== pixel) {
      const gap = at - last > step * 2.5;
      flush(gap ? pixel : px);
      if (gap) [low_before, high_before] = [NaN, NaN];
      [pixel, low, high] = [px, down, up];
    } else {
      if (down > low) low = down;
      if (up < high) high = up;
    }
    last = at;
  }
  flush(pixel);
}

// Where no line knows anything, between the first point and the last: a hatch.
function unknown(frame: Frame, picture: Picture, height: number): void {
  const means = picture.columns.filter((_, i) => i % 3 === 0);
  const { x, ratio } = frame;
  let from: number | null = null;
  const close = (to: number): void => {
    if (from === null) return;
    if (to - from < picture.step * 1.5) return void (from = null); // no gap: the points lie so far apart
    const [a, b] = [Math.max(LEFT, x.at(from)), x.at(to)];
    if (b - a >= 2) hatch(frame.context, a, TOP, b - a, height - BOTTOM - TOP, 1 / ratio + 0.2);
    from = null;
  };
  for (let i = frame.begin; i < frame.end; ++i) {
    const at = picture.times[i] as number;
    if (means.some((column) => typeof column[i] === "number")) close(at - picture.step / 2);
    else from ??= at - picture.step / 2;
  }
  close(Math.min(picture.to, (picture.times[frame.end - 1] ?? picture.to) + picture.step / 2));
}

export function draw_chart(canvas: HTMLCanvasElement, picture: Picture, width: number, height: number): void {
  const context = prepare(canvas, width, height);
  if (!context || picture.to <= picture.from) return;
  const ratio = devicePixelRatio || 1;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const begin = Math.max(0, first_at(picture.times, picture.from) - 1);
  const end = Math.min(picture.times.length, first_at(picture.times, picture.to) + 1);
  const [low, high] = y_range(picture.columns, picture.unit);
  const y = linear(low, high, height - BOTTOM, TOP, Math.max(2, height / 45));
  const frame = { context, x: x_scale(picture, width), y, ratio, begin, end };
  axes(frame, picture, width, height);
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, width - LEFT - RIGHT, height - BOTTOM + 1);
  context.clip();
  unknown(frame, picture, height);
  // Paths are for few points: to stroke them, dashes most of all, takes a browser longest.
  const dense = end - begin > 2 * (width - LEFT - RIGHT) || (end - begin) * picture.lines.length > 16000;
  picture.lines.forEach((one, i) => {
    const [mean, most, least] = [picture.columns[i * 3], picture.columns[i * 3 + 1], picture.columns[i * 3 + 2]];
    context.strokeStyle = context.fillStyle = colour(one.colour);
    if (most && least) {
      context.globalAlpha = 0.22;
      if (dense) columns(frame, picture, most, least, 0);
      else spread(frame, picture, most, least);
      context.globalAlpha = 1;
    }
    if (!mean) return;
    context.setLineDash(one.dash);
    context.lineWidth = 1.5;
    context.lineJoin = "bevel";
    if (dense) columns(frame, picture, mean, mean, 1.5);
    else trace(frame, picture, mean);
  });
  context.restore();
}
