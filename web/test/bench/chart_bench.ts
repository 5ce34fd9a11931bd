// SPDX-License-Identifier: Apache-2.0
// Runs in the browser: how long one redraw of a chart takes, its pixels included.
import { draw_chart, line, type Picture } from "../../src/lib/chart";

function walk(points: number, seed: number): number[] {
  let state = seed;
  let value = 0.5;
  return Array.from({ length: points }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    value = Math.min(1, Math.max(0, value + (state / 2 ** 32 - 0.5) * 0.05));
    return value;
  });
}

// Median milliseconds of so many redraws, each from a range a little different, as in a drag.
export function redraw_ms(lines: number, points: number, spread: boolean, repeats: number): number {
  const canvas = document.createElement("canvas");
  document.body.append(canvas);
  const columns = Array.from({ length: lines }, (_, i) => walk(points, i + 1)).flatMap((mean) =>
    spread ? [mean, mean.map((v) => v + 0.02), mean.map((v) => v - 0.02)] : [mean, [], []],
  );
  const picture: Picture = {
    times: Array.from({ length: points }, (_, i) => 1.8e9 + i),
    columns,
    lines: Array.from({ length: lines }, (_, i) => line(`GPU ${i}`, i)),
    unit: "ratio",
    from: 1.8e9,
    to: 1.8e9 + points,
    step: 1,
  };
  const took: number[] = [];
  for (let i = 0; i < repeats; ++i) {
    const begin = performance.now();
    draw_chart(canvas, { ...picture, from: picture.from + i }, 1400, 300);
    canvas.getContext("2d")?.getImageData(0, 0, 1, 1); // waits until it is drawn
    took.push(performance.now() - begin);
  }
  canvas.remove();
  return took.sort((a, b) => a - b)[Math.floor(repeats / 2)] ?? NaN;
}

Object.assign(globalThis, { redraw_ms });
