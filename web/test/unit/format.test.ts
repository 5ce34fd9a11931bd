// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { UNKNOWN, percent, quantity, seconds, sure, tick, times, usd, usd_per_hour } from "../../src/lib/format";

test("shares are as the command line writes them", () => {
  assert.equal(percent(1), "100 %");
  assert.equal(percent(0.00758), "0.76 %");
  assert.equal(percent(0.00058), "0.058 %");
  assert.equal(percent(0.9216), "92.2 %");
  assert.equal(percent(0.0713), "7.13 %");
  assert.equal(percent(0), "0 %");
  assert.equal(percent(1e-7), "<0.001 %");
});

test("what is not known is a dash and never 0", () => {
  for (const nothing of [null, undefined, NaN]) {
    assert.equal(percent(nothing), UNKNOWN);
    assert.equal(usd(nothing), UNKNOWN);
    assert.equal(usd_per_hour(nothing), UNKNOWN);
    assert.equal(times(nothing), UNKNOWN);
    assert.equal(quantity(nothing, "watts"), UNKNOWN);
  }
});

test("money keeps its cents, and less than one is said to be less", () => {
  assert.equal(usd(2.4098), "$2.41");
  assert.equal(usd(0), "$0.00");
  assert.equal(usd(0.0011), "<$0.01");
  assert.equal(usd(12345.6), "$12,346");
  assert.equal(usd_per_hour(2.5), "$2.50/h");
});

test("base units get the prefix that fits", () => {
  assert.equal(quantity(85520809984, "bytes"), "79.6 GiB");
  assert.equal(quantity(3.35e12, "bytes_per_second"), "3.35 TB/s");
  assert.equal(quantity(1.98e9, "hertz"), "1.98 GHz");
  assert.equal(quantity(421.261, "watts"), "421 W");
  assert.equal(quantity(35, "celsius"), "35.0 °C");
  assert.equal(quantity(5, "count"), "5");
  assert.equal(quantity(2.25e12, "flops_per_joule"), "2.25 TFLOP/J");
  assert.equal(tick(10000), "10 k");
  assert.equal(tick(0.5), "0.5");
});

test("spans of time", () => {
  assert.equal(seconds(0.0269), "26.9 ms");
  assert.equal(seconds(0.99997), "1.00 s");
  assert.equal(seconds(900), "15.0 min");
  assert.equal(seconds(2e-6), "2.00 µs");
});

test("no more digits than the confidence has", () => assert.equal(sure(0.8078), "81 % sure"));
