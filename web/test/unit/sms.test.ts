// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Device } from "../../src/api/types";
import { raised, sm_active } from "../../src/lib/sms";

function device(rung: number | null, read: number | null | undefined): Device {
  const readings = read === undefined ? {} : { sm_active: { value: read, state: "measured" } };
  return { ladder: { sm_active: { value: rung } }, readings } as unknown as Device;
}

test("the SMs with work are what the counter said, not the raised rung", () => {
  assert.equal(sm_active(device(0.82, 0.02)).value, 0.02);
  assert.equal(raised(device(0.82, 0.02)), true);
  assert.equal(raised(device(0.82, 0.82)), false);
});

test("without a counter they are unknown, whatever the rung", () => {
  assert.equal(sm_active(device(0.5, undefined)).value, null);
  assert.equal(sm_active(device(0.5, undefined)).state, "unknown");
  assert.equal(raised(device(0.5, null)), true);
  assert.equal(raised(device(null, null)), false);
});
