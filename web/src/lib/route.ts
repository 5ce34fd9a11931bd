// SPDX-License-Identifier: Apache-2.0
// The address after the #: "#/device/GPU-…?from=…". Pure.

export interface Route {
  page: string;
  rest: string;
  fields: URLSearchParams;
}

export function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/");
  return { page: page || "live", rest: decoded(rest.join("/")), fields: new URLSearchParams(search) };
}

// A stray % in an address is no reason to fall over.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
