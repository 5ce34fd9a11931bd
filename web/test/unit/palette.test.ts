// SPDX-License-Identifier: Apache-2.0
// The colours of app.css: parts of the band stay apart for every kind of colour vision, text can be read.
import assert from "node:assert/strict";
import { test } from "node:test";
import css from "../../src/app.css";

type Rgb = [number, number, number]; // linear, 0..1

function tokens(selector: string): Map<string, string> {
  const begin = css.indexOf(selector + " {");
  assert.ok(begin >= 0, selector);
  const body = css.slice(begin, css.indexOf("}", begin));
  return new Map([...body.matchAll(/--([\w]+(?:-\w+)?): (#[0-9a-f]{6})/g)].map((m) => [m[1] ?? "", m[2] ?? ""]));
}

function linear(hex: string): Rgb {
  const channel = (at: number): number => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

// Machado, Oliveira, Fernandes 2009, severity 1.
const VISIONS: Record<string, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function seen(rgb: Rgb, m: number[]): Rgb {
  const row = (i: number): number => Math.min(1, Math.max(0, (m[i] ?? 0) * rgb[0] + (m[i + 1] ?? 0) * rgb[1] + (m[i + 2] ?? 0) * rgb[2]));
  return [row(0), row(3), row(6)];
}

// Oklab (Ottosson 2020): distances are about equally visible everywhere.
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

function apart(a: string, b: string, vision: number[]): number {
  const [x, y] = [oklab(seen(linear(a), vision)), oklab(seen(linear(b), vision))];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

function contrast(a: string, b: string): number {
  const light = (hex: string): number => {
    const [r, g, bl] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl + 0.05;
  };
  return Math.max(light(a), light(b)) / Math.min(light(a), light(b));
}

const PARTS = ["engaged", "overwork", "stalled", "empty_sms", "idle_held", "not_held"];

for (const selector of [":root", ':root[data-theme="light"]']) {
  const theme = tokens(selector);
  const of = (name: string): string => theme.get(name) ?? assert.fail(`${selector} lacks ${name}`);

  test(`${selector}: any two parts of the band stay apart`, () => {
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      for (const [i, a] of PARTS.entries()) {
        for (const b of PARTS.slice(i + 1)) {
          const distance = apart(of(a), of(b), matrix);
          assert.ok(distance > 0.12, `${a} and ${b} are ${distance.toFixed(3)} apart to ${vision} eyes`);
        }
      }
    }
  });

  test(`${selector}: text can be read on what it stands on (WCAG 2.2 AA)`, () => {
    for (const text of ["text", "soft", "faint", "accent-text", "good", "bad"]) {
      for (const ground of ["ground", "panel"]) assert.ok(contrast(of(text), of(ground)) >= 4.5, `${text} on ${ground}: ${contrast(of(text), of(ground)).toFixed(2)}`);
    }
    assert.ok(contrast(of("focus"), of("ground")) >= 3);
  });
}
