// SPDX-License-Identifier: Apache-2.0
// Draws a band of losses on a canvas: gold below, each loss above it, a hatch where nothing is known.
import type { Band } from "./band";
import { PARTS } from "./losses";
import { colour } from "./theme.svelte";

// A canvas of so many CSS pixels, sharp on this screen; null where the browser gives no context.
export function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  context?.setTransform(1, 0, 0, 1, 0, 0);
  context?.clearRect(0, 0, w, h);
  return context;
}

// Diagonal lines over a path's area: unknown, in any theme and for any eye.
export function hatch(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, ratio: number): void {
  if (w <= 0 || h <= 0) return;
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.strokeStyle = colour("hatch");
  context.lineWidth = ratio;
  context.beginPath();
  const step = 5 * ratio;
  for (let at = Math.floor((x - h) / step) * step; at < x + w; at += step) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
  context.restore();
}

// The palette is read once a frame, not once a canvas: getComputedStyle is dear with 64 of them.
let palette: { theme: string; colours: string[] } | null = null;

function colours(theme: string): string[] {
  if (palette?.theme !== theme) palette = { theme, colours: PARTS.map((part) => colour(part.id)) };
  return palette.colours;
}

// from, to: unix seconds at the canvas's edges.
export function draw_band(canvas: HTMLCanvasElement, band: Band, from: number, to: number, width: number, height: number, theme: string): void {
  const context = prepare(canvas, width, height);
  if (!context || to <= from) return;
  const ratio = devicePixelRatio || 1;
  const [w, h] = [canvas.width, canvas.height];
  const x_of = (at: number): number => Math.round(((at - from) / (to - from)) * w);
  hatch(context, 0, 0, w, h, ratio);
  const boxes = band
    .map((column) => ({ x0: Math.max(0, x_of(column.at - column.width)), x1: Math.min(w, x_of(column.at)), column }))
    .filter((box) => box.x1 > box.x0 && box.column.shares.some((share) => share !== null));
  const base = boxes.map(() => 0);
  const ground = colour("panel");
  PARTS.forEach((part, i) => {
    context.fillStyle = colours(theme)[i] ?? "#888";
    context.beginPath();
    const unknown: [number, number, number, number][] = [];
    boxes.forEach((box, n) => {
      const share = box.column.shares[i];
      if (share === null || share === undefined || share <= 0) return;
      const low = base[n] ?? 0;
      const y0 = Math.round(h * (1 - low));
      const y1 = Math.round(h * (1 - Math.min(1, low + share)));
      base[n] = low + share;
      context.rect(box.x0, y1, box.x1 - box.x0, y0 - y1);
      if (part.id === "unattributed" && y0 > y1) unknown.push([box.x0, y1, box.x1 - box.x0, y0 - y1]);
    });
    context.fill();
    for (const [x, y, bw, bh] of unknown) hatch(context, x, y, bw, bh, ratio);
    if (height < 100) return;
    context.fillStyle = ground; // a seam between parts, where the picture is large enough for one
    boxes.forEach((box, n) => {
      if ((box.column.shares[i] ?? 0) > 0.02) context.fillRect(box.x0, Math.round(h * (1 - (base[n] ?? 0))), box.x1 - box.x0, ratio);
    });
  });
}
