// SPDX-License-Identifier: Apache-2.0
// Where words may stand in a plot without running into each other. Pure; widths are estimates, on the safe side.

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Label {
  text: string;
  x: number;
  y: number; // of the baseline
  anchor: "start" | "end";
  other?: number; // x on the other side of its mark
}

const WIDE = 6.6; // of a letter at 11 or 12 px
const HIGH = 14;
const AIR = 5;

export function box_of({ text, x, y, anchor }: Label): Box {
  const width = text.length * WIDE;
  const left = anchor === "start" ? x : x - width;
  return { left: left - 2, right: left + width + 2, top: y - HIGH + 3, bottom: y + 3 };
}

// What a line takes, as small boxes along it.
export function along(ax: number, ay: number, bx: number, by: number): Box[] {
  const parts = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / 4));
  return Array.from({ length: parts + 1 }, (_, i) => around(ax + ((bx - ax) * i) / parts, ay + ((by - ay) * i) / parts, 1.5));
}

export function around(x: number, y: number, reach: number): Box {
  return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
}

export function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// The labels in order, each where it disturbs least, near its own place or on the other side of its mark. To meet a
// mark or an earlier label is worst, to leave the frame bad, to cross a line less so, and so is each step away.
export function placed(labels: readonly Label[], marks: readonly Box[], lines: readonly Box[], frame: Box, steps: number): Label[] {
  const used = [...marks];
  const price = (box: Box): number =>
    10 * used.filter((one) => meet(one, box)).length + (lines.some((one) => meet(one, box)) ? 2 : 0) +
    (box.left < frame.left || box.right > frame.right ? 6 : 0) + (box.top < frame.top || box.bottom > frame.bottom ? 20 : 0);
  return labels.map((label) => {
    const sides = label.other === undefined ? [label] : [label, { ...label, x: label.other, anchor: label.anchor === "end" ? "start" : "end" } as Label];
    let best = label;
    let least = Infinity;
    for (let step = -steps; step <= steps; ++step) {
      sides.forEach((side, flipped) => {
        const moved = { ...side, y: side.y + (step * HIGH) / 2 };
        const cost = price(box_of(moved)) + Math.abs(step) * 0.5 + flipped * 0.7;
        if (cost < least) [best, least] = [moved, cost];
      });
    }
    used.push(box_of(best));
    return best;
  });
}

// Those of an axis's centred labels that stand clear of the one before and within the ends.
export function fitting<T extends { x: number; text: string }>(ticks: readonly T[], from: number, to: number): T[] {
  let last = from - AIR;
  return ticks.filter(({ x, text }) => {
    const half = (text.length * WIDE) / 2;
    if (x - half < last + AIR || x + half > to - AIR) return false;
    last = x + half;
    return true;
  });
}
