// SPDX-License-Identifier: Apache-2.0
// Figures as words, as the command line writes them: three digits, a space before the unit, and a dash for
// what is not known, which is never 0.
export const UNKNOWN = "–";

function three(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  if (size >= 0.9995) return value.toFixed(2);
  return Number(value.toPrecision(2)).toString();
}

export function percent(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return UNKNOWN;
  const value = ratio * 100;
  if (Math.abs(value) < 1e-9) return "0 %";
  if (Math.abs(value) < 0.001) return "<0.001 %";
  return three(value) + " %";
}

// How sure the program is: no more digits than it has.
export function sure(confidence: number): string {
  return `${Math.round(confidence * 100)} % sure`;
}

export function usd(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  if (value !== 0 && Math.abs(value) < 0.005) return value < 0 ? ">-$0.01" : "<$0.01";
  if (Math.abs(value) >= 1000) return "$" + Math.round(value).toLocaleString("en-US");
  return "$" + value.toFixed(2);
}

export function usd_per_hour(value: number | null | undefined): string {
  const text = usd(value);
  return text === UNKNOWN ? text : text + "/h";
}

const UP = ["", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

// Ticks of an axis: as short as they can be.
export function tick(value: number): string {
  return scaled(value, 1000, UP, "").replace(/\.0+(?=\D|$)/, "").trim();
}

function scaled(value: number, base: number, prefixes: readonly string[], unit: string): string {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= base * 0.9995 && step < prefixes.length - 1) {
    rest /= base;
    step += 1;
  }
  return `${three(rest)} ${prefixes[step]}${unit}`;
}

export function si(value: number, unit: string): string {
  return scaled(value, 1000, UP, unit);
}

export function seconds(value: number): string {
  if (value === 0) return "0 s";
  if (value < 9.995e-4) return three(value * 1e6) + " µs";
  if (value < 0.9995) return three(value * 1e3) + " ms";
  if (value < 120) return three(value) + " s";
  if (value < 7200) return three(value / 60) + " min";
  return three(value / 3600) + " h";
}

// A value in the base unit that the API names.
export function quantity(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  switch (unit) {
    case "ratio": return percent(value);
    case "bytes": return scaled(value, 1024, BINARY, "B");
    case "bytes_per_second": return si(value, "B/s");
    case "flops_per_second": return si(value, "FLOP/s");
    case "flops_per_byte": return three(value) + " FLOP/B";
    case "flops_per_joule": return si(value, "FLOP/J");
    case "bytes_per_joule": return si(value, "B/J");
    case "flops_per_usd": return si(value, "FLOP/$");
    case "bytes_per_usd": return si(value, "B/$");
    case "hertz": return si(value, "Hz");
    case "watts": case "W": return three(value) + " W";
    case "joules": return si(value, "J");
    case "celsius": return three(value) + " °C";
    case "usd": case "dollars": return usd(value);
    case "usd_per_hour": return usd_per_hour(value);
    case "seconds": case "s": return seconds(value);
    default: return Math.abs(value) >= 100000 || !Number.isInteger(value) ? si(value, "").trim() : String(value);
  }
}

export function times(factor: number | null | undefined): string {
  if (factor === null || factor === undefined || !Number.isFinite(factor)) return UNKNOWN;
  return three(factor) + "×";
}

export function clock(unix_s: number, with_seconds = true): string {
  const iso = new Date(unix_s * 1000).toISOString();
  return iso.slice(11, with_seconds ? 19 : 16);
}

export function date_time(unix_s: number): string {
  return new Date(unix_s * 1000).toISOString().replace("T", " ").slice(0, 19) + " UTC";
}
