// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Device, SeriesAnswer } from "../../src/api/types";
import * as money from "../../src/lib/money";

function device(index: number, lost: number | null, at_least: number | null = lost): Device {
  const cost = { usd_per_hour: 2.5, lost_usd_per_hour: lost, lost_usd_per_hour_at_least: at_least, by_part_usd_per_hour: {}, source: null };
  return { index, uuid: `u${index}`, window_s: 2, cost, losses: { engaged: 0.5 } } as unknown as Device;
}

test("a rate times its window", () => {
  const tally = money.empty();
  money.add(tally, [device(0, 1.8), device(1, null, 0.9)], 1000);
  money.add(tally, [device(0, 1.8)], 1002);
  assert.equal(tally.since, 998);
  assert.ok(Math.abs((tally.by_uuid["u0"] ?? 0) - 0.002) < 1e-12);
  assert.ok(Math.abs(money.total(tally) - 0.0025) < 1e-12);
});

function past(step_s: number, mean: (number | null)[], count: number[] = mean.map((rate) => (rate === null ? 0 : 1))): SeriesAnswer {
  const to = new Date(mean.length * step_s * 1000).toISOString();
  return { origin: { kind: "device", name: "x" }, from: "1970-01-01T00:00:00Z", to, step_s, series: [{ device: 0, uuid: "u0", metric: "cost.lost_usd_per_hour", unit: "usd_per_hour", count, min: mean, mean, max: mean }] };
}

const near = (got: number, wanted: number): void => assert.ok(Math.abs(got - wanted) < 1e-9, `${got} for ${wanted}`);

test("the past counts the time that was measured, not its gaps, whatever the period was", () => {
  for (const counts of [[0, 300, 300, 0, 0, 30], [0, 30, 30, 0, 0, 300]]) {
    const tally = money.from_series(past(300, [null, 3.6, 3.6, null, null, 3.6], counts));
    assert.equal(tally.since, 300);
    near(money.total(tally), (3.6 * 900) / 3600);
  }
});

test("windows longer than a bucket hold until the next", () => {
  const tally = money.from_series(past(10, [null, null, 3.6, null, null, 3.6, null, null, 3.6, null]));
  near(money.total(tally), (3.6 * 90) / 3600);
  assert.equal(tally.since, 0);
});

test("the first bucket is counted by seconds, and its whole is left out", () => {
  const seconds = past(1, [null, null, null, null, null, null, null, 3.6, 3.6, 3.6]);
  const tally = money.sum([money.from_series(seconds), money.from_series(past(10, [3.6, 7.2, 7.2]), 10), money.empty()]);
  assert.equal(tally.since, 7);
  near(money.total(tally), (3.6 * 3 + 7.2 * 20) / 3600);
});

test("nothing known is no time and no money", () => {
  assert.deepEqual(money.sum([money.from_series(past(10, [null, null]))]), money.empty());
});

test("totals say when they are only a lower bound, and are unknown without a price", () => {
  assert.deepEqual(money.rates([device(0, 1), device(1, null, 0.5)]), { price: 5, lost: 1.5, at_least: true });
  const free = { ...device(0, null), cost: null } as Device;
  assert.deepEqual(money.rates([free]), { price: null, lost: null, at_least: true });
});

test("the most money lost comes first; cents do not make rows dance", () => {
  const order = (list: Device[]): number[] => list.sort(money.by_loss).map((d) => d.index);
  assert.deepEqual(order([device(0, 0.3), device(1, 2.4)]), [1, 0]);
  assert.deepEqual(order([device(1, 2.41), device(0, 2.39)]), [0, 1]);
});
