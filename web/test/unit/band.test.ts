// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeriesAnswer } from "../../src/api/types";
import * as bands from "../../src/lib/band";
import { PARTS, in_words, type Losses } from "../../src/lib/losses";

const sum = (shares: (number | null)[]): number => shares.reduce<number>((a, b) => a + (b ?? 0), 0);
const half: Losses = { engaged: 0.5, idle_held: 0.5, stalled: 0, empty_sms: 0, not_held: 0, unattributed: 0 };
const idle: Losses = { engaged: 0, idle_held: 1, stalled: 0, empty_sms: 0, not_held: 0, unattributed: 0 };
const at = (id: string): number => PARTS.findIndex((part) => part.id === id);

test("windows of one bucket are averaged, and the sum stays 1", () => {
  const band: bands.Band = [];
  for (const [when, losses] of [[1, half], [2, idle], [3, idle], [4, idle], [6, half]] as const) bands.add(band, when, 1, losses, 5, 900);
  assert.equal(band.length, 2);
  assert.equal(band[0]?.windows, 4);
  assert.equal(band[0]?.shares[at("engaged")], 0.125);
  for (const column of band) assert.ok(Math.abs(sum(column.shares) - 1) < 1e-12);
});

test("what is too old goes", () => {
  const band: bands.Band = [];
  for (let when = 5; when <= 100; when += 5) bands.add(band, when, 1, half, 5, 30);
  assert.ok((band[0]?.at ?? 0) >= 70);
});

test("a window of which nothing is known is unknown, not 0", () => {
  const band: bands.Band = [];
  bands.add(band, 1, 1, {}, 5, 900);
  assert.deepEqual(band[0]?.shares, PARTS.map(() => null));
  assert.equal(bands.mean(band)["engaged"], null);
  assert.equal(bands.mean(band)["unattributed"], 1);
  assert.equal(in_words({}), "nothing is known");
});

test("the fleet weighs by price, and what one device does not know is unattributed", () => {
  const one: bands.Band = [];
  const other: bands.Band = [];
  bands.add(one, 5, 1, half, 5, 900);
  bands.add(other, 5, 1, {}, 5, 900);
  const [column] = bands.fleet([{ band: one, weight: 3 }, { band: other, weight: 1 }], 5);
  assert.ok(column);
  assert.ok(Math.abs(sum(column.shares) - 1) < 1e-12);
  assert.equal(column.shares[at("engaged")], 0.375);
  assert.equal(column.shares[at("unattributed")], 0.25);
  assert.equal(column.shares[at("useful")], null);
});

test("a mean over known and unknown windows still sums to 1", () => {
  const band: bands.Band = [];
  for (const [when, losses] of [[5, half], [10, {}], [15, idle], [20, { ...half, engaged: null, unattributed: 0.5 }]] as const) bands.add(band, when, 1, losses, 5, 900);
  const whole = Object.values(bands.mean(band)).reduce<number>((a, b) => a + (b ?? 0), 0);
  assert.ok(Math.abs(whole - 1) < 1e-12, String(whole));
  assert.equal(bands.mean(band)["useful"], null);
});

test("the server's series become columns; buckets without a sample are left out", () => {
  const one = (metric: string, mean: (number | null)[]) => ({ device: 0, uuid: "u", metric, unit: "ratio", count: [2, 0, 1], min: mean, mean, max: mean });
  const answer: SeriesAnswer = {
    origin: { kind: "simulation", name: "x" }, from: "1970-01-01T00:01:40Z", to: "1970-01-01T00:01:55Z", step_s: 5,
    series: [one("loss.engaged", [0.25, null, 1]), one("loss.idle_held", [0.75, null, 0]), one("power", [1, 2, 3])],
  };
  const band = bands.from_series(answer, "u");
  assert.deepEqual(band.map((column) => column.at), [105, 115]);
  assert.equal(band[0]?.shares[at("idle_held")], 0.75);
  assert.deepEqual(bands.from_series(answer, "v"), []);
});
