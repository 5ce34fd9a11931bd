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

test("the past counts the time that was measured, not its gaps", () => {
  const answer: SeriesAnswer = {
    origin: { kind: "device", name: "x" }, from: "1970-01-01T00:00:00Z", to: "1970-01-01T00:15:00Z", step_s: 300,
    series: [{ device: 0, uuid: "u0", metric: "cost.lost_usd_per_hour", unit: "usd_per_hour", count: [0, 60, 400], min: [null, 3.6, 3.6], mean: [null, 3.6, 3.6], max: [null, 3.6, 3.6] }],
  };
  const tally = money.from_series(answer, 1);
  assert.equal(tally.since, 300);
  assert.ok(Math.abs(money.total(tally) - 3.6 * 360 / 3600) < 1e-12);
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
