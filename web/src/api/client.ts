// SPDX-License-Identifier: Apache-2.0
// Asks the daemon that served the page, and nobody else.

export class Refused extends Error {}

// The answer's JSON; a Refused with the server's own sentence where it says no.
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, { signal: signal ?? null, headers: { accept: "application/json" } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused("The daemon does not answer. Is assay serve still running?");
  }
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(sentence_of(body) ?? `The daemon answered ${answer.status}.`);
  if (body === null) throw new Refused("The daemon's answer is not JSON.");
  return body as T;
}

function sentence_of(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("error" in body)) return null;
  return typeof body.error === "string" ? body.error : null;
}

// "?a=1&b=2" of what is set.
export function query(fields: Record<string, string | number | null | undefined>): string {
  const set = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (set.length === 0) return "";
  return "?" + set.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join("&");
}

export function was_aborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function words_of(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
