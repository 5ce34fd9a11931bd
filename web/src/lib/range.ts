// SPDX-License-Identifier: Apache-2.0
// A range of time that is zoomed and moved about. Pure.

export interface Range {
  from: number; // unix seconds
  to: number;
}

export const SHORTEST_S = 4;

// Keeps a range within [first, last], and no shorter than SHORTEST_S.
export function within(range: Range, limits: Range): Range {
  const longest = Math.max(limits.to - limits.from, SHORTEST_S);
  const span = Math.min(Math.max(range.to - range.from, SHORTEST_S), longest);
  const middle = (range.from + range.to) / 2;
  const to = Math.min(Math.max(middle + span / 2, limits.from + span), limits.to);
  return { from: to - span, to };
}

// Zooms about a place between 0 (left) and 1 (right): a factor under 1 shows less.
export function zoomed(range: Range, factor: number, place: number, limits: Range): Range {
  const span = (range.to - range.from) * factor;
  const fixed = range.from + (range.to - range.from) * place;
  return within({ from: fixed - span * place, to: fixed + span * (1 - place) }, limits);
}

export function moved(range: Range, share: number, limits: Range): Range {
  const step = (range.to - range.from) * share;
  return within({ from: range.from + step, to: range.to + step }, limits);
}

// What a key does to the range; null for a key that is not ours.
export function by_key(key: string, range: Range, limits: Range): Range | null {
  switch (key) {
    case "ArrowLeft": return moved(range, -0.2, limits);
    case "ArrowRight": return moved(range, 0.2, limits);
    case "PageUp": return moved(range, -1, limits);
    case "PageDown": return moved(range, 1, limits);
    case "+": case "=": return zoomed(range, 0.5, 0.5, limits);
    case "-": case "_": return zoomed(range, 2, 0.5, limits);
    case "Home": return within({ from: limits.from, to: limits.from + range.to - range.from }, limits);
    case "End": return within({ from: limits.to - range.to + range.from, to: limits.to }, limits);
    case "0": return { ...limits };
    default: return null;
  }
}
