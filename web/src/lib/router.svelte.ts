// SPDX-License-Identifier: Apache-2.0
// The address after the #, kept there so that a view can be linked and gone back to.
import { parse, type Route } from "./route";

class Router {
  route = $state.raw<Route>(parse(location.hash));

  constructor() {
    addEventListener("hashchange", () => (this.route = parse(location.hash)));
  }

  // Changes fields of the present page without a new entry in the history.
  set(fields: Record<string, string | null>): void {
    const next = new URLSearchParams(this.route.fields);
    for (const [key, value] of Object.entries(fields)) {
      if (value === null || value === "") next.delete(key);
      else next.set(key, value);
    }
    const { page, rest } = this.route;
    const path = rest ? `${page}/${encodeURIComponent(rest)}` : page;
    const search = next.toString();
    history.replaceState(null, "", `#/${path}${search ? "?" + search : ""}`);
    this.route = parse(location.hash);
  }
}

export const router = new Router();
