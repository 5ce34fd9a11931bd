// SPDX-License-Identifier: Apache-2.0
// A few words for tests that drive a page: named checks, figures read back from text, a stream of snapshots.
import assert from "node:assert/strict";

export const seen = { checks: 0, failures: [] };

export async function check(name, body) {
  seen.checks += 1;
  try {
    await body();
    console.log(`ok   ${name}`);
  } catch (error) {
    seen.failures.push(name);
    console.log(`FAIL ${name}\n     ${error.stack ?? error}`);
  }
}

const POWERS = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, m: 1e-3, "µ": 1e-6 };

// "92.2 %" is 0.922, "79.6 GiB" its bytes, "$2.41/h" 2.41; null for the dash of what is not known.
export function number_of(text) {
  const plain = text.replaceAll(",", "").replace(/[\s  ]+/g, " ").replace(/^[≥<] ?/, "").trim();
  if (plain.startsWith("–")) return null;
  const found = /^\$?(-?[\d.]+(?:e-?\d+)?) ?(%|([kMGTPEmµ]i?)?(B\/s|B|Hz|W|J|s|°C|FLOP\/s)?)/.exec(plain);
  assert.ok(found, `no figure in "${text}"`);
  if (found[2] === "%") return Number(found[1]) / 100;
  return Number(found[1]) * POWERS[found[3] ?? ""];
}

// What is shown may be off by half of its last digit; "<$0.01" says only that it is little.
export function same_figure(shown, value, what) {
  const got = number_of(shown);
  if (value === null || value === undefined) return assert.equal(got, null, `${what}: "${shown}" for what is unknown`);
  assert.notEqual(got, null, `${what}: "${shown}" for ${value}`);
  const digits = /[\d.]+/.exec(shown.replaceAll(",", ""))[0];
  const scale = Number(digits) === 0 ? (shown.includes("%") ? 0.01 : 1) : Math.abs(got) / Number(digits);
  const half = 0.5000001 * 10 ** -(digits.split(".")[1]?.length ?? 0) * scale;
  const allowed = shown.includes("<") ? Math.abs(got) : Number(digits) === 0 && !shown.includes("$") ? 1e-9 : half;
  assert.ok(Math.abs(got - value) <= allowed + 1e-12, `${what}: "${shown}" for ${value}`);
}

// Collects the daemon's own stream beside the page's, so that a window on the page can be found again.
export function snapshots(url) {
  const by_time = new Map();
  const stop = new AbortController();
  const read = async () => {
    const answer = await fetch(new URL("api/v1/events", url), { signal: stop.signal });
    let rest = "";
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      rest += chunk;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const data = /^data: (.*)$/m.exec(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (data && data[1].startsWith('{"schema":"assay.snapshot')) {
          const snapshot = JSON.parse(data[1]);
          by_time.set(snapshot.at, snapshot);
        }
      }
    }
  };
  const done = read().catch(() => undefined);
  return { by_time, stop: () => (stop.abort(), done) };
}

export async function json(url, path) {
  const answer = await fetch(new URL(path, url));
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return answer.json();
}
