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
}

const WIDE = 6.6; // of a letter at 11 or 12 px
const HIGH = 14;
const AIR = 5;

export function box_of({ text, x, y, anchor }: Label): Box {
  const width = text.length * WIDE;
  const left = anchor === "start" ? x : x - width;
  return { left: left - 2, right: left + width + 2, top: y - HIGH + 3, bottom: y + 3 };
}

export function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// The labels in order, each moved up or down to the nearest place within top and bottom that is free of the ones
// before it and of what else is drawn; where there is none it stays.
export function placed(labels: readonly Label[], taken: readonly Box[], top: number, bottom: number): Label[] {
  const used = [...taken];
  return labels.map((label) => {
    let best = label;
    for (let step = 0; step < 40; ++step) {
      const moved = { ...label, y: label.y + (step % 2 === 1 ? -1 : 1) * Math.ceil(step / 2) * (HIGH / 2) };
      const box = box_of(moved);
      if (box.top < top || box.bottom > bottom || used.some((one) => meet(one, box))) continue;
      best = moved;
      break;
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
