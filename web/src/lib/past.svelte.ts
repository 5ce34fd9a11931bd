// SPDX-License-Identifier: Apache-2.0
// What the history page shows: a range, and the server's series for it at this resolution. Each zoom asks anew,
// so that an hour and a day both cost one answer of some hundred points a line.
import { ask, query, was_aborted, words_of } from "../api/client";
import type { SeriesAnswer } from "../api/types";
import { begins } from "./series";
import { within, type Range } from "./range";

const WHOLE_S = 86400;

export class Past {
  whole = $state.raw<SeriesAnswer | null>(null); // the last day, coarse: the brush
  answer = $state.raw<SeriesAnswer | null>(null);
  follow_s = $state<number | null>(900); // the last so many seconds; null: the range stands still
  range = $state.raw<Range>({ from: Date.now() / 1000 - 900, to: Date.now() / 1000 });
  limits = $state.raw<Range>({ from: Date.now() / 1000 - 900, to: Date.now() / 1000 });
  trouble = $state<string | null>(null);
  busy = $state(false);

  #asked: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  // A range that the reader chose.
  choose(range: Range): void {
    this.follow_s = null;
    this.range = within(range, this.limits);
  }

  follow(seconds: number): void {
    this.follow_s = seconds;
    this.range = { from: this.limits.to - seconds, to: this.limits.to };
  }

  // The clock has moved on.
  tick(now: number): void {
    this.limits = { from: Math.min(this.limits.from, now - 60), to: now };
    if (this.follow_s !== null) this.range = { from: now - this.follow_s, to: now };
  }

  async load_whole(): Promise<void> {
    try {
      const metric = "cost.lost_usd_per_hour,ladder.busy";
      this.whole = await ask<SeriesAnswer>("api/v1/series" + query({ metric, from: `-${WHOLE_S}s`, step: WHOLE_S / 288 }));
      const first = begins(this.whole);
      if (first !== null) this.limits = { from: Math.min(first, this.limits.to - 60), to: this.limits.to };
    } catch (error) {
      this.trouble = words_of(error);
    }
  }

  // Asks soon, once, however often it is called meanwhile.
  load(metrics: readonly string[], device: string, points: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(metrics, device, points), 120);
  }

  async #load(metrics: readonly string[], device: string, points: number): Promise<void> {
    this.#asked?.abort();
    const mine = (this.#asked = new AbortController());
    const { from, to } = this.range;
    const step = Math.max(1, (to - from) / Math.max(60, Math.round(points)));
    this.busy = true;
    try {
      const path = query({ metric: metrics.join(","), device, from: from.toFixed(3), to: to.toFixed(3), step: step.toPrecision(6) });
      this.answer = await ask<SeriesAnswer>("api/v1/series" + path, mine.signal);
      this.trouble = null;
    } catch (error) {
      if (!was_aborted(error)) this.trouble = words_of(error);
    } finally {
      if (this.#asked === mine) this.busy = false;
    }
  }
}
