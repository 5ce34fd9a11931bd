// SPDX-License-Identifier: Apache-2.0
// The stream of snapshots, what it adds up to, and whether it still flows.
import { ask, query, words_of } from "../api/client";
import type { Note, SeriesAnswer, Snapshot } from "../api/types";
import * as bands from "./band";
import * as money from "./money";
import { PARTS } from "./losses";
import { begins } from "./series";

const KEEP_S = 900;
const BUCKET_S = 5;
const PAST_STEP_S = 10; // the daemon's own sums, beyond what it has in memory
const COARSE_S = 300;
const DAY_S = 86400 - KEEP_S;

function spoken(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function lost(from: string | number, to: number | null, step: number): Promise<SeriesAnswer> {
  return ask<SeriesAnswer>("api/v1/series" + query({ metric: "cost.lost_usd_per_hour", from, to, step }));
}

class Live {
  snapshot = $state.raw<Snapshot | null>(null);
  bands = $state.raw<Record<string, bands.Band>>({});
  tally = $state.raw<money.Tally>(money.empty());
  notes = $state.raw<Note[]>([]);
  connected = $state(false);
  trouble = $state<string | null>(null);
  now = $state(Date.now() / 1000);
  paused = $state(false);

  seen_s = $state(0); // by our clock, when the last window came

  // Age of what is shown, and whether that is too old to be called live.
  at = $derived(this.snapshot ? Date.parse(this.snapshot.at) / 1000 : null);
  window_s = $derived(this.snapshot?.devices.find((d) => d.window_s > 0)?.window_s ?? 1);
  stale = $derived(this.seen_s > 0 && this.now - this.seen_s > Math.max(3 * this.window_s, 3));
  cut = $derived(this.trouble !== null && !this.connected);
  old = $derived(this.cut || this.stale); // what is shown is no longer so
  // What the bands show: the last quarter hour, or less where the daemon is younger.
  from = $derived.by(() => {
    const to = this.at ?? 0;
    const first = Math.min(...Object.values(this.bands).map((band) => (band[0] ? Math.ceil(band[0].at / BUCKET_S) * BUCKET_S - band[0].width : to)), to - 60);
    return Math.max(to - KEEP_S, first);
  });
  span_words = $derived(spoken((this.at ?? 0) - this.from));
  bucket_s = BUCKET_S;

  #behind: Snapshot[] = [];
  #loaded = false;
  #counted_to = 0; // the past's end: what came before it is in the tally already

  // Whether the banner says this already.
  tells(text: string | null): boolean {
    return this.cut && text === this.trouble;
  }

  start(): void {
    const stream = new EventSource("api/v1/events");
    stream.addEventListener("snapshot", (event: MessageEvent<string>) => this.#take(JSON.parse(event.data) as Snapshot));
    stream.addEventListener("note", (event: MessageEvent<string>) => {
      this.notes = [JSON.parse(event.data) as Note, ...this.notes].slice(0, 50);
    });
    stream.onopen = () => {
      this.connected = true;
      this.trouble = null;
    };
    stream.onerror = () => {
      this.connected = false;
      this.trouble ??= "The daemon does not answer. Is assay serve still running?";
    };
    setInterval(() => (this.now = Date.now() / 1000), 1000);
    void this.#first();
  }

  // The stream begins with the present; this is the past that the daemon holds. Windows that come meanwhile wait
  // in #behind.
  async #first(): Promise<void> {
    await Promise.all([this.#load_bands(), this.#load_money()]);
    this.#loaded = true;
    for (const snapshot of this.#behind) this.#count(snapshot);
    this.#behind = [];
  }

  async #load_bands(): Promise<void> {
    const metric = PARTS.map((part) => `loss.${part.id}`).join(",");
    try {
      const past = await ask<SeriesAnswer>("api/v1/series" + query({ metric, from: `-${KEEP_S}s`, step: PAST_STEP_S }));
      const uuids = new Set(past.series.map((one) => one.uuid));
      this.bands = Object.fromEntries([...uuids].map((uuid) => [uuid, bands.from_series(past, uuid)]));
    } catch (error) {
      this.trouble = words_of(error);
    }
  }

  async #load_money(): Promise<void> {
    try {
      // The last quarter hour finely, the day before it coarsely, and the bucket in which it begins second by second.
      const fine = await lost(`-${KEEP_S}s`, null, PAST_STEP_S);
      const from = Date.parse(fine.from) / 1000;
      const coarse = await lost(from - DAY_S, from, COARSE_S);
      const oldest = begins(coarse) === null ? fine : coarse;
      const first = begins(oldest);
      if (first !== null) {
        const rest = first + oldest.step_s;
        const exact = await lost(first, rest, 1);
        this.tally = money.sum([money.from_series(exact), money.from_series(coarse, rest), money.from_series(fine, rest)]);
      }
      this.#counted_to = Date.parse(fine.to) / 1000;
    } catch {
      this.tally = money.empty(); // no history: the total begins now, and says so
    }
  }

  #take(snapshot: Snapshot): void {
    if (snapshot.at === this.snapshot?.at) return; // a stream that was cut begins with what we have
    this.seen_s = Date.now() / 1000;
    this.connected = true;
    if (!this.paused || !this.snapshot) this.snapshot = snapshot;
    if (this.#loaded) this.#count(snapshot);
    else this.#behind.push(snapshot);
  }

  #count(snapshot: Snapshot): void {
    const at = Date.parse(snapshot.at) / 1000;
    const next = { ...this.bands };
    for (const device of snapshot.devices) {
      const band = [...(next[device.uuid] ?? [])];
      const lost = device.presence !== "ok";
      if (at > (band.at(-1)?.at ?? 0) - BUCKET_S) bands.add(band, at, device.window_s, lost ? {} : device.losses, BUCKET_S, KEEP_S);
      next[device.uuid] = band;
    }
    this.bands = next;
    if (at <= this.#counted_to) return;
    const tally = { since: this.tally.since, by_uuid: { ...this.tally.by_uuid } };
    money.add(tally, snapshot.devices, at);
    this.tally = tally;
  }
}

export const live = new Live();
