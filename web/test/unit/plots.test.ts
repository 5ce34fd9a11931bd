// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chip, Configuration } from "../../src/api/planner";
import type { Device, SeriesAnswer } from "../../src/api/types";
import { by_key, moved, within, zoomed } from "../../src/lib/range";
import * as roofline from "../../src/lib/roofline";
import { linear, log, log_range, time_ticks } from "../../src/lib/scale";
import { begins, drawn, times_of, together } from "../../src/lib/series";

test("scales go there and back, and their ticks lie within", () => {
  for (const scale of [linear(0, 1, 50, 450), log(0.5, 4000, 50, 450)]) {
    for (const value of [0.6, 0.9, 1]) assert.ok(Math.abs(scale.back(scale.at(value)) - value) < 1e-9);
    for (const tick of scale.ticks) assert.ok(scale.at(tick) >= 49.9 && scale.at(tick) <= 450.1);
    assert.ok(scale.ticks.length >= 2);
  }
  assert.deepEqual(linear(0, 1, 0, 100).ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.equal(log_range([0, -1, NaN]), null);
  assert.deepEqual(time_ticks(10, 250, 5), [60, 120, 180, 240]);
});

test("a range keeps within what there is", () => {
  const limits = { from: 0, to: 1000 };
  assert.deepEqual(within({ from: -50, to: 50 }, limits), { from: 0, to: 100 });
  assert.deepEqual(within({ from: 900, to: 1300 }, limits), { from: 600, to: 1000 });
  assert.deepEqual(zoomed({ from: 0, to: 400 }, 0.5, 0.25, limits), { from: 50, to: 250 });
  assert.deepEqual(moved({ from: 100, to: 200 }, 0.5, limits), { from: 150, to: 250 });
  assert.ok(zoomed({ from: 100, to: 110 }, 0.01, 0.5, limits).to - zoomed({ from: 100, to: 110 }, 0.01, 0.5, limits).from >= 4);
  assert.deepEqual(by_key("0", { from: 5, to: 50 }, limits), limits);
  assert.deepEqual(by_key("End", { from: 0, to: 50 }, limits), { from: 950, to: 1000 });
  assert.equal(by_key("x", limits, limits), null);
});

const figure = (value: number) => ({ value, source: null, date: null, confidence: "verified" });
const chip: Chip = {
  id: "h100", name: "H100", vendor: "NVIDIA", kind: "gpu",
  memory: [{ technology: "HBM3", bytes_per_second: figure(3.35e12) }],
  peaks: [{ dtype: "bf16", engine: "matrix", dense_flops_per_second: figure(989e12) }, { dtype: "fp8", engine: "matrix", dense_flops_per_second: figure(1979e12) }, { dtype: "fp64", engine: "vector", dense_flops_per_second: figure(34e12) }],
};
const model = { id: "m", name: "M", parameters: 8e9, active_parameters: 8e9, kv_bytes_per_token: 131072 };
const configuration = { chip: "h100", dtype: "bf16", count: 2, replicas: 2, batch: 32, tpot_ms: { mean: 10 }, ttft_ms: { p50: 100 } } as unknown as Configuration;

test("decode lies on the slope, prefill under the flat roof", () => {
  const roofs = roofline.roofs_of(chip);
  assert.ok(roofs);
  assert.deepEqual(roofs.roofs.map((roof) => roof.dtype), ["fp8", "bf16"]);
  const decode = roofline.decode_point(configuration, model, 1024);
  const prefill = roofline.prefill_point(configuration, model, 2048);
  assert.ok(decode && prefill);
  // 16 GFLOP a token over 16 GB / 32 + 134 MB; 32 tokens in 10 ms on one chip.
  assert.ok(Math.abs(decode.intensity - 16e9 / (16e9 / 32 + 131072 * 1024)) < 1e-9);
  assert.equal(decode.speed, 32 * 16e9 / 0.01);
  const cut = { ...configuration, count: 8, replicas: 2 };
  assert.equal(roofline.decode_point(cut, model, 1024)?.speed, decode.speed / 4); // one chip of four
  assert.equal(roofline.prefill_point(cut, model, 2048)?.speed, prefill.speed / 4);
  assert.ok(decode.intensity < 989e12 / roofs.bandwidth && prefill.intensity > 989e12 / roofs.bandwidth);
  assert.ok(decode.speed <= roofline.reach(roofs, 989e12, decode.intensity));
  assert.equal(roofline.roofs_of({ ...chip, peaks: [] }), null);
});

test("experts that nobody is sent to are not read", () => {
  const sparse = { ...model, active_parameters: 1e9 };
  assert.ok(Math.abs(roofline.touched(sparse, 1) - 0.125) < 1e-12);
  assert.ok(roofline.touched(sparse, 64) > 0.999);
});

test("a live point needs both counters", () => {
  const roofs = roofline.roofs_of(chip)!;
  const at = (dram: number | null, tensor: number | null): Device => ({ index: 3, readings: { dram_util: { value: dram }, tensor_util: { value: tensor } } }) as unknown as Device;
  const point = roofline.measured_point(at(0.5, 0.1), roofs, "bf16");
  assert.equal(point?.speed, 98.9e12);
  assert.ok(Math.abs((point?.intensity ?? 0) - 98.9e12 / 1.675e12) < 1e-9);
  assert.equal(roofline.measured_point(at(null, 0.1), roofs, "bf16"), null);
  assert.equal(roofline.measured_point(at(0.5, 0), roofs, "bf16"), null);
});

test("series become columns: mean, most, least of each device", () => {
  const one = (device: number, mean: (number | null)[]) => ({ device, uuid: `u${device}`, metric: "power", unit: "watts", count: [0, 1], min: mean, mean, max: mean });
  const answer: SeriesAnswer = { origin: { kind: "device", name: "x" }, from: "1970-01-01T00:00:10Z", to: "1970-01-01T00:00:14Z", step_s: 2, series: [one(1, [null, 5]), one(0, [null, 7])] };
  const chart = drawn(answer, "power");
  assert.deepEqual(chart.series.map((s) => s.device), [0, 1]);
  assert.equal(chart.columns.length, 6);
  assert.deepEqual(times_of(answer), [11, 13]);
  assert.deepEqual(together(answer, "power", "sum"), [null, 12]);
  assert.deepEqual(together(answer, "power", "mean"), [null, 6]);
  assert.equal(begins(answer), 12);
  const sparse = { ...answer, step_s: 1, series: [{ ...one(0, []), mean: [null, 5, 5, null, null, 6, null, null, 7, null, null, 8] }] };
  assert.equal(drawn(sparse, "power").step, 3);
});
